# make install | make run | make test        (GNU make, a POSIX shell, Python 3.11 or newer; nothing else)

SHELL := /bin/sh
.SHELLFLAGS := -eu -c
.DEFAULT_GOAL := help

PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
VENDOR := portal/static/vendor/manifest.json
INPUTS := pyproject.toml uv.lock package.json package-lock.json hatch_build.py
CATALOGUES := $(wildcard translations/*/LC_MESSAGES/messages.po)
# The PostgreSQL that the suite uses when it listens; give another one to use that.
PORTAL_TEST_POSTGRESQL ?= postgresql+psycopg://postgres@127.0.0.1:5432
# 1: parts of the suite that cannot run here make it fail, instead of being skipped.
PORTAL_TEST_REQUIRE ?=
PYTEST := $(BIN)/pytest -n 2

# Certificates of the machine are believed, so that a proxy in between works.
export UV_SYSTEM_CERTS := 1
export UV_PROJECT_ENVIRONMENT := .venv
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PORTAL_TEST_REQUIRE

say = { echo "$(1)" >&2; exit 1; }

.PHONY: help install run test check test-sqlite test-postgresql FORCE

help:
	@echo "make install   set up .venv with everything that is needed"
	@echo "make run       set up, make and fill the database when it is empty, and start Loket"
	@echo "make test      check the code and run the whole suite"

install: .venv/installed $(CATALOGUES:.po=.mo)
	@echo "Loket is installed. Start it with: make run"

run: install
	@$(BIN)/portal migrate
	@$(BIN)/portal seed --if-empty
	@exec $(BIN)/portal serve

test: check test-sqlite test-postgresql

# Every step stops the rest with a sentence.
check: install
	@$(BIN)/ruff check . || $(call say,ruff found something to mend. See above.)
	@$(BIN)/ruff format --check . || $(call say,Some files are not formatted. Run: $(BIN)/ruff format .)
	@$(BIN)/mypy || $(call say,mypy found types that do not fit. See above.)
	@$(BIN)/lint-imports || $(call say,An import breaks the order of docs/contributors.md. See above.)
	@$(BIN)/djlint portal/templates --lint --quiet || $(call say,djlint found something to mend in the templates. See above.)
	@$(if $(CATALOGUES),$(BIN)/pybabel -q extract -F pyproject.toml -k _l --add-location=file -o build/messages.pot . \
	  && $(BIN)/pybabel -q update --check --no-fuzzy-matching --ignore-pot-creation-date -i build/messages.pot -d translations \
	  || $(call say,The translations are behind the words in the code. Run: make words),echo "There are no translations yet: not checked.")

test-sqlite: install
	@PORTAL_TEST_POSTGRESQL= $(PYTEST) || $(call say,The suite fails on SQLite. See above.)

test-postgresql: install
	@if $(BIN)/python -c "import sys; from sqlalchemy import create_engine; create_engine(sys.argv[1] + '/postgres', connect_args={'connect_timeout': 3}).connect().close()" \
	  "$(PORTAL_TEST_POSTGRESQL)" 2>/dev/null; then \
	  PORTAL_TEST_POSTGRESQL="$(PORTAL_TEST_POSTGRESQL)" $(PYTEST) --ignore tests/architecture/test_lint.py || $(call say,The suite fails on PostgreSQL. See above.); \
	elif [ -n "$(PORTAL_TEST_REQUIRE)" ]; then \
	  $(call say,No PostgreSQL answers at $(PORTAL_TEST_POSTGRESQL) and PORTAL_TEST_REQUIRE asks for one.); \
	else \
	  echo "SKIPPED on PostgreSQL: none answers at $(PORTAL_TEST_POSTGRESQL)."; \
	fi

.venv/installed: $(INPUTS) Makefile $(if $(wildcard $(VENDOR)),,FORCE) $(if $(wildcard $(BIN)/portal),,FORCE)
	@command -v $(PYTHON) >/dev/null || $(call say,Python is missing. Install it with: sudo apt-get install python3 python3-venv)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || $(call say,Loket needs Python 3.11 or newer. Name one with: make install PYTHON=python3.12)
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || $(call say,Python cannot make virtual environments. Install that with: sudo apt-get install python3-venv)
	@[ -x $(BIN)/python ] && $(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m uv --version 2>/dev/null | grep -qF "uv $(UV_VERSION) " || $(BIN)/python -m pip install --quiet "uv==$(UV_VERSION)" \
	  || $(call say,uv could not be fetched from PyPI. Is there a network? A mirror can be named with PIP_INDEX_URL and UV_INDEX_URL.)
	@rm -f .venv/installed
	@$(BIN)/python -m uv sync --quiet --frozen --inexact --compile-bytecode --reinstall-package loket \
	  || $(call say,The packages of uv.lock could not be installed. The reason stands above; mostly it is the network.)
	@$(BIN)/python -m compileall -q portal
	@touch .venv/installed

%.mo: %.po | .venv/installed
	@$(BIN)/pybabel -q compile -i $< -o $@ || $(call say,The translation $< could not be compiled. See above.)

# Bring the translations up to date with the words in the code.
.PHONY: words
words: install
	@mkdir -p build
	@$(BIN)/pybabel -q extract -F pyproject.toml -k _l --add-location=file -o build/messages.pot .
	@for language in nl en; do \
	  if [ -f translations/$$language/LC_MESSAGES/messages.po ]; \
	  then $(BIN)/pybabel -q update --no-fuzzy-matching --ignore-pot-creation-date -i build/messages.pot -d translations -l $$language; \
	  else $(BIN)/pybabel -q init -i build/messages.pot -d translations -l $$language; fi; \
	done
