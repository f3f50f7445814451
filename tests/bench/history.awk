# A git fast-import stream of a made-up repository of postmortems: DOCS documents in folders by LAYOUT
# (year, month, flat), six commits each, a quarter of them on branches that are merged. The same
# numbers give the same commit ids:
# awk -v docs=1000 -v layout=year -v seed=7 -f history.awk </dev/null | git fast-import
#
# The random numbers are our own (Lehmer, 16807 mod 2^31-1), because every awk has another rand().

function random(n) {
    state = (state * 16807) % 2147483647
    return state % n
}

function pick(list, n) {
    return list[1 + random(n)]
}

function words(n,    text) {
    text = pick(word, nwords)
    while (--n > 0)
        text = text " " pick(word, nwords)
    return text
}

function paragraph(n,    text) {
    for (text = ""; n > 0; n -= 12)
        text = text words(12) ".\n"
    return text
}

# Day d after 2018-01-01, in a calendar of twelve months of 28 days: real dates, quickly made.
function day(d) {
    return sprintf("%04d-%02d-%02d", 2018 + int(d / 336), 1 + int(d % 336 / 28), 1 + d % 28)
}

function folder(date) {
    if (layout == "flat")
        return "postmortems"
    return "postmortems/" substr(date, 1, 4) (layout == "month" ? "/" substr(date, 6, 2) : "")
}

function new_document(i,    k) {
    born[i] = int(i * 2600 / docs)
    title[i] = words(5)
    path[i] = sprintf("%s/%s-%s-%d.md", folder(day(born[i])), day(born[i]), pick(word, nwords), i)
    items[i] = 3 + random(5)
    body[i] = "## Summary\n\n" paragraph(70) "\n## Impact\n\n" paragraph(50) "\n## Timeline\n\n| Time | Event |\n|---|---|\n"
    for (k = 0; k < 10; k++)
        body[i] = body[i] sprintf("| 1%d:%02d | %s |\n", k % 10, random(60), words(9))
    body[i] = body[i] "\n## Root causes\n\n" paragraph(180) "\n## What went well\n\n- " words(9) "\n- " words(8) \
        "\n\n## What went wrong\n\n- " words(9) "\n- " words(11) "\n\n## Lessons learned\n\n" paragraph(60) "\n"
    for (k = 1; k <= items[i]; k++) {
        text[i, k] = words(8)
        owner[i, k] = pick(name, nnames)
        due[i, k] = born[i] + 14 + random(90)
        done[i, k] = 0
    }
    cause[i] = pick(tag, ntags)
    severity[i] = 1 + random(4)
}

function edit(i,    k) {
    k = 1 + random(items[i])
    if (random(3) == 0)
        due[i, k] += 7 + random(60)
    else if (random(4) == 0)
        owner[i, k] = pick(name, nnames)
    else
        done[i, k] = !done[i, k]
}

function render(i,    out, k) {
    out = "---\nstatus: published\nseverity: sev" severity[i] "\nstarted: " day(born[i]) "T10:00Z\ndetected: " day(born[i]) \
        "T10:20Z\nmitigated: " day(born[i]) "T11:40Z\nservices: [" pick(word, 40) "]\ncauses: [" cause[i] "]\n---\n\n# " \
        title[i] "\n\n" body[i] "## Action items\n\n"
    for (k = 1; k <= items[i]; k++)
        out = out sprintf("- [%s] **A%d** %s\n      @%s, due %s, prevent, P1\n", done[i, k] ? "x" : " ", k, text[i, k], \
            owner[i, k], day(due[i, k]))
    return out
}

function commit(ref, from, merge, i,    content) {
    mark++
    clock += 3600
    printf "commit %s\nmark :%d\ncommitter %s <%s@example.com> %d +0000\ndata 5\nedit\n", ref, mark, "dev", "dev", clock
    if (from)
        printf "from :%d\n", from
    if (merge)
        printf "merge :%d\n", merge
    content = render(i)
    printf "M 100644 inline %s\ndata %d\n%s\n", path[i], length(content), content
    return mark
}

BEGIN {
    state = seed ? seed : 7
    clock = 1514764800
    nwords = split("the of to and in on for by with that error traffic latency deploy rollback database replica cache queue timeout " \
        "retry config alert pager dashboard cluster node service gateway customer request failure outage capacity memory disk " \
        "network certificate dns balancer schema migration lock thread pool connection leak canary region zone failover backup " \
        "restore quota limit checkout payment search index login session token mail order stock price basket", word, " ")
    nnames = split("alice bob carol dave erin frank grace heidi ivan judy", name, " ")
    ntags = split("change/config change/deploy capacity/memory capacity/queue code/retry code/logic data/backup network/dns " \
        "dependency/provider expiry/certificate", tag, " ")
    for (round = 0; round < 6; round++)
        for (i = 0; i < docs; i++) {
            if (round == 0)
                new_document(i)
            else
                edit(i)
            if (random(8) == 0 && tip) {
                side = commit("refs/heads/side", tip, 0, i)
                tip = commit("refs/heads/main", tip, side, i)
            } else {
                tip = commit("refs/heads/main", tip, 0, i)
            }
        }
    print "reset refs/heads/side\nfrom 0000000000000000000000000000000000000000\n"
    print "done"
}
