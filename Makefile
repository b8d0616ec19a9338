# Two commands to know: `make demo` and `make test`. Each makes .venv by itself.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: demo test lint format fidelity power false-alarms streaming clean

# The stamp depends on the files that name the packages, so that a second
# call is quick and a changed requirement is installed.
$(STAMP): setup.cfg pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip setuptools
	$(BIN)/python -m pip install --quiet --editable ".[dev,pythia]"
	touch $@

demo: $(STAMP)
	$(BIN)/fatgan run configs/quickstart.yaml

test: $(STAMP)
	$(BIN)/python -m pytest

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The table of configs/FIDELITY.md: 12 trainings, about 25 minutes; it resumes, also with more seeds.
SEEDS ?= 2
fidelity: $(STAMP)
	$(BIN)/python tests/benchmarks/fidelity.py --seeds $(SEEDS)

# The tables of docs/POWER.md (about 30 minutes) and docs/FALSE_ALARMS.md (about 40); they resume.
power: $(STAMP)
	$(BIN)/python tests/benchmarks/power.py

false-alarms: $(STAMP)
	$(BIN)/python tests/benchmarks/false_alarms.py

# Two files of 10^8 events against each other, at constant memory.
streaming: $(STAMP)
	$(BIN)/python tests/benchmarks/streaming.py

clean:
	rm -rf .venv build *.egg-info runs .pytest_cache .mypy_cache .ruff_cache
