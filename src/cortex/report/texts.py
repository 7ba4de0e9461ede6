"""The text of a figure: its template with the values and claims of the tables at hand."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from docutils.core import publish_parts

from cortex.claims.text import Text, facts_of, render
from cortex.report.registry import Figure
from cortex.typing import AnyArray


def text_of(figure: Figure, template: Path, tables: Mapping[str, Mapping[str, AnyArray]]) -> Text:
    """Return the text of a figure for its tables.

    Parameters
    ----------
    figure : Figure
        Entry of the registry.
    template : path
        Its text with named values and claims, reStructuredText.
    tables : mapping of str to columns
        Tables of the figure by argument name, SI.

    Raises
    ------
    ConfigError
        The text names a value that the tables do not give.
    """
    source = template.read_text(encoding="utf-8")
    return render(source, facts_of(figure.says, tables), str(template))


def claim_columns(texts: Mapping[str, Text]) -> dict[str, list[object]]:
    """Return the columns of table `claims`: figure by figure, each claim as it was said."""
    rows: Iterable[tuple[str, str, bool, str]] = [
        (name, claim.name, claim.holds, claim.sentence)
        for name, text in texts.items()
        for claim in text.claims
    ]
    names = ("figure", "claim", "holds", "sentence")
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}


def as_html(text: str) -> str:
    """Return reStructuredText as HTML, formulas as MathML."""
    settings = {"report_level": 5, "math_output": "MathML"}
    return str(publish_parts(text, writer="html5", settings_overrides=settings)["body"])
