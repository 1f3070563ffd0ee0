# Everything that is typed here, in one place. `make help` lists it.
#
# Nothing but python3 (3.11 or later), python3-venv and make is needed: the virtual environment is made at first need
# from the hash-locked lists, and again when they change.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
# Two workers: the figure of the smallest machine that this is built on.
PYTEST := $(BIN)/pytest -n 2
# Each worker has hubs of its own, and walks whole files. -rP: what took how long is printed even when all went well.
JOURNEY := $(PYTEST) --dist loadfile -m journey -rP
TEST_ENV := RTES_ENV=test DJANGO_SETTINGS_MODULE=tests.settings

RUN := $(VENV)/.run.stamp
DEV := $(VENV)/.dev.stamp

POSTGRES_URL ?= postgres://postgres@127.0.0.1:5432/rtes_test
BROKER_URL ?= amqp://guest:guest@127.0.0.1:5672//

.DEFAULT_GOAL := help
.PHONY: help demo run test check lint format types contracts migrations deploy-check journeys browser postgres engines bench convergence openapi messages clean

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(RUN) ## two demo hubs as partners, on ports 8001 and 8002
	@$(MANAGE) demo $(ARGS)

run: $(RUN) ## one empty hub, on port 8000
	@$(MANAGE) start $(ARGS)

test: $(DEV) ## the tests, in less than four minutes
	@$(TEST_ENV) $(PYTEST) -m "not journey and not browser" $(ARGS)

check: lint types contracts migrations deploy-check openapi messages test ## all that must pass before a commit

lint: $(DEV) ## style and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: $(DEV) ## put the format right
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: $(DEV) ## mypy, strict
	@$(BIN)/mypy

contracts: $(DEV) ## who may import whom
	@$(BIN)/lint-imports --no-cache --no-logo

migrations: $(DEV) ## models and migrations agree
	@$(TEST_ENV) $(MANAGE) makemigrations --check --dry-run

deploy-check: $(DEV) ## Django's own checks, as in production
	@RTES_ENV=production RTES_BASE_URL=https://hub.example RTES_DATA_DIR=var/check \
	  DATABASE_URL=sqlite:///var/check/hub.sqlite3 EMAIL_URL=smtp://mail.example \
	  $(MANAGE) check --deploy --fail-level WARNING

openapi: $(DEV) ## the description of the API is valid and complete
	@$(TEST_ENV) $(MANAGE) spectacular --lang en --validate --fail-on-warn --file docs/openapi.yaml

messages: $(DEV) ## every sentence has its French
	@$(TEST_ENV) $(BIN)/pytest tests/hub/test_translations.py

journeys: $(DEV) ## two real hubs, walked from end to end
	@$(TEST_ENV) $(JOURNEY) $(ARGS)

browser: $(DEV) ## a real Chromium
	@$(TEST_ENV) $(BIN)/pytest -m browser $(ARGS)

postgres: $(DEV) ## the same tests, on PostgreSQL (POSTGRES_URL)
	@$(TEST_ENV) DATABASE_URL=$(POSTGRES_URL) $(PYTEST) --create-db -m "not journey and not browser" $(ARGS)

engines: $(DEV) ## the journeys, on PostgreSQL, Celery and RabbitMQ (POSTGRES_URL, BROKER_URL)
	@$(TEST_ENV) DATABASE_URL=$(POSTGRES_URL) RTES_TASKS=celery BROKER_URL=$(BROKER_URL) \
	  $(JOURNEY) $(ARGS)

bench: $(DEV) ## how quick pages are, in figures (POSTGRES_URL)
	@POSTGRES_URL=$(POSTGRES_URL) $(BIN)/python -m bench.run $(ARGS)

convergence: $(DEV) ## what it costs two hubs to become equal, in figures
	@$(BIN)/python -m bench.convergence $(ARGS)

clean: ## forget the virtual environment and the demo
	@rm -rf $(VENV) var/demo

$(RUN): requirements.lock
	@$(MAKE) --no-print-directory install LOCK=requirements.lock
	@touch $@

$(DEV): requirements-dev.lock
	@$(MAKE) --no-print-directory install LOCK=requirements-dev.lock
	@touch $@ $(RUN)

.PHONY: install
install:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing: apt install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed; $$($(PYTHON) --version) is here. PYTHON=… names another."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
	  || { echo "Python's venv module is missing: apt install python3-venv"; exit 1; }
	@test -x $(BIN)/python || { echo "Making the virtual environment in $(VENV) …"; $(PYTHON) -m venv $(VENV); }
	@echo "Installing $$(grep -c '^[a-z].*==' $(LOCK)) packages of $(LOCK) …"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r $(LOCK)
