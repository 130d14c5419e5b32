# The front door of Palmwise; `make help` lists the targets.

PORT ?= $(or $(PALMWISE_PORT),5005)
# Options for the program that a target starts, such as: make test ARGS="-k pause"
ARGS ?=

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# Rasa's telemetry, and what SQLAlchemy logs, are off.
export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1

TOOL := tools/python -m tools
PY := .venv/bin/python
VOICE_PY := .venv-voice/bin/python

CODE := $(wildcard actions benchmarks palmwise tests tools)
VOICE_CODE := $(wildcard voice)
SCRIPTS := .ci/run tools/python $(wildcard deploy/*.sh tools/*.sh tests/*.sh)
# The fastest first. The voice client's audio tests run in its own environment.
TESTS := $(wildcard $(addprefix tests/,unit rasa contract e2e))
# In a process of their own: the browser's driver keeps an event loop running, and other tests start loops themselves.
WEB_TESTS := $(wildcard tests/web)
# Kills servers, PostgreSQL, Redis and nginx; skipped where these are not installed.
CLUSTER_TESTS := $(wildcard tests/cluster)
VOICE_TESTS := $(wildcard tests/voice)

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo '  make run PORT=5006 serves on another port; ARGS="..." goes to the program that is started.'

.PHONY: run
run: train bundle ## Serve the coach on http://127.0.0.1:5005 (installs and trains at first)
	@exec $(PY) -m palmwise serve --port $(PORT) $(ARGS)

.PHONY: chat
chat: train ## Talk to the coach in this terminal
	@exec $(PY) -m palmwise chat --address http://127.0.0.1:$(PORT) $(ARGS)

.PHONY: voice
voice: voice-env voice-model train ## Talk to the coach aloud
	@exec $(VOICE_PY) -m palmwise voice --server http://127.0.0.1:$(PORT) $(ARGS)

.PHONY: voice-check
voice-check: voice-env voice-model ## Check microphone, loudspeaker and recognizer, one after the other
	@exec $(VOICE_PY) -m voice.check $(ARGS)

.PHONY: voice-samples
voice-samples: voice-env ## Write five sentences in the coach's voice to results/voice-samples/
	@exec $(VOICE_PY) -m benchmarks.voice.samples

.PHONY: train
train: ## Install the packages and train the model, if anything changed
	@$(TOOL).training

.PHONY: bundle
bundle: env ## Make the widget smaller by esbuild, if npm can fetch that
	@$(PY) -m tools.bundle

.PHONY: test
test: test-packages lint validate train bundle voice-env voice-model ## Run all checks, then all tests
	$(PY) -m pytest --hypothesis-profile=thorough $(TESTS) $(ARGS)
	$(if $(WEB_TESTS),$(PY) -m pytest $(WEB_TESTS) $(ARGS))
	$(if $(CLUSTER_TESTS),$(PY) -m pytest $(CLUSTER_TESTS) $(ARGS))
	$(if $(VOICE_TESTS),$(VOICE_PY) -m pytest $(VOICE_TESTS) $(ARGS))

.PHONY: test-unit
test-unit: dev-env ## Run the fast tests, which need neither model nor system packages
	$(PY) -m pytest tests/unit $(ARGS)

.PHONY: test-cluster
test-cluster: test-packages dev-env train ## Test two servers while parts of them are killed (PostgreSQL, Redis, nginx)
	$(PY) -m pytest tests/cluster $(ARGS)

.PHONY: test-chaos
test-chaos: test-packages dev-env train ## Ten minutes of kills, full disks and hostile clients (not part of make test)
	$(PY) -m tests.chaos $(ARGS)

.PHONY: lint
lint: dev-env ## Check format, style, types and scripts
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy $(CODE) $(VOICE_CODE)
	.venv/bin/shellcheck $(SCRIPTS)

.PHONY: format
format: dev-env ## Format the code
	$(PY) -m ruff check --fix-only --quiet .
	$(PY) -m ruff format .

.PHONY: docs
docs: env ## Generate docs/behaviour.md anew
	$(PY) -m palmwise.behaviour_docs

.PHONY: stills
stills: test-packages dev-env ## Trace the drawings of all movements from the living picture (Chromium)
	$(PY) -m tests.web.stills $(ARGS)

.PHONY: movement-sheets
movement-sheets: test-packages dev-env ## Draw every movement at three moments, both hands, large and small (Chromium)
	$(PY) -m tests.web.movement_sheets $(ARGS)

.PHONY: screenshots
screenshots: test-packages dev-env ## Take pictures of the widget's main moments (Chromium; ARGS="--size desktop --dark")
	$(PY) -m tests.web.screenshots $(ARGS)

.PHONY: validate
validate: env ## Check content and training data
	$(PY) -m palmwise check
	$(PY) -W ignore -m rasa data validate --fail-on-warnings

.PHONY: bench
bench: dev-env reference-env train ## Measure speed and memory beside Rasa's smallest bot (some 20 minutes)
	@exec $(PY) -m benchmarks $(ARGS)

.PHONY: bench-nlu
bench-nlu: dev-env reference-env ## Measure understanding beside Rasa's default, which trains for hours (ARGS=--quick: minutes)
	@exec $(PY) -W ignore -m benchmarks.nlu $(ARGS)

.PHONY: bench-voice
bench-voice: bench-packages voice-env voice-model train ## Measure the voice client in a virtual room (an hour)
	@exec $(VOICE_PY) -m benchmarks.voice $(ARGS)

.PHONY: audit
audit: env ## Look the locked packages up among known advisories
	@$(TOOL).environment audit
	@exec $(TOOL).lockfiles audit $(ARGS)

.PHONY: sbom
sbom: ## Write the bills of materials (CycloneDX) of the server and the voice client to results/
	@$(TOOL).environment audit
	@mkdir -p results
	.tools/audit/bin/cyclonedx-py requirements --output-reproducible --output-file results/sbom-server.json requirements/app.lock
	.tools/audit/bin/cyclonedx-py requirements --output-reproducible --output-file results/sbom-voice.json requirements/voice.lock

.PHONY: lock
lock: ## Compile the locks from requirements/*.in (ARGS=--upgrade for newer releases)
	@$(TOOL).lockfiles compile $(ARGS)

.PHONY: clean
clean: ## Remove environments, models and caches; conversations stay
	rm -rf .venv .venv-voice .tools models web/dist .rasa .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Prerequisites of the targets above.
.PHONY: env dev-env reference-env voice-env voice-model test-packages bench-packages
env:
	@$(TOOL).environment app

dev-env:
	@$(TOOL).environment dev

# The whole Rasa, which the benchmarks compare with.
reference-env:
	@$(TOOL).environment reference

voice-env:
	@$(TOOL).packages voice
	@$(TOOL).environment voice

voice-model:
	@$(VOICE_PY) -m palmwise.speech.model_files

test-packages:
	@$(TOOL).packages voice test

bench-packages:
	@$(TOOL).packages voice test bench
