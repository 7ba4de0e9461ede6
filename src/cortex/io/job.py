"""What every workflow script needs: a log with a traceback, and the provenance of its job."""

import json
import logging
import platform
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cortex.installation import damaged_cache
from cortex.provenance import Provenance, commit_of_run, versions

LOG = logging.getLogger("cortex")


@contextmanager
def job_log(path: Path | str) -> Iterator[None]:
    """Write versions, commit, host, times and, on failure, the traceback to the rule's log.

    What differs between equal runs (time, host, commit) goes here and never into a result.
    """
    log = Path(path)
    log.parent.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    head = {
        "start": datetime.now(UTC).isoformat(),
        "host": platform.node(),
        "commit": commit_of_run(),
        **versions(),
    }
    with log.open("w", encoding="utf-8") as stream:
        stream.write(json.dumps(head) + "\n")
        stream.flush()
        own = logging.StreamHandler(stream)  # how far a long job is
        LOG.setLevel(logging.INFO)
        LOG.addHandler(own)
        try:
            yield
        except BaseException as error:
            traceback.print_exc(file=stream)
            said = (f"{type(error).__name__}: {error}", damaged_cache(error))
            sys.stderr.write("".join(f"{line}\n" for line in said if line))
            raise
        finally:
            LOG.removeHandler(own)
        stream.write(json.dumps({"seconds": round(time.perf_counter() - started, 3)}) + "\n")


def run_job(main: Callable[[Any], None], names: Mapping[str, Any]) -> None:
    """Run what a script of the workflow does, with a log.

    Parameters
    ----------
    main : function of the snakemake object
        What the script does.
    names : mapping
        ``globals()`` of the script, among which Snakemake puts its object.
    """
    smk = names["snakemake"]
    with job_log(smk.log[0]):
        main(smk)


def job_provenance(smk: Any, tables: Iterable[str] | None = None) -> Provenance:
    """Return the provenance of a Snakemake job, and of every table among its inputs.

    Parameters
    ----------
    smk : object
        What Snakemake tells the script.
    tables : iterable of path, optional
        The inputs that cortex wrote; by default every Parquet file.
    """
    # loads Arrow: jobs of a sweep that only keep a log do without
    from cortex.io.ancestry import ancestry_of  # noqa: PLC0415

    if tables is None:
        tables = [str(path) for path in smk.input if str(path).endswith(".parquet")]
    params = dict(smk.params.items())
    code = params.pop("code", "")
    return Provenance(
        rule=str(smk.rule),
        params=params,
        code=code,
        seed=params.get("seed"),
        wildcards=dict(smk.wildcards.items()),
        ancestry=ancestry_of(tables),
    )
