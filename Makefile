# Every command a person needs; `make help` lists them. Set-up is done by whatever needs it, once (.stamps/).
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON_BIN := $(CURDIR)/.venv/bin/python
export RETICULATE_PYTHON := $(PYTHON_BIN)
export R_LIBS := $(CURDIR)/.Rlib$(if $(R_LIBS),:$(R_LIBS))
export TF_CPP_MIN_LOG_LEVEL ?= 2
export MPLBACKEND ?= Agg
# Threads that wait for work sleep instead of taking a core from the other process of `make test`.
export OMP_WAIT_POLICY ?= passive
export OPENBLAS_THREAD_TIMEOUT ?= 4
# Modules are compiled once, not anew by each process.
unexport PYTHONDONTWRITEBYTECODE

PYTHON_FILES := python tests/python tools benchmarks
# A file's tests stay in one process; the files that take longest come first (tests/python/conftest.py).
PYTEST := $(PYTHON_BIN) -m pytest -n auto --dist loadfile --no-loadscope-reorder
.PHONY: help setup demo test test-all test-lowest test-long test-python test-r lint check docs course bench clean

help:  ## list these commands
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):.*## */  make \1\t/' | expand -t 20

setup: .stamps/python  ## set up R, Python and their packages (done by the other commands when needed)

.stamps/r: tools/setup_r.sh DESCRIPTION
	@mkdir -p .stamps
	@bash tools/setup_r.sh
	@touch $@

# After R, because the version of rpy2 follows R's.
.stamps/python: tools/setup_python.sh requirements.lock pyproject.toml setup.cfg .stamps/r
	@mkdir -p .stamps
	@bash tools/setup_python.sh
	@touch $@

# For the tests of pages and slides; the stamp holds the browser's path. After Python, because Playwright tries it.
.stamps/browser: tools/setup_browser.sh .stamps/python
	@mkdir -p .stamps
	@bash tools/setup_browser.sh
	@touch $@

# Stamps say nothing about what was removed since.
ifeq ($(wildcard $(PYTHON_BIN)),)
.PHONY: .stamps/python
endif
ifeq ($(shell command -v Rscript),)
.PHONY: .stamps/r
endif
ifeq ($(shell test -x "$$(cat .stamps/browser 2>/dev/null)" && echo there),)
.PHONY: .stamps/browser
endif

demo: setup  ## the workshop's result, in Python and in R, compared
	@$(PYTHON_BIN) -m bineural demo --directory output
	@Rscript --vanilla tools/demo.R output
	@$(PYTHON_BIN) -m bineural demo --directory output --compare

# R's tests run beside Python's, since each of the two leaves a core idle at its end.
test: setup .stamps/browser  ## all tests but the long ones, in Python and in R
	@status=0; \
	Rscript --vanilla tools/test_r.R > .stamps/test_r.log 2>&1 & r=$$!; \
	$(PYTEST) || status=1; \
	wait $$r || status=1; cat .stamps/test_r.log; \
	if [ $$status = 0 ]; then echo "make test: passed"; else echo "make test: FAILED"; fi; \
	exit $$status

test-all: test test-lowest test-long  ## all tests: those of `make test`, the lowest versions allowed, and the long ones

test-long: setup .stamps/browser  ## the long tests: the whole course in a browser, 20,000 damaged files, all wrong values, all cases
	@status=0; \
	$(PYTEST) -m long || status=1; \
	BINEURAL_FUZZ=20000 $(PYTHON_BIN) -m pytest -n auto --dist worksteal tests/python/test_fuzz_files.py || status=1; \
	BINEURAL_LONG=1 Rscript --vanilla tools/test_r.R "bad-input|demo|detection|nets-images|nets-fitting_many|nets-objectives|tuning|row-values" || status=1; \
	exit $$status

test-lowest: setup  ## the tests of models and files with the lowest versions of the packages that pyproject.toml allows
	@bash tools/test_lowest.sh

test-python: setup .stamps/browser  ## only the Python tests
	@$(PYTEST)

test-r: setup  ## only the R tests
	@Rscript --vanilla tools/test_r.R

lint: setup  ## ruff, lintr and the layers (.importlinter)
	@status=0; \
	.venv/bin/ruff check $(PYTHON_FILES) || status=1; \
	.venv/bin/ruff format --check $(PYTHON_FILES) || status=1; \
	.venv/bin/lint-imports --no-cache --no-logo || status=1; \
	Rscript --vanilla tools/lint_r.R || status=1; \
	exit $$status

check: setup  ## R CMD build and R CMD check
	@rm -rf build/check && mkdir -p build/check/bineural
	@git ls-files -co --exclude-standard -z | tar --null -T - -cf - | tar xf - -C build/check/bineural  # without .venv
	@bash tools/pack_core.sh build/check/bineural
	@cd build/check && R CMD build bineural
	@cd build/check && TZ=$${TZ:-UTC} _R_CHECK_FORCE_SUGGESTS_=false R CMD check --no-manual bineural_*.tar.gz

docs: setup  ## R's options of nets, help pages, their index and NAMESPACE; a site in build/site where pkgdown is there
	@$(PYTHON_BIN) tools/build_options.py
	@$(PYTHON_BIN) tools/build_stubs.py
	@Rscript --vanilla tools/build_docs.R

course: setup  ## the course as pages, slides and notebooks, in course/ (begin with index.html)
	@$(PYTHON_BIN) -m bineural course --directory course

bench: setup  ## all benchmarks; their tables go to benchmarks/results/ and to benchmarks/README.md
	@failed=; \
	for script in benchmarks/bench_*.py; do \
	  echo "== $$script"; $(PYTHON_BIN) $$script || failed="$$failed $$script"; \
	done; \
	marked=$$(grep -ls '| failed: ' benchmarks/results/*.md); \
	if [ -n "$$marked" ]; then echo "make bench: a program of the table failed in:" $$marked; fi; \
	if [ -n "$$failed" ]; then echo "make bench: FAILED:$$failed"; exit 1; fi; \
	echo "make bench: all results written"

clean:  ## remove what commands made, but keep the environments
	@rm -rf output course build dist *.Rcheck bineural_*.tar.gz .pytest_cache .ruff_cache
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
