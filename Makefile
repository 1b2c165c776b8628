# Two commands: `make run` and `make test`. Each sets up first what it needs; a second time that costs nothing.
# PYTHON=/path/to/python3.12 chooses another Python, ARGS=... is handed to the program behind a target.

USABLE := import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3; do \
	$$python -c '$(USABLE)' 2>/dev/null && echo $$python && break; done)
PY := .venv/bin/python
SETUP = @$(or $(PYTHON),python3) -m devtools.setup

.PHONY: setup run test lint check-all lock screenshots messages clean

setup:
	$(SETUP)
