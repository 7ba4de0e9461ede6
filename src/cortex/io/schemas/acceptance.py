"""Tables of the acceptance checks, values in the unit of each row, and of claims in texts."""

from typing import Final

from cortex.io.tables import Column, TableSchema

ACCEPTANCE: Final = TableSchema(
    "acceptance",
    {
        "check_id": Column("1", "id of the check, family.quantity.case", "text"),
        "model": Column("1", "model and parameter point", "text"),
        "quantity": Column("1", "what is compared", "text"),
        "unit": Column("1", "unit of expected, got and absolute tolerances", "text"),
        "expected": Column("1", "value to reproduce, in the unit of the row"),
        "got": Column("1", "value obtained, in the unit of the row; nan when not measured"),
        "deviation": Column("1", "relative or absolute deviation, as the tolerance kind says"),
        "tolerance": Column("1", "largest deviation that passes"),
        "tolerance_kind": Column("1", "rel, abs, min (got >= expected) or max", "text"),
        "kind": Column("1", "closed form, independent number, published, simulation band", "text"),
        "source": Column("1", "where the expected value comes from", "text"),
        "reason": Column("1", "why the tolerance is what it is", "text"),
        "passed": Column("1", "whether the check passes", "bool"),
    },
)

CLAIMS: Final = TableSchema(
    "claims",
    {
        "figure": Column("1", "figure under which the claim stands", "text"),
        "claim": Column("1", "name of the claim", "text"),
        "holds": Column("1", "whether it holds for the tables of this run", "bool"),
        "sentence": Column("1", "what the text says, in the form that holds", "text"),
    },
)
