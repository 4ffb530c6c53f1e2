# git-sk. 'make help' lists what there is to make.
#
# CC, AR, CFLAGS, CPPFLAGS, LDFLAGS, LDLIBS, PKG_CONFIG, PREFIX and DESTDIR are
# the user's. SAN=address,undefined builds apart, into build-san.

PREFIX     ?= /usr/local
PKG_CONFIG ?= pkg-config
CFLAGS     ?= -O2 -g

VERSION := 0.2.0

SK_CFLAGS = -std=c11 -D_GNU_SOURCE -DSK_VERSION='"$(VERSION)"' -Ilib -I. \
	-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wwrite-strings -Wvla -Wformat=2 -Wundef -fno-common -fPIE \
	$(if $(WERROR),-Werror) \
	$(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all \
	-fno-omit-frame-pointer) $(pc_cflags)
SK_LDFLAGS := -Wl,--as-needed -Wl,-z,relro -pie $(if $(SAN),-fsanitize=$(SAN))
BUILD      ?= build$(if $(SAN),-san)

# What each program may be linked to; --as-needed drops what it does not use.
pkgs_common := libgit2 sqlite3 libcjson zlib yaml-0.1 libmd
pkgs_bin    := $(pkgs_common) libcurl libmicrohttpd
pkgs_server := sqlite3 libcjson zlib libmd libmicrohttpd libcrypt
pc           = $(shell $(PKG_CONFIG) $(1) $(2))$(if $(filter-out \
	0,$(.SHELLSTATUS)),$(error libraries are missing: run ./install.sh --deps))
# asked once, and only when something is compiled
pc_cflags    = $(eval pc_cflags := $(call pc,--cflags,$(sort $(pkgs_bin) \
	$(pkgs_server))))$(pc_cflags)

lib_src    := $(sort $(wildcard lib/*/*.c))
bin_src    := $(sort $(wildcard bin/*.c))
hook_src   := $(sort $(wildcard hooks/*.c))
server_src := $(sort $(wildcard server/*.c))
unit_src   := $(sort $(wildcard tests/unit/t-*.c))

bins   := $(patsubst %.c,$(BUILD)/%,$(bin_src))
hooks  := $(patsubst %.c,$(BUILD)/%,$(hook_src))
units  := $(patsubst %.c,$(BUILD)/%,$(unit_src))
benches := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/bench/*.c))
server := $(if $(server_src),$(BUILD)/bin/sk-ingestd)
objs    = $(patsubst %.c,$(BUILD)/%.o,$(1))

V ?= 0
q  = $(if $(filter 0,$(V)),@printf '  %-5s %s\n' $(1) $@;)

.PHONY: all
all: $(bins) $(hooks) $(server) $(BUILD)/completion/made ## the programs, into build/ (the default)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(call q,CC)$(CC) $(SK_CFLAGS) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/libsk.a: $(call objs,$(lib_src))
	$(call q,AR)rm -f $@ && $(AR) rcs $@ $^

link = $(call q,LINK)$(CC) $(SK_LDFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ \
	$(filter %.o %.a,$^) $(call pc,--libs,$(1)) $(LDLIBS)

$(bins): %: %.o $(BUILD)/libsk.a
	$(call link,$(pkgs_bin))

$(hooks): %: %.o $(BUILD)/libsk.a
	$(call link,$(pkgs_common))

$(units) $(filter-out %/nop,$(benches)): %: %.o $(BUILD)/libsk.a
	$(call link,$(pkgs_bin))

$(BUILD)/tests/bench/nop: %: %.o
	$(call q,LINK)$(CC) -static -o $@ $<

$(BUILD)/bin/sk-ingestd: $(call objs,$(server_src)) $(BUILD)/libsk.a
	@mkdir -p $(@D)
	$(call link,$(pkgs_server))

# What shells complete: the programs say it, an awk script for each shell writes
# it. 'git sk' has the names of the others.
complete := $(filter-out %/git-sk,$(bins)) $(server)
complete_awk = awk -v hooks='$(filter-out capture commitguard gate,$(notdir $(hooks)))' \
	-v dir=$(@D)/$(1) -f docs/completion/table.awk -f docs/completion/$(1).awk \
	$(@D)/tables
$(BUILD)/completion/made: $(complete) $(wildcard docs/completion/*)
	@mkdir -p $(addprefix $(@D)/,bash zsh fish)
	$(call q,GEN)for program in $(complete); do \
		$$program --sk-complete || exit; done >$(@D)/tables
	@$(call complete_awk,bash) | cat docs/completion/git-sk.bash - \
		>$(@D)/bash/git-sk
	@$(call complete_awk,zsh)
	@$(call complete_awk,fish)
	@touch $@

# The server that misbehaves on request; tests and benchmarks start it.
fault_server := $(BUILD)/tests/fault-server
$(fault_server): $(call objs,$(wildcard tests/fault/*.c)) $(BUILD)/libsk.a
	$(call link,$(pkgs_common))
$(BUILD)/tests/unit/t-http $(BUILD)/tests/unit/t-session: | $(fault_server)

# What lib/git and lib/merge do, for the tests of that.
tools := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/tool/*.c)))
$(tools): %: %.o $(BUILD)/libsk.a
	$(call link,$(pkgs_common))

# The fuzz targets: 'make check' runs each over its corpus, with any compiler;
# 'make fuzz-json' fuzzes one (FUZZ_SECONDS, with clang).
fuzz_src     := $(sort $(wildcard tests/fuzz/fuzz-*.c))
fuzzers      := $(patsubst %.c,$(BUILD)/%,$(fuzz_src))
fuzzed       := $(wildcard lib/base/*.c lib/format/*.c lib/mission/*.c) \
	lib/wire/batch.c lib/wire/refusal.c lib/wire/category.c
FUZZ_SECONDS ?= 60

$(fuzzers): %: %.o $(BUILD)/tests/fuzz/replay.o $(BUILD)/libsk.a
	$(call link,$(pkgs_common))

build-fuzz/fuzz-%: tests/fuzz/fuzz-%.c $(fuzzed) $(wildcard lib/*/*.h)
	@mkdir -p $(@D)
	$(call q,FUZZ)clang $(SK_CFLAGS) -g -O1 \
		-fsanitize=fuzzer,address,undefined \
		-fno-sanitize-recover=all -o $@ $< $(fuzzed) \
		$(call pc,--libs,$(pkgs_common))

fuzz-%: build-fuzz/fuzz-%
	@mkdir -p build-fuzz/corpus-$*
	$< -max_total_time=$(FUZZ_SECONDS) -timeout=5 -print_final_stats=1 \
		-artifact_prefix=build-fuzz/ build-fuzz/corpus-$* \
		tests/fuzz/corpus/$*

# Tests. Each prints TAP, which tests/run collects in $(BUILD)/check and counts.
# T names one bats file or unit: 'make check T=sync'.
T ?= *
bats     := $(sort $(wildcard tests/*.bats))
# Those that make up their input, or kill what they run at each moment: little of
# it in 'make check', and all they should run when 'make check-long' sets SK_LONG.
long     := $(addprefix $(BUILD)/tests/unit/,t-deliver-random t-mark-random) \
	$(addprefix tests/,random.bats logmerge.bats logpairs.bats mergepoints.bats \
	editcrash.bats missioncreate.bats markcrash.bats implementcrash.bats finalize.bats \
	setupplan.bats mission-migrate.bats recordcrash.bats worktrees.bats \
	mergeproperty.bats)
# Begun first, or the last one runs alone; tests/run says how long each takes.
slow     := $(long) $(BUILD)/tests/unit/t-place $(addprefix tests/,cli.bats \
	coexist.bats coexist-precommit.bats daemon.bats daemon-sends.bats \
	deliver.bats doctor.bats e2e-workflow.bats edit.bats finalsync.bats \
	history.bats ingestd.bats install.bats late.bats markplaces.bats \
	migrate.bats)
export BUILD
ifdef SAN
export LSAN_OPTIONS ?= \
	suppressions=$(CURDIR)/tests/lsan.supp:print_suppressions=0
endif

run = tests/run $(BUILD)/check
one = $(if $(filter *,$(T)),$(call sorted,$(1)),$(filter %/$(T) %/t-$(T) \
	%/$(T).bats %/$(T).sh,$(1)))
sorted = $(foreach test,$(slow),$(filter $(test),$(1))) $(filter-out $(slow),$(1))

.PHONY: check check-long
check: all $(units) $(fuzzers) $(fault_server) $(tools) ## every test
	$(run) $(call one,$(sort $(long) $(bats) $(units) \
		$(wildcard tests/check-*.sh)))
check-long: all $(units) $(fault_server) $(tools) ## what is random, or killed, at length
	SK_LONG=1 TEST_SECONDS=7200 $(run) $(call one,$(long))

.PHONY: check-unit check-bats check-fuzz check-layers check-links
check-unit: $(units) ## the C tests of single modules
	$(run) $(call one,$(units))
check-fuzz: $(fuzzers) ## the corpora of the parsers
	$(run) tests/check-fuzz.sh
check-bats: all $(fault_server) $(tools) $(BUILD)/tests/unit/t-logline ## the programs, as a user runs them
	$(run) $(call one,$(bats))
check-layers: ## who may include whom, what outlives a call, what headers say, sizes
	$(run) tests/check-layers.sh
check-links: all ## which program may be linked to what
	$(run) tests/check-links.sh

.PHONY: lint format format-check
lint: ## clang-tidy (see .clang-tidy), shellcheck, mandoc
	printf '%s\n' $(filter-out tests/%,$(filter %.c,$(c_files))) | xargs -I {} -P 2 \
		clang-tidy-14 --quiet {} -- $(SK_CFLAGS)
	shellcheck -x install.sh .ci/run tests/run docs/completion/git-sk.bash \
		$(wildcard tests/*.sh tests/*.bash) $(bats)
	mandoc -T lint -W warning $(man_src)
format-check: ## is everything as clang-format 14 would have it?
	clang-format-14 --dry-run -Werror $(c_files)
format: ## make it so
	clang-format-14 -i $(c_files)
c_files = $(sort $(wildcard lib/*/*.[ch] bin/*.[ch] hooks/*.[ch] \
	server/*.[ch] tests/*/*.[ch]))

.PHONY: demo bench
demo: all ## the whole way of a mission to the server, in a scratch folder
	tests/demo.sh
bench: all $(benches) ## what commit, backfill and delivery cost, beside peers
	python3 -B tests/bench/bench.py $(BUILD) $(filter-out *,$(T))

man_src   := $(sort $(wildcard docs/*.[1-8]))
bindir     = $(DESTDIR)$(PREFIX)/bin
libexecdir = $(DESTDIR)$(PREFIX)/libexec/git-sk
mandir     = $(DESTDIR)$(PREFIX)/share/man
man_dest   = $(foreach page,$(man_src),\
	$(mandir)/man$(patsubst .%,%,$(suffix $(page)))/$(notdir $(page)))

# Where bash-completion, zsh's compinit and fish look.
sharedir   = $(DESTDIR)$(PREFIX)/share
bashdir    = $(sharedir)/bash-completion/completions
zshdir     = $(sharedir)/zsh/site-functions
fishdir    = $(sharedir)/fish/vendor_completions.d
fishconf   = $(sharedir)/fish/vendor_conf.d
completed := git-sk $(notdir $(complete))

.PHONY: install uninstall
install: all ## into PREFIX (/usr/local), below DESTDIR
	install -d $(bindir) $(libexecdir) $(sort $(dir $(man_dest))) \
		$(bashdir) $(zshdir) $(fishdir) $(fishconf)
	install $(bins) $(server) $(bindir)
	install $(hooks) $(libexecdir)
	$(foreach page,$(man_dest),install -m 644 docs/$(notdir $(page)) $(page) &&) :
	install -m 644 $(BUILD)/completion/bash/git-sk $(bashdir)
	cd $(bashdir) && for name in $(filter-out git-sk,$(completed)); do \
		ln -sf git-sk $$name || exit; done
	install -m 644 $(completed:%=$(BUILD)/completion/zsh/_%) $(zshdir)
	install -m 644 $(completed:%=$(BUILD)/completion/fish/%.fish) $(fishdir)
	install -m 644 $(BUILD)/completion/fish/conf.fish $(fishconf)/git-sk.fish
uninstall: ## exactly what install put there
	$(if $(DESTDIR),,@./install.sh --farewell "$(bindir)")
	rm -f $(addprefix $(bindir)/,$(notdir $(bins) $(server)))
	rm -f $(addprefix $(libexecdir)/,$(notdir $(hooks))) $(man_dest)
	rm -f $(addprefix $(bashdir)/,$(completed)) \
		$(completed:%=$(zshdir)/_%) $(completed:%=$(fishdir)/%.fish) \
		$(fishconf)/git-sk.fish
	! test -d $(libexecdir) || rmdir $(libexecdir)

.PHONY: clean help
clean: ## remove every build
	rm -rf build build-*
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / \
		{ printf "  make %-13s %s\n", $$1, $$2 }' Makefile

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
.SECONDARY:
