"""HDF5 without surprises: what is missing, broken or of another kind is named by its place."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from cortex.errors import TableError
from cortex.typing import AnyArray


@contextmanager
def opened(path: Path) -> Iterator[h5py.File]:
    """Open a file; what HDF5 cannot read, there or within, is a damaged table."""
    try:
        with h5py.File(path) as file:
            yield file
    except (OSError, RuntimeError, KeyError) as error:  # h5py's own, by the kind of damage
        msg = f"{path}: cannot be read as HDF5 ({error})"
        raise TableError(msg) from None


def member(path: Path, group: Any, name: str) -> Any:
    """Return what a group holds under a name, None if there is nothing.

    Raises
    ------
    TableError
        The name is a link to something that is not there.
    """
    if group.get(name, getlink=True) is None:
        return None
    try:
        return group[name]
    except (KeyError, OSError):
        msg = f"{path}: {_place(group, name)} is a link to something that is not there"
        raise TableError(msg) from None


def group_of(path: Path, group: Any, name: str) -> Any:
    """Return a group, None if there is nothing of that name.

    Raises
    ------
    TableError
        There is a dataset in its place.
    """
    found = member(path, group, name)
    if found is not None and not isinstance(found, h5py.Group):
        msg = f"{path}: {_place(group, name)} is a dataset, needs to be a group"
        raise TableError(msg)
    return found


def dataset_of(path: Path, group: Any, name: str, *, kinds: str = "iuf", ndim: int = 1) -> Any:
    """Return a dataset of numbers, not read yet.

    Raises
    ------
    TableError
        Nothing of that name, a group, a null dataspace, another shape or another kind.
    """
    found, place = member(path, group, name), _place(group, name)
    if found is None:
        msg = f"{path}: {group.name} has no {name}"
        raise TableError(msg)
    if not isinstance(found, h5py.Dataset):
        msg = f"{path}: {place} is a group, needs to be a dataset"
        raise TableError(msg)
    if found.shape is None:
        msg = f"{path}: {place} is empty (a null dataspace); no spikes are an array of length 0"
        raise TableError(msg)
    known = found.dtype.kind in kinds or (found.size == 0 and found.dtype.kind == "f")
    if found.ndim != ndim or not known:
        wanted = "whole numbers" if kinds == "iu" else "numbers"
        msg = f"{path}: {place} holds {found.dtype} {found.shape}, needs {ndim}-D {wanted}"
        raise TableError(msg)
    return found


def text_of(value: Any) -> str:
    """Return an attribute as text, also where it is bytes or an array of one element."""
    value = np.asarray(value).ravel()
    first = value[0] if value.size == 1 else value.tolist()
    return first.decode() if isinstance(first, bytes) else str(first)


def number_of(path: Path, holder: Any, name: str) -> float | None:
    """Return a scalar attribute, None if there is none."""
    if name not in holder.attrs:
        return None
    value = np.asarray(holder.attrs[name])
    if value.size != 1 or value.dtype.kind not in "iuf" or not np.isfinite(value.ravel()[0]):
        msg = f"{path}: attribute {name} of {holder.name} holds {value}, needs one number"
        raise TableError(msg)
    return float(value.ravel()[0])


def words_of(path: Path, dataset: Any, n: int) -> AnyArray:
    """Return a column of text with one word for each of `n` rows."""
    words = np.array([each.decode() if isinstance(each, bytes) else str(each) for each in dataset])
    if words.shape != (n,):
        msg = f"{path}: {dataset.name} has {len(words)} rows, the table {n}"
        raise TableError(msg)
    return words


def _place(group: Any, name: str) -> str:
    return f"{group.name.rstrip('/')}/{name}"
