#!/bin/sh
# tests/e2e/test_bundle.sh - what one member heard reaches another on a stick, while the other's daemon runs.
. tests/e2e/lib.sh

home a 845
found a "Barset"
start a
joins() { home "$1" "$2" && ask "$1" a && fm a alliance admit "$3" --yes && fm "$1" sync; }
ok "b joins" joins b 850 hampshire
ok "c joins, and b hears nothing of it" joins c 886 kent
until_true json_has a '"waiting_for":[]' status
stop a

ok "a writes what it holds" fm a bundle export --for hampshire --out "$W/all.fmb"
ok "a file that is there is not written over" refuses 1 'already' fm a bundle export --out "$W/all.fmb"
ok "but with --yes" fm a bundle export --yes --out "$W/all.fmb"
ok "one log alone" fm a bundle export --authority 845 --out "$W/one.fmb"
ok "nothing is left beside the files" ends 1 sh -c "ls -a '$W' | grep -q folkmoot-"
ok "without --out it says what is missing" refuses 2 'name the file' fm a bundle export
ok "a folder that is not there is the environment's fault" ends 3 fm a bundle export --out "$W/nowhere/all.fmb"

# ---- through a pipe ----

to_pipe() { fm a bundle export --out - >"$W/piped.fmb" 2>"$W/piped.err"; }
ok "- is stdout" to_pipe
ok "with the same bytes" cmp "$W/all.fmb" "$W/piped.fmb"
ok "and no file is called -" test ! -e ./-
to_json() { fm a bundle export --json --out - >"$W/json.fmb"; }
ok "one stream carries one thing" refuses 2 'both' to_json
ok "stdout that is full is the environment's fault" ends 3 sh -c "'$F' -q -C '$W/a' bundle export --out - >/dev/full"

start b
printf 'hello' >"$W/none.fmb"
ok "what is no bundle is refused" ends 1 fm b bundle import "$W/none.fmb"
ok "a file that is not there is the environment's fault" ends 3 fm b bundle import "$W/absent.fmb"
size=$(wc -c <"$W/all.fmb")
dd if="$W/all.fmb" of="$W/cut.fmb" bs=1 count=$((size - 100)) 2>/dev/null
ok "a file that was cut says so" refuses 1 'cut' fm b bundle import "$W/cut.fmb"

ok "b takes it over while its daemon runs" fm b bundle import "$W/all.fmb"
ok "b now knows kent and holds its log" json_has b '"slug":"kent","generation":1,"size":1' status
ok "as its author wrote it" fm b verify
ok "again there is nothing new" json_has b '"came":0' bundle import "$W/all.fmb"
ok "and nothing is refused" json_has b '"refused":null' bundle import "$W/all.fmb"

home x 931
ok "a home of no alliance takes no bundle" ends 1 fm x bundle import "$W/all.fmb"
found x "Loamshire"
ok "another alliance's file is refused" ends 1 fm x bundle import "$W/all.fmb"
ok "by name" json_has x '"code":"foreign-alliance"' bundle import "$W/all.fmb"
finish
