# The tree with the packages of the lock. Never built where cortex is developed: docs/platforms.md.
FROM python:3.11-slim
WORKDIR /cortex
ENV PATH=/cortex/.venv/bin:$PATH \
    NUMBA_CACHE_DIR=/cortex/.cache/numba \
    OMP_NUM_THREADS=1 \
    OPENBLAS_NUM_THREADS=1
RUN apt-get update && apt-get install --yes --no-install-recommends git make && rm -rf /var/lib/apt/lists/*
# the packages first: they change less often than the tree
COPY requirements/bootstrap.lock requirements/cortex.lock requirements/
RUN python -m venv .venv && pip install --no-cache-dir --require-hashes -r requirements/bootstrap.lock \
    && uv pip sync --no-cache --python .venv/bin/python --require-hashes requirements/bootstrap.lock requirements/cortex.lock
COPY . .
RUN uv pip install --no-cache --python .venv/bin/python --no-deps --no-build-isolation --editable .
CMD ["snakemake", "--cores", "2", "--configfile", "config/test.yaml"]
