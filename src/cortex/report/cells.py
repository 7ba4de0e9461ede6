"""What a cell of a notebook shows beside figures: text, tables, films."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Text:
    """Markdown that a notebook shows."""

    markdown: str

    def _repr_markdown_(self) -> str:
        return self.markdown


@dataclass(frozen=True, slots=True)
class HtmlTable:
    """A table that a notebook shows."""

    head: Sequence[str]
    body: Sequence[Sequence[str]]

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(cell)}</th>" for cell in self.head)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in self.body
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


@dataclass(frozen=True, slots=True)
class Animation:
    """An animated GIF that a notebook plays; it stands in the page itself."""

    gif: bytes
    label: str

    def _repr_html_(self) -> str:
        data = b64encode(self.gif).decode()
        return f'<img src="data:image/gif;base64,{data}" alt="{escape(self.label)}">'


@dataclass(frozen=True, slots=True)
class Beside:
    """A small page that lies beside the page of the notebook, shown in it; a link where it is lost.

    What differs from run to run stands there, and not in the page itself.
    """

    page: str
    label: str
    height: float

    def _repr_html_(self) -> str:
        page, label = escape(self.page), escape(self.label)
        return (
            f'<object data="{page}" type="text/html" style="width: 100%; height: {self.height}em">'
            f'<a href="{page}">{label}</a></object>'
        )
