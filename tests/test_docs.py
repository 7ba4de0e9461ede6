"""Every Python block of the documents runs as written, one document after the other."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCKS = {
    path: re.findall(r"^```python\n(.*?)^```", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    for path in DOCUMENTS
}
WITH_CODE = [path for path, blocks in BLOCKS.items() if blocks]


@pytest.mark.slow
@pytest.mark.parametrize("path", WITH_CODE, ids=[str(p.relative_to(ROOT)) for p in WITH_CODE])
def test_the_examples_of_a_document_run(path, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    namespace = {"__name__": "__main__"}
    for block in BLOCKS[path]:
        exec(compile(block, str(path), "exec"), namespace)
    assert "Traceback" not in capsys.readouterr().out


def test_links_between_documents_lead_somewhere():
    for path in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            if not target.startswith(("http", "mailto")):
                assert (path.parent / target).exists(), f"{path.name}: {target}"
