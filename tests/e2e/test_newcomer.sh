#!/bin/sh
# tests/e2e/test_newcomer.sh - who comes late reads all history on its first day; who left reads nothing new.
. tests/e2e/lib.sh

three_homes
ok "three authorities are an alliance" until_true json_has c '"slug":"hampshire","generation":1,"size":1' status
figures a 845 2024 20
figures b 850 2024 40
figures c 886 2024 60
for w in a b c; do ok "$w publishes" until_true fm $w publish "$W/$w.csv" --return "Release $w"; done
ok "each holds all of it" until_true agree_on a b c
ok "and all three are compared" json_has a '"n":3,"missing":[],"total":{"n":3,"numerator":120,' compare cpp_repeat_pct

# ---- a newcomer ----

home d 931
ok "a fourth asks" ask d a
ok "before it is admitted it holds nobody's figures" json_has d '"records":0' status
ok "it is admitted" fm a alliance admit oxfordshire --yes
start d
ok "it holds what the others hold" until_true agree_on a b c d
ok "and reads all history on its first day, before it has published" json_has d '"n":3,"missing":["oxfordshire"],"total":{"n":3,"numerator":120,"denominator":600,' compare cpp_repeat_pct
ok "nothing is owed to it" until_true json_has a '"readers_owed":[]' status
figures d 931 2024 80
ok "it publishes" until_true fm d publish "$W/d.csv" --return "Release d"
reads_four() { json_has "$1" '"n":4,"missing":[],"total":{"n":4,"numerator":200,' compare cpp_repeat_pct; }
for w in a b c d; do ok "$w reads four" until_true reads_four $w; done

# ---- a member that leaves ----

ok "kent is removed" fm a alliance remove kent --reason "left the region" --yes
for w in a b d; do ok "$w holds the charter without it" until_true is_at_version $w 4; done
figures a2 845 2025 50
figures b2 850 2025 70
ok "a publishes another year" until_true fm a publish "$W/a2.csv" --return "Release a2"
ok "b too" until_true fm b publish "$W/b2.csv" --return "Release b2"
reads_next() { json_has "$1" '"period":"2025"' compare cpp_repeat_pct --period 2025 && json_has "$1" '"total":{"n":2,"numerator":120,' compare cpp_repeat_pct --period 2025; }
for w in a b d; do ok "$w reads it" until_true reads_next $w; done
ok "kent does not" no json_has c '"status":"final"' compare cpp_repeat_pct --period 2025
ok "whatever it does" sh -c "'$F' -q -C '$W/c' sync; '$F' -C '$W/c' compare cpp_repeat_pct --period 2025 >'$W/c.next' 2>&1; ! grep -q '25.0\|35.0' '$W/c.next'"

ok "its status says that it is a member no more" json_has c '"state":"former"' status
ok "in words" refuses 0 'no longer a member of Barset' fm c status
ok "and so does compare, which shows what it could read until then" refuses 0 'no longer a member of Barset: this' "$F" -C "$W/c" compare cpp_repeat_pct
ok "all four of that year" reads_four c
ok "and whose returns they were" json_has c '"slug":"hampshire","name":"Hampshire","state":"returned"' coverage
ok "and every version of a figure" json_has c '"value":"30.0"' history cpp_repeat_pct --period 2024
ok "for others it counts in that year" json_has a '"n":4,"missing":[]' compare cpp_repeat_pct --period 2024
ok "and is not missed in the next" json_has a '"n":2,"missing":["oxfordshire"]' compare cpp_repeat_pct --period 2025
ok "asked for by name it is shown, and not as missing" json_has a '"missing":[],' compare cpp_repeat_pct --period 2025 --with east-sussex,kent
ok "a bare folkmoot says where it stands" json_has c '"state":"former"'
ok "it publishes nothing into the alliance" ends 1 fm c publish "$W/c.csv" --where time_period=2024 --reason correction --offline
ok "its log still verifies on others" sh -c "'$F' -q -C '$W/d' verify --authority kent"
ok "and is whole there" holds_so_many d kent "$(log_size c kent)"
ok "and all others verify" fm d verify
stop d
ok "who is named for a sync must be reached, whoever else is" refuses 3 'that peer could not be reached' fm a sync --peer oxfordshire --timeout 1
finish
