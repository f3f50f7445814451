# pm: build, test and install. GNU make 4 or newer; nothing to configure.
#
#   make                          build/pm
#   make check [T=word]           every test; T= picks the files whose path contains the word
#   make quick                    unit tests and the checks of the source: seconds
#   make demo                     a repository of postmortems, made up, to look around in
#   make install PREFIX=~/.local  (and DESTDIR, for packagers)
#   make B=build-asan SANITIZE=address,undefined check
#   make CC=clang DEVELOPER=1     strict warnings, and they are errors
#
# Settings that you want to keep go into config.mak. A new file needs no edit here: sources,
# tests, manuals and what is compiled in are found by their place (see src/README.md).

ifeq ($(filter output-sync,$(.FEATURES)),)
$(error GNU make 4 is needed; on macOS: brew install make, then gmake)
endif
-include config.mak

VERSION = 0.1.0
B      ?= build
PREFIX ?= /usr/local
JOBS   ?= 2
CFLAGS ?= -O2 -g

.DEFAULT_GOAL = all
.DELETE_ON_ERROR:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules --no-print-directory

# ---- what there is ------------------------------------------------------------------------------

MAIN     := $(wildcard src/main.c)
SOURCES  := $(filter-out $(MAIN),$(sort $(wildcard src/*/*.c)))
SCHEMA   := $(sort $(wildcard schema/*))
EXPLAIN  := $(sort $(wildcard src/rule/explain/*.md))
MANUALS  := $(sort $(wildcard src/cmd/pm*.[1-9]))
PROGRAMS := $(sort $(wildcard tests/unit/test_*.c tests/prop/*.c))
FUZZERS  := $(sort $(filter-out tests/fuzz/driver.c,$(wildcard tests/fuzz/*.c)))
SCRIPTS  := $(sort $(wildcard tests/*/*.bats tests/*/*.test))
BENCHES  := $(sort $(wildcard tests/bench/*.sh))

OBJECTS  := $(SOURCES:%.c=$(B)/%.o) $(B)/gen/embed.o
PM       := $(MAIN:src/main.c=$(B)/pm)
EMBEDDED := $(SCHEMA) $(EXPLAIN) $(MANUALS)

picked   = $(if $(T),$(foreach f,$1,$(if $(findstring $(T),$f),$f)),$1)
TESTS   := $(call picked,$(PROGRAMS:%.c=$(B)/%) $(FUZZERS:%.c=$(B)/%) $(SCRIPTS))
QUICK   := $(call picked,$(filter $(B)/tests/unit/%,$(PROGRAMS:%.c=$(B)/%)) \
             $(wildcard tests/lib/source.test))

# ---- how it is compiled -------------------------------------------------------------------------

# Asked for when a recipe needs the answer, and once: reading this file must work on a machine
# that has nothing but make, because `make check` installs the rest.
once = $(eval $1 := $(shell $2))$($1)

LIBS          = libgit2 zlib libcmark yaml-0.1 sqlite3 jansson libutf8proc
PKG_CFLAGS    = $(call once,PKG_CFLAGS,pkg-config --cflags $(LIBS) 2>/dev/null)
PKG_LIBS      = $(call once,PKG_LIBS,pkg-config --libs $(LIBS) 2>/dev/null)
CMOCKA_CFLAGS = $(call once,CMOCKA_CFLAGS,pkg-config --cflags cmocka 2>/dev/null)
CMOCKA_LIBS   = $(call once,CMOCKA_LIBS,pkg-config --libs cmocka 2>/dev/null)

ifeq ($(shell uname -s),Darwin) # libstemmer has no .pc file, and Homebrew's place is not searched
DARWIN        = -D_DARWIN_C_SOURCE
BREW          = $(call once,BREW,brew --prefix)
BREW_CFLAGS   = -I$(BREW)/include
BREW_LIBS     = -L$(BREW)/lib
endif
LIB_CFLAGS = $(PKG_CFLAGS) $(BREW_CFLAGS)
LIB_LIBS   = $(PKG_LIBS) $(BREW_LIBS) -lstemmer

WARNINGS = -Wall -Wextra
ifdef DEVELOPER
WARNINGS += -Werror -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
            -Wold-style-definition -Wvla -Wformat=2 -Wundef -Wcast-qual -Wpointer-arith \
            -Wwrite-strings -Wimplicit-fallthrough -Wnull-dereference
endif
ifdef SANITIZE
SANITIZER = -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
endif

# POSIX.1-2008 with its XSI part (realpath).
STANDARD = -std=c11 -D_XOPEN_SOURCE=700 $(DARWIN) -pthread
COMPILE  = $(CC) $(STANDARD) $(WARNINGS) $(SANITIZER) -Iinclude $(LIB_CFLAGS) $(CPPFLAGS) $(CFLAGS)
LINK     = $(CC) -pthread $(SANITIZER) $(CFLAGS) $(LDFLAGS)
NUMBER   = $(call once,NUMBER,tools/version $(VERSION))

# The recipe of a file that is rewritten only when its text changes, so that what depends on it
# is rebuilt after a change of flags, of the version, or of the list of files, and not otherwise.
# The second argument is a command that has to succeed first.
stamp = @mkdir -p $(@D); echo '$(strip $1)' | cmp -s - $@ || \
        { $(if $2,$2 &&) echo '$(strip $1)' >$@; }

# One short line for each thing made; the whole command with V=1.
say = $(if $(V),,@echo '  $1	$@' && )

# ---- program ------------------------------------------------------------------------------------

.PHONY: all FORCE
all: $(PM) $(B)/libpm.a

$(B)/pm: $(B)/src/main.o $(B)/libpm.a
	$(call say,LD)$(LINK) -o $@ $^ $(LIB_LIBS) $(LDLIBS)

$(B)/libpm.a: $(OBJECTS) $(B)/objects
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $(OBJECTS)

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC)$(COMPILE) $(EXTRA) -MMD -MP -c -o $@ $<

$(B)/gen/%.o: $(B)/gen/%.c $(B)/flags
	$(call say,CC)$(COMPILE) -MMD -MP -c -o $@ $<

$(B)/flags: FORCE
	$(call stamp,$(COMPILE) $(LINK) $(LIB_LIBS),PM_NO_INSTALL=1 contrib/install-deps build)

$(B)/flags-of-tests: FORCE
	$(call stamp,$(CMOCKA_CFLAGS) $(CMOCKA_LIBS),PM_NO_INSTALL=1 contrib/install-deps test)

$(B)/objects: FORCE
	$(call stamp,$(OBJECTS))

$(B)/version: FORCE
	$(call stamp,$(NUMBER))

$(B)/src/base/about.o: $(B)/version
$(B)/src/base/about.o: EXTRA = -DPM_VERSION=\"$(NUMBER)\"

# Compiled in under the names that pm/embed.h tells.
$(B)/gen/embed.c: $(B)/tools/embed $(EMBEDDED) $(B)/embedded
	@mkdir -p $(@D)
	$(call say,GEN)$(B)/tools/embed $(foreach f,$(SCHEMA),$f=$f) \
	    $(foreach f,$(EXPLAIN),rule/$(notdir $f)=$f) $(foreach f,$(MANUALS),man/$(notdir $f)=$f) >$@

$(B)/tools/embed: tools/embed.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(STANDARD) $(WARNINGS) -o $@ $<

$(B)/embedded: FORCE
	$(call stamp,$(EMBEDDED))

# ---- tests --------------------------------------------------------------------------------------

.PHONY: check check-all quick valgrind golden demo bench fuzz fuzzers
check:
	@contrib/install-deps build test
	@$(MAKE) check-all

WITH_PM = PM=$(abspath $(B))/pm
RUN     = $(WITH_PM) CC='$(CC)' LIB_CFLAGS='$(LIB_CFLAGS)' VALGRIND=$(VALGRIND) \
          tests/lib/run -j $(JOBS)

# The histories ask a program of the property tests what the ledger says.
check-all: all $(filter $(B)/%,$(TESTS)) \
           $(if $(filter tests/history/%,$(TESTS)),$(B)/tests/prop/prop_ledger)
	@$(RUN) $(TESTS)

quick: $(filter $(B)/%,$(QUICK))
	@$(RUN) $(QUICK)

valgrind:
	@$(MAKE) check VALGRIND=1

golden: all
	@$(WITH_PM) tests/golden/run.test --write
	@$(WITH_PM) tests/docs/readme.test --write

demo:
	@contrib/install-deps build
	@$(MAKE) all
	@PATH="$(abspath $(B)):$$PATH" contrib/example/demo

bench: all
	@for b in $(BENCHES); do $(WITH_PM) $$b || exit 1; done

$(PROGRAMS:%.c=$(B)/%.o): $(B)/flags-of-tests
$(B)/tests/%.o: EXTRA = $(CMOCKA_CFLAGS) -Wno-unused-parameter

$(B)/tests/unit/%: $(B)/tests/unit/%.o $(B)/libpm.a
	$(call say,LD)$(LINK) -o $@ $^ $(CMOCKA_LIBS) $(LIB_LIBS) $(LDLIBS)

$(B)/tests/prop/%: $(B)/tests/prop/%.o $(B)/libpm.a
	$(call say,LD)$(LINK) -o $@ $^ $(CMOCKA_LIBS) $(LIB_LIBS) $(LDLIBS)

# In `make check` a fuzz target replays its seeds; under `make fuzz`, in a build of its own,
# libFuzzer looks for new ones.
$(B)/tests/fuzz/%: $(B)/tests/fuzz/%.o $(B)/tests/fuzz/driver.o $(B)/libpm.a
	$(call say,LD)$(LINK) -o $@ $^ $(LIB_LIBS) $(LDLIBS)

$(B)/fuzz/%: $(B)/tests/fuzz/%.o $(B)/libpm.a
	@mkdir -p $(@D)
	$(call say,LD)$(LINK) -fsanitize=fuzzer -o $@ $^ $(LIB_LIBS) $(LDLIBS)

fuzz:
	@$(MAKE) B=$(B)-fuzz CC=clang SANITIZE=fuzzer-no-link,address,undefined fuzzers

fuzzers: $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(call picked,$(FUZZERS)))
	@tests/fuzz/explore $^

# ---- elsewhere ----------------------------------------------------------------------------------

.PHONY: install uninstall format clean
install: all
	tools/install $(B)/pm '$(DESTDIR)$(PREFIX)'

uninstall:
	tools/install --remove '$(DESTDIR)$(PREFIX)'

format:
	clang-format -i $(sort $(wildcard include/pm/*.h src/*/*.[ch] tests/*/*.[ch] tools/*.c) $(MAIN))

clean:
	rm -rf $(B) $(B)-fuzz

-include $(shell test -d $(B) && find $(B) -name '*.d')
