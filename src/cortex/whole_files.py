"""Files that appear whole or not at all; what a killed writer left half-written is removed."""

import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from threading import get_ident
from typing import Final

STALE_SECONDS: Final = 300.0  # file systems lag, and clocks differ


def runs(pid: int) -> bool:
    """Tell whether a process of this machine exists; on Windows asking would end it.

    Parameters
    ----------
    pid : int
        Its number; never one of another machine.
    """
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return True


def aside_of(path: Path) -> Path:
    """Return where this thread writes what is to become `path`."""
    return path.with_name(f".{path.name}.{platform.node()}.{os.getpid()}.{get_ident()}.part")


@contextmanager
def written_whole(path: Path, *, among_many: bool = False) -> Iterator[Path]:
    """Give a path to write to; rename it into place at the end, or drop it on an error.

    Parameters
    ----------
    path : Path
        Destination; its folder is made when missing.
    among_many : bool
        Left-overs of `path` are not looked for: listing its folder would take too long.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not among_many:
        remove_left_overs(path.parent, path.name)
    aside = aside_of(path)
    try:
        yield aside
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def remove_left_overs(folder: Path, name: str | None = None) -> None:
    """Remove the half-written files of writers that were killed.

    One of this machine is a left-over when its process has ended, one of another machine when
    nobody has written to it for `STALE_SECONDS`.

    Parameters
    ----------
    folder : Path
        Where to look; it may be missing.
    name : str, optional
        Only those of this file; without it of every file.
    """
    for aside in folder.glob(f".{'*' if name is None else escape(name)}.*.*.*.part"):
        *stem, pid, _, _ = aside.name.rsplit(".", 3)
        with suppress(FileNotFoundError):  # its writer just ended
            if os.name == "posix" and stem[0].endswith(f".{platform.node()}") and pid.isdigit():
                is_written = runs(int(pid))
            else:
                is_written = time.time() - aside.stat().st_mtime < STALE_SECONDS
            if not is_written:
                aside.unlink(missing_ok=True)
