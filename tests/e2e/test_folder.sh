#!/bin/sh
# tests/e2e/test_folder.sh - an alliance that no link joins: its members gossip through a shared folder.
. tests/e2e/lib.sh

S=$W/share
mkdir "$S"
home a 845
home b 886
home c 850
found a "Barset"
fm b id --export "$W/b.id" >>"$W/setup" 2>&1
fm c id --export "$W/c.id" >>"$W/setup" 2>&1
admit() { fm a alliance admit --identity "$W/$1.id" --yes --offline && fm a alliance export "$W/charter" --yes && fm "$1" join --charter "$W/charter"; }
ok "b is admitted by files" admit b
round() { json_has "$1" "$2" sync --dir "$S"; }
publish() {
    printf 'time_period,time_identifier,new_la_code,indicator,numerator,denominator,value\n2024,Reporting year,%s,rereferral_pct,%s,1000,%s\n' "$2" "$3" "$4" >"$W/$1.csv"
    fm "$1" publish "$W/$1.csv" --offline
}

# ---- one folder, no link ----

ok "a publishes" publish a E10000011 210 21.0
ok "its first round puts its file there" round a '"came":0,"written":true'
ok "which is one file, and nothing beside it" has "$(ls -A "$S")" east-sussex.fmb
one() { [ "$(ls -A "$S" | wc -l)" -eq 1 ]; }
ok "whole, under its name" one
before=$(ls -i "$S/east-sussex.fmb")
ok "again there is nothing to carry" round a '"came":0,"written":false'
ok "and the file stays the one it was" has "$(ls -i "$S/east-sussex.fmb")" "$before"
ok "b takes it" round b '"slug":"east-sussex","came":'
reads() { json_has "$1" "\"value\":\"$3\"" compare rereferral_pct --with "$2"; }
ok "and reads it" reads b east-sussex 21.0
ok "no word of it is in clear" no grep -q -a rereferral_pct "$S/east-sussex.fmb"

ok "c is admitted, and a tells the folder" admit c
ok "with the charter" round a '"written":true'
ok "b hears of the newcomer by the folder alone" ends 0 fm b sync --dir "$S"
ok "b's charter is the newer one" json_has b '"version":3' alliance show
ok "b publishes" publish b E10000016 190 19.0
ok "and leaves both logs there" round b '"written":true'
rm "$S/east-sussex.fmb"
ok "c has the first member's figures from the second's file" ends 0 fm c sync --dir "$S"
ok "and reads both" reads c east-sussex 21.0
ok "the other one too" reads c kent 19.0
ok "as their authors wrote them" fm c verify

# A charter is passed on in the round in which it came, also where no entry came with it.
rm "$S"/*
settled() { for who in a b c a b c; do fm $who sync --dir "$S" || return 1; done; }
ok "all have everything" settled
ok "a changes the charter" fm a alliance set --purpose "To compare" --yes --offline
ok "and says so" round a '"came":0,"written":true'
ok "b says it on at once" round b '"came":0,"written":true'

# ---- what is bad ----

mkfifo "$S/pipe" && mv "$S/pipe" "$S/kent.fmb"
ok "a pipe is not waited on" has "$(timeout "$LIMIT_S" "$F" -q -C "$W/a" --json sync --dir "$S" 2>/dev/null)" '"slug":"kent","came":0,"problem":"not-a-bundle"'
ok "nor where our own file stood" timeout "$LIMIT_S" "$F" -q -C "$W/b" sync --dir "$S"
ok "which is whole again" round a '"problem":null'

printf 'not a bundle' >"$S/hampshire.fmb"
printf 'nobody' >"$S/nobody.fmb"
printf 'text' >"$S/readme.txt"
ok "a bad file is named" refuses 1 'not whole or not believed' fm a sync --dir "$S"
ok "with what is wrong" has "$(fm a --json sync --dir "$S" 2>/dev/null)" '"slug":"hampshire","came":0,"problem":"not-a-bundle"'
ok "the rest was taken" reads a kent 19.0
ok "files of nobody are passed over" no has "$(fm a --json sync --dir "$S" 2>/dev/null)" nobody
ok "c publishes, and its file takes the bad one's place" publish c E10000014 170 17.0
ok "by its own round" round c '"written":true'
dd if="$S/hampshire.fmb" of="$S/cut" bs=1 count=$(($(wc -c <"$S/hampshire.fmb") - 50)) 2>/dev/null && mv "$S/cut" "$S/hampshire.fmb"
ok "one that was cut says so" has "$(fm b --json sync --dir "$S" 2>/dev/null)" '"problem":"truncated"'
ok "its owner mends it" round c '"written":true'
ok "and all is well" round b '"problem":null'
ok "a folder that is not there is the environment's fault" refuses 3 'make the folder' fm a sync --dir "$W/none"
ok "so is a file in its place" ends 3 fm a sync --dir "$S/readme.txt"
ok "it asks nobody" refuses 2 'do not go with it' fm a sync --dir "$S" --peer kent
home x 931
ok "who is in no alliance has none" refuses 1 'no alliance' fm x sync --dir "$S"
finish
