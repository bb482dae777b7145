# `make demo` shows the campaign live; `make test` proves it. Both are quick and safe to run again.
PYTHON ?= python3
UV_VERSION := 0.13.9
TOOLS := var/tools
UV := PYTHONPATH=$(TOOLS) UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1 $(PYTHON) -m uv
BIN := .venv/bin
ADDRESS ?= 127.0.0.1:8000
HOUSEHOLDS ?= 20000

.PHONY: help demo test check lint install frontend messages browser bench clean fresh

help:
	@echo "make demo    install, load the demonstration campaign and serve it at http://$(ADDRESS)"
	@echo "make test    install what the tests need and run them all"
	@echo "make check   lint, types, architecture, translations and migrations"
	@echo "make fresh   forget the demonstration's data, so that the next 'make demo' loads it anew"
	@echo "make bench   list the benchmarks"

$(TOOLS)/uv-$(UV_VERSION):
	@$(PYTHON) -c 'import sys; sys.exit("Zhengtu needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Set PYTHON=/path/to/python3.11") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m pip --version > /dev/null 2>&1 || { echo "Zhengtu needs pip: on Debian or Ubuntu 'apt install python3-pip'"; exit 1; }
	@rm -rf $(TOOLS) && mkdir -p $(TOOLS)
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target $(TOOLS) uv==$(UV_VERSION)
	@touch $@

install: $(TOOLS)/uv-$(UV_VERSION)
	@$(UV) sync --locked --inexact --no-default-groups --quiet --python "$$(command -v $(PYTHON))"

install-dev: $(TOOLS)/uv-$(UV_VERSION)
	@$(UV) sync --locked --inexact --quiet --group dev --python "$$(command -v $(PYTHON))"

frontend:
	@PYTHONPATH=$(TOOLS) $(BIN)/python tools/install_frontend.py

messages:
	@$(BIN)/python tools/messages.py compile

demo: install
	@$(MAKE) --no-print-directory frontend messages
	@$(BIN)/zhengtu demo --address $(ADDRESS) --households $(HOUSEHOLDS)

test: install-dev
	@$(MAKE) --no-print-directory frontend messages
	@tools/install_browser.sh
	@$(BIN)/python -m pytest -n auto --dist loadgroup

check: install-dev
	@$(MAKE) --no-print-directory lint

lint:
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python tools/messages.py check
	$(BIN)/zhengtu makemigrations --check --dry-run
	$(BIN)/zhengtu check --fail-level WARNING

bench:
	@grep -h '^"""' benchmarks/*.py | tr -d '"'

fresh:
	@$(BIN)/zhengtu forget_demo

clean: fresh
	@rm -rf .venv var/tools frontend/node_modules
