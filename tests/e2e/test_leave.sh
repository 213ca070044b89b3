#!/bin/sh
# tests/e2e/test_leave.sh - a member that has left: what it said still counts, what it read it still reads, and no more.
. tests/e2e/lib.sh

home a 845
found a "Barset"
start a
for b in "b 850 hampshire" "c 886 kent"; do
    set -- $b
    ok "$3 joins" home "$1" "$2"
    ok "by invite" ask "$1" a
    ok "and is admitted" fm a alliance admit "$3" --yes
    start "$1"
    until_true json_has "$1" '"state":"member"' status
done
figures a1 845 2023 20; figures b1 850 2023 30; figures c1 886 2023 40
ok "a publishes" fm a publish "$W/a1.csv"
ok "b publishes" fm b publish "$W/b1.csv"
ok "c publishes" fm c publish "$W/c1.csv"
for w in a b c; do ok "$w compares three" until_true json_has "$w" '"n":3,"missing":[]' compare cpp_repeat_pct; done

ok "c is removed" fm a alliance remove kent --reason "left the region" --yes
ok "and hears of it" until_true json_has c '"state":"former"' status
figures a2 845 2024 24
ok "a publishes the next year" fm a publish "$W/a2.csv"
until_true json_has b '"period":"2024"' compare cpp_repeat_pct --period 2024

ok "who has left counts for what it published" json_has b '"n":3,"missing":[]' compare cpp_repeat_pct --period 2023
ok "and is not missed for what came later" json_has b '"n":1,"missing":["hampshire"]' compare cpp_repeat_pct --period 2024
ok "it compares what it could read" json_has c '"n":3,"missing":[]' compare cpp_repeat_pct --period 2023
ok "and is told that it is no longer a member" refuses 0 'no longer a member of Barset: this' "$F" -C "$W/c" compare cpp_repeat_pct --period 2023
ok "it reads its history" json_has c '"value":"20.0"' history cpp_repeat_pct --period 2023
ok "and who had returned what" json_has c '"slug":"hampshire","name":"Hampshire","state":"returned"' coverage
ok "but nothing of later" refuses 1 'no figure' fm c compare cpp_repeat_pct --period 2024
ok "it publishes nothing" refuses 1 'no longer a member' fm c publish "$W/c1.csv"
ok "asked for by name it is shown, and not as missing" json_has b '"missing":[],' compare cpp_repeat_pct --period 2024 --with east-sussex,kent
stop c
ok "a sync of it says so, too" refuses 0 'no longer a member' fm c sync
ok "where it stands is said" json_has c '"state":"former"'
finish
