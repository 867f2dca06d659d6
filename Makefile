# make demo [FRESH=1] [PORT=8000] [AHEAD=7]   set up everything and serve two demo companies, a week ahead
# make test [ARGS=…]                all tests, in parallel
# make lint                         style, types, import rules, translations, house rules
# make bench [ONLY=lists] [JSON=file]   the benchmark, or a part: docs/benchmarks.md names them
# make soak [JOBS=10000] [KILLS=50] jobs under kill -9 of workers and database, some minutes
# make docs                         the generated pages of docs/
# make constraints                  note the versions that are installed now

PYTHON ?= python3
PORT ?= 8000
# Half as many again as there are cores: a test waits for its database now and then.
WORKERS ?= $(shell expr $$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN) \* 3 / 2)
BIN := .venv/bin
MEMBERS := core $(patsubst %/pyproject.toml,%,$(wildcard plugins/*/pyproject.toml themes/*/pyproject.toml))
STAMP := .venv/.complete

# What is imported is compiled once, not anew by each of the hundreds of commands that the tests type.
unexport PYTHONDONTWRITEBYTECODE

LINTS := lint-style lint-types lint-imports lint-rules lint-translations

.PHONY: demo test lint $(LINTS) bench soak docs setup constraints
.DELETE_ON_ERROR:

demo: $(STAMP)
	@$(BIN)/dougong demo --port $(PORT) $(if $(filter-out 0,$(FRESH)),--fresh) $(if $(AHEAD),--ahead $(AHEAD))

test: $(STAMP)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder $(ARGS)

lint: $(LINTS) # make -k lint goes on after a failure

lint-style: $(STAMP)
	$(BIN)/ruff check .

lint-types: $(STAMP)
	$(BIN)/mypy

lint-imports: $(STAMP)
	$(BIN)/lint-imports --no-cache

lint-rules: $(STAMP)
	$(BIN)/python -m dougong.testing.rules

lint-translations: $(STAMP)
	$(BIN)/python -m dougong.testing.translations

bench: $(STAMP)
	@ONLY=$(ONLY) JSON=$(JSON) $(BIN)/python -m tests.bench

soak: $(STAMP)
	@JOBS=$(JOBS) KILLS=$(KILLS) $(BIN)/python -m tests.soak

docs: $(STAMP)
	@$(BIN)/python -m dougong.testing.reference && $(BIN)/python -m dougong.testing.coverage

setup: $(STAMP)

$(STAMP): constraints.txt requirements-dev.txt $(addsuffix /pyproject.toml,$(MEMBERS))
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Dougong needs Python 3.11 or newer: set PYTHON=")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -r requirements-dev.txt $(addprefix -e ,$(MEMBERS))
	@touch $@

constraints: $(STAMP)
	@$(BIN)/python -m pip freeze --exclude-editable > constraints.txt
	@touch $(STAMP)
