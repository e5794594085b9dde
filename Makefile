# The two commands of the README: `make run` and `make test`. Needs Python >= 3.11 and make, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SITE := $(VENV)/.site
DEV := $(VENV)/.dev
BROWSER := var/browser/.ready
TESTS := -m pytest -m "not long" --numprocesses auto --dist loadfile

export DOTPHA_DEMO ?= 1

.PHONY: run test check check-long bench messages vendor

run: $(SITE)
	@exec $(BIN)/dotpha run

# Rules and actions are measured by the tests made for them: to trace the journeys too took a quarter longer.
test: $(DEV) $(BROWSER)
	@rm -f .coverage .coverage.*
	@failed=; $(BIN)/coverage run $(TESTS) dotpha tests/actions || failed=1; \
	  $(BIN)/python $(TESTS) tests --ignore=tests/actions || failed=1; test -z "$$failed"
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report --fail-under=95 --skip-covered > var/coverage.txt || { cat var/coverage.txt; exit 1; }

check: $(DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	DOTPHA_DATABASE_URL=postgresql://none:none@127.0.0.1:1/none $(BIN)/python -W ignore -m django makemigrations --check --dry-run --settings config.settings
	$(BIN)/python scripts/messages.py --check
	$(BIN)/python scripts/licences.py --check
	$(BIN)/python scripts/bill_of_materials.py --check
	$(BIN)/python scripts/problems.py --check
	$(BIN)/python scripts/rights_doc.py --check
	$(BIN)/python scripts/personal_doc.py --check
	$(BIN)/python scripts/outgoing_doc.py --check

check-long: $(DEV) $(BROWSER)
	$(BIN)/python -m pytest -m long -rP

bench: $(DEV)
	$(BIN)/python -m bench

messages: $(DEV)
	$(BIN)/python scripts/messages.py

vendor:
	npm ci --ignore-scripts
	$(PYTHON) scripts/vendor.py

# uv installs in seconds; where it cannot be had, pip does the same from the same files.
$(SITE): requirements.txt pyproject.toml
	@echo "Installing what Dotpha needs, once ..." >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m uv --version >/dev/null 2>&1 || $(BIN)/pip install --quiet --disable-pip-version-check uv || true
	@if $(BIN)/python -m uv --version >/dev/null 2>&1; \
	  then $(BIN)/python -m uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.txt; \
	  else $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt; fi
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements-dev.txt $(SITE)
	@if $(BIN)/python -m uv --version >/dev/null 2>&1; \
	  then $(BIN)/python -m uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.txt; \
	  else $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt; fi
	@touch $@

$(BROWSER): package-lock.json
	@mkdir -p var
	@$(BIN)/python scripts/browser.py
	@mkdir -p $(dir $@) && touch $@
