# dean06. `make help` explains every target.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes -q
# One process of tests for each processor, each with a database server of its own.
SIDE_BY_SIDE := -n logical --dist loadscope --no-loadscope-reorder
# Compiled modules are kept, whatever the shell says: without, each process compiles Great Expectations
# and Airflow again (6.7 instead of 2.7 s for the first), and a day has 150 processes.
unexport PYTHONDONTWRITEBYTECODE
# Trust what the machine trusts: offices often have a certificate authority of their own.
export UV_SYSTEM_CERTS := true

.PHONY: help
help: ## Explain every target
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-12s %s\n", $$1, $$2}'

.PHONY: run
run: $(VENV)/.run ## Start everything, sync the first day, print the KPIs, keep running: make run [DAY=2022-10-31] [SCENARIO=tien_giang_2022] [SCALE=0.01] [SEED=2022]
	@$(if $(SCENARIO),DEAN06_SCENARIO=$(SCENARIO)) $(if $(SCALE),DEAN06_SCALE=$(SCALE)) $(if $(SEED),DEAN06_SEED=$(SEED)) \
		$(BIN)/python -m onebox up $(if $(DAY),--day $(DAY))

.PHONY: sync
sync: $(VENV)/.run ## Sync one more day into the running system: make sync DAY=2022-11-03 [SOURCE=police]
	@test -n "$(DAY)" || { echo "Give the day: make sync DAY=2022-11-03"; exit 2; }
	@$(BIN)/python -m onebox sync --day $(DAY) $(if $(SOURCE),--source $(SOURCE))

.PHONY: psql
psql: $(VENV)/.run ## Open psql in the warehouse of the running system, read-only
	@$(BIN)/python -m onebox psql

.PHONY: reproduce
reproduce: $(VENV)/.run ## Reproduce the figures that two provinces published: run both provinces through Airflow, compare the results (SCALE=1)
	@$(BIN)/python -m onebox reproduce --scale $(or $(SCALE),1)

.PHONY: down
down: $(VENV)/.run ## Stop every process of this installation, wait until make run has ended; keep its data
	@$(BIN)/python -m onebox down

.PHONY: clean
clean: $(VENV)/.run ## Stop everything and delete this installation's data; keep files that were put into its drops folder
	@$(BIN)/python -m onebox clean

.PHONY: test
test: $(VENV)/.dev ## Run the default test suite: real PostgreSQL, protocols, DAG runs, browser; or some: make test TESTS=tests/unit
	$(BIN)/python -m pytest $(or $(TESTS),-m "not campaign" $(SIDE_BY_SIDE))

.PHONY: campaigns
campaigns: $(VENV)/.dev ## Run the long-running tests, or a part of them: make campaigns [PART=1/3]
	$(BIN)/python -m pytest -m campaign $(if $(PART),--part $(PART)) $(SIDE_BY_SIDE)

.PHONY: test-all
test-all: test campaigns ## Run the default test suite, then the long-running tests

.PHONY: faults
faults: $(VENV)/.dev ## Test the real pipeline against kills, failures and hostile input; compare the results: make faults [ONLY=kills] [SEED=6]
	@$(BIN)/python -m tests.faults $(ONLY) --seed $(or $(SEED),6)

.PHONY: mailbox
mailbox: $(VENV)/.dev ## Start a mail server on this machine that prints the alerts it receives, for practice: make mailbox [PORT=8025]
	@echo "Mail server on 127.0.0.1:$(or $(PORT),8025). It prints each message it receives; Ctrl-C stops it."
	@$(BIN)/python -m aiosmtpd -n -c tests.lib.printed_mail.Printing -l 127.0.0.1:$(or $(PORT),8025)

.PHONY: superset
superset: $(VENV)/.dev ## Import the dashboard into a real Superset, open it, compare every chart with the warehouse
	@$(BIN)/python -m tests.superset

.PHONY: metabase
metabase: ## Check the dashboard for Metabase with Metabase's own program. Needs npm
	@npm exec --yes --package=@metabase/representations@1.2.0 -- representations validate-schema --folder include/metabase

.PHONY: containers
containers: $(VENV)/.dev ## Build the image, run the containers, sync, kill, restart and upgrade; compare digests. Needs Docker
	@$(BIN)/python -m tests.containers

.PHONY: kubernetes
kubernetes: $(VENV)/.dev ## Render the Airflow chart with our values, check every object: make kubernetes CHART=airflow-1.22.0.tgz
	@test -n "$(CHART)" || { echo "Give the chart, which helm pull apache-airflow/airflow fetches: make kubernetes CHART=airflow-1.22.0.tgz"; exit 2; }
	@$(BIN)/python -m tests.kubernetes $(CHART)

.PHONY: provinces
provinces: $(VENV)/.dev ## Sync several provinces in one installation, then each in one of its own; compare digests: make provinces [N=3]
	@$(BIN)/python -m tests.provinces $(or $(N),3)

.PHONY: country
country: $(VENV)/.dev ## Sync several provinces and the country, print national values beside those of the provinces and the truth: make country [PROVINCES=3]
	@$(BIN)/python -m tests.country $(or $(PROVINCES),3)

.PHONY: bench
bench: $(VENV)/.dev ## Measure speed against raw COPY and dlt in one run; writes docs/benchmarks.md: make bench [REPEAT=3] [KPI_SCALE=0.1]
	@$(BIN)/python -m bench $(if $(REPEAT),--repeat $(REPEAT)) $(if $(KPI_SCALE),--kpi-scale $(KPI_SCALE))

.PHONY: lint
lint: $(VENV)/.dev ## Check style, types, SQL and import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint include/sql
	@! git grep -nE '^(<{7}|>{7}) '

.PHONY: format
format: $(VENV)/.dev ## Format Python and SQL
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

.PHONY: new-source
new-source: $(VENV)/.run ## Write a working source with an example: make new-source KEY=land KIND=csv [DATASET=land_parcel] [EXAMPLE=no]
	@test -n "$(KEY)" -a -n "$(KIND)" || { echo "Give source and kind: make new-source KEY=land KIND=csv|folder|ndjson|json|workbook|sftp"; exit 2; }
	@$(BIN)/python -m dean06 new-source $(KEY) --kind $(KIND) $(if $(DATASET),--dataset $(DATASET)) $(if $(filter no,$(EXAMPLE)),--no-example)

.PHONY: new-province
new-province: $(VENV)/.run ## Write the files of another province: make new-province KEY=long_an_2022 CODE=80 RESIDENTS=1734000 SYSTEM_CODE=H39 OLD_ID_CODE=30
	@test -n "$(KEY)" -a -n "$(CODE)" -a -n "$(RESIDENTS)" -a -n "$(SYSTEM_CODE)" -a -n "$(OLD_ID_CODE)" || { echo "Give KEY, CODE, RESIDENTS, SYSTEM_CODE and OLD_ID_CODE; make help shows an example"; exit 2; }
	@$(BIN)/python -m dean06 new-province $(KEY) --code $(CODE) --residents $(RESIDENTS) --system-code $(SYSTEM_CODE) --old-id-code $(OLD_ID_CODE)

.PHONY: truth
truth: $(VENV)/.run ## Print the true KPI values of the simulated data: make truth DAY=2022-10-31
	@$(BIN)/python -m ministries truth --as-of $(DAY)

.PHONY: docs
docs: $(VENV)/.dev ## Build the documentation site, offline, with every link checked: build/site
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build
	@echo "build/site/index.html is the site. Its search needs a server: python3 -m http.server -d build/site -b 127.0.0.1"

.PHONY: lock
lock: $(VENV)/.uv ## Write the locked requirements, with file hashes, from the .in files
	$(BIN)/$(LOCK) requirements-uv.in -o requirements-uv.txt
	$(BIN)/$(LOCK) requirements.in -o requirements.txt
	$(BIN)/$(LOCK) requirements-dev.in -o requirements-dev.txt
	$(BIN)/$(LOCK) requirements-sbom.in -o requirements-sbom.txt

.PHONY: sbom
sbom: $(VENV)/.dev ## Write the software bill of materials, with licences, as CycloneDX: build/sbom.cdx.json
	@$(BIN)/uv venv -q --clear build/sbom-venv
	@$(BIN)/uv pip install -q --python build/sbom-venv/bin/python --require-hashes -r requirements.txt
	@$(BIN)/uv venv -q --clear build/sbom-program
	@$(BIN)/uv pip install -q --python build/sbom-program/bin/python --require-hashes -r requirements-sbom.txt
	@build/sbom-program/bin/cyclonedx-py environment build/sbom-venv/bin/python --of JSON --sv 1.6 \
		--output-reproducible -o build/sbom.cdx.json
	@echo "build/sbom.cdx.json lists what requirements.txt installs"

# uv installs the lock in seconds; where it cannot (a mirror only pip knows), pip does the same.
# Both refuse a file whose hash is not in the lock. Modules are compiled here: CPython 3.11 keeps a truncated
# module when the disk fills up while a task compiles it, and no later process can import it.
$(VENV)/.uv: requirements-uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "dean06 needs Python 3.11 or newer")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-uv.txt
	@touch $@

$(VENV)/.run: requirements.txt $(VENV)/.uv
	@echo "Step 1 of 2: installing the locked packages (about a minute, once) …"
	@$(BIN)/uv pip install -q --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.txt || $(BIN)/python -m pip install -q --require-hashes -r requirements.txt
	@echo "Step 2 of 2: compiling dean06 …"
	@$(BIN)/python -m compileall -q dags plugins include
	@printf '%s\n%s\n' "$(CURDIR)/plugins" "$(CURDIR)/include" > "$$($(BIN)/python -c 'import site; print(site.getsitepackages()[0])')/dean06.pth"
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@echo "Installing the locked packages for tests …"
	@$(BIN)/uv pip install -q --compile-bytecode --python $(BIN)/python --require-hashes -r requirements-dev.txt || $(BIN)/python -m pip install -q --require-hashes -r requirements-dev.txt
	@touch $@
