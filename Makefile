# Front door. Each target makes its own virtual environment; nothing is installed outside it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help demo test lint types contracts unit blackbox mqtt proof wheel bench pictures evidence clean

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(BIN)/python:
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing: apt install python3-venv"; exit 1; }

$(VENV)/demo: pyproject.toml | $(BIN)/python
	@echo "Installing what the demo needs into $(VENV); once, about half a minute."
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[sim]'
	@touch $@

$(VENV)/test: pyproject.toml | $(BIN)/python
	@echo "Installing what the tests need into $(VENV); once, about a minute."
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@ $(VENV)/demo

demo: $(VENV)/demo ## run a preset on the simulated chair; options in ARGS='--headless --seconds 60'
	$(BIN)/massager demo $(ARGS)

test: lint types contracts ## everything that needs no hardware
	$(MAKE) --no-print-directory unit
	$(MAKE) --no-print-directory blackbox
	$(MAKE) --no-print-directory --jobs=2 mqtt proof wheel

lint: $(VENV)/test ## ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/test ## mypy, strict
	$(BIN)/mypy

contracts: $(VENV)/test ## which room may import which
	$(BIN)/lint-imports

# Four at a time on two cores, a file in one piece: half of them mostly wait.
unit: $(VENV)/test ## all tests but those of the next two targets
	$(BIN)/pytest --numprocesses=4 --dist=loadfile --no-loadscope-reorder \
		--ignore=tests/blackbox --ignore=tests/mqtt $(ARGS)

# Alone: much of it is timed by the clock on the wall, and it starts several programs at once itself.
blackbox: $(VENV)/test ## the programs as users meet them, in real time
	$(BIN)/pytest tests/blackbox $(ARGS)

mqtt: $(VENV)/test ## the bridge at a real broker, in real time
	$(BIN)/pytest --numprocesses=3 --dist=loadfile tests/mqtt $(ARGS)

proof: $(VENV)/test ## examples reach every line and branch of the safety core and the gate
	$(BIN)/coverage run -m pytest -q -m 'not hypothesis' \
		tests/safety tests/guardian/gate tests/people/test_authority.py \
		tests/properties/test_odd_values.py tests/properties/test_what_comes_late.py
	$(BIN)/coverage report

wheel: $(VENV)/test ## build the wheel and run the demo from it in a clean environment
	bash tests/wheel.sh $(BIN)/python

bench: $(VENV)/test ## figures beside their floors, measured in one run
	$(BIN)/python tests/bench

pictures: $(VENV)/test ## the page's screens in the docs, taken anew
	rm -f docs/pictures/page/*
	MASSAGER_PICTURES=1 $(BIN)/pytest -q tests/browser -k "every or asked_for"
	$(BIN)/python tests/page_pictures.py

evidence: $(VENV)/test ## the long safety set; about forty minutes
	$(BIN)/python tests/evidence $(ARGS)

clean: ## remove what the targets made
	rm -rf $(VENV) dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage
