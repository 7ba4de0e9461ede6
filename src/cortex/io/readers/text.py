"""Tables of text: CSV, TSV, spaces, semicolons, with or without `#` lines and a header.

No row may differ from its header: a longer one would move its columns, a shorter one lack a
value. Both are refused with their line.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from textwrap import shorten
from typing import Final

import numpy as np
import pandas as pd

from cortex.errors import TableError
from cortex.typing import AnyArray

COMMENTS: Final = ("#", "%")
SPACES: Final = r"\s+"


def read_text(
    path: Path, *, separator: str | None = None, columns: Sequence[str] | None = None
) -> dict[str, AnyArray]:
    """Return the columns of a text file.

    Parameters
    ----------
    path : path
        Lines that begin with ``#`` or ``%`` are comments.
    separator : str, optional
        Between columns; recognised by default: tab, comma, semicolon, bar, or spaces.
    columns : sequence of str, optional
        Names of the columns of a file without a header.

    Raises
    ------
    TableError
        Rows longer or shorter than the header, no header, text that is no text.
    """
    lines, before, remark = _head(path)
    if not lines:
        msg = f"{path}: an empty file; a table without a spike has a header"
        raise TableError(msg)
    if lines[0].lstrip().startswith(("{", "[")):
        msg = f"{path}: looks like JSON; save a table of text, Parquet or NumPy"
        raise TableError(msg)
    sep = separator or _separator(lines[0])
    sep = SPACES if sep == " " else sep
    fields = _split(lines[0], sep)
    headed = not all(_is_number(field) for field in fields)
    if not headed and columns is None and len(_split(remark, SPACES)) == len(fields):
        columns = _split(remark, SPACES)  # a header behind a #, as numpy.savetxt writes it
    names = _names(path, fields, columns, headed=headed)
    frame = _body(path, sep, before + headed, empty=headed and len(lines) == 1)
    if frame.empty:
        return {name: np.zeros(0, dtype=np.int64) for name in names}
    while frame.shape[1] > len(names) and frame.iloc[:, -1].isna().all():
        frame = frame.iloc[:, :-1]  # every row ends in a separator, the header does not
    if frame.shape[1] != len(names):
        msg = (
            f"{path}: rows of {frame.shape[1]} values under a header of {len(names)} "
            f"({', '.join(names)}); every value needs a name"
        )
        raise TableError(msg)
    if frame.iloc[:, -1].isna().any():
        _refuse_short_rows(path, sep, len(names))
    return {name: frame[i].to_numpy() for i, name in enumerate(names)}


def _head(path: Path) -> tuple[list[str], int, str]:
    """Return the first lines, how many lines stand before them, and the last comment there."""
    lines: list[str] = []
    before, remark = 0, ""
    try:
        with path.open(encoding="utf-8-sig") as file:
            for line in file:
                if not line.strip() or line.lstrip().startswith(COMMENTS):
                    before += not lines
                    remark = remark if lines else line.strip().lstrip("#% ")
                    continue
                lines.append(line.rstrip("\r\n"))
                if len(lines) == 3:
                    break
    except UnicodeDecodeError:
        msg = f"{path}: neither text nor a kind that cortex knows; is it a format of Neo?"
        raise TableError(msg) from None
    return lines, before, remark


def _separator(line: str) -> str:
    """Return the separator of the first line, which the rows have to share."""
    return next((sep for sep in ("\t", ";", ",", "|") if sep in line.strip()), SPACES)


def _split(line: str, sep: str) -> list[str]:
    fields = re.split(sep, line.strip()) if sep == SPACES else line.split(sep)
    return [field.strip().strip("\"'") for field in fields]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return text == ""
    return True


def _names(
    path: Path, fields: list[str], columns: Sequence[str] | None, *, headed: bool
) -> list[str]:
    if columns is not None and headed:
        msg = f"{path}: has a header ({', '.join(fields)}); leave columns= out"
        raise TableError(msg)
    names = list(columns) if columns is not None else fields
    if columns is None and not headed:
        msg = (
            f"{path}: no header; the first line is {shorten(' '.join(fields), 60)!r}; say what "
            'its columns are: columns=["neuron", "time_ms"]'
        )
        raise TableError(msg)
    while len(names) > 1 and names[-1] == "":
        names.pop()  # a header that ends in a separator
    # an unnamed first column is the index that tables are often written with
    names = [name or f"unnamed_{i}" for i, name in enumerate(names)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        msg = f"{path}: two columns are called {twice[0]!r}; rename one"
        raise TableError(msg)
    return names


def _refuse_short_rows(path: Path, sep: str, n: int) -> None:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, start=1):
            row = line.split("#")[0].rstrip("\r\n")
            found = len(_split(row, sep))
            if row.strip() and not row.lstrip().startswith(COMMENTS) and found < n:
                msg = f"{path}: line {number} has {found} values, needs {n}"
                raise TableError(msg)


def _body(path: Path, sep: str, skipped: int, *, empty: bool) -> pd.DataFrame:
    if empty:
        return pd.DataFrame()
    literal = sep if sep == SPACES else re.escape(sep)  # pandas takes longer ones for patterns
    many = len(sep) > 1 and sep != SPACES
    try:
        return pd.read_csv(
            path, sep=literal if many else sep, header=None, skiprows=skipped, comment="#",
            skipinitialspace=True, engine="python" if many else "c",
        )  # fmt: skip
    except pd.errors.EmptyDataError:
        return pd.DataFrame()
    except (OSError, ValueError) as error:
        msg = f"{path}: cannot be read ({str(error).strip()}); every row needs as many values"
        raise TableError(msg) from None
