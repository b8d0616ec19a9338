# Two commands to know: `make demo` and `make test`. Each makes .venv by itself.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: demo test lint format benchmark-fidelity peers trials power false-alarms tails amplification image-gans conditional round-trips io-speed hera streaming clean

# The stamp depends on the files that name the packages, so that a second
# call is quick and a changed requirement is installed.
$(STAMP): setup.cfg pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip setuptools
	$(BIN)/python -m pip install --quiet --editable ".[dev,pythia,images,hepmc,lhe,measurements,onnx]"
	touch $@

demo: $(STAMP)
	$(BIN)/fatgan run configs/quickstart.yaml

# two processes of one thread each: with two threads each they wait for one another
test: $(STAMP)
	TF_NUM_INTRAOP_THREADS=1 TF_NUM_INTEROP_THREADS=1 $(BIN)/python -m pytest --numprocesses 2 --dist loadfile

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The tables of configs/FIDELITY.md: hours, the most important cells first; it resumes. A part of it:
# make benchmark-fidelity WHAT="default-120 published" SETTINGS=27.5x920 SEEDS=1
SEEDS ?= 3
benchmark-fidelity: $(STAMP)
	PYTHONPATH=tests/benchmarks $(BIN)/python -m fidelity --seeds $(SEEDS) \
	  $(if $(WHAT),--what $(WHAT)) $(if $(SETTINGS),--settings $(SETTINGS))

# The table of configs/TRIALS.md: 37 trainings, over an hour; it resumes.
trials: $(STAMP)
	$(BIN)/python tests/benchmarks/trials.py

# Environments of the other packages of that table: 4.5 GB in runs/peers, some minutes, once; what
# cannot be installed is skipped with a line. The study makes what is missing by itself.
peers: $(STAMP)
	$(BIN)/python tests/benchmarks/peers/environment.py

# The tables of docs/POWER.md (about 30 minutes) and docs/FALSE_ALARMS.md (about 40); they resume.
power: $(STAMP)
	$(BIN)/python tests/benchmarks/power.py

false-alarms: $(STAMP)
	$(BIN)/python tests/benchmarks/false_alarms.py

# The pages docs/TAILS.md and docs/AMPLIFICATION.md: 8 and 9 trainings of SECONDS each; they resume.
SECONDS ?= 60
tails: $(STAMP)
	$(BIN)/python tests/benchmarks/tails.py --seconds $(SECONDS)

amplification: $(STAMP)
	$(BIN)/python tests/benchmarks/amplification.py --seconds $(SECONDS)

# The page docs/IMAGE_GANS.md: 12 models, two seeds side by side, 10 minutes each; it resumes.
# make image-gans WHAT="dcgan sngan" SEEDS=1
IMAGE_SECONDS ?= 600
image-gans: $(STAMP)
	PYTHONPATH=tests/benchmarks $(BIN)/python -m image_gans --seconds $(IMAGE_SECONDS) \
	  $(if $(WHAT),--what $(WHAT)) $(if $(filter command line,$(origin SEEDS)),--seeds $(SEEDS))

# The page docs/CONDITIONAL.md: two configurations, three seeds, simulation included; it resumes.
# make conditional WHAT=cfat_gan SEEDS=1
conditional: $(STAMP)
	PYTHONPATH=tests/benchmarks $(BIN)/python -m conditional \
	  $(if $(WHAT),--what $(WHAT)) --seeds $(SEEDS)

# What is written comes back bit for bit: 200 cases for every writer, where `make test` takes 20.
round-trips: $(STAMP)
	FATGAN_EXAMPLES=200 $(BIN)/python -m pytest tests/io -k to_the_bit

# docs/IO_SPEED.md: reading against bare uproot, pyarrow and pyhepmc, 10^7 events.
io-speed: $(STAMP)
	$(BIN)/python tests/benchmarks/io_speed.py

# docs/HERA.md: reduced cross-sections of Pythia 8 and FAT-GAN against HERA's, some 10 minutes.
hera: $(STAMP)
	$(BIN)/python tests/benchmarks/hera.py

# Two files of 10^8 events against each other, at constant memory.
streaming: $(STAMP)
	$(BIN)/python tests/benchmarks/streaming.py

clean:
	rm -rf .venv build *.egg-info runs .pytest_cache .mypy_cache .ruff_cache
