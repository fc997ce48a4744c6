# The project's commands; `make help` lists them. They need git, make and Python 3.11 or newer, and install the rest into .venv.
# They work from any directory (make -C, make -f), in paths with spaces, without a display and without a GPU.

ROOT := $(shell cd "$$(dirname "$$(echo '$(MAKEFILE_LIST)' | sed 's/^ *//')")" && pwd -P)

ifneq ($(CURDIR),$(ROOT))

# Called with `make -f DIRECTORY/Makefile`: go there first.
GOALS := $(or $(MAKECMDGOALS),help)
.PHONY: $(GOALS)
$(GOALS):
	@$(MAKE) --no-print-directory -C "$(ROOT)" $@

else

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
export PYTHONNOUSERSITE := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

PYTHON ?=
PYTEST_ARGS ?=
BENCH_ARGS ?=
SAMPLE ?= dusk_lowlight_couple.jpg
DEGRADATION ?= brighten=1,denoise=1
DATA ?= ../shared/data
PY := .venv/bin/python
RESTORED := build/restored-$(SAMPLE)

# An environment that was made for another place, or whose Python is gone, is made anew.
ifneq ($(shell sh scripts/environment.sh check),fits)
.PHONY: .venv/.made
endif

.venv/.made: scripts/environment.sh
	@PYTHON='$(PYTHON)' sh scripts/environment.sh make
	@touch $@

# Without torch: restoring needs none.
.venv/.run: .venv/.made pyproject.toml constraints.txt
	$(PY) -m pip install -c constraints.txt -e .
	@touch $@

# torch alone first: constraints.txt pins the version that does not bring CUDA where a CPU build of it is on offer.
.venv/.dev: .venv/.made pyproject.toml constraints.txt
	$(PY) -m pip install -c constraints.txt torch
	$(PY) -m pip install -c constraints.txt -e '.[dev]'
	@sh scripts/environment.sh screen
	@touch .venv/.run $@

.PHONY: help run test test-hosts check fix bench bench-peers experiments screenshots snapshots translations graphs package clean distclean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' Makefile

run: .venv/.run ## restore a damaged sample photo (SAMPLE=… DEGRADATION=…) and say where the result is
	@mkdir -p build
	@.venv/bin/pip-editor restore 'resources/samples/$(SAMPLE)' --degradation '$(DEGRADATION)' -o '$(RESTORED)' --overwrite
	@echo 'damaged:  $(ROOT)/resources/samples/$(SAMPLE)'
	@echo 'restored: $(ROOT)/$(RESTORED)'

test: .venv/.dev ## run all tests (PYTEST_ARGS="-k mask" for some)
	$(PY) -m pytest $(PYTEST_ARGS)

test-hosts: .venv/.dev ## test the plug-ins in the real GIMP and Krita, without a screen (needs root on Debian; skips loudly elsewhere)
	@PY='$(ROOT)/$(PY)' bash tests/hosts/run.sh

check: .venv/.dev ## lint, formatting, types, import contracts, licences
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(PY) -m reuse lint --lines

fix: .venv/.dev ## repair what the linter and the formatter can
	$(PY) -m ruff check --fix
	$(PY) -m ruff format

bench: .venv/.dev ## measure speed and memory, write build/bench.json; warn of ratios that are worse than they were (BENCH_ARGS=…)
	@mkdir -p build
	$(PY) benchmarks/bench.py $(BENCH_ARGS)

bench-peers: .venv/.dev ## measure the whole program beside peers, write build/peers.json (BENCH_ARGS="--photo CLEAN.png --chainner DIR")
	@mkdir -p build
	$(PY) benchmarks/peers.py $(BENCH_ARGS)

experiments: .venv/.dev ## list the comparisons; NAME=shapes runs one (VARIANT=… SEED=… MINUTES=… DATA=…), TABLES=1 writes the tables anew
	OMP_NUM_THREADS=1 $(PY) -m pip_backend.training.experiments $(if $(NAME),'$(NAME)') $(if $(VARIANT),--variant '$(VARIANT)') \
		$(if $(SEED),--seed $(SEED)) $(if $(MINUTES),--minutes $(MINUTES)) --data '$(DATA)' $(if $(TABLES),--tables)

screenshots: .venv/.dev ## make the pictures of the editor in docs/images anew, without a screen
	$(PY) scripts/make_screenshots.py

snapshots: .venv/.dev ## make the pictures anew that tests compare the editor's views with (tests/ui/snapshots), without a screen
	$(PY) -m tests.ui.taking

translations: .venv/.dev ## put new strings of the editor into its translations, take old ones out, say what is untranslated
	$(PY) scripts/translations.py

graphs: .venv/.dev ## make resources/graphs anew: after a change of a network's code, or of a shipped model's configuration
	$(PY) scripts/make_graphs.py

package: graphs ## build the sdist and the wheel into dist/
	$(PY) -m build

clean: ## remove what was built and cached
	rm -rf build dist backend/*.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find backend resources tests ui -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## remove the environment (.venv) too
	rm -rf .venv

endif
