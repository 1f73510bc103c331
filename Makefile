# Everything one does with this project. `make` alone prints the menu.
.DEFAULT_GOAL := menu
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:

# The first Python that really runs: a name on PATH may be a shim that fails.
PYTHON ?= $(shell for p in python3 /usr/bin/python3 /usr/local/bin/python3 python; do "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 8))' >/dev/null 2>&1 && echo "$$p" && break; done)
BIN := .venv/bin
UV := var/tools/uv/bin/uv
COMPILE := $(UV) pip compile --quiet --generate-hashes --no-emit-index-url --no-header
PYTEST := $(BIN)/python -m pytest

##@ Run
up: set-up ## Install and train what is missing, start everything, say where to look
	@exec $(BIN)/helpdesk up

down: ## Stop everything; nothing is left running
	@if [ -x $(BIN)/helpdesk ]; then exec $(BIN)/helpdesk down; else echo "Not set up, so nothing runs."; fi

status: set-up-quick ## What runs, where, since when
	@exec $(BIN)/helpdesk status

doctor: set-up-quick ## What is wrong and how to mend it
	@exec $(BIN)/helpdesk doctor

##@ Check
test: set-up ## Set up, then the suite: the quick part on two processors, then the running system on two as well (test-operating has the rest)
	@$(PYTEST) -n 2 --dist loadscope -m "not stack and not operating" tests
	$(PYTEST) -n 2 --dist loadscope -m stack tests

test-operating: set-up ## What takes minutes: restarts and restores under load, several machines
	@$(PYTEST) -m operating tests

test-fast: set-up-quick ## The quick part of the suite
	@$(PYTEST) -n 2 --dist loadscope -m "not stack and not operating" tests

check: set-up-quick ## Lint, form, types, import rule; writes nothing
	@$(BIN)/ruff check --no-fix .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: set-up-quick ## Rewrite what the linter can mend
	@$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

audit: set-up-quick ## What it is made of (SBOM), and what is known to be weak in that (needs a network)
	@$(BIN)/python -m scripts.audit

##@ Make
train: set-up-quick ## Train the model anew
	@exec $(BIN)/helpdesk nlu train

pictures: set-up ## Take the documentation's screenshots from a running rehearsal (needs Chromium)
	@PICTURES=docs/pictures $(PYTEST) -m stack tests/stack/test_4_phone_to_desk.py tests/stack/test_b_files.py tests/stack/test_d_ten_cases.py tests/stack/test_d_staff_group.py tests/stack/test_e_august_2020.py

pages: set-up ## Photograph every page of the desk at both widths, light and dark, into var/pages (needs Chromium)
	@PAGES=var/pages $(PYTEST) -m stack tests/desk/test_every_page.py

transcripts: set-up ## Write down the twenty conversations as the bot answers them
	@TRANSCRIPTS=docs/conversations.md $(PYTEST) -m stack tests/stack/test_8_twenty_conversations.py tests/stack/test_z_conversations_of_later_years.py

bench: set-up ## The figures (needs a quiet machine)
	@exec $(BIN)/helpdesk bench

lock: set-up-quick ## Resolve requirements*.in anew into the hashed locks
	@$(COMPILE) --universal --python-version 3.9 requirements-tools.in -o requirements-tools.lock
	$(COMPILE) --universal --python-version 3.12 requirements.in -o requirements.lock
	$(COMPILE) --universal --python-version 3.12 requirements-dev.in -o requirements-dev.lock
	cd nlu && ../$(COMPILE) --python-version 3.10 --python-platform x86_64-unknown-linux-gnu requirements.in -o requirements.lock

clean: down ## Remove the state, the environments and the caches (not the trained models)
	@rm -rf models/*.sig var .venv nlu/.venv .rasa .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

set-up: python
	@"$(PYTHON)" -m scripts.setup

set-up-quick: python
	@"$(PYTHON)" -m scripts.setup --without-model

python:
	@if [ -z "$(PYTHON)" ]; then echo "No Python 3.8 or later runs here. Way out: apt install python3 python3-venv"; exit 1; fi

menu:
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: up down status doctor test test-fast test-operating check audit format train pictures pages transcripts bench lock clean set-up set-up-quick python menu
