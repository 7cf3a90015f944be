# The commands of the project; CI calls the same ones. `make run` and `make test` are all one needs.
PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin
# Where the environment names no key, one is made here and kept; hosts and plain HTTP are this machine's.
LOCAL = SECRET_KEY="$${SECRET_KEY:-$$(cat var/secret-key)}" ALLOWED_HOSTS="$${ALLOWED_HOSTS:-localhost,127.0.0.1}" HTTPS="$${HTTPS:-false}" PORT=$(PORT) SITE_URL="$${SITE_URL:-http://127.0.0.1:$(PORT)}"

.PHONY: help run dev reset test lint bench messages lock pictures

help:
	@sed -n 's/^\([a-z]*\):.*## /make \1	/p' Makefile

run: .venv/run var/secret-key ## install, prepare, load the demonstration, serve
	@$(LOCAL) $(BIN)/python manage.py prepare --demonstration
	@$(LOCAL) $(BIN)/python manage.py serve

dev: .venv/test var/secret-key ## the same with Django's debug pages and reloading
	@DEBUG=true $(BIN)/python manage.py prepare --demonstration
	@DEBUG=true PORT=$(PORT) $(BIN)/python manage.py serve --reload

reset: ## forget the local database and files, to start over
	rm -rf var

test: .venv/test ## the whole suite, on SQLite and, where found, PostgreSQL and a browser
	@$(BIN)/python -m tests $(ARGS)

lint: .venv/test ## style, types, templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	DEBUG=true $(BIN)/mypy .
	$(BIN)/djade --check --target-version 5.2 $$(find templates benchmarks -name '*.html')
	$(BIN)/djlint --lint --quiet templates

bench: .venv/test ## measure against a bare Django view and raw SQL, on PostgreSQL
	$(BIN)/python -m benchmarks $(ARGS)

messages: .venv/test ## collect the interface's strings for the translators
	DEBUG=true $(BIN)/python manage.py update_messages

pictures: .venv/test ## take the README's pictures again
	$(BIN)/python -m pytest tests/browser/take_pictures.py

lock: ## choose the newest versions that fit pyproject.toml, with their hashes
	uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-annotate -o requirements.txt pyproject.toml
	uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-annotate -o requirements-dev.txt --group dev -c requirements.txt pyproject.toml

var/secret-key: | .venv/python
	@mkdir -p var && umask 077 && $(BIN)/python -c "import secrets; print(secrets.token_urlsafe(60))" > $@

.venv/run: requirements.txt | .venv/python
	@echo "Installing what Ponti stands on (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt && touch $@

.venv/test: requirements-dev.txt | .venv/python
	@echo "Installing what Ponti and its tests stand on (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt && touch $@ .venv/run

.venv/python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "Ponti needs Python 3.11 or newer as $(PYTHON); name another: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c "import ensurepip, venv" 2>/dev/null || { echo "This Python lacks its venv module. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@$(PYTHON) -m venv .venv && touch $@
