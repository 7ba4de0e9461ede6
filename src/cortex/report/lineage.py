"""What stands behind a figure: every job from its tables back to the first, rule by rule."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cortex.io.ancestry import Ancestor, ancestors
from cortex.provenance import canonical_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The jobs of one rule behind a figure.

    Parameters
    ----------
    rule, code : str
        Rule and digest of its code.
    runs : tuple of str
        Which jobs: the wildcards, ``network 0, state A``; empty for a rule of one job.
    seeds : str
        Seeds of the jobs, one for all as a rule; empty where nothing is drawn.
    params : str
        Parameters as JSON; what differs between the jobs is listed.
    versions : str
        Versions of Python and packages.
    """

    rule: str
    code: str
    runs: tuple[str, ...]
    seeds: str
    params: str
    versions: str


def lineage_of(sources: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Return the steps behind tables, nearest first, from their provenance."""
    jobs: dict[str, Ancestor] = {}
    for source in sources:
        jobs |= {_identity(job): job for job in ancestors(source)}
    rules: dict[tuple[str, str], list[Ancestor]] = {}
    for job in jobs.values():
        rules.setdefault((job.rule, job.code), []).append(job)
    return tuple(_step(*key, group) for key, group in rules.items())


def name_versions(versions: Mapping[str, str]) -> str:
    """Return names and versions as a line of text."""
    return ", ".join(f"{name} {value}" for name, value in versions.items())


def _identity(job: Ancestor) -> str:
    return canonical_json([job.rule, job.code, job.wildcards, job.params])


def _step(rule: str, code: str, jobs: list[Ancestor]) -> Step:
    return Step(
        rule=rule,
        code=code,
        runs=tuple(_name(job.wildcards) for job in jobs if job.wildcards),
        seeds=", ".join(sorted({job.seed for job in jobs if job.seed})),
        params=json.dumps(_shared([job.params for job in jobs]), indent=1),
        versions="; ".join(sorted({name_versions(job.versions) for job in jobs})),
    )


def _name(wildcards: Mapping[str, str]) -> str:
    return ", ".join(f"{key} {value}" for key, value in wildcards.items())


def _shared(params: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Return each parameter once; the values of one that differs between jobs in a list."""
    shared: dict[str, Any] = {}
    for name in params[0]:
        values = {canonical_json(each.get(name)): each.get(name) for each in params}
        several = len(values) > 1
        shared[f"{name}, by job" if several else name] = (
            list(values.values()) if several else params[0][name]
        )
    return shared
