"""Every Python block of the documents runs as written and prints the numbers it says.

A document that holds files (YAML blocks that begin with a comment with their name) is run in an
empty folder with these files, its `cortex` commands first.
"""

import ast
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCKS = {
    path: re.findall(r"^```python\n(.*?)^```", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    for path in DOCUMENTS
}
COMMANDS = {
    path: re.findall(r"^(cortex .*)$", "".join(sh), flags=re.M)
    for path in DOCUMENTS
    if (sh := re.findall(r"^```sh\n(.*?)^```", path.read_text(encoding="utf-8"), flags=re.M | re.S))
}
WITH_CODE = [path for path, blocks in BLOCKS.items() if blocks or path in COMMANDS]


NUMBER = r"-?\d+(?:\.\d+)?"
CLOSE = 0.05  # what a document calls close: a few per cent, the spread of a short simulation


def numbers(text):
    return [float(number) for number in re.findall(NUMBER, text)]


def statements(block):
    """Yield each statement, compiled by itself, and the comment behind it if it prints."""
    lines = block.splitlines()
    for node in ast.parse(block).body:
        _, _, comment = lines[node.end_lineno - 1].partition("  # ")
        prints = ast.unparse(node).startswith("print(")
        yield compile(ast.Module([node], []), "document", "exec"), comment if prints else ""


def files_of(path):
    """Return (name, text) of the files that a document holds."""
    text = path.read_text(encoding="utf-8")
    return re.findall(r"^```yaml\n# (\w+\.yaml)\n(.*?)^```", text, flags=re.M | re.S)


def run(command):
    """Run a command of cortex in this folder."""
    words = [sys.executable, "-m", "cortex.cli", *shlex.split(command)[1:]]
    environment = {name: value for name, value in os.environ.items() if name != "CORTEX_ROOT"}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def disagreement(comment, printed):
    """Return what differs between the numbers of a comment and those printed; empty for nothing."""
    said, got = numbers(comment), numbers(printed)
    close = comment.startswith("close to") and len(said) == 1 and bool(got)
    if close:
        return [x for x in got if abs(x - said[0]) > CLOSE * said[0]]
    return [] if not said or said == got else [said, got]


@pytest.mark.slow
@pytest.mark.parametrize("path", WITH_CODE, ids=[str(p.relative_to(ROOT)) for p in WITH_CODE])
def test_the_examples_of_a_document_run_and_print_what_it_says(path, tmp_path, monkeypatch, capsys):
    files = files_of(path)
    for name, text in files:
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path if files else ROOT)
    for command in COMMANDS.get(path, ()):
        run(command)
    for page in re.findall(
        r"results/[\w/]+\.html", "" if path not in COMMANDS else path.read_text()
    ):
        assert Path(page).is_file(), page
    namespace = {"__name__": "__main__"}
    for statement, comment in (each for block in BLOCKS[path] for each in statements(block)):
        exec(statement, namespace)
        printed = capsys.readouterr().out
        assert "Traceback" not in printed
        assert disagreement(comment, printed) == [], f"{path.name}: {comment}"


def test_a_printed_number_that_differs_from_the_comment_is_found():
    (_, unsaid), (_, comment) = statements("x = 1  # 2\nprint(x)  # [56.7  37.95] Hz\n")
    assert (unsaid, comment) == ("", "[56.7  37.95] Hz")
    assert disagreement(comment, "[56.7  37.95]\n") == []
    assert disagreement(comment, "[56.7  37.96]\n") != []
    assert disagreement("close to 38 Hz, both", "[37. 39.]") == []
    assert disagreement("close to 38 Hz, both", "[37. 49.]") == [49.0]


def test_the_ratios_of_the_readme_stand_in_the_pages_they_link_to():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    ratios = re.findall(r"\| \[([\d.]+)\]\((docs/benchmarks/\w+\.md)\) \|", readme)
    assert ratios
    for ratio, page in ratios:
        cells = re.findall(r"\| ([\d.,]+)(?= \(| \|)", (ROOT / page).read_text(encoding="utf-8"))
        assert ratio in {cell.replace(",", "") for cell in cells}, f"{page}: no ratio {ratio}"


def test_links_between_documents_lead_somewhere():
    for path in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            if not target.startswith(("http", "mailto")):
                assert (path.parent / target).exists(), f"{path.name}: {target}"
