# The two commands are `make demo` and `make test`; both set up what they need, in .venv.
PYTHON ?= python3
BIN := .venv/bin
SAMPLES := kgraph/samples
CLAIMS ?= 1000000

.PHONY: demo test train-check score bench clean

demo: .venv/installed
	$(BIN)/kgraph build $(SAMPLES) -g demo.kg
	$(BIN)/kgraph query who-arms actor=Ukraine -g demo.kg
	$(BIN)/kgraph view -g demo.kg -o demo.html

test: .venv/installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/mypy & types=$$!; $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder; passed=$$?; wait $$types && exit $$passed

# A tiny network learns a few texts, from files to weights; not part of `test`, since torch takes gigabytes.
train-check: .venv/installed-for-tests
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[train]"
	$(BIN)/python -m pytest training/test_training.py

score: .venv/installed-for-tests
	$(BIN)/python benchmarks/score.py

# Figures of speed, as ratios of what one run measures. FEED: articles as JSON lines; without it the samples are read, and no scale.
bench: .venv/installed-for-tests
	$(BIN)/python benchmarks/reading_speed.py $(FEED)
	$(BIN)/python benchmarks/build_speed.py $(FEED)
	$(BIN)/python benchmarks/workers.py $(FEED)
	$(BIN)/python benchmarks/projection_speed.py --claims $(CLAIMS)
	$(BIN)/python benchmarks/projection_speed.py --claims 100000 --embedded
	$(BIN)/python benchmarks/push_speed.py
	$(BIN)/python benchmarks/view_speed.py
	$(if $(FEED),$(BIN)/python benchmarks/scale.py $(FEED))

clean:
	rm -rf .venv demo.kg demo.html

.venv/installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "kgraph needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

.venv/installed-for-tests: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[test]"
	touch $@
