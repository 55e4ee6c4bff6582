# Two commands do all the set-up: `make serve` and `make test`. Both make their own .venv in the checkout.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NODE := PATH="$(CURDIR)/$(BIN):$$PATH"
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DELETE_ON_ERROR:
.PHONY: serve test lint types pytest build check compile lock messages screenshots clean

serve: compile web/dist/manifest.json
	$(BIN)/edugraph serve $(if $(HOST),--host $(HOST)) $(if $(PORT),--port $(PORT)) $(if $(TEXTS),--texts $(TEXTS))

test: lint types pytest

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/test.stamp web/dist/manifest.json
	$(BIN)/mypy
	cd web && $(NODE) npm run --silent types

pytest: compile $(VENV)/test.stamp web/dist/manifest.json
	$(BIN)/python -m pytest --numprocesses 3 --dist loadfile -m 'not alone'
	$(BIN)/python -m pytest -m alone

build check: compile
	$(BIN)/edugraph $@

# A process that has to compile the modules starts a fifth later, and some environments let none write what it compiled.
compile: $(VENV)/serve.stamp
	$(BIN)/python -m compileall -q api graph

# The scripts and fonts of the pages, from the packages of web/package-lock.json.
$(VENV)/web.stamp: web/package-lock.json | $(VENV)/serve.stamp
	cd web && $(NODE) npm ci --no-audit --no-fund --loglevel=error
	touch $@

web/dist/manifest.json: $(VENV)/web.stamp web/build.mjs $(wildcard web/src/* web/src/*/*)
	cd web && $(NODE) npm run --silent build

# Gathers the words of the templates into the catalogues of api/web/locale; new ones stand there untranslated.
messages: $(VENV)/test.stamp
	$(BIN)/python -m tests.catalogues

# Takes the pictures of README and docs anew; it needs Debian's chromium.
screenshots: $(VENV)/test.stamp web/dist/manifest.json
	$(BIN)/edugraph build
	$(BIN)/python -m tests.screenshots

# Writes the lock files anew from pyproject.toml; no download address stands in them.
lock: $(VENV)/test.stamp
	$(BIN)/uv pip compile pyproject.toml --group install --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --quiet --upgrade -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group install --group dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header --quiet --upgrade -o requirements-dev.lock

clean:
	rm -rf $(VENV) build web/dist web/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis edugraph.egg-info

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "edugraph needs Python 3.11 or newer; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/serve.stamp: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

# Without looking for dependencies: the lock file is whole, and pip knows nothing of uv's overrides.
$(VENV)/test.stamp: requirements-dev.lock tests/clients/package-lock.json $(VENV)/serve.stamp
	$(PIP) --no-deps --require-hashes -r requirements-dev.lock
	cd tests/clients && $(NODE) npm ci --no-audit --no-fund --loglevel=error
	$(BIN)/python -m tests.fetch_w3c
	touch $@
