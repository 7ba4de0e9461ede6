"""Columns of the tables of a sweep; what varies and what is observed differ per sweep."""

from collections.abc import Mapping
from typing import Final

from cortex.io.tables import Column, Kind, TableSchema
from cortex.params.spec import Count, Flag, Quantity, Spec
from cortex.params.sweep import column_name, unit_of

IDENTITY: Final = {
    "key": Column("1", "address of the point in the store", "text"),
    "replicate": Column("1", "independent repetition, from 0", "int"),
    "seed": Column("1", "seed of the repetition", "int"),
    "status": Column("1", "ok or failed", "text"),
    "error": Column("1", "why the point failed, empty if it did not", "text"),
}


MOVED: Final = Column("1", "what alone differs from the base; empty at the base", "text")


def parameter_columns(specs: Mapping[str, Spec]) -> dict[str, Column]:
    """Return a column per varied key, by the key without its unit suffix."""
    return {column_name(key, spec): _parameter(spec) for key, spec in specs.items()}


def _parameter(spec: Spec) -> Column:
    kinds: dict[type[Spec], Kind] = {Quantity: "float", Count: "int", Flag: "bool"}
    return Column(unit_of(spec), spec.doc or "varied", kinds.get(type(spec), "text"))


def sweep_schema(
    model: str, parameters: Mapping[str, Column], observables: Mapping[str, Column]
) -> TableSchema:
    """Return the schema of the raw table: a row per point and repetition."""
    columns = {"key": IDENTITY["key"], **parameters}
    columns |= {name: IDENTITY[name] for name in ("replicate", "seed")} | dict(observables)
    columns |= {name: IDENTITY[name] for name in ("status", "error")}
    return TableSchema(f"sweep/{model}", columns)


def summary_schema(
    model: str, parameters: Mapping[str, Column], observables: Mapping[str, Column]
) -> TableSchema:
    """Return the schema of the table over repetitions: mean, spread and number, or majority."""
    columns = {**parameters, "n": Column("1", "repetitions that did not fail", "int")}
    for name, column in observables.items():
        if column.kind == "text":
            columns[name] = Column("1", f"{column.doc}: most frequent", "text")
            columns[f"{name}_share"] = Column("1", "share of repetitions that agree with it")
        else:
            columns[f"{name}_mean"] = Column(column.unit, f"{column.doc}: mean")
            columns[f"{name}_sd"] = Column(column.unit, f"{column.doc}: standard deviation")
            columns[f"{name}_n"] = Column("1", "repetitions where it is defined", "int")
    return TableSchema(f"sweep_summary/{model}", columns)


def map_schema(
    model: str, parameters: Mapping[str, Column], observables: Mapping[str, Column]
) -> TableSchema:
    """Return the schema of a refined observable on its full grid."""
    computed = Column("1", "whether the point was computed; else filled from its cell", "bool")
    columns = {**parameters, **observables, "computed": computed}
    return TableSchema(f"sweep_map/{model}", columns)


def array_schema(
    model: str, name: str, parameters: Mapping[str, Column], columns: Mapping[str, Column]
) -> TableSchema:
    """Return the schema of an array observable: its rows below each other, point by point."""
    identity = {**parameters, "replicate": IDENTITY["replicate"]}
    return TableSchema(f"sweep_array/{model}/{name}", {**identity, **columns})
