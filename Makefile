# Everything a developer or a server's owner runs. `make help` lists it.
# Needs only Python 3.11+, make and git; the rest is set up below .venv and node_modules, by stamp files, once.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
NODE   := tests/clients/node
AXE    := tests/browser
CODE   := $(wildcard src tests tools bench)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help serve test lint format lock bench fidelity screenshots clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

serve: $(VENV)/.runtime ## Serve the demo on a throw-away database (TLS=1, PORT=8000, ARGS="...")
	@$(BIN)/banneret serve --scenario demo --ephemeral $(if $(filter 1,$(TLS)),--tls) $(if $(PORT),--port $(PORT)) $(ARGS)

test: $(VENV)/.dev ## Run everything (ARGS="..." goes to pytest; BANNERET_TEST_ALL=1 allows no omission)
	@tools/setup/programs node:nodejs npm:npm chromium:chromium || [ "$$BANNERET_TEST_ALL" != 1 ]
	@$(MAKE) --no-print-directory lint
	@left=''; \
	if command -v node >/dev/null && command -v npm >/dev/null; then \
	    $(MAKE) --no-print-directory $(NODE)/node_modules/.installed $(AXE)/node_modules/.installed || exit 1; \
	    command -v chromium >/dev/null || { left='not browser'; \
	        echo 'Left out: the tests marked "browser" (pages in chromium).'; }; \
	else \
	    left='not node and not browser'; \
	    echo 'Left out: the tests marked "node" (the npm toolkit against a live server) and "browser" (pages in chromium).'; \
	fi; \
	$(BIN)/python -m pytest -n auto --dist worksteal $${left:+-m "$$left"} $(ARGS)

lint: $(VENV)/.dev ## Check format, rules, types, imports and our own rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tools.lint src/banneret

format: $(VENV)/.dev ## Format the code and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev ## Measure the speed (ARGS="...")
	$(BIN)/python -m bench $(ARGS)

fidelity: $(VENV)/.dev ## Write docs/fidelity.md from docs/fidelity/*.toml
	$(BIN)/python -m tools.fidelity

screenshots: $(VENV)/.dev ## Take the pictures of docs/pictures anew (needs chromium)
	@tools/setup/programs chromium:chromium
	$(BIN)/python -m tests.browser.pictures $(ARGS)

# A release must be a week old before it is locked: a poisoned one is mostly found out by then.
COMPILE = $(VENV)-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--exclude-newer '7 days' --no-emit-index-url --no-annotate --custom-compile-command 'make lock' $(ARGS)

NPM_LOCK = npm install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund

lock: ## Write the lock files anew (ARGS=--upgrade takes newer releases)
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/pip install --quiet --upgrade uv
	$(COMPILE) pyproject.toml --group build -o requirements.lock
	$(COMPILE) pyproject.toml --group build --group dev -c requirements.lock -o requirements-dev.lock
	rm -rf $(VENV)-lock
	cd $(NODE) && $(NPM_LOCK)
	cd $(AXE) && $(NPM_LOCK)

clean: ## Remove what was set up or built here
	rm -rf $(VENV) $(VENV)-lock $(NODE)/node_modules $(AXE)/node_modules build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis \
	    .import_linter_cache
	find src tests tools -name __pycache__ -prune -exec rm -rf {} +

# Set-up, each step once. The package itself is installed as a link to src, so edits need no new set-up.

INSTALL = $(BIN)/pip install --quiet --disable-pip-version-check

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo 'Banneret needs Python 3.11 or newer: make PYTHON=python3.12 ...' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || tools/setup/programs --install python3-venv
	@echo 'Setting up $(VENV) ...'
	@$(PYTHON) -m venv --clear $(VENV)

$(VENV)/.runtime: requirements.lock pyproject.toml $(VENV)/pyvenv.cfg
	@echo 'Installing what Banneret needs ...'
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo 'Installing what its tests need ...'
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

%/node_modules/.installed: %/package-lock.json
	@echo 'Installing what $* needs of npm ...'
	@cd $* && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
