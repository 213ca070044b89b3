#!/bin/sh
# tests/e2e/test_disk_full.sh - no room while publishing and while syncing: said, nothing half done, works with room.
#
# A full disk is played by the limit on a file's size: the write fails, with SIGXFSZ ignored.
. tests/e2e/lib.sh

# cramped_status BLOCKS COMMAND...: no file may grow beyond so many blocks of 512 bytes; what it says and its status go
# through a pipe, which has no size.
cramped_status() {
    blocks=$1; shift
    { (trap '' XFSZ; ulimit -f "$blocks"; "$@" 2>&1; echo "status=$?") | cat; } >"$W/cramped"
    cat "$W/cramped"
}
fails_for_room() {
    cramped_status "$@"
    grep -q '^status=3$' "$W/cramped" || { echo "the exit status is not 3"; return 1; }
    grep -q '^folkmoot: ' "$W/cramped" || { echo "it does not say why"; return 1; }
}

home a 845
found a "Barset"
size=$(log_size a east-sussex)
ok "with no room a publish fails, as the environment's fault, and says so" \
    fails_for_room 80 "$F" -q -C "$W/a" publish "$DATA" --where release=2023 --return One
ok "nothing of it was published" holds_so_many a east-sussex "$size"
ok "what is there verifies" fm a verify
ok "with room the same works" json_has a '"published":80,"revised":0,"unchanged":0,' publish "$DATA" --where release=2023 --return One
ok "once" json_has a '"published":0,"revised":0,"unchanged":80,' publish "$DATA" --where release=2023 --return One
ok "and verifies" fm a verify

start a
home b 850
ask b a
fm a alliance admit hampshire --yes >>"$W/setup" 2>&1
size=$(log_size a east-sussex)
before=$(holds b)
ok "with no room a sync fails, as the environment's fault, and says so" fails_for_room 80 "$F" -q -C "$W/b" sync
ok "and holds no part of a log without the rest" test "$(log_size b east-sussex)" = "$(echo "$before" | sed -n 's/^east-sussex //p')" \
    -o "$(log_size b east-sussex)" = "$size"
ok "what is there verifies" fm b verify
ok "with room it syncs" fm b sync
ok "and holds all" holds_so_many b east-sussex "$size"
ok "which verifies" fm b verify
start b
pays() { fm a sync && json_has a '"readers_owed":[]' status; }
ok "the keys to history are paid" until_true pays
ok "and it is read" until_true json_has b '"slug":"east-sussex"' compare cin_rate --period 2023
finish
