# Two commands are enough: `make run` and `make test`. Everything they need they bring themselves.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run dev test test-sqlite test-postgres lint bench catalogue screenshots training-pictures clean venv venv-dev

# The first Python of at least 3.11.
PYTHON := $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v "$$name" && break; done)
BIN := .venv/bin
VENV = $(PYTHON) privacy_audit/launch/virtual_environment.py
SUITE = $(BIN)/python -m tests.services.suite

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 24

run: venv ## Run everything here, with practice data, at http://localhost:8000
	@exec $(BIN)/python -m privacy_audit.launch --end-with $$PPID

dev: venv-dev ## The same with Django's debug pages, starting again when the code changes
	@PRIVACY_AUDIT_DEBUG=1 exec $(BIN)/python -m privacy_audit.launch --end-with $$PPID

test: lint ## Lint, then the whole suite on SQLite and on PostgreSQL, each with a real Redis
	@$(SUITE) sqlite postgres

test-sqlite: venv-dev ## The suite on SQLite only; ARGS="tests/launch -x" picks tests
	@$(SUITE) sqlite -- $(ARGS)

test-postgres: venv-dev ## The suite on PostgreSQL only; ARGS as above
	@$(SUITE) postgres -- $(ARGS)

lint: venv-dev ## Style, types, floors between the rooms, migrations, production settings
	@$(BIN)/python -m tests.services.lint

bench: venv-dev ## Measure, and compare with the floor
	@$(BIN)/python -m benchmarks

catalogue: venv ## Write docs/catalogue.md anew from the checks
	@$(BIN)/python manage.py checks --markdown > docs/catalogue.md.new && mv docs/catalogue.md.new docs/catalogue.md

screenshots: venv-dev ## Pictures of every page, narrow and wide, light and dark, into var/screenshots/
	@$(SUITE) sqlite -- tests/browser/screenshots.py --numprocesses 2 --override-ini python_files=screenshots.py

training-pictures: venv-dev ## The pictures of docs/helpline.md anew, into docs/helpline/
	@$(SUITE) sqlite -- tests/browser/training_walk.py --numprocesses 0 --override-ini python_files=training_walk.py

clean: ## Remove what these commands made, except the state folder var/ (it holds your keys and data)
	@rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

venv: python
	@$(VENV) requirements.txt

venv-dev: python
	@$(VENV) --fetch requirements-dev.txt

.PHONY: python
python:
	@test -n "$(PYTHON)" || { \
	echo "Python 3.11 or newer is missing. On Debian and Ubuntu: apt-get install python3 python3-venv" >&2; exit 1; }
