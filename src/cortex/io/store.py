"""Content-addressed store of finished points: one small checksummed file per point.

A file appears whole or not at all, so a job may be killed at any moment, and two jobs may
compute the same point at once: both write the same values. While a point runs, a note beside
its record says so; the job freshens it, so that other machines can tell a running point from
one that was cut off. Arrays of a point stand in the same file, behind its text.
"""

import json
import os
import platform
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, Final, cast

import numpy as np

from cortex.errors import TableError
from cortex.provenance import canonical_json
from cortex.typing import AnyArray
from cortex.whole_files import STALE_SECONDS, runs, written_whole

BEAT_SECONDS: Final = STALE_SECONDS / 10.0

NOTED: Final = {"attempts": int, "host": str, "pid": int}
"""What a note holds."""

Arrays = dict[str, dict[str, AnyArray]]


@dataclass(frozen=True, slots=True)
class PointStore:
    """Records of finished points in one folder, named by the key of the point.

    Parameters
    ----------
    folder : path
        Flat, so that its own time stamp tells whether a record was deleted.
    """

    folder: Path

    def path(self, key: str) -> Path:
        """Return the file of the record called `key`."""
        return self.folder / f"{key}.json"

    def keys(self) -> set[str]:
        """Return the keys of all records present, sound or not."""
        if not self.folder.is_dir():
            return set()
        with os.scandir(self.folder) as entries:
            names = [entry.name for entry in entries]
        return {name[:-5] for name in names if name.endswith(".json") and name[0] != "."}

    def read(self, key: str) -> dict[str, Any] | None:
        """Return the record of `key` without its arrays, or None when there is none.

        Raises
        ------
        TableError
            The file is truncated, damaged or another point's.
        """
        try:
            text, _ = self._contents(key)
        except FileNotFoundError:
            return None
        record: dict[str, Any] = json.loads(text)
        if record.get("key") != key:
            msg = f"{self.path(key)}: holds the record of another point, {record.get('key')}"
            raise TableError(msg)
        return record

    def arrays(self, key: str) -> Arrays:
        """Return the arrays of the record of `key`: observable -> column -> values.

        Raises
        ------
        FileNotFoundError
            There is no such record.
        TableError
            The file is truncated or damaged.
        """
        _, packed = self._contents(key)
        return _unpacked(packed) if packed else {}

    def _contents(self, key: str) -> tuple[bytes, bytes]:
        """Return text and arrays of a record, found sound."""
        path = self.path(key)
        _refuse_folder(path)
        checksum, _, body = path.read_bytes().partition(b"\n")
        if checksum.decode("ascii", "replace") != sha256(body).hexdigest():
            msg = f"{path}: truncated or damaged, its checksum does not fit"
            raise TableError(msg)
        text, _, packed = body.partition(b"\n")
        return text, packed

    def write(self, key: str, record: Mapping[str, Any], arrays: Arrays | None = None) -> None:
        """Store a record under `key` and take back the note that it was begun."""
        body = canonical_json({**record, "key": key}).encode()  # holds no line break
        if arrays:
            body += b"\n" + _packed(arrays)
        self._place(self.path(key), sha256(body).hexdigest().encode() + b"\n" + body)
        self.note(key).unlink(missing_ok=True)

    def drop(self, key: str) -> None:
        """Remove a record, so that its point is computed again."""
        _refuse_folder(self.path(key))
        self.path(key).unlink(missing_ok=True)

    def note(self, key: str) -> Path:
        """Return the file that says that `key` was begun."""
        return self.folder / f".{key}.begun"

    def begin(self, key: str) -> None:
        """Note that this process runs `key`, and how many runs of it were cut off before."""
        self._note(key, self.cut_off(key) + 1)

    def cut_off(self, key: str) -> int:
        """Return how many runs of `key` began and never ended; another one still at it is none.

        Notes
        -----
        A process of this machine runs while it exists, one of another machine (on Windows: any)
        while its job freshens the note.
        """
        note = self._noted(key)
        return 0 if note is None else int(note["attempts"]) - int(self._runs_elsewhere(key, note))

    def refresh(self, keys: Iterable[str], pid: int) -> None:
        """Freshen the notes of those of `keys` that process `pid` of this machine runs."""
        for key in keys:
            note = self._noted(key)
            if note is not None and (note["host"], note["pid"]) == (platform.node(), pid):
                with suppress(OSError):  # it just ended, or the next beat will do
                    os.utime(self.note(key))

    def withdraw(self, key: str) -> None:
        """Take back that this process began `key`: it is interrupted, through no fault of `key`."""
        note = self._noted(key)
        if note is None or (note["host"], note["pid"]) != (platform.node(), os.getpid()):
            return
        if note["attempts"] > 1:
            self._note(key, note["attempts"] - 1)
        else:
            self.note(key).unlink(missing_ok=True)

    def _noted(self, key: str) -> dict[str, Any] | None:
        _refuse_folder(self.note(key))
        try:
            note = json.loads(self.note(key).read_bytes())
        except (FileNotFoundError, ValueError):
            return None
        is_ours = isinstance(note, dict) and NOTED.keys() == note.keys()
        if not is_ours or not all(isinstance(note[name], kind) for name, kind in NOTED.items()):
            return None  # damaged: as if it were not there
        return cast("dict[str, Any]", note)

    def _note(self, key: str, attempts: int) -> None:
        note = {"attempts": attempts, "host": platform.node(), "pid": os.getpid()}
        self._place(self.note(key), canonical_json(note).encode())

    def _runs_elsewhere(self, key: str, note: Mapping[str, Any]) -> bool:
        if note["host"] == platform.node() and os.name == "posix":
            return note["pid"] != os.getpid() and runs(note["pid"])
        try:
            return time.time() - self.note(key).stat().st_mtime < STALE_SECONDS
        except FileNotFoundError:  # it just ended
            return True

    def _place(self, path: Path, content: bytes) -> None:
        with written_whole(path, among_many=True) as aside:
            aside.write_bytes(content)


def _refuse_folder(path: Path) -> None:
    if path.is_dir():
        msg = f"{path}: a folder stands where the store keeps a file; remove it"
        raise TableError(msg)


def _packed(arrays: Arrays) -> bytes:
    """Return arrays as the bytes of one file; equal arrays give equal bytes."""
    flat = {
        f"{name}/{key}": column for name, part in arrays.items() for key, column in part.items()
    }
    stream = BytesIO()
    np.savez_compressed(stream, allow_pickle=False, **flat)
    return stream.getvalue()


def _unpacked(packed: bytes) -> Arrays:
    found: Arrays = {}
    with np.load(BytesIO(packed), allow_pickle=False) as file:
        for path in file.files:
            name, _, key = path.partition("/")
            found.setdefault(name, {})[key] = file[path]
    return found
