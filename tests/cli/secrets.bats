#!/usr/bin/env bats
# Secrets: which forms pm knows, and that it never prints one. Each is put together here, so that
# nothing that scans this repository finds it.

load ../lib/helper

setup() {
  sandbox
  new_repo
}

# a_document TEXT...: a draft whose Summary is the text.
a_document() {
  write_file postmortems/a.md <<<"---
status: draft
---
# A

## Summary

$*"
}

letters() { # N: as many, which nothing would make by chance and nobody as an example
  printf '%s' q7Zr2Kd9Xw4Mb8Tn3Vf6Hc1Ly5Gs0JpQe7Ru2Ti9Wo4Pa8Zd3Xf6Cg1Vh5Bj0NkMl7Qw2Er9Ty4Ui8Op3As6Df1Gh5Jk0LzXc7Vb2Nm9 |
    cut -c "1-$1"
}

hex() {
  printf '%s' 7b3e1c529a0d4c438d3e5f6a7b8c9d0e2f41c6a8b59d3e70f1a2c4b6d8e90357 | cut -c "1-$1"
}

digits() {
  printf '%s' 9301846275173 | cut -c "1-$1"
}

base64url() {
  base64 | tr '+/' '-_' | tr -d '=\n'
}

jwt() { # CLAIMS
  printf '%s.%s.%s' "$(printf '{"alg":"HS256","typ":"JWT"}' | base64url)" "$(base64url <<<"$1")" "$(letters 43)"
}

# finds WHAT TOKEN: in text and JSON, and shows it in none.
finds() {
  a_document "It was '$2', which was deployed."
  for format in text json jsonl github sarif; do
    run -1 --separate-stderr pm check --format "$format"
    [[ $output == *"$1"* ]] || { echo "$1, $format: $output"; return 1; }
    [[ $output != *"$2"* && $stderr != *"$2"* ]] || { echo "$1 is shown in $format: $output"; return 1; }
  done
}

keeps() {
  a_document "It was '$1', which was deployed."
  run -0 pm check
}

@test "tokens are told by their forms and shown in no format" {
  finds 'an AWS access key id' "AKIA3KX7QZ5M2NWRTV6J"
  finds 'an AWS access key id' "ASIA2J4X5W6Q7Z3MNRTV"
  finds 'a GitHub token' "ghp_zQWBuTSOoRi4A9spHcVY5ncnsDkxk""J0mLq17"
  finds 'a GitHub token' "github_pat_$(letters 22)_$(letters 59)"
  finds 'a GitLab token' "glpat-$(letters 20)"
  finds 'a Slack token' "xoxb-$(digits 12)-$(digits 13)-$(letters 24)"
  finds 'a Slack token' "xoxp-$(digits 12)-$(digits 12)-$(digits 13)-$(letters 32)"
  finds 'a Slack webhook' "hooks.slack.com/services/T$(digits 9)/B$(digits 9)/$(letters 24)"
  finds 'a Stripe key' "sk_live_$(letters 24)"
  finds 'a Stripe key' "rk_live_$(letters 99)"
  finds 'a Google API key' "AIza$(letters 35)"
  finds 'an npm token' "npm_zQWBuTSOoRi4A9spHcVY5ncnsDkxk""J0mLq17"
  finds 'a PyPI token' "pypi-AgE$(letters 90)"
  finds 'a SendGrid key' "SG.$(letters 22).$(letters 43)"
  finds 'an OpenAI key' "sk-$(letters 20)T3BlbkFJ$(letters 20)"
  finds 'an OpenAI key' "sk-proj-$(letters 60)T3BlbkFJ$(letters 60)"
  finds 'an Anthropic key' "sk-ant-api03-$(letters 93)AA"
  finds 'a DigitalOcean token' "dop_v1_$(hex 64)"
  finds 'a Shopify token' "shpat_$(hex 32)"
  finds 'a Vault token' "hvs.$(letters 95)"
}

@test "a secret key of AWS is told by the name that it is given to" {
  secret="q7Zr2Kd9Xw4Mb8Tn3V/6Hc1Ly5Gs+JpQe7Ru2Ti9"
  for before in 'aws_secret_access_key = ' 'AWS_SECRET_ACCESS_KEY=' '"SecretAccessKey": "'; do
    a_document "$before$secret\""
    run -1 pm check
    [[ $output == *'an AWS secret access key: '* && $output != *"$secret"* ]]
  done
  keeps "$secret"
}

@test "a signed token counts until it expires" {
  finds 'a signed token (JWT)' "$(jwt '{"sub":"checkout"}')"
  finds 'a signed token (JWT)' "$(jwt '{"sub":"checkout","exp": 1774051200}')"
  keeps "$(jwt '{"sub":"checkout","exp":1773964800}')"
  keeps "$(jwt '{"sub":"1234567890","name":"John Doe"}')"
}

@test "what has another length, wrong check digits or stands inside a word is no token" {
  keeps "AKIA2J4X5W6Q7Z3MNRT"
  keeps "AKIA2J4X5W6Q7Z3MNRTVW"
  keeps "XAKIA2J4X5W6Q7Z3MNRTV"
  keeps "ghp_zQWBuTSOoRi4A9spHcVY5ncnsDkxk""J0mLq18"
  keeps "github_pat_$(letters 82)"
  keeps "sk_test_$(letters 24)"
  keeps "AIza$(letters 36)"
  keeps "SG.$(letters 66)"
  keeps "sk-$(letters 48)"
  keeps "xoxb-$(letters 48)"
}

@test "a token ends before the full stop of its sentence" {
  a_document "It was glpat-$(letters 20)."
  run -1 pm check
  [[ $output == *'was glpat-********************.'* ]]
}

@test "no other finding quotes a secret" {
  token="glpat-$(letters 20)"
  write_file postmortems/a.md <<<"---
severity: $token
started: '$token'
id: $token
causes: [x/y]
---
# A

## Action items

- [ ] Revoke $token
- [ ] Revoke it, due $token
"
  cp postmortems/a.md postmortems/b.md
  for format in text json jsonl github sarif; do
    run -1 pm check --info --format "$format"
    [[ $output != *"$token"* ]] || { echo "$output"; return 1; }
    [[ $output == *invalid-value* ]]
  done
  run -1 pm check --rule invalid-value
  [[ $output == *invalid-value* && $output != *"$token"* ]]
}

@test "many tokens that are none are read in linear time" {
  { printf -- '---\nstatus: draft\n---\n# A\n\n## Summary\n\n'
    yes 'AIza-eyJ-sk-xoxb-1-glpat-hvs.-----BEGIN PRIVATE KEY-----' | head -n 17000 | tr '\n' -; } >a.md
  mkdir postmortems && mv a.md postmortems
  run -0 timeout 20 pm check --all
}
