#!/bin/sh
# tests/e2e/test_waiting.sh - a home that waits to be admitted is backed up, lost, and restored: it goes on waiting.
. tests/e2e/lib.sh

printf 'the passphrase of that day\n' >"$W/pw"
pw() { "$@" --passphrase-file "$W/pw"; }
lose() { rm -rf "$W/$1"; }
state_is() { json_has "$1" "\"state\":\"$2\"" status; }

# restored WORDS: from the backup, or, where that was begun and no peer answered, to the end.
restored() { has "$(if [ -e "$W/b/private/seed" ]; then pw fm b keys restore --json; else pw fm b keys restore "$W/b.backup" --json; fi)" "$1"; }

home a 845
found a "Barset"
start a
home b 850
ask b a
ok "b waits" state_is b waiting
ok "and makes a backup" pw fm b keys backup "$W/b.backup"
lose b
stop a
ok "alone it is not restored to the end" refuses 3 'waited for admission' pw fm b keys restore "$W/b.backup"
start a
ok "with the steward's node in reach it is" until_true restored '"version":1,"size":1,"new_keys":false,"waiting":true,"reached":true'
ok "it waits as before" state_is b waiting
ok "by the same request" eval '[ "$(fm a --json alliance requests | grep -o "\"slug\":\"hampshire\"" | wc -l)" -eq 1 ]'
ok "it is admitted" fm a alliance admit hampshire --yes
becomes() { fm b sync; state_is b member; }
ok "and is a member" until_true becomes
start b
figures one 850 2023 20
ok "which publishes" until_true fm b publish "$W/one.csv" --return One
size=$(log_size b hampshire)
ok "the steward's node takes it" until_true holds_so_many a hampshire "$size"

# ---- the same backup, once it had been let in ----

stop b
lose b
ok "the backup of before brings the member back" until_true restored '"new_keys":true,"waiting":false'
ok "with its log" eval '[ "$(log_size b hampshire)" -gt "$size" ]'
start b
ok "and one story" until_true holds_so_many a hampshire "$(log_size b hampshire)"
ok "which verifies there" fm a verify

# ---- who was never answered ----

home c 886
invite=$(fm a alliance invite 2>>"$W/setup")
stop a
ok "c asks, and nobody answers" ends 3 fm c join "$invite"
pw fm c keys backup "$W/c.backup" >>"$W/setup" 2>&1
lose c
ok "restored without a peer it waits" eval 'has "$(pw fm c keys restore "$W/c.backup" --offline --json)" "\"waiting\":true"'
ok "signs nothing, and cosigns nothing" eval 'refuses 1 "has not heard from its peers" pw fm c keys rotate log && [ ! -e "$W/c/node/witness.key" ]'
start a
asks_again() { fm c sync; json_has a '"slug":"kent"' alliance requests; }
ok "and its invite is good still" until_true asks_again
ok "it is admitted" fm a alliance admit kent --yes
is_in() { fm c sync; state_is c member; }
ok "and is a member, that signs nothing yet" eval 'until_true is_in && [ ! -e "$W/c/node/witness.key" ]'
ok "before it was restored to the end, with a new witness key" eval 'has "$(pw fm c keys restore --json)" "\"version\":2,\"size\":2,\"new_keys\":true,\"waiting\":false" && [ -e "$W/c/node/witness.key" ]'
finish
