# Two commands: `make run` and `make test`. Each sets up first what it needs; a second time that is free.
# PYTHON=/path/to/python3.12 chooses another Python; ARGS="..." goes to the program behind a target.

USABLE := import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3; do \
	$$python -c '$(USABLE)' 2>/dev/null && echo $$python && break; done)
SETUP = @$(or $(PYTHON),python3) -m devtools.setup
PY := .venv/bin/python
# One process per core, two to eight: a third on two cores was no faster. A module stays in one process, for the world it
# shares is made once; modules come in the order of their folders, so that a browser and its stage serve one after the other.
CORES := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
PROCESSES := $(shell echo $$(($(CORES) < 2 ? 2 : $(CORES) > 8 ? 8 : $(CORES))))
PARALLEL := -n $(PROCESSES) --dist loadfile --no-loadscope-reorder
# What `check --deploy` looks at: a production environment, with no secret in it.
PRODUCTION = LCPS_ENV=production LCPS_DEMO=0 SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))') \
	ALLOWED_HOSTS=lcps.example SITE_ORIGIN=https://lcps.example DATABASE_URL=postgresql://db/lcps \
	REDIS_URL=redis://queue EMAIL_URL=smtp+tls://mail.example:587

.DEFAULT_GOAL := run
.PHONY: run test setup lint check-all lock messages screenshots clean

run:            ## the whole system with demonstration data; PORT, DATABASE_URL and REDIS_URL override
	$(SETUP)
	@exec $(PY) -m devtools.supervisor --stop-with-parent

test:           ## the test suite on its own throw-away services
	$(SETUP)
	@exec $(PY) -m pytest $(PARALLEL) $(ARGS)

setup:          ## .venv, node_modules and translations only
	$(SETUP)

lint:           ## layout, errors, layers, types, migrations, production settings
	$(SETUP)
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	.venv/bin/lint-imports
	$(PY) -m mypy
	@# It would like to ask a database too; there need be none for this.
	DJANGO_SETTINGS_MODULE=tests.settings LCPS_ENV=test $(PY) -W "ignore:Got an error checking" manage.py makemigrations --check --dry-run
	@$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

check-all: lint ## lint, and every test; the slow ones one by one, because they measure time
	$(PY) -m pytest $(PARALLEL)
	$(PY) -m pytest -m slow $(ARGS)

lock:           ## renew the pinned versions after a change in requirements/*.in or package.json
	$(SETUP)
	@for name in bootstrap base build dev; do \
		(cd requirements && UV_SYSTEM_CERTS=1 ../.venv/bin/uv pip compile -q --universal --python-version 3.11 \
			--generate-hashes --no-emit-index-url --no-header $$name.in -o $$name.txt) || exit 1; done
	npm install --package-lock-only --ignore-scripts

messages:       ## bring locale/*.po up to date with the screen texts, and compile them
	$(SETUP)
	$(PY) -m devtools.catalogues extract
	$(PY) -m devtools.catalogues compile

screenshots:    ## every page, two widths, both themes, into screenshots/
	$(SETUP)
	$(PY) -m devtools.screenshots $(ARGS)

clean:          ## remove what the set-up and the runs made, the demonstration's data too
	@$(or $(PYTHON),python3) -m devtools.clean
