"""The pages for users of other tools: no function of the peer is left out, none of ours made up."""

import importlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = {path.stem: path for path in sorted((ROOT / "docs" / "coming-from").glob("*.md"))}
PEERS = json.loads((ROOT / "tests" / "data" / "peers" / "public_names.json").read_text())
MODULES = ("analysis", "connectivity", "lfp", "meanfield", "spiking")
OURS = re.compile(rf"\b(?:cortex\.)?({'|'.join(MODULES)})\.(\w+)|\bcortex\.(\w+)")


def tables(page):
    """Return the cells of the left and of the right columns."""
    rows = re.findall(r"^\| (.*?) \| (.*?) \|", page.read_text(encoding="utf-8"), flags=re.M)
    return " ".join(left for left, _ in rows), " ".join(right for _, right in rows)


@pytest.mark.parametrize("peer", PEERS)
def test_every_public_name_of_a_peer_stands_beside_ours(peer):
    left, _ = tables(PAGES[peer])
    said = set(re.findall(r"\w+", " ".join(re.findall(r"`(.*?)`", left))))
    assert sorted(set(PEERS[peer]["names"]) - said) == []


@pytest.mark.parametrize("peer", PEERS)
def test_every_name_of_ours_on_the_page_exists(peer):
    _, right = tables(PAGES[peer])
    found = OURS.findall(" ".join(re.findall(r"`(.*?)`", right)))
    assert len(found) >= 5
    for module, name, direct in found:
        if direct in MODULES:
            continue
        of = importlib.import_module(f"cortex.{module}" if module else "cortex")
        wanted = name or direct
        assert hasattr(of, wanted) or importlib.import_module(f"cortex.{wanted}")
