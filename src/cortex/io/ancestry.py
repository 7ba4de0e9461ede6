"""What tables were made from, back to the first job: kept in each table, each job once.

The metadata of a table holds its own provenance and, under ``ancestry``, that of every job
between it and the first ones: ``records`` by digest, which name the records they were made
from; ``values`` of parameters by digest, shared by the records; ``inputs``, the records of
the tables that its own job read. The digests make it small and equal for equal runs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cortex.io.tables import read_provenance
from cortex.provenance import digest_of

DIGITS: Final = 16  # of a digest: enough to tell the jobs of one run apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Ancestor:
    """A job that a table was made from, directly or not."""

    rule: str
    code: str
    seed: str
    wildcards: Mapping[str, str]
    params: Mapping[str, Any]
    versions: Mapping[str, str]


def ancestry_of(paths: Iterable[Path | str]) -> dict[str, Any]:
    """Return what tables and all before them were made from; empty for no tables.

    Raises
    ------
    TableError
        A table is missing or damaged.
    """
    inputs: set[str] = set()
    records: dict[str, Any] = {}
    values: dict[str, Any] = {}
    for path in paths:
        source = read_provenance(path)
        earlier = source.get("ancestry", {})
        records |= earlier.get("records", {})
        values |= earlier.get("values", {})
        record = _record(source, earlier.get("inputs", []), values)
        key = digest_of(record)[:DIGITS]
        records[key] = record
        inputs.add(key)
    return {"inputs": sorted(inputs), "records": records, "values": values} if inputs else {}


def ancestors(source: Mapping[str, Any]) -> list[Ancestor]:
    """Return every job behind a table, those nearest to it first.

    Parameters
    ----------
    source : mapping
        Provenance of the table, from `cortex.io.tables.read_provenance`.
    """
    ancestry = source.get("ancestry") or {"inputs": [], "records": {}, "values": {}}
    records, values = ancestry["records"], ancestry["values"]
    depth: dict[str, int] = {}
    layer, level = set(ancestry["inputs"]), 0
    while layer:
        depth |= dict.fromkeys(layer, level)  # the farthest place of a record counts
        layer = {each for key in layer for each in records[key]["inputs"]}
        level += 1
    order = sorted(depth, key=lambda key: (depth[key], _place(records[key])))
    return [_ancestor(records[key], values) for key in order]


def _record(source: Mapping[str, Any], inputs: list[str], values: dict[str, Any]) -> dict[str, Any]:
    """Return the record of a table's job; its parameters go into `values`."""
    return {
        **{key: source.get(key, "") for key in ("rule", "code", "seed")},
        "wildcards": source.get("wildcards", {}),
        "params": {key: _kept(value, values) for key, value in source.get("params", {}).items()},
        "versions": _kept(source.get("versions", {}), values),
        "inputs": inputs,
    }


def _kept(value: Any, values: dict[str, Any]) -> str:
    key = digest_of(value)[:DIGITS]
    values[key] = value
    return key


def _place(record: Mapping[str, Any]) -> tuple[str, list[str]]:
    return record["rule"], list(record["wildcards"].values())


def _ancestor(record: Mapping[str, Any], values: Mapping[str, Any]) -> Ancestor:
    return Ancestor(
        rule=record["rule"],
        code=record["code"],
        seed=record["seed"],
        wildcards=record["wildcards"],
        params={name: values[key] for name, key in record["params"].items()},
        versions=values[record["versions"]],
    )
