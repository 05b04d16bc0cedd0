# One command each: `make demo` runs it with an invented municipality, `make test` tests it. Both set everything up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check faults bench walk screenshots figures format pin clean

demo: $(VENV)/.run
	@$(BIN)/elearn demo

test: $(VENV)/.test
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory $(VENV)/oidc-provider/.installed; fi
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

check: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint elearn/web/templates
	$(BIN)/elearn courses check

# Servers that are killed again and again; the suite does it once.
faults: $(VENV)/.test
	FAULT_ROUNDS=5 $(BIN)/python -m pytest tests/faults

bench: $(VENV)/.test
	$(BIN)/python bench/run.py

# What the pages are to reach, in a browser; bench/walk.py --help says what each figure is.
walk: $(VENV)/.test
	@if command -v java >/dev/null && command -v npm >/dev/null; then $(MAKE) --no-print-directory $(VENV)/nu/.installed; fi
	$(BIN)/python bench/walk.py $(WALK)

# Every page in every state, and one sheet of them: var/screenshots/index.html.
screenshots: $(VENV)/.test
	$(BIN)/python bench/screenshots.py

# The Nu HTML checker, by its hash. It runs no script of its own when it is installed.
$(VENV)/nu/.installed: bench/nu/package.json bench/nu/package-lock.json | $(VENV)/bin/python
	@mkdir -p $(@D) && cp $^ $(@D)/
	@cd $(@D) && npm ci --ignore-scripts --silent --no-fund --no-audit
	@touch $@

# The provider that the tests log in at, by its hash and those of what it needs.
$(VENV)/oidc-provider/.installed: tests/identity/provider/package.json tests/identity/provider/package-lock.json
	@mkdir -p $(@D) && cp $^ $(@D)/
	@cd $(@D) && npm ci --ignore-scripts --silent --no-fund --no-audit
	@touch $@

# The table of docs/architecture.md, counted again.
figures: $(VENV)/.run
	$(BIN)/python bench/figures.py

format: $(VENV)/.test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# New pins: versions and hashes only, so that the project is tied to no package host.
pin:
	$(PYTHON) -m venv $(VENV)/pin && $(VENV)/pin/bin/pip install --quiet 'uv>=0.13'
	$(VENV)/pin/bin/uv pip compile pyproject.toml --group build --extra postgres $(PIN) -o requirements.txt
	$(VENV)/pin/bin/uv pip compile pyproject.toml --extra dev -c requirements.txt $(PIN) -o tests/requirements.txt

PIN := --universal --generate-hashes --python-version 3.11 --no-header --no-annotate --no-emit-index-url --quiet --upgrade

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "The venv module is missing. On Debian and Ubuntu: apt install python3-venv"; rm -rf $(VENV); exit 1; }

$(VENV)/.run: requirements.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q elearn migrations
	@touch $@

$(VENV)/.test: $(VENV)/.run tests/requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.txt
	@touch $@

clean:
	rm -rf $(VENV) var .mypy_cache .ruff_cache .hypothesis
