# `make` lists every command. All of them work on a fresh clone: what is missing is installed first.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.run-installed
DEV := $(VENV)/.dev-installed
BUILT := src/alpheus/web/static/built/main.js
WORDS := $(patsubst %.po,%.mo,$(wildcard src/alpheus/*/locale/*/LC_MESSAGES/*.po))
SOURCES := $(shell find src/alpheus/web/browser src/alpheus/web/styles -type f 2>/dev/null) build.mjs package-lock.json
# The rooms that touch the database, on PostgreSQL too: their quick tests, so that all of it stays below half an hour.
ON_POSTGRESQL := $(addprefix tests/,catalogue config database listening parties rights search shops locker community tasks)
B ?=

help: ## List every command
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@tools/check-python "$(PYTHON)"
	$(PYTHON) -m venv $(VENV)

$(RUN): $(BIN)/python requirements.lock requirements-build.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-build.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(RUN)

$(DEV): $(RUN) requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $(DEV)

$(BUILT): $(RUN) $(SOURCES)
	tools/with-node $(BIN)/python npm ci --no-audit --no-fund --loglevel=error
	tools/with-node $(BIN)/python node build.mjs

%.mo: %.po $(RUN)
	@$(BIN)/pybabel --quiet compile --use-fuzzy -D django -i $< -o $@ 2>/dev/null

assets: $(BUILT) $(WORDS) ## Build what browsers load, and the translations

up: $(RUN) assets ## Install, load the demo, serve on http://127.0.0.1:8000
	@$(BIN)/alpheus up --demo

lan: $(RUN) assets ## The same, also for phones on the local network (prints a QR code)
	@$(BIN)/alpheus up --demo --lan

import: $(RUN) assets ## Import your music: make import FOLDER=~/Music
	@$(BIN)/alpheus import "$(FOLDER)"

doctor: $(RUN) ## Check the installation and say how to mend it
	@$(BIN)/alpheus doctor

test: $(DEV) assets ## Check everything: linters, types, layers, all tests, real browsers
	@tools/install-browsers
	@$(MAKE) --no-print-directory check
	@tools/test-both $(BIN)/python $(ON_POSTGRESQL)

test-postgres: $(DEV) assets ## All tests but the journeys on a private PostgreSQL server (the machine's, or a wheel's)
	ALPHEUS_TEST_DATABASE=postgresql $(BIN)/python -m pytest -n 2 -m "not journey" -q

test-fast: $(DEV) assets ## The quick tests: no browser, no servers, none that takes seconds
	$(BIN)/python -m pytest -n 2 -m "not journey and not slow" -q

check: $(DEV) assets ## Linters, types, layers, browser types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	tools/with-node $(BIN)/python npx tsc --noEmit

bench: $(DEV) assets ## Measure: all of benchmarks/, or one with B=edge
	@$(BIN)/python -m benchmarks $(B)

soak: $(DEV) assets ## Listen on a weak phone, driven, for as long as you like: make soak MINUTES=60
	@$(BIN)/python -m benchmarks.soak --minutes $(or $(MINUTES),3)

screenshots: $(DEV) assets ## Take every page, small and wide, light and dark, in two languages, to look at (into TO=screenshots)
	@PICTURES="$(abspath $(or $(TO),screenshots))" $(BIN)/python -m pytest -q tests/journeys/test_every_page.py -k everybody
	@echo "Look at them: $(or $(TO),screenshots)/"

pictures: $(DEV) assets ## Take the README's pictures from a running installation (make up)
	@$(BIN)/python docs/screenshots.py

format: $(DEV) ## Format the code
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

messages: $(DEV) ## Collect the texts to translate (needs gettext)
	cd src/alpheus && ../../$(BIN)/python -m django makemessages --all --settings=alpheus.config.django --extension html,txt,py --no-location --no-obsolete

docs: $(DEV) ## Rewrite the tables in docs/ that are made from the code
	$(BIN)/python docs/tables.py

lock: $(DEV) ## Lock dependencies anew, with hashes
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --universal --upgrade --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --upgrade --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet pyproject.toml --group dev -o requirements-dev.lock
	$(BIN)/uv pip compile --universal --upgrade --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet --constraint requirements-dev.lock --group build -o requirements-build.lock

wheel: $(DEV) assets ## Build a wheel that holds the built assets and needs no Node
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

clean: ## Remove everything that was built (not your data folder)
	rm -rf $(VENV) node_modules dist src/alpheus/web/static/built .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find src -name '*.mo' -delete

.PHONY: help assets up lan import doctor test test-postgres test-fast check bench soak screenshots pictures format messages docs lock wheel clean
