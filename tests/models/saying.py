"""What the text of a figure says of tables, for tests of claims."""

from pathlib import Path

import numpy as np

from cortex.claims.text import render
from cortex.claims.value import Facts
from cortex.typing import AnyArray


def text(*values: object) -> AnyArray:
    return np.array(values, dtype=object)


def said(root: Path, figure: str, facts: Facts) -> tuple[str, set[str]]:
    """Return the text of a figure in one line, and the claims that do not hold."""
    template = root / "workflow" / "report" / f"{figure}.rst"
    made = render(template.read_text(encoding="utf-8"), facts, figure)
    return " ".join(made.body.split()), {c.name for c in made.claims if not c.holds}
