# Folkmoot.  `make help` lists what there is to make.

CC       ?= cc
CLANG    ?= clang
PREFIX   ?= /usr/local
B        ?= build
SEEDS    ?= 20
FUZZ_SECONDS ?= 10
VERSION  := 0.1.0

PKG_CONFIG ?= pkg-config
MSGPACK   = $(shell $(PKG_CONFIG) --exists msgpack-c 2>/dev/null && echo msgpack-c || echo msgpack)
PKGS      = libsodium libuv $(MSGPACK) sqlite3 jansson inih libutf8proc xlsxwriter
PKG_CFLAGS = $(shell $(PKG_CONFIG) --cflags $(PKGS))
PKG_LIBS   = $(shell $(PKG_CONFIG) --libs $(PKGS)) -lcsv -lm -lpthread
ifeq ($(shell $(PKG_CONFIG) --exists $(PKGS) 2>/dev/null && echo here),here)
PKG_CFLAGS := $(PKG_CFLAGS)
PKG_LIBS   := $(PKG_LIBS)
endif

WARN  = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes -Wmissing-prototypes \
        -Wvla -Wformat=2 -Wswitch-enum -Wimplicit-fallthrough -Wnull-dereference
HARD  = -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fcf-protection=full
OPT  ?= -O2 -g
ifdef SAN
B    := build/san
OPT  := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
HARD :=
endif
BIN  := $(if $(SAN),$(B)/bin,bin)
ifdef CI
WARN += -Werror
endif
DEFS        = -std=c11 -D_POSIX_C_SOURCE=200809L -DFOLKMOOT_VERSION='"$(VERSION)"' -I.
CFLAGS_ALL  = $(DEFS) $(OPT) $(HARD) -fPIE $(WARN) $(PKG_CFLAGS) $(CFLAGS)
LDFLAGS_ALL = $(OPT) -pie -Wl,--as-needed -Wl,-z,relro,-z,now $(LDFLAGS)

# A room is a folder; its objects make one library a program's side, linked in the
# order in which the rooms may know each other (docs/architecture.md).
NODE_SRC   := $(wildcard node/address.c node/alliance.c node/config.c node/glue*.c node/self.c node/state.c node/writer.c)
CORE_SRC   := $(wildcard protocol/*.c keys/*.c node/engine/*.c node/store/*.c) $(NODE_SRC)
NET_SRC    := $(filter-out $(NODE_SRC) node/main.c,$(wildcard node/net/*.c node/*.c))
CLI_SRC    := $(filter-out cli/main.c cli/audit_main.c,$(wildcard cli/*.c cli/*/*.c))
obj         = $(patsubst %.c,$(B)/%.o,$(1))
CORE       := $(B)/libfolkmoot.a
NET        := $(B)/libfolkmootd.a
CLI        := $(B)/libcli.a

# Each step in a word; V=1 shows the whole command.
ifdef V
say =
else
say = @printf '  %-5s %s\n' $(1) $(if $(2),$(2),$@);
endif

.PHONY: all
all: $(BIN)/folkmootd $(BIN)/folkmoot

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CFLAGS_ALL) -MMD -MP -c $< -o $@

# For `make coverage`: an assertion is a branch that is never to be taken. Tests keep theirs: they look by them.
ifdef COVERAGE
$(B)/protocol/%.o $(B)/keys/%.o: CFLAGS += -DNDEBUG -Wno-unused
endif

# The register's CSV files are built in, as C tables.
CLI_CSV := $(wildcard cli/register/*.csv)
$(B)/%.csv.c: %.csv cli/register/embed.awk
	@mkdir -p $(@D)
	$(call say,DATA,$<)awk -v name=$(basename $(<F)) -f cli/register/embed.awk $< > $@.new && mv $@.new $@
$(B)/%.csv.o: $(B)/%.csv.c
	$(call say,CC,$<)$(CC) $(CFLAGS_ALL) -MMD -MP -c $< -o $@

$(CORE): $(call obj,$(CORE_SRC))
$(NET):  $(call obj,$(NET_SRC))
$(CLI):  $(call obj,$(CLI_SRC)) $(CLI_CSV:%.csv=$(B)/%.csv.o)
$(CORE) $(NET) $(CLI):
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $^

$(BIN)/folkmootd: $(call obj,node/main.c) $(NET) $(CORE)
$(BIN)/folkmoot: $(call obj,cli/main.c) $(CLI) $(CORE)
$(BIN)/folkmootd $(BIN)/folkmoot:
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(LDFLAGS_ALL) $^ $(PKG_LIBS) -o $@

# The auditor alone, in one file without shared libraries. What it needs of the archives is linked, and no SQLite is.
STATIC_PKGS = libsodium $(MSGPACK) jansson libutf8proc
.PHONY: audit-static
audit-static: $(BIN)/folkmoot-audit
$(BIN)/folkmoot-audit: $(call obj,cli/audit_main.c) $(CLI) $(CORE)
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(OPT) -static -Wl,--gc-sections -Wl,-z,relro,-z,now $(LDFLAGS) $^ \
	    $(shell $(PKG_CONFIG) --static --libs $(STATIC_PKGS)) -lm -lpthread -o $@

# ---- tests: every program prints TAP, tests/run adds them up ----

UNIT        := $(patsubst %.c,$(B)/%,$(wildcard tests/unit/test_*.c))
STORE_TESTS := $(patsubst %.c,$(B)/%,$(wildcard tests/store/test_*.c))
NET_TESTS   := $(patsubst %.c,$(B)/%,$(wildcard tests/net/test_*.c))
$(UNIT) $(STORE_TESTS) $(NET_TESTS): $(B)/tests/%: $(B)/tests/%.o $(CLI) $(NET) $(CORE)
	$(call say,LINK)$(CC) $(LDFLAGS_ALL) $(LINK_TOO) $< $(CLI) $(NET) $(CORE) $(PKG_LIBS) -lcmocka -lz -o $@
# It judges a file for every bit of it, and most signatures in it stay as they were: each is checked once.
$(B)/tests/unit/test_judge_bits: LINK_TOO = -Wl,--wrap=sign_check -Wl,--wrap=sign_public_is_good

ifdef COVERAGE
$(UNIT): $(B)/tests/coverage/exit.o
$(UNIT): LDFLAGS += -Wl,--wrap=_exit $(B)/tests/coverage/exit.o
endif

# What fails when memory does: every allocation of ours goes through tests/faults/memory.c.
WRAP   := -Wl,--wrap=malloc -Wl,--wrap=calloc -Wl,--wrap=realloc -Wl,--wrap=strdup
FAULTS := $(patsubst %.c,$(B)/%,$(wildcard tests/faults/test_*.c))
$(FAULTS): $(B)/tests/faults/%: $(B)/tests/faults/%.o $(B)/tests/faults/memory.o $(CLI) $(NET) $(CORE)
	$(call say,LINK)$(CC) $(LDFLAGS_ALL) $(WRAP) $< $(B)/tests/faults/memory.o $(CLI) $(NET) $(CORE) $(PKG_LIBS) -lcmocka -o $@

SIM := $(B)/tests/sim/sim
$(SIM): $(call obj,$(wildcard tests/sim/*.c)) $(CORE)
	$(call say,LINK)$(CC) $(LDFLAGS_ALL) $(WRAP) $^ $(PKG_LIBS) -o $@

# The fuzz targets as plain programs that replay their corpus.
FUZZ   := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
REPLAY := $(patsubst %,$(B)/tests/fuzz/replay_%,$(FUZZ))
$(REPLAY): $(B)/tests/fuzz/replay_%: $(B)/tests/fuzz/fuzz_%.o $(B)/tests/fuzz/replay.o $(CLI) $(CORE)
	$(call say,LINK)$(CC) $(LDFLAGS_ALL) $(B)/tests/fuzz/fuzz_$*.o $(B)/tests/fuzz/replay.o $(CLI) $(CORE) $(PKG_LIBS) -o $@

TESTS := $(UNIT) $(STORE_TESTS) $(NET_TESTS) $(FAULTS) $(REPLAY)
E2E   := $(wildcard tests/e2e/test_*.sh)

# What the end-to-end tests need beside the two programs.
STRANGER := $(B)/tests/e2e/stranger
$(STRANGER): $(STRANGER).o $(CORE)
	$(CC) $(LDFLAGS_ALL) $^ $(PKG_LIBS) -o $@

.PHONY: check unit store faults sim e2e
check: all $(TESTS) $(SIM) $(STRANGER)
	@BIN=$(BIN) STRANGER=$(STRANGER) SIM=$(SIM) SEEDS=$(SEEDS) sh tests/run tests/sim/check $(E2E) $(TESTS)
unit: $(UNIT)
	@sh tests/run $(UNIT)
store: $(STORE_TESTS)
	@sh tests/run $(STORE_TESTS)
faults: $(FAULTS)
	@sh tests/run $(FAULTS)
sim: $(SIM)
	@SIM=$(SIM) SEEDS=$(SEEDS) sh tests/run tests/sim/check
e2e: all $(STRANGER)
	@BIN=$(BIN) STRANGER=$(STRANGER) sh tests/run $(E2E)

# ---- fuzzing: libFuzzer under ASan and UBSan, FUZZ_SECONDS a target ----

FUZZ_FLAGS = -g -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ_B    := build/fuzz
FUZZ_LIB  := $(FUZZ_B)/libfuzzed.a
$(FUZZ_B)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,FUZZ,$<)$(CLANG) $(DEFS) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link $(PKG_CFLAGS) -MMD -MP -c $< -o $@
$(FUZZ_B)/%.csv.o: $(B)/%.csv.c
	@mkdir -p $(@D)
	$(call say,FUZZ,$<)$(CLANG) $(DEFS) $(FUZZ_FLAGS) -c $< -o $@
$(FUZZ_LIB): $(patsubst %.c,$(FUZZ_B)/%.o,$(CORE_SRC) $(CLI_SRC)) $(CLI_CSV:%.csv=$(FUZZ_B)/%.csv.o)
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $^
$(patsubst %,$(FUZZ_B)/fuzz_%,$(FUZZ)): $(FUZZ_B)/fuzz_%: $(FUZZ_B)/tests/fuzz/fuzz_%.o $(FUZZ_LIB)
	$(call say,LINK)$(CLANG) $(FUZZ_FLAGS) -fsanitize=fuzzer $< $(FUZZ_LIB) $(PKG_LIBS) -o $@
.PHONY: fuzz
fuzz: $(patsubst %,$(FUZZ_B)/fuzz_%,$(FUZZ))
	@sh tests/fuzz/run $(FUZZ_SECONDS) $(FUZZ)

# ---- bench ----

BENCH := $(patsubst %.c,$(B)/%,$(wildcard tests/bench/bench_*.c))
$(BENCH): $(B)/tests/bench/%: $(B)/tests/bench/%.o $(CLI) $(NET) $(CORE)
	$(call say,LINK)$(CC) $(LDFLAGS_ALL) $< $(CLI) $(NET) $(CORE) $(PKG_LIBS) -o $@
.PHONY: bench
bench: all $(BENCH)
	@BIN=$(BIN) BUILD=$(B) sh tests/bench/run

# ---- coverage: unit tests, failing allocations, fuzz corpora and the simulator; protocol/ and keys/ are held to limits ----

COV   = $(MAKE) B=build/cov BIN=build/cov/bin COVERAGE=1 OPT='-O0 -g --coverage' HARD=
COVER = $(patsubst $(B)/%,build/cov/%,$(UNIT) $(FAULTS) $(REPLAY))
.PHONY: coverage
coverage:
	+$(COV) $(COVER) build/cov/tests/sim/sim
	@SIM=build/cov/tests/sim/sim SEEDS=$(SEEDS) sh tests/coverage/run build/cov 95 85 $(COVER) tests/sim/check

# ---- the rest ----

.PHONY: lint
lint:
	@sh tests/lint/run

.PHONY: san
san:
	$(MAKE) SAN=1 check

# The unit tests under memcheck, and those with threads under ThreadSanitizer; minutes, not seconds.
.PHONY: valgrind tsan
valgrind: $(UNIT)
	@for t in $(UNIT); do echo $$t; valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite $$t >/dev/null || exit 1; done
TSAN = $(MAKE) B=build/tsan BIN=build/tsan/bin OPT='-O1 -g -fsanitize=thread' HARD=
tsan:
	$(TSAN) build/tsan/tests/unit/test_net build/tsan/tests/unit/test_daemon build/tsan/tests/unit/test_glue_writer all build/tsan/tests/e2e/stranger
	@BIN=build/tsan/bin TSAN_OPTIONS=exitcode=66 sh tests/run build/tsan/tests/unit/test_net build/tsan/tests/unit/test_daemon \
	    build/tsan/tests/unit/test_glue_writer tests/e2e/test_threshold.sh

.PHONY: deps
deps:
	@sh .ci/deps

.PHONY: demo
demo: all
	@BIN=$(BIN) sh docs/examples/demo

DESTDIR ?=
.PHONY: install
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man8 \
	    $(DESTDIR)$(PREFIX)/lib/systemd/user $(DESTDIR)$(PREFIX)/share/doc/folkmoot
	install -m 755 bin/folkmoot bin/folkmootd $(DESTDIR)$(PREFIX)/bin
	install -m 644 docs/man/folkmoot.1 $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 docs/man/folkmootd.8 $(DESTDIR)$(PREFIX)/share/man/man8
	sed 's|@PREFIX@|$(PREFIX)|' docs/examples/folkmootd.service > $(DESTDIR)$(PREFIX)/lib/systemd/user/folkmootd.service
	install -m 644 README.md CHANGELOG.md docs/*.md $(DESTDIR)$(PREFIX)/share/doc/folkmoot

.PHONY: help
help:
	@echo 'make deps demo     install what is missing, build, and show a region at work'
	@echo 'make deps check    install what is missing, build, run every test'
	@echo 'make               build bin/folkmoot and bin/folkmootd'
	@echo 'make audit-static  bin/folkmoot-audit: the auditor alone, one file without shared libraries'
	@echo 'make check         every test; unit, store, sim, e2e: a part of them'
	@echo 'make sim SEEDS=200 that many simulated worlds'
	@echo 'make san           every test under AddressSanitizer and UBSan'
	@echo 'make valgrind tsan unit tests under memcheck; those with threads under ThreadSanitizer'
	@echo 'make fuzz          each fuzz target for FUZZ_SECONDS=10'
	@echo 'make lint          rooms, headers, banned functions, both compilers, static analysis'
	@echo 'make coverage      statements and branches of protocol/ and keys/ that the tests execute'
	@echo 'make bench         figures beside limits measured in the same run'
	@echo 'make install       DESTDIR= PREFIX=/usr/local'

.PHONY: clean
clean:
	rm -rf build bin

# `make deps check`: first the one, then the other, and pkg-config is asked when it is there.
ifneq ($(filter deps,$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif

.SECONDARY:
-include $(shell find $(B) -name '*.d' 2>/dev/null)
