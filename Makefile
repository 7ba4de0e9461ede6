# Two commands do everything: `make figures` and `make test`. Both set up what they need.
#   make figures [CORES=2] [CONFIG=config/config.yaml]
#   make test [MAY_SKIP=regular expression: a test skipped for another reason fails]
CORES ?= 2
CONFIG ?= config/config.yaml
PYTHON ?= python3
VENV := .venv
STAMP := $(VENV)/.cortex-environment

export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export NUMBA_CACHE_DIR := $(CURDIR)/.cache/numba
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
unexport PYTHONPATH VIRTUAL_ENV PYTHONDONTWRITEBYTECODE
ifneq ($(filter C POSIX,$(LC_ALL)),) # there Python 3.11 and 3.12 do not start below a path with umlauts
export LC_ALL := C.UTF-8
endif

.PHONY: env config figures test test-fast mutants peers-elephant peers-formats peers-nest peers-nest-mpi test-elephant test-formats test-nest test-nest-mpi test-slurm fuzz kill-study check dry-run report docs benchmarks values schema crate lock clean

env: $(STAMP)

$(STAMP): requirements/cortex.lock requirements/bootstrap.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "cortex needs Python 3.11 or newer; found: $$($(PYTHON) --version). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV) || \
	  { echo "could not make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "setting up the environment in $(VENV) (once)"
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.lock
	@$(VENV)/bin/uv pip sync --quiet --compile-bytecode --python $(VENV)/bin/python --require-hashes requirements/bootstrap.lock requirements/cortex.lock
	@$(VENV)/bin/uv pip install --quiet --python $(VENV)/bin/python --no-deps --no-build-isolation --editable .
	@touch $@

# Says what is wrong with a configuration, all that Snakemake's start would find and where.
config: env
	@python -m cortex.launch.check $(CONFIG)

figures: config
	@trap : INT; start=$$(date +%s); snakemake --cores $(CORES) --configfile $(CONFIG); status=$$?; \
	  echo; echo "took $$(( $$(date +%s) - start )) s on $(CORES) cores"; \
	  python -m cortex.report.summary $$status $(CONFIG); exit $$status

# One process more than cores: the tests of whole workflows mostly wait.
test: env
	pytest -q -n $$(( $(CORES) + 1 )) --dist loadgroup -m "not cluster" --may-skip "$(MAY_SKIP)" && echo "tests passed; figures and report: make figures, then open results/report.html"

test-fast: env
	pytest -q -n $(CORES) --dist loadgroup -m "not slow and not cluster"

# Which changes of one line the quick unit tests notice (docs/adr/0220); an hour on a quiet machine, goes on after an interrupt.
mutants: env
	nice -n 10 python tests/mutation/mutants.py

# Outside oracles, in environments of their own. Statistics: elephant and specparam.
peers-elephant: env
	uv venv --quiet --clear benchmarks/.envs/elephant
	uv pip install --quiet --python benchmarks/.envs/elephant/bin/python elephant==1.2.1 pytest==9.2.0 specparam==2.0.0rc7 --editable ".[spectra]"

test-elephant: peers-elephant
	benchmarks/.envs/elephant/bin/python -m pytest -q --may-skip never tests/unit/analysis/test_elephant.py tests/unit/analysis/test_specparam.py

# Files: the tools that write what cortex reads, and read what cortex exports.
peers-formats: env
	uv venv --quiet --clear benchmarks/.envs/formats
	uv pip install --quiet --python benchmarks/.envs/formats/bin/python bmtk==1.2.0 elephant==1.2.1 libsonata==0.2.2 \
	  neo==0.14.6 nixio==1.5.4 nwbinspector==0.7.2 pyedflib==0.1.42 pynwb==4.2.0 pytest==9.2.0 --editable ".[files,neo,edf]"

test-formats: peers-formats
	benchmarks/.envs/formats/bin/python -m pytest -q --may-skip never tests/unit/io

# NEST, and PyNN for exported scripts, in an environment of their own, where `backend: nest` of a network file finds it.
peers-nest: env
	uv venv --quiet --clear benchmarks/.envs/nest
	uv pip install --quiet --python benchmarks/.envs/nest/bin/python nest-simulator==3.10.0 PyNN==0.13.0

test-nest: peers-nest
	CORTEX_NEST_PYTHON=$(CURDIR)/benchmarks/.envs/nest/bin/python pytest -q --may-skip never tests/unit/nest

# NEST on several processes, built once from its source with the system's Open MPI and the models that cortex hands over:
# some minutes. Installs the distribution's packages as root.
NEST_MODELS := iaf_psc_delta;iaf_psc_exp;iaf_psc_exp_multisynapse;poisson_generator;spike_generator;spike_recorder;static_synapse
peers-nest-mpi: env
	command -v mpicc > /dev/null || { apt-get update -q && apt-get install -q -y --no-install-recommends cmake g++ libopenmpi-dev openmpi-bin; }
	uv venv --quiet --clear benchmarks/.envs/nest-mpi
	CMAKE_BUILD_PARALLEL_LEVEL=$(CORES) uv pip install --quiet --python benchmarks/.envs/nest-mpi/bin/python nest-simulator==3.10.0 \
	  --no-binary nest-simulator -C cmake.define.with-mpi=ON -C cmake.define.with-gsl=OFF -C cmake.define.with-boost=OFF \
	  -C cmake.define.with-ltdl=OFF -C "cmake.define.with-models=$(NEST_MODELS)" \
	  -C cmake.define.CMAKE_PROJECT_INCLUDE=$(CURDIR)/tools/nest_mpi.cmake

test-nest-mpi: peers-nest-mpi
	python tools/slurm/loopback.py up && python tools/slurm/loopback.py down
	CORTEX_NEST_PYTHON=$(CURDIR)/benchmarks/.envs/nest-mpi/bin/python pytest -q --may-skip never tests/workflow/test_nest_processes.py

# A real SLURM on loopback, one node of which dies; installs the distribution's packages, needs root.
test-slurm: env
	python tools/slurm/loopback.py up && python tools/slurm/loopback.py down
	pytest -q tests/workflow/test_slurm.py

# Every fuzzer at its large size: tried, refused, accepted, faults (docs/testing.md).
fuzz: env
	@python tests/fuzz/large.py $(CORES)

# A small study killed 100 times with SIGKILL, 20 times with each other signal (docs/testing.md).
kill-study: env
	@python tests/workflow/kill_study.py 100 0 $(CORES)

check: env
	ruff check . && ruff format --check . && mypy && lint-imports
	snakefmt --check Snakefile workflow/Snakefile workflow/rules && snakemake --lint
	nbstripout --verify notebooks/*.ipynb

dry-run: config
	snakemake --cores $(CORES) --configfile $(CONFIG) --dry-run

report: config
	snakemake --configfile $(CONFIG) --report results/snakemake-report.html

# A newer MkDocs is another program; the variable spares its advertisement.
docs: env
	NO_MKDOCS_2_WARNING=1 mkdocs build --strict
	@echo "documentation: results/site/docs/index.html (open it in a browser, no network needed)"

# All families against their peers: an hour on a quiet machine, 20 GB of memory.
benchmarks: env
	@python -m benchmarks.run all --rounds 3

# What the pages of models quote of a finished default run.
values: env
	@python tools/model_values.py results "$$(git describe --always --dirty)"

# What editors complete and explain the keys of a configuration with.
schema: env
	python -m cortex.config.schema > docs/schema/cortex.schema.json

crate: env
	@python -m cortex.report.crate results/crate && echo "crate: results/crate"

lock: env
	uv pip compile --quiet --universal --fork-strategy fewest --generate-hashes --python-version 3.11 \
	  --custom-compile-command "make lock" --extra dev pyproject.toml --output-file requirements/cortex.lock
	python requirements/export_environment.py

clean:
	rm -rf results logs benchmarks/rules .snakemake
