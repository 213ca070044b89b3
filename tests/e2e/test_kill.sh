#!/bin/sh
# tests/e2e/test_kill.sh - a receiver loses its power twenty times while an author publishes: nothing is lost.
# SEED=N repeats the moments of another run.
. tests/e2e/lib.sh
SEED=${SEED:-$(($(date +%s) % 100000))}
echo "# SEED=$SEED"

# draw: $drawn, 0 to 999, from the seed.
draw() { SEED=$(((SEED * 1103515245 + 12345) % 2147483648)); drawn=$((SEED / 65536 % 1000)); }

two_homes
ok "two are an alliance" until_true agree_on a b

# The author publishes all the while, a year a batch.
publish_on() {
    y=1900
    until [ -e "$W/enough" ] || [ $y -eq 2100 ]; do
        figures batch 845 $y $((y % 150 + 10))
        fm a publish "$W/batch.csv" --return "Year $y" --offline >>"$W/publish.log" 2>&1 || echo "year $y: $?" >>"$W/publish.failed"
        y=$((y + 1))
        echo $y >"$W/years"
    done
}
publish_on &
author=$!
PIDS="$PIDS $author"
kills=0 starts=0
while [ $kills -lt 20 ]; do
    draw
    sleep "0.$(printf %03d "$((drawn / 4))")"       # the moment, not a condition
    kill_hard b
    kills=$((kills + 1))
    start b && starts=$((starts + 1))
done
: >"$W/enough"
wait $author
ok "it came back each time" test $starts -eq 20
ok "every batch was published" no cat "$W/publish.failed"
echo "# $(($(cat "$W/years") - 1900)) batches"
ok "what it holds is what the author wrote" until_true agree_on a b
ok "and that is more than at the start" test "$(log_size b east-sussex)" -gt 20
ok "every entry and signature holds at the receiver" fm b verify
ok "and at the author" fm a verify
ok "nothing was put aside as damaged" no sh -c "ls '$W/b/node' | grep -e damaged -e quarantine -e suspect"
last=$(($(cat "$W/years") - 1))
ok "it reads the last batch" until_true json_has b "\"numerator\":$((last % 150 + 10)),\"denominator\":200" compare cpp_repeat_pct --period $last
stop a; stop b
sums() { fm "$1" --json verify 2>/dev/null | tr -d '\n ' | grep -o '"slug":"[a-z-]*","generation":1,"ok":true,"size":[0-9]*,"entries":[0-9]*' | sort; }
sums a >"$W/a.sums"; sums b >"$W/b.sums"
ok "the two stores are equal" cmp "$W/a.sums" "$W/b.sums"
ok "and not empty" test "$(wc -l <"$W/a.sums")" -eq 2
finish
