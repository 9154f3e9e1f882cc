# `make run` makes the whole line and plays a loop, `make test` runs the checks, `make ui` opens Dagster.
# Each sets itself up in .venv. TORCH=cpu takes PyTorch from its own CPU index (a plain Linux gets gigabytes of CUDA
# otherwise); PYTHON names the interpreter.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
TORCH ?=
VENV := .venv
BIN := $(VENV)/bin
BOUMB_HOME ?= $(CURDIR)/.boumb
export BOUMB_HOME
export BOUMB_TEST_DATA ?= $(abspath ../shared)
INDEX := $(if $(filter cpu,$(TORCH)),--extra-index-url https://download.pytorch.org/whl/cpu)
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input -c constraints.txt $(INDEX)
SETTINGS := setup.cfg pyproject.toml constraints.txt

.PHONY: help run test test-fast lint ui picture clean

help:  ## what there is to make
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "boumb_assets needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version 2>&1). Say PYTHON=/path/to/python3.11" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { echo "no virtual environment: install Debian's python3-venv, or say PYTHON=..." >&2; exit 2; }

$(VENV)/.run: $(BIN)/python $(SETTINGS)
	@echo "installing the platform into $(VENV) (once)"
	@$(PIP) -e '.[platform,train,serve]' || { echo "the installation failed: see pip's words above; without a network nothing can be installed" >&2; exit 1; }
	@touch $@

$(VENV)/.test: $(VENV)/.run
	@echo "installing the tests' tools into $(VENV) (once)"
	@$(PIP) -e '.[platform,train,serve,test]' || { echo "the installation failed: see pip's words above" >&2; exit 1; }
	@touch $@

run: $(VENV)/.run  ## the whole line on the demo data set, then a loop for "Basse funky"
	@$(BIN)/boumb run
	@$(BIN)/boumb generate "Basse funky" --show -o "$(BOUMB_HOME)/basse-funky.mid" -o "$(BOUMB_HOME)/basse-funky.png" -o "$(BOUMB_HOME)/basse-funky.wav"

test: $(VENV)/.test  ## every test, the slow ones too
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

test-fast: $(VENV)/.test  ## the tests that take no time
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not slow"

lint: $(VENV)/.test  ## ruff, mypy strict, the import rules
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

ui: $(VENV)/.run  ## Dagster's UI on http://127.0.0.1:3000
	@$(BIN)/python -c 'from boumb_assets.cli.core import prepare_home; from boumb_assets.settings import load_settings; prepare_home(load_settings())'
	@DAGSTER_HOME="$(BOUMB_HOME)/dagster" $(BIN)/dagster dev -w workspace.yaml -h 127.0.0.1 -p 3000

picture: $(VENV)/.test  ## takes the README's picture of the asset graph (needs chromium)
	@$(BIN)/python docs/picture_of_the_ui.py docs/asset_graph.png

clean:  ## removes the environment and everything that was made
	rm -rf $(VENV) "$(BOUMB_HOME)"
