#!/bin/sh
# tests/e2e/test_disk_full_daemon.sh - the disk fills under a running daemon: it goes on, says so once, announces nothing that is not
# durable, and catches up by itself when there is room again.
#
# The disk is a tmpfs of 6 MiB, for which one must be root.
. tests/e2e/lib.sh

# The disk must be empty of daemons before it goes.
leave_disk() { leave; umount "$W/b" 2>/dev/null; rm -rf "$W"; }
KEEP=1
trap leave_disk EXIT
mkdir "$W/b"
if ! mount -t tmpfs -o size=6m,mode=700 folkmoot "$W/b" 2>"$W/said"; then
    echo "1..0 # SKIP no tmpfs can be mounted here (run as root): $(cat "$W/said")"
    exit 0
fi
fill() { dd if=/dev/zero of="$W/b/filler" bs=1024 2>/dev/null; [ "$(df -k "$W/b" | awk 'NR == 2 {print $4}')" -eq 0 ]; }
make_room() { rm -f "$W/b/filler"; }
at_most() { [ "$(grep -c -e "$2" "$W/b.log")" -le "$1" ] || { echo "more than $1 times: $2"; cat "$W/b.log"; return 1; }; }
said() { grep -q -e "$1" "$W/b.log"; }
# a's own log, as a knows it: how many cosignatures the newest checkpoint has.
cosigned_by() {
    got=$(fm a --json status 2>/dev/null | tr -d ' \n' | sed 's/.*"slug":"east-sussex","generation"//; s/}.*//' | grep -o '"cosignatures":[0-9]*')
    [ "$got" = "\"cosignatures\":$1" ] || { echo "$got, not $1"; return 1; }
}

two_homes
ok "two agree" until_true agree_on a b
figures first 845 1995 10
ok "a publishes" until_true fm a publish "$W/first.csv" --return First
ok "and b has cosigned it" until_true cosigned_by 2

ok "the disk is full" fill
before=$(holds b)
ok "a publishes more" until_true fm a publish "$DATA" --where release=2023 --return One
ok "b says that its disk is full" until_true said 'store=failed err=disk-full'
ok "b goes on" runs b
home c 867
ask c a
fm a alliance admit bracknell-forest --yes >>"$W/setup" 2>&1
ok "a charter comes that cannot be stored either" is_at_version a 3
figures second 845 1996 11
ok "a publishes again" until_true fm a publish "$W/second.csv" --return Second
# Whatever is tried again has been, more than once: a's clock says that b was heard of after it all.
heard() { fm a --json status 2>/dev/null | tr -d ' \n' | grep -o '"slug":"hampshire","address"[^}]*' | grep -o '"last_heard":"[^"]*"'; }
was=$(heard)
speaks() { [ -n "$was" ] && [ "$(heard)" != "$was" ]; }
ok "b still speaks" until_true speaks
ok "what it holds is what it held" test "$(holds b)" = "$before"
ok "nothing is cosigned that is not there" cosigned_by 1
# Once; and once more only where a small write found room in between, a minute ago or longer.
ok "it has not said so a dozen times" at_most 2 'store=failed'
ok "a command says so too, and does nothing" refuses 3 full fm b publish "$W/first.csv" --offline
ok "b still goes on" runs b

ok "there is room again" make_room
ok "b catches up by itself" until_true agree_on a b
ok "and says so" until_true said 'store=recovered'
ok "with the charter" until_true is_at_version b 3
ok "and has cosigned" until_true cosigned_by 2
ok "all of it verifies" fm b verify
kept_beside() { fm b alliance export "$W/export" --yes && cmp "$W/export" "$W/b/node/alliance"; }
ok "the alliance is kept beside the store" until_true kept_beside

# ---- killed, and started on a full disk ----

ok "the disk is full again" fill
kill_hard b
start b
ok "killed, it starts on a full disk" runs b
stop b
ok "the disk is as full as it gets" fill
: >"$W/b.log"
"$BIN/folkmootd" -C "$W/b" 2>"$W/b.log" &
pid_b=$!
PIDS="$PIDS $!"
over_or_ready() { said '^ready' || ! runs b; }
ok "started where not even a WAL has room, it runs or says why" until_true over_or_ready
runs b || ok "... which is the disk" said 'disk is full'
make_room
runs b || start b
figures third 845 1997 12
ok "a publishes" until_true fm a publish "$W/third.csv" --return Third
ok "with room all is as before" until_true agree_on a b
ok "and verifies" fm b verify
finish
