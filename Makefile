# run: set everything up and show the main job.  test: set everything up and pass every check.
PYTHON := .venv/bin/python
SOURCES := publisher channels config tests scripts benchmarks

.DEFAULT_GOAL := help
.PHONY: help run test check bench crash fonts format lock

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

run: .venv/run.stamp var/fonts/SHA256SUMS ## publish the demo items through all five channels, then serve
	@$(PYTHON) -m publisher demo

# Files in their own order: those with few tests are the long ones, and would come last.
test: .venv/test.stamp var/fonts/SHA256SUMS ## format, lint, types, import rules, all tests
	@scripts/install_test_tools.sh
	@$(MAKE) --no-print-directory check
	@$(PYTHON) -m pytest --numprocesses 4 --dist loadfile --no-loadscope-reorder

check: .venv/test.stamp ## format, lint, types, import rules, generated docs
	$(PYTHON) -m ruff format --check $(SOURCES)
	$(PYTHON) -m ruff check $(SOURCES)
	$(PYTHON) -m mypy
	.venv/bin/lint-imports
	$(PYTHON) scripts/state_machine.py --check

bench: .venv/test.stamp var/fonts/SHA256SUMS ## measure, and print the tables
	@scripts/install_test_tools.sh
	@$(PYTHON) -m benchmarks

crash: .venv/test.stamp var/fonts/SHA256SUMS ## kill workers at every step, and print what it came to
	@scripts/install_test_tools.sh
	@$(PYTHON) -m tests.crash

fonts: var/fonts/SHA256SUMS ## the print faces

format: .venv/test.stamp
	$(PYTHON) -m ruff check --fix-only $(SOURCES)
	$(PYTHON) -m ruff format $(SOURCES)

# The smaller locks agree with the largest, so that one environment can hold any of them.
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
  --no-header --no-annotate -q

lock: ## resolve the dependencies anew (needs uv)
	$(LOCK) --group dev --extra postgres --extra distributed -o requirements-dev.lock
	$(LOCK) -c requirements-dev.lock -o requirements.lock
	$(LOCK) -c requirements-dev.lock --extra postgres --extra distributed \
	  -o requirements-distributed.lock

.venv/run.stamp: requirements.lock scripts/install_python.sh
	@scripts/install_python.sh requirements.lock $@

.venv/test.stamp: requirements-dev.lock scripts/install_python.sh
	@scripts/install_python.sh requirements-dev.lock $@

var/fonts/SHA256SUMS: scripts/install_fonts.py | .venv/run.stamp
	@$(PYTHON) scripts/install_fonts.py var/fonts && touch $@
