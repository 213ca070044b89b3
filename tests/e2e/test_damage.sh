#!/bin/sh
# tests/e2e/test_damage.sh - a disk that rots: the store is mended, put aside and fetched again, and never refused.
. tests/e2e/lib.sh

home a 845
found a "Barset"
start a
home b 850
ask b a
fm a alliance admit hampshire --yes >>"$W/setup" 2>&1
start b
for y in 2019 2020 2021 2022 2023 2024; do
    figures batch 845 $y $((y - 2000))
    until_true fm a publish "$W/batch.csv" --return "Year $y"
done
ok "b holds what a wrote" until_true agree_on a b
stop b
log=$W/b/node/log.db
mkdir "$W/good"
cp -p "$W"/b/node/log.db* "$W/good/"

# again: b as it was before the damage.
again() { rm -f "$log"* ; cp -p "$W"/good/* "$W/b/node/"; }
flip() { printf '\377\000\125\252\377\000\125\252' | dd of="$log" bs=1 seek="$1" conv=notrunc 2>/dev/null; }
mends() {
    starts_or_ends b; runs b || { echo "it refused to start"; cat "$W/b.log"; return 1; }
    until_true agree_on a b && fm b verify && runs b
}
# A daemon that should refuse: ended if it does not.
starts_or_ends() {
    : >"$W/$1.log"
    "$BIN/folkmootd" -C "$W/$1" 2>"$W/$1.log" &
    eval "pid_$1=$!"
    PIDS="$PIDS $!"
    until_true over_or_ready "$1"
}
over_or_ready() { grep -q '^ready' "$W/$1.log" || ! runs "$1"; }
refuses_to_run() {
    starts_or_ends b
    grep -q '^ready' "$W/b.log" && stop b && { echo "it runs"; return 1; }
    wait "$pid_b"; status=$?
    cat "$W/b.log"
    [ $status -eq 3 ] && grep -q -e "$1" "$W/b.log"
}
was_put_aside() { ls "$W/b/node" | grep -q 'log.db.damaged-'; }

size=$(wc -c <"$log")
ok "the store is one of some size" test "$size" -gt 40000
for at in 1 3 5 7; do
    where=$((size * at / 8 / 4096 * 4096 + 100 * at))
    again; flip $where
    ok "bytes flipped at $at/8: it starts, fetches again, and all verifies" mends
    stop b
done
# Where nothing can be read at all, the node no longer knows its alliance: the charter comes from a file again.
stop_all_b() { runs b && stop b; }
fm a alliance export "$W/barset.charter" >>"$W/setup" 2>&1
lost() {
    starts_or_ends b; stop_all_b
    was_put_aside || { echo "nothing was put aside"; return 1; }
    fm b join --charter "$W/barset.charter" && mends
}
again; flip 0
ok "a header that is none: put aside, and by the charter's file all comes back" lost
ok "status says so" no json_has b '"damaged":[]' status
stop_all_b
again; rm -f "$log"-*; dd if="$W/good/log.db" of="$log" bs=4096 count=$((size / 8192)) 2>/dev/null
ok "half a file likewise" lost
stop_all_b
again; rm -f "$log"-*; dd if=/dev/urandom of="$log" bs=4096 count=20 2>/dev/null
ok "a file of noise likewise" lost
stop_all_b
rm -f "$log".damaged-*
again

# ---- the view is only a fold ----

start b
ok "b reads" json_has b '"numerator":24,"denominator":200' compare cpp_repeat_pct
dd if=/dev/urandom of="$W/b/private/view.db" bs=4096 count=20 2>/dev/null
rm -f "$W"/b/private/view.db-*
ok "a view of noise is folded anew" json_has b '"numerator":24,"denominator":200' compare cpp_repeat_pct
stop b

# ---- what is no damage ----

cp -p "$W/b/node/config" "$W/config"
lines=$(wc -l <"$W/b/node/config")
echo 'lissten = 127.0.0.1:1' >>"$W/b/node/config"
ok "an unknown key in the settings is fatal, and its line is named" \
    refuses_to_run "line $((lines + 1)): unknown key"
cp -p "$W/config" "$W/b/node/config"

again
start b; stop b         # everything in one file
fm b status >/dev/null 2>&1
rm -f "$log"-wal "$log"-shm
# It says so in two places: one alone would be a rotten byte.
printf '\0\0\0\011' | dd of="$log" bs=1 seek=60 conv=notrunc 2>/dev/null
mark=$(grep -abo 'schema[0-9]' "$log" | sed 's/:.*//;q')
printf 9 | dd of="$log" bs=1 seek=$((mark + 6)) conv=notrunc 2>/dev/null
cp -p "$log" "$W/future.db"
ok "a store of a later program is not touched by the daemon" refuses_to_run newer
ok "nor by the command line, which says what to do" refuses 3 'newer' fm b status
ok "nor by publish" ends 3 fm b publish "$W/batch.csv" --offline
ok "it is as it was" cmp "$log" "$W/future.db"
finish
