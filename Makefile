# Crisis Desk. `make run` is all a new machine needs; `make help` lists the rest.
PY := .venv/bin/python
MANAGE := $(PY) manage.py

.PHONY: help setup setup-dev run test check fmt messages bench faults pictures demo clean

help: ## what there is to make
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile | expand -t 12

setup: ## the Python environment and the compiled translations
	@.ci/setup

setup-dev:
	@.ci/setup dev

run: setup ## start the desk with its demo (PORT, DATA_DIR, DEMO_PASSWORD)
	@$(PY) -m crisisdesk.stack libraries
	@exec $(PY) -m crisisdesk.stack up

test: setup-dev ## every test, on a real database, broker, mail server and browser
	@$(PY) -m crisisdesk.stack libraries
	@$(PY) -m crisisdesk.stack browser
	@.venv/bin/pytest -n 2 --dist worksteal $(ARGS)

check: setup-dev ## format, lint, types, shape, migrations, playbooks, translations
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) load_playbooks --check
	$(MANAGE) check_messages

fmt: setup-dev ## format the code and mend what can be mended by machine
	.venv/bin/ruff check --fix-only .
	.venv/bin/ruff format .

messages: setup-dev ## bring locale/*/LC_MESSAGES/django.po up to date with the words in the code
	$(MANAGE) messages
	@.ci/setup

bench: setup-dev ## the measures of benchmarks/, printed as ratios within this run
	$(PY) -m benchmarks

faults: setup-dev ## reminders under fire: is any lost, doubled or late (FAST=1: 1,000 instead of 10,000)
	@$(PY) -m benchmarks.faults

pictures: setup-dev ## the README's pictures, from a running demo desk (DESK=its address)
	PYTHONPATH=. $(PY) docs/pictures/take.py $(or $(DESK),http://127.0.0.1:8000)

demo: setup ## start the demo of a running desk afresh, timed to now
	$(MANAGE) demo --reset

clean: ## caches, compiled translations and the test database; never a desk's data
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .data/test
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
	rm -f locale/*/LC_MESSAGES/*.mo .venv/.stamp-words
