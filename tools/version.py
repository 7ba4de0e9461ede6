"""Version of the distribution: of the tag of the checkout, else of the release that is cited.

A commit that bears a tag ``vX.Y.Z`` is X.Y.Z; N commits later it is X.Y.(Z+1).devN. A source
distribution keeps the version it was built with. Without git or tags it is that of CITATION.cff.
``python tools/version.py`` prints it.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def version(root: Path = ROOT) -> str:
    """Return the version of a tree."""
    built = root / "PKG-INFO"
    if built.is_file():
        return _entry(built, "Version")
    return _described(root) or _entry(root / "CITATION.cff", "version")


def _entry(path: Path, key: str) -> str:
    found = re.search(rf"^{key}: (\S+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    if found is None:
        msg = f"{path} holds no line `{key}: ...`"
        raise ValueError(msg)
    return found[1]


def _described(root: Path) -> str:
    """Return what the last tag behind the checkout says; empty without one."""
    if not (root / ".git").exists():  # a tree without git may lie in somebody else's checkout
        return ""
    command = ["git", "describe", "--tags", "--long", "--match", "v[0-9]*"]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    except OSError:  # no git here
        return ""
    found = re.fullmatch(r"v(\d+)\.(\d+)\.(\d+)-(\d+)-g\w+\n", done.stdout)
    if found is None:
        return ""
    major, minor, patch, later = map(int, found.groups())
    return f"{major}.{minor}.{patch + 1}.dev{later}" if later else f"{major}.{minor}.{patch}"


if __name__ == "__main__":
    sys.stdout.write(f"{version()}\n")
