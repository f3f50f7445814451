load history

@test "an owner prefix, a due date, a state: facts change, the item stays" {
  document a.md <<'MD'
- [ ] Alert when checkout fails
MD
  change 'open'
  document a.md <<'MD'
- [ ] (alice) Alert when checkout fails
MD
  change 'owner'
  document a.md <<'MD'
- [ ] (alice) Alert when checkout fails, due 2026-02-01
MD
  change 'due'
  document a.md <<'MD'
- [x] (alice) Alert when checkout fails, due 2026-02-11
MD
  change 'done and late'
  told <<'EVENTS'
a#1 opened: -> Alert when checkout fails [open]
a#1 reassigned: -> alice [owner]
a#1 rescheduled: -> 2026-02-01 [due]
a#1 done: open -> done [done and late]
a#1 rescheduled: 2026-02-01 -> 2026-02-11 (+10 days) [done and late]
EVENTS
}

@test "a checklist turned into a table keeps every item" {
  document a.md <<'MD'
- [ ] **A1** Reject configs that fail validation
      @alice, due 2026-04-01
- [x] Alert when errors exceed one percent
      @bob
MD
  change 'open'
  document a.md <<'MD'
| # | Action | Owner | Due | Status |
|---|---|---|---|---|
| 1 | Alert when errors exceed one percent | bob | | done |
| 2 | Reject configs that fail validation | alice | 2026-04-01 | open |
MD
  change 'table'
  told <<'EVENTS'
a#1 opened: -> Reject configs that fail validation [open]
a#2 opened: -> Alert when errors exceed one percent [open]
a#2 done: open -> done [open]
EVENTS
}

@test "a list item that becomes a link is only linked" {
  document a.md <<'MD'
- Add a dashboard for the queue
MD
  change 'open'
  document a.md <<'MD'
- [Add a dashboard for the queue](https://example.org/issues/7)
MD
  change 'link'
  told <<'EVENTS'
a#1 opened: -> Add a dashboard for the queue [open]
a#1 relinked: -> https://example.org/issues/7 [link]
EVENTS
}

@test "two items swapped and reworded under their old ids follow their text" {
  document a.md <<'MD'
- [ ] **A1** Reject configs that fail validation in the deploy pipeline
- [ ] **A2** Alert when checkout errors exceed one percent
MD
  change 'open'
  document a.md <<'MD'
- [ ] **A1** Alert when the checkout errors exceed two percent
- [ ] **A2** Reject all configs that fail validation in the deploy pipeline
MD
  change 'swap'
  told <<'EVENTS'
a#A2 opened: -> Reject configs that fail validation in the deploy pipeline [open]
a#A1 opened: -> Alert when checkout errors exceed one percent [open]
a#A2 reworded: Reject configs that fail validation in the deploy pipeline -> Reject all configs that fail validation in the deploy pipeline [swap]
a#A1 reworded: Alert when checkout errors exceed one percent -> Alert when the checkout errors exceed two percent [swap]
EVENTS
}

@test "a renumbered list: the removed item is dropped, the others keep their identity" {
  document a.md <<'MD'
- [ ] **A1** Reject configs that fail validation
- [ ] **A2** Alert when errors exceed one percent
- [ ] **A3** Rehearse the failover of the database
MD
  change 'open'
  document a.md <<'MD'
- [ ] **A1** Alert when errors exceed one percent
- [ ] **A2** Rehearse the failover of the database
MD
  change 'renumber'
  told <<'EVENTS'
a#1 opened: -> Reject configs that fail validation [open]
a#A1 opened: -> Alert when errors exceed one percent [open]
a#A2 opened: -> Rehearse the failover of the database [open]
a#1 dropped: open -> line [renumber]
EVENTS
}

@test "a renumbered list whose numbers are positions" {
  document a.md <<'MD'
1. Reject configs that fail validation
2. Alert when errors exceed one percent
MD
  change 'open'
  document a.md <<'MD'
1. Write down who may deploy
2. Reject configs that fail validation
3. Alert when errors exceed one percent
MD
  change 'one more'
  told <<'EVENTS'
a#1 opened: -> Reject configs that fail validation [open]
a#2 opened: -> Alert when errors exceed one percent [open]
a#3 opened: -> Write down who may deploy [one more]
EVENTS
}

@test "an item rewritten under its id is reworded when nothing carries the old text on" {
  document a.md <<'MD'
- [ ] **A1** Reject configs that fail validation
MD
  change 'open'
  document a.md <<'MD'
- [ ] **A1** Stop deploying by hand
MD
  change 'rewrite'
  told <<'EVENTS'
a#A1 opened: -> Reject configs that fail validation [open]
a#A1 reworded: Reject configs that fail validation -> Stop deploying by hand [rewrite]
EVENTS
}

@test "a promise that is explained at length, and cut short again, is the same" {
  document a.md <<'MD'
- Implement priority classes for critical workloads
- Rehearse the failover
MD
  change 'open'
  document a.md <<'MD'
- **Rehearse the failover**: nobody has done so for years, and the two of us who knew how it is done have left
- **Implement priority classes for critical workloads**: a node that is full leaves no room for what each of them needs, and that is what happened here
MD
  change 'explain'
  document a.md <<'MD'
- Implement priority classes for critical workloads
MD
  change 'cut'
  told <<'EVENTS'
a#1 opened: -> Implement priority classes for critical workloads [open]
a#2 opened: -> Rehearse the failover [open]
a#1 reworded: Implement priority classes for critical workloads -> Implement priority classes for critical workloads: a node that is full leaves no room for what each of them needs, and that is what happened here [explain]
a#2 reworded: Rehearse the failover -> Rehearse the failover: nobody has done so for years, and the two of us who knew how it is done have left [explain]
a#1 reworded: Implement priority classes for critical workloads: a node that is full leaves no room for what each of them needs, and that is what happened here -> Implement priority classes for critical workloads [cut]
a#2 dropped: open -> line [cut]
EVENTS
}

@test "an id added to an old item becomes its name" {
  document a.md <<'MD'
- [ ] Reject configs that fail validation
- [ ] Alert when errors exceed one percent
MD
  change 'open'
  document a.md <<'MD'
- [ ] Reject configs that fail validation
- [ ] **A7** Alert when errors exceed one percent
MD
  change 'id'
  document a.md <<'MD'
- [ ] Reject configs that fail validation
- [x] **A7** Alert when errors exceed one percent
MD
  change 'done'
  told <<'EVENTS'
a#1 opened: -> Reject configs that fail validation [open]
a#A7 opened: -> Alert when errors exceed one percent [open]
a#A7 done: open -> done [done]
EVENTS
}

@test "an item deleted and restored a year later keeps its identity" {
  document a.md <<'MD'
- [ ] Reject configs that fail validation
- [ ] Alert when errors exceed one percent
MD
  change 'open'
  document a.md <<'MD'
- [ ] Reject configs that fail validation
MD
  change 'drop'
  on 2027-01-05
  document a.md <<'MD'
- [ ] Alert when errors exceed one percent
- [ ] Reject configs that fail validation
MD
  change 'restore'
  told <<'EVENTS'
a#1 opened: -> Reject configs that fail validation [open]
a#2 opened: -> Alert when errors exceed one percent [open]
a#2 dropped: open -> line [drop]
a#2 restored: dropped -> open [restore]
EVENTS
}

@test "an item folded under another as a nested point lives there" {
  document a.md <<'MD'
- [ ] Make deploys safe
- [ ] Alert when errors exceed one percent
MD
  change 'open'
  document a.md <<'MD'
- [ ] Make deploys safe
  - Alert when errors exceed one percent
MD
  change 'fold'
  told <<'EVENTS'
a#1 opened: -> Make deploys safe [open]
a#2 opened: -> Alert when errors exceed one percent [open]
a#2 folded: Alert when errors exceed one percent -> postmortems/a.md#1 [fold]
EVENTS
}

@test "two points written as one" {
  document a.md <<'MD'
- [ ] Versions have a cycle of nine months
- [ ] Keep bumping versions until the long-term one
MD
  change 'open'
  document a.md <<'MD'
- [ ] Versions have a cycle of nine months. Keep bumping versions until the long-term one
MD
  change 'join'
  told_since join <<'EVENTS'
a#1 folded: Versions have a cycle of nine months -> postmortems/a.md#2 [join]
a#2 reworded: Keep bumping versions until the long-term one -> Versions have a cycle of nine months. Keep bumping versions until the long-term one [join]
EVENTS
}

@test "what vanishes from a draft is withdrawn, what is resolved is cleared" {
  document a.md 'status: draft' <<'MD'
- [ ] Make deploys safe
- [ ] Alert when errors exceed one percent
- [x] Rehearse the failover
MD
  change 'draft'
  document a.md 'status: review' <<'MD'
- [ ] Make deploys safe
- [x] Rehearse the failover
MD
  change 'review'
  document a.md 'status: draft' <<'MD'
MD
  change 'draft again'
  told <<'EVENTS'
a#1 opened: -> Make deploys safe [draft]
a#2 opened: -> Alert when errors exceed one percent [draft]
a#3 opened: -> Rehearse the failover [draft]
a#3 done: open -> done [draft]
a#2 withdrawn: open -> line [review]
a#1 dropped: open -> line [draft again]
a#3 cleared: done -> line [draft again]
EVENTS
}

@test "an unreadable version says nothing: the last readable one stands" {
  document a.md 'status: review' <<'MD'
- [ ] Make deploys safe
- [ ] Alert when errors exceed one percent
MD
  change 'open'
  document a.md 'status: "review' <<'MD'
MD
  change 'broken'
  document a.md 'status: review' <<'MD'
- [ ] Make deploys safe
- [x] Alert when errors exceed one percent
MD
  change 'repaired'
  told <<'EVENTS'
a#1 opened: -> Make deploys safe [open]
a#2 opened: -> Alert when errors exceed one percent [open]
a#2 done: open -> done [repaired]
EVENTS
}

@test "the revert of a closing commit reopens" {
  document a.md <<'MD'
- [ ] Make deploys safe
MD
  change 'open'
  document a.md <<'MD'
- [x] Make deploys safe
MD
  change 'close'
  git revert -n HEAD && change 'revert'
  told <<'EVENTS'
a#1 opened: -> Make deploys safe [open]
a#1 done: open -> done [close]
a#1 reopened: done -> open [revert]
EVENTS
}
