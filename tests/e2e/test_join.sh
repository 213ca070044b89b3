#!/bin/sh
# tests/e2e/test_join.sh - how a body comes in: invite, join, requests, admit; and who does not.
. tests/e2e/lib.sh
STRANGER=${STRANGER:-build/tests/e2e/stranger}

home a 845
found a "Barset"
start a
invite=$(fm a alliance invite)
ok "an invite is one line" has "$invite" folkmoot-invite:

# ---- strangers ----

key=$(fm a --json id | tr -d '\n ' | sed 's/.*"node":"\([^"]*\)".*/\1/')
# hears_nothing MANNER: hung up on, and not one byte before.
hears_nothing() {
    heard=$("$STRANGER" "$(port_of a)" "$@") || { echo "it was not hung up on, $?"; return 1; }
    [ "$heard" = 0 ] || { echo "$heard bytes came"; return 1; }
}
for manner in silent short; do
    "$STRANGER" "$(port_of a)" $manner >"$W/$manner" 2>&1 &      # these end with the handshake's five seconds
    eval "stranger_$manner=$!"
done
ok "garbage is hung up on and hears nothing" hears_nothing garbage
ok "a handshake for another key hears nothing" hears_nothing wrong-key
ok "a handshake for another alliance hears nothing" hears_nothing wrong-prologue "$key"

# ---- by invite ----

home b 850
home c 886
home d 931
ok "who has an invite asks" json_has b '"state":"waiting"' join "$invite"
ok "its request is shown" json_has a '"slug":"hampshire","name":"Hampshire"' alliance requests
print=$(fm b --json id | tr -d '\n' | sed 's/.*"fingerprint":"\([^"]*\)".*/\1/')
ok "with the fingerprint that it reads out itself" json_has a "\"fingerprint\":\"$print\"" alliance requests
ok "a used invite is refused, and join says so" refuses 1 'may have been used' fm c join "$invite"
ok "and leaves no request" no json_has a '"slug":"kent"' alliance requests
ok "another fingerprint is not admitted" ends 1 fm a alliance admit hampshire --fingerprint '0000 0000 0000 0000 0000 0000 0000 0000' --yes
ok "the asker is no member yet" no json_has a '"slug":"hampshire"' alliance show
ok "with the right one it is" fm a alliance admit hampshire --fingerprint "$print" --yes
start b
ok "and hears of it" until_true is_at_version b 2
ok "both hold both logs" until_true json_has b '"slug":"east-sussex","generation":1,"size":1' status
ok "who was refused asks with a fresh invite" ask c a

# The time is the one field of its kind, behind 72 bytes that have one length each: put back to 2023.
expired() {
    printf 'folkmoot-invite:'
    fm a alliance invite | sed 's/folkmoot-invite://; s/$/====/; s/\(\(....\)*\).*/\1/' | tr -- '-_' '+/' |
        base64 -d 2>/dev/null >"$W/invite.bin"
    printf '\145\0\0\0' | dd of="$W/invite.bin" bs=1 seek=73 conv=notrunc 2>/dev/null
    base64 -w 0 "$W/invite.bin" | tr '+/' '-_' | tr -d '='
}
ok "an expired invite is refused, and join says so" refuses 1 'expired' fm d join "$(expired)"
ok "what is no invite is a usage error" refuses 2 'no invite' fm d join 'folkmoot-invite:AAAA'
stop a
late=$(fm a alliance invite 2>/dev/null)
ok "a steward out of reach is the environment's fault" refuses 3 'could not be reached' fm d join "$late"
start a
ok "and the request that was kept is asked again" fm d sync
ok "and shown" json_has a '"slug":"oxfordshire"' alliance requests

# ---- by file: a relay on a stick ----

home r r-relay --name "Barset Relay" --role relay
ok "a relay writes its identity into a file" fm r id --export "$W/relay.id"
ok "which is not written over" ends 1 fm r id --export "$W/relay.id"
ok "the charter that does not name it" fm a alliance export "$W/before.charter"
ok "does not let it in" refuses 1 'does not name r-relay' fm r join --charter "$W/before.charter"
ok "a file that is no charter is refused" ends 1 fm r join --charter "$W/relay.id"
ok "a steward admits it from the file" fm a alliance admit --identity "$W/relay.id" --yes
ok "and exports the charter" fm a alliance export "$W/barset.charter"
ok "by which the relay is a member" json_has r '"state":"member"' join --charter "$W/barset.charter"
home e 938
ok "and nobody else" refuses 1 "does not name west-sussex" fm e join --charter "$W/barset.charter"
start r
figures first 845 2024 33
ok "a publishes" fm a publish "$W/first.csv" --return First
size=$(log_size a east-sussex)
ok "the relay holds it all" until_true holds_so_many r east-sussex "$size"
ok "and finds every proof in order" fm r verify
ok "but reads nothing" json_has r '"records":0' status
ok "and compares nothing" ends 1 fm r compare cpp_repeat_pct
until_true holds_so_many b east-sussex "$size"
ok "the member reads all of it" json_has b '"numerator":33,"denominator":200,"value":"16.5"' compare cpp_repeat_pct

# ---- passphrases ----

echo 'correct horse battery staple' >"$W/right"
echo 'Tr0ub4dor&3' >"$W/wrong"
p() { "$F" -q -C "$W/p" "$@" </dev/null; }
ok "a protected home" p init 826 --passphrase-file "$W/right"
ok "no passphrase: nothing is signed, and it says what would answer" refuses 4 'passphrase-file' p alliance create "Loamshire"
ok "a wrong one is a secret that is wrong" ends 4 p alliance create "Loamshire" --passphrase-file "$W/wrong"
ok "and made no alliance" has "$(p --json status | tr -d '\n')" '"alliance":null'
ok "the right one signs" p alliance create "Loamshire" --passphrase-file "$W/right"

for manner in silent short; do
    eval "wait \$stranger_$manner"
    ok "who is $manner is hung up on and hears nothing" test "$?" -eq 0 -a "$(cat "$W/$manner")" = 0
done
finish
