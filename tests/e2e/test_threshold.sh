#!/bin/sh
# tests/e2e/test_threshold.sh - three of five stewards sign; who missed it meets the newcomer first and is linked.
. tests/e2e/lib.sh

home a 845
found a "Barset"
start a
home b 850
home c 886
home d 936
home e 931
for w in b c d e; do ask $w a; done
fm a alliance admit hampshire kent surrey oxfordshire --yes >>"$W/setup" 2>&1
for w in b c d e; do start $w; done
for w in b c d e; do until_true is_at_version $w 2; done
ok "five stewards, three must sign" fm a alliance set --steward +hampshire --steward +kent --steward +surrey --steward +oxfordshire --threshold 3 --yes
signs() { fm "$1" alliance sign --yes; }
ok "one more is not enough" until_true signs b
ok "it is pending" json_has b '"version":2,' alliance show
ok "the third makes it so" until_true signs c
for w in a b c d e; do ok "$w holds it" until_true is_at_version $w 3; done
until_true agree_on a b c d e

# ---- a newcomer that only its inviter knows; e sleeps through it ----

stop e
home n 826
ok "a newcomer asks one steward" ask n a
ok "nobody else has a request" no json_has b milton-keynes alliance requests
ok "the inviter proposes it" fm a alliance admit milton-keynes --yes
ok "which is not enough" is_at_version a 3
ok "and it is not asked to sign again" refuses 0 'another steward runs' "$F" -C "$W/a"
ok "but the second is" until_true refuses 0 'alliance sign. shows what is proposed' "$F" -C "$W/b"
ok "the newcomer waits" json_has n '"slug":"milton-keynes"' id
ok "the second signs what came by gossip, identity and all" until_true signs b
ok "the third too" until_true signs d
for w in a b c d; do ok "$w holds the charter with it" until_true is_at_version $w 4; done
start n
ok "the newcomer holds it" until_true is_at_version n 4
until_true agree_on a b c d n

ok "the sleeper is one charter behind" is_at_version e 3
for w in a b c d; do stop $w; done
start e
ok "it meets the newcomer alone, and both hold one charter" until_true is_at_version e 4
figures e 931 2024 20
ok "they are linked: what one publishes" until_true fm e publish "$W/e.csv" --return First
ok "the other holds" until_true holds_so_many n oxfordshire "$(log_size e oxfordshire)"
ok "and reads" until_true json_has n '"numerator":20,"denominator":200' compare cpp_repeat_pct
figures n 826 2024 30
ok "and what the newcomer publishes" until_true fm n publish "$W/n.csv" --return First
ok "the sleeper reads" until_true json_has e '"total":{"n":2,"numerator":50,' compare cpp_repeat_pct
finish
