# Everything is built once, in the release profile, so that tests, lints and the program share compiled dependencies.
#
#   make run      build, start the collector on the embedded engine, create site `demo`
#   make test     every test: Rust, front end, browser
#   make help     all targets

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.ONESHELL:
MAKEFLAGS += --no-builtin-rules

CARGO_TARGET_DIR ?= target
export CARGO_TARGET_DIR

cargo := cargo
npm := npm --prefix dashboards --no-fund --no-audit --no-update-notifier
program := $(CARGO_TARGET_DIR)/release/headcount

# Stamps stand for "done since these files changed".
packages := dashboards/node_modules/.installed
pages := dashboards/dist/.built
schemathesis_venv := $(CARGO_TARGET_DIR)/schemathesis
schemathesis := $(schemathesis_venv)/.installed
clients_venv := $(CARGO_TARGET_DIR)/clients
clients := tests/compat/node_modules/.installed $(clients_venv)/.installed
page_sources := $(shell find dashboards/app dashboards/build dashboards/demo dashboards/tracker -type f 2>/dev/null) \
    dashboards/package.json dashboards/tsconfig.json

.PHONY: run test bench soak lint fmt demo build check-tools check-browser test-rust test-soak test-front-end test-browser \
    lint-rust lint-front-end lint-supply-chain test-api test-clients check-python clean help

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

## --- build -----------------------------------------------------------------------------------------------------------

build: check-tools $(pages) ## everything; the program is target/release/headcount
	$(cargo) build --release --locked

check-tools: ## whether cargo, node, npm and a C compiler are here, in one line
	@missing=
	need() { command -v "$$1" >/dev/null 2>&1 || missing="$$missing; $$1 ($$2)"; }
	need cargo 'rustup.rs: Rust 1.95 or newer, Debian 12 has none that new'
	need node 'Debian package nodejs is too old on Debian 12: nodejs.org, 20.19 or newer'
	need npm 'comes with node; Debian package npm'
	if ! command -v "$${CC:-cc}" >/dev/null 2>&1; then missing="$$missing; $${CC:-cc} (Debian package build-essential)"; fi
	if [ -n "$$missing" ]; then echo "missing: $${missing#; }" >&2; exit 1; fi
	node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' \
	    || { echo "missing: node 20.19 or newer; this is $$(node --version) (nodejs.org)" >&2; exit 1; }

$(packages): dashboards/package-lock.json dashboards/.npmrc | check-tools
	$(npm) ci
	@touch $@

# The program embeds these files. Cargo sees changed files but not new ones, hence the second touch.
$(pages): $(packages) $(page_sources)
	$(npm) run --silent build
	@touch $@ src/http/assets.rs

## --- run -------------------------------------------------------------------------------------------------------------

# The address as the program resolves it, from a configuration file or the environment.
public_url = $$($(program) check | awk -F '"' '$$1 == "public_url = " { url = $$2 } $$1 == "public = " { at = "http://" $$2 } END { print url ? url : at }')

run: build ## start the collector with site `demo`; Ctrl-C stops it
	@if ! said=$$($(program) site add demo 2>&1); then
	    case $$said in
	        *'exists already'*) ;;
	        *) printf '%s\n' "$$said" >&2; exit 1 ;;
	    esac
	fi
	echo "Demo page: $(public_url)/demo/"
	exec $(program) serve

demo: ## realistic traffic for the running collector; DEMO='--hits 200000' for more
	$(program) demo $(DEMO)

## --- test ------------------------------------------------------------------------------------------------------------

test: test-rust test-soak test-api test-front-end test-browser test-clients ## every test; the size of the tracker is checked by the build
	@echo 'make test: all tests passed'

test-rust: build
	$(cargo) test --release --locked

test-soak: build
	$(cargo) bench --locked --bench soak -- 2

test-api: build $(schemathesis) ## the description of the API held against the running server; EXAMPLES=200 for more
	$(schemathesis_venv)/bin/python tests/schemathesis/run.py $(program)

$(schemathesis): tests/schemathesis/requirements.txt | check-python
$(clients_venv)/.installed: tests/compat/requirements.txt | check-python
$(schemathesis) $(clients_venv)/.installed:
	rm -rf $(@D)
	python3 -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check --no-deps -r $<
	@touch $@

check-python:
	@if python3 -c 'import ensurepip, venv' >/dev/null 2>&1; then exit 0; fi
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	    export DEBIAN_FRONTEND=noninteractive
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv </dev/null >/dev/null
	    exit 0
	fi
	echo 'missing: python3 with venv, to test the API and clients (Debian package python3-venv)' >&2
	exit 1

test-front-end: $(packages)
	$(npm) test

test-browser: build check-browser
	$(npm) run test:browser

test-clients: build $(packages) $(clients) check-browser ## other products' own clients against the running server
	COMPAT_PYTHON=$(clients_venv)/bin/python HEADCOUNT_BINARY=$(program) \
	    node --test --test-force-exit --test-reporter=spec tests/compat/harness/marks.test.mjs tests/compat/clients.test.mjs

tests/compat/node_modules/.installed: tests/compat/package-lock.json tests/compat/.npmrc | check-tools
	npm --prefix tests/compat --no-fund --no-audit --no-update-notifier ci
	@touch $@

check-browser:
	@browser=$${CHROMIUM:-/usr/bin/chromium}
	if [ -x "$$browser" ]; then exit 0; fi
	if [ -z "$${CHROMIUM:-}" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	    export DEBIAN_FRONTEND=noninteractive
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium </dev/null >/dev/null
	    exit 0
	fi
	echo "missing: $$browser (Debian package chromium; or set CHROMIUM to a Chromium)" >&2
	exit 1

MINUTES ?= 60

soak: build ## steady load for MINUTES=60 or HITS=1000000, then the account: what was acknowledged is what was counted
	$(cargo) bench --locked --bench soak -- $(MINUTES)

bench: build ## benchmarks: counting, collecting, sealed history in a small size; QUICK=1 for coarse figures of collecting
	$(cargo) bench --locked --bench count
	$(cargo) bench --locked --bench collect
	$(cargo) bench --locked --bench history

## --- lint ------------------------------------------------------------------------------------------------------------

lint: lint-rust lint-front-end lint-supply-chain ## format, clippy, documentation, types, licences
	@echo 'make lint: clean'

lint-rust: $(pages)
	$(cargo) fmt --check
	$(cargo) clippy --release --all-targets --locked -- -D warnings
	# Its readers work on it, so private parts are documented and may be linked to.
	RUSTDOCFLAGS='-D warnings -A rustdoc::private_intra_doc_links' \
	    $(cargo) doc --release --no-deps --locked --lib --document-private-items
	# Fuzz targets are a workspace of their own; they must keep up with what they call.
	$(cargo) check --release --locked --manifest-path fuzz/Cargo.toml

lint-front-end: $(packages)
	$(npm) run types

# cargo-deny takes minutes to build, so it is used where it is installed; sources and licences are checked everywhere.
lint-supply-chain: check-tools
	@node .ci/supply-chain.mjs
	if command -v cargo-deny >/dev/null; then
	    $(cargo) deny --locked check bans licenses sources
	else
	    echo 'cargo-deny is not installed (cargo install cargo-deny --locked): bans are not checked'
	fi

fmt: ## format the Rust sources
	$(cargo) fmt

clean: ## remove what was built; the state directory stays
	$(cargo) clean
	rm -rf dashboards/dist dashboards/node_modules tests/compat/node_modules test-out bench-out
