"""What the text of a figure says of tables, for tests of claims."""

import numpy as np

from cortex.claims.text import render


def text(*values):
    return np.array(values, dtype=object)


def said(root, figure, facts):
    """Return the text of a figure in one line, and the claims that do not hold."""
    template = root / "workflow" / "report" / f"{figure}.rst"
    made = render(template.read_text(encoding="utf-8"), facts, figure)
    return " ".join(made.body.split()), {c.name for c in made.claims if not c.holds}
