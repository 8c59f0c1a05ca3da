# One line a verb; each works on a fresh clone with no step before it. PYTHON=3.10 uses another Python.
SHELL := /bin/bash
PYTHON ?= $(shell cat .python-version)
VENV := $(if $(filter $(PYTHON),$(shell cat .python-version)),.venv,.venv-$(PYTHON))
BIN := $(VENV)/bin
export PYTHON
export RASA_TELEMETRY_ENABLED := false
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run train validate test check eval bench widget actions worker clean

help:  ## list what can be done
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup:  ## make the environment (every other verb does it by itself)
	@scripts/bootstrap runtime

setup-dev:
	@scripts/bootstrap dev

run: setup  ## start the assistant: http://localhost:5005/ (Ctrl-C stops it)
	@exec $(BIN)/admissions up

train: setup  ## train a model for the present content, unless there is one
	@$(BIN)/admissions train

validate: setup  ## let Rasa check domain, data and rules
	@scripts/validate $(BIN)

test: setup-dev  ## install what the tests need, train, run every test
	@scripts/install-chromium
	@$(BIN)/admissions train
	@scripts/with-postgres $(BIN)/pytest $(PYTEST_ARGS)

check: setup-dev  ## lint, types, layers, Rasa's validation, the widget, known vulnerabilities
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/pytest -p no:cacheprovider tests/contract
	@scripts/validate $(BIN)
	@scripts/check-widget
	@scripts/audit

HELD_OUT := $(addprefix eval/,faq.tsv intents.tsv out_of_scope_near.tsv out_of_scope_far.tsv multi.tsv followups.tsv)
eval: setup-dev  ## measure understanding on the held-out messages, and hold every conversation script (first time: long)
	@$(BIN)/python -m tests.conversations; conversations=$$?; \
	$(BIN)/admissions eval $(HELD_OUT) --stock --variants --pictures results/eval --floors && exit $$conversations

bench: setup  ## measure what a message costs (against the assistant that `make run` started)
	@$(BIN)/python -m admissions.commands.bench

widget:  ## build the widget from its sources (needs Node; the built file is committed)
	@cd widget && npm ci --silent && npm run --silent build

worker: setup  ## run one delivery worker alone
	@exec $(BIN)/admissions worker

clean:  ## remove environments, models and caches; var/ with its databases and secrets stays
	rm -rf .venv .venv-* .tools models results .rasa .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info widget/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
