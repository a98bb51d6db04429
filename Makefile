# Two Loops. `make` alone lists what there is to do; `make lab` opens the course.
# Written for GNU make 3.81 and newer, which macOS has too.

FIRST := notebooks/00_start_here.ipynb
BIN := .venv/bin
READY := .venv/.ready
DATED := $(wildcard notebooks/*.*.ipynb) # a learner's own copies
LESSONS := $(filter-out $(DATED),$(wildcard notebooks/[0-9][0-9]_*.ipynb))
TRUSTED := .venv/.trusted
STATE := $(CURDIR)/workspace/.jupyter

# Everything that JupyterLab and its kernels keep lies in the folder, and nothing reports home.
export JUPYTER_CONFIG_DIR := $(STATE)/config
export JUPYTER_DATA_DIR := $(STATE)/data
export JUPYTER_RUNTIME_DIR := $(STATE)/runtime
export JUPYTERLAB_SETTINGS_DIR := $(STATE)/settings
export JUPYTERLAB_WORKSPACES_DIR := $(STATE)/workspaces
export IPYTHONDIR := $(STATE)/ipython
export KERAS_HOME := $(STATE)/keras
export MPLCONFIGDIR := $(STATE)/matplotlib
export DO_NOT_TRACK := 1
export MLFLOW_DISABLE_TELEMETRY := true
export PATH := $(CURDIR)/$(BIN):$(PATH)

PYTEST := $(BIN)/python -m pytest
EVERYTHING := -n 2 --dist loadscope --nbval tests $(LESSONS)

.PHONY: help lab test test-all notebooks bench wheels lock clean binder-link python

help: ## list what there is to do
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1|/' | \
	  awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

lab: $(READY) $(TRUSTED) $(if $(WHEELS),wheels) ## open the course in JupyterLab (ARGS=--no-browser and the like)
	@$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/$(FIRST) \
	  --LanguageServerManager.autodetect=False $(ARGS)

test: $(READY) ## test the course and every lesson
	$(PYTEST) -m "not slow" $(EVERYTHING) $(ARGS)

test-all: $(READY) ## the same, with the slow sweeps
	$(PYTEST) $(EVERYTHING) $(ARGS)

notebooks: $(READY) ## re-run lessons and store their outputs (ONLY=22 for one)
	@$(BIN)/python -m helpers.notebooks run $(ONLY)

bench: $(READY) ## measure speed and memory (SIZE=10 or 100: payments beyond memory; DATA=path to rank on)
	$(PYTEST) $(if $(filter 1 10 100,$(SIZE)),tests/bench/test_payments_large.py,tests/bench) $(ARGS)

wheels: $(READY) ## fetch the wheels for lesson 14's image, for a room without a network
	@$(BIN)/python -m helpers.setup.wheels

lock: $(READY) ## compile requirements.txt from pyproject.toml (ARGS=--upgrade for newer versions)
	@$(BIN)/python -m helpers.setup.lock $(ARGS)

binder-link: $(READY) ## print the address that opens this repository on Binder
	@$(BIN)/python -m helpers.setup.binder

clean: ## remove .venv and caches; your notebooks and workspace/ stay
	rm -rf .venv build .pytest_cache .ruff_cache .benchmarks .hypothesis .coverage *.egg-info
	find helpers tests notebooks -name __pycache__ -prune -exec rm -rf {} +

python: ## print the Python that would be used
	@sh helpers/setup/python.sh

# JupyterLab shows the stored panels of a notebook that it trusts; to sign them takes a second.
$(TRUSTED): $(READY) $(LESSONS)
	@$(BIN)/jupyter trust $(LESSONS) >/dev/null 2>&1
	@touch $@

# The stamp comes last, so that an interrupted installation is taken up again.
$(READY): requirements.txt pyproject.toml
	@sh helpers/setup/install.sh
	@touch $@
