# Folkmoot.  `make help` lists what there is to make.

CC       ?= cc
PREFIX   ?= /usr/local
SEEDS    ?= 20
FUZZ_SECONDS ?= 10
B        ?= build
VERSION  := 0.1.0

PKG_CONFIG ?= pkg-config
MSGPACK  := $(shell $(PKG_CONFIG) --exists msgpack-c 2>/dev/null && echo msgpack-c || echo msgpack)
PKGS     := libsodium libuv $(MSGPACK) sqlite3 jansson inih libutf8proc
PKG_CFLAGS = $(shell $(PKG_CONFIG) --cflags $(PKGS))
PKG_LIBS   = $(shell $(PKG_CONFIG) --libs $(PKGS)) -lcsv -lm -lpthread

WARN  = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes -Wmissing-prototypes \
        -Wvla -Wformat=2 -Wswitch-enum -Wimplicit-fallthrough -Wnull-dereference
HARD  = -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fcf-protection=full
OPT  ?= -O2 -g
ifdef SAN
B    := build/san
OPT  := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
HARD :=
endif
ifdef CI
WARN += -Werror
endif
CFLAGS_ALL  = -std=c11 -D_POSIX_C_SOURCE=200809L -DFOLKMOOT_VERSION='"$(VERSION)"' -I. $(OPT) $(HARD) -fPIE $(WARN) $(PKG_CFLAGS) $(CFLAGS)
LDFLAGS_ALL = $(OPT) -pie -Wl,-z,relro,-z,now $(LDFLAGS)

# A room is a folder; its objects make one library, linked in the order in which
# the rooms may know each other (docs/architecture.md).
NET_SRC    := $(wildcard node/net/*.c node/*.c)
CLI_SRC    := $(wildcard cli/*.c cli/*/*.c)
CORE_SRC   := $(wildcard protocol/*.c keys/*.c node/engine/*.c node/store/*.c)
obj         = $(patsubst %.c,$(B)/%.o,$(1))
CORE       := $(B)/libfolkmoot.a
PROGRAMS   := $(if $(wildcard node/main.c),bin/folkmootd) $(if $(wildcard cli/main.c),bin/folkmoot)

.PHONY: all
all: $(PROGRAMS)

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -MMD -MP -c $< -o $@

$(CORE): $(call obj,$(CORE_SRC))
	@rm -f $@
	$(AR) rcs $@ $^

bin/folkmootd: $(call obj,$(NET_SRC)) $(CORE)
	@mkdir -p bin
	$(CC) $(LDFLAGS_ALL) $^ $(PKG_LIBS) -o $@

bin/folkmoot: $(call obj,$(CLI_SRC)) $(CORE)
	@mkdir -p bin
	$(CC) $(LDFLAGS_ALL) $^ $(PKG_LIBS) -o $@

# Tests: each tests/unit/*.c is a program that prints TAP (tests/run adds it up).
UNIT := $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(wildcard tests/unit/test_*.c))
$(B)/tests/unit/%: $(B)/tests/unit/%.o $(CORE)
	$(CC) $(LDFLAGS_ALL) $< $(CORE) $(PKG_LIBS) -lcmocka -o $@

.PHONY: unit
unit: $(UNIT)
	@sh tests/run $(UNIT)

# The simulator: many nodes, virtual time, one seed.  SEEDS=200 for a long look (or build/tests/sim/sim
# --seeds 1..50: every scenario under every seed); SIM_TESTS are
# the arguments of the small fixed set that goes with the unit tests.
SIM_TESTS ?= --quick --seeds 1..2
SIM       := $(B)/tests/sim/sim
$(SIM): $(call obj,$(wildcard tests/sim/*.c)) $(CORE)
	$(CC) $(LDFLAGS_ALL) -Wl,--wrap=malloc -Wl,--wrap=calloc -Wl,--wrap=realloc $^ $(PKG_LIBS) -o $@

.PHONY: sim sim-tests
sim: $(SIM)
	$(SIM) --seed 1
	$(SIM) --scenario mixture --seeds 1..$(SEEDS)
sim-tests: $(SIM)
	$(SIM) $(SIM_TESTS)

.PHONY: clean
clean:
	rm -rf build bin

.SECONDARY:
-include $(shell find $(B) -name '*.d' 2>/dev/null)
