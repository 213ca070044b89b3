#!/bin/sh
# tests/e2e/test_status.sh - status and verify, from a home alone to two members that witness each other.
. tests/e2e/lib.sh

seconds() { date +%s; }
is_quick() { [ $(($(seconds) - $1)) -lt 15 ] || { echo "it took $(($(seconds) - $1)) s"; return 1; }; }

home a 845
ok "a home alone has a status" json_has a '"alliance":null' status
ok "an unprotected seed is said" refuses 0 'kept in clear' fm a status

found a "Barset"
ok "the founder holds its own log" json_has a '"slug":"east-sussex","generation":1,"size":1,"announced":1,"verified":1' status
ok "which nobody has witnessed yet" json_has a '"quorum":false,"frozen":false,"witnessed_at":null,"fresh":false,"freshness":"silent"' status
ok "nobody is waited for" json_has a '"waiting_for":[]' status
ok "no daemon runs" json_has a '"daemon":false' status
ok "alone there is nobody to sync with, and it is no failure" fm a sync
ok "but somebody named is nobody" refuses 2 'no member `nobody`' fm a sync --peer nobody
ok "nor is one's own node a peer" refuses 2 'this node itself' fm a sync --peer 845
ok "an address without a port is none" refuses 2 'HOST:PORT' fm a sync --peer 127.0.0.1:
ok "and at one that is right nobody is expected" refuses 1 'nobody but this node' fm a sync --peer 127.0.0.1:7

start a
ok "the daemon is seen" json_has a '"daemon":true' status
ok "a node witnesses its own log" until_true json_has a '"quorum":true,"frozen":false,"witnessed_at":"20' status
ok "so it is fresh" json_has a '"fresh":true,"freshness":"fresh"' status
ok "as verify says too" json_has a '"freshness":"fresh"' verify
home b 850
t=$(seconds)
ok "b asks to join" ask b a
ok "and does not wait when nothing is left to wait for" is_quick "$t"
ok "who waits to be admitted is told so" json_has b '"state":"waiting"' status
ok "and whom it has nothing of" json_has b '"waiting_for":["east-sussex"]' status
ok "it is not said to dial us" has "$(fm b status 2>/dev/null)" "not heard of yet"

ok "b is admitted" fm a alliance admit hampshire --yes
t=$(seconds)
ok "b syncs, with a by name" fm b sync --peer "East Sussex"
ok "a sync ends when it is settled" is_quick "$t"
until_true json_has a '"waiting_for":[]' status
ok "both logs are held by b" json_has b '"slug":"east-sussex","generation":1,"size":1,"announced":1,"verified":1,"cosignatures":2,"quorum":true,"frozen":false' status
ok "b waits for nobody" json_has b '"waiting_for":[]' status
ok "b knows where a is" json_has b "\"address\":\"127.0.0.1:$(port_of a)\"" status
ok "people read who witnessed what, and when" has "$(fm b status 2>/dev/null)" "2 of 2, just now"
ok "status as CSV" has "$(fm b status --csv 2>/dev/null)" "hampshire,1,1,1,1,2"
program="folkmoot $(fm a --version --json | tr -d '\n ' | sed 's/.*"version":"\([^"]*\)".*/\1/')"
ok "each knows what the other runs" json_has b "\"slug\":\"east-sussex\",\"name\":\"East Sussex\",\"role\":\"authority\",\"dfe\":\"845\",\"gss\":\"E10000011\",\"size\":1,\"former\":false,\"runs\":\"$program\"" alliance show
ok "and says so itself" json_has b "\"slug\":\"hampshire\",\"name\":\"Hampshire\",\"role\":\"authority\",\"dfe\":\"850\",\"gss\":\"E10000014\",\"size\":1,\"former\":false,\"runs\":\"$program\"" alliance show
ok "while a's daemon runs nobody is reached who does not run" refuses 3 'that peer could not' fm a sync --peer hampshire --timeout 1
start b
until_true json_has a '"state":"open"' status
ok "and one that does is" fm a sync --peer hampshire
stop b
stop a
ok "nobody in reach is the environment's fault" refuses 3 'no peer could be reached' fm b sync --timeout 1
ok "and status says it in words" has "$(fm b status 2>/dev/null)" "no: nothing answers at its address"
ok "what a ran is remembered" json_has b "\"runs\":\"$program\"" alliance show

ok "all logs verify" fm b verify
ok "one log by its DfE code" json_has b '"slug":"east-sussex","generation":1,"ok":true,"size":1,"entries":1,"checkpoints":1,"cosignatures":2' verify --authority 845
ok "and only that one" no json_has b '"slug":"hampshire"' verify --authority 845
ok "an unknown authority is a usage error" ends 2 fm b verify --authority nowhere
finish
