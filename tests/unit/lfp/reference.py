"""The stored numbers of wslfp 0.2.3 and its neighbours, by file."""

import json
from pathlib import Path

DATA = Path(__file__).parents[2] / "data" / "wslfp"


def stored(name):
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
