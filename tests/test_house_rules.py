"""What reviewers forget, enforced."""

import ast
import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "src").rglob("*.py"))
BESIDE = sorted(p for part in ("tests", "benchmarks", "tools") for p in (ROOT / part).rglob("*.py")
                if ".envs" not in p.parts)  # fmt: skip
SCRIPTS = sorted((ROOT / "workflow" / "scripts").glob("*.py"))
RULE_FILES = sorted((ROOT / "workflow" / "rules").glob("*.smk"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
BANNED_NAMES = {"utils.py", "helpers.py", "misc.py", "common.py"}
FOREIGN = re.compile(
    r"/(work|root|home|tmp)/[a-z.]|pypi\.org|anaconda\.org|files\.pythonhosted", re.I
)


def names(paths):
    return [str(path.relative_to(ROOT)) for path in paths]


def rules():
    """Yield (file, rule name, text) of every rule; rules made in a loop go by their `name:`."""
    for path in RULE_FILES:
        parts = re.split(r"^ *rule(?: (\w+))?:\n", path.read_text(encoding="utf-8"), flags=re.M)
        for name, text in zip(parts[1::2], parts[2::2], strict=True):
            made = re.search(r'name:\s+f"(\w+)', text)
            yield path.name, name or (made[1] if made else "nameless"), text


RULES = list(rules())


@pytest.mark.parametrize("path", SOURCES, ids=names(SOURCES))
def test_modules_are_short_and_named_by_a_noun(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    assert path.name not in BANNED_NAMES


def test_nothing_beside_the_library_is_longer_than_a_module_of_it():
    assert len(BESIDE) > 200
    assert [p for p in BESIDE if len(p.read_text(encoding="utf-8").splitlines()) > 400] == []


def test_no_private_function_is_left_that_nobody_calls():
    idle = []
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        private = re.findall(r"^def (_\w+)\(", text, flags=re.M)
        idle += [(path.name, f) for f in private if len(re.findall(rf"\b{f}\b", text)) == 1]
    assert idle == []


@pytest.mark.parametrize("path", SCRIPTS, ids=names(SCRIPTS))
def test_scripts_define_only_main_and_stay_short(path):
    text = path.read_text(encoding="utf-8")
    functions = [
        n.name for n in ast.parse(text).body if isinstance(n, ast.FunctionDef | ast.ClassDef)
    ]
    assert functions == ["main"]
    assert text.endswith('if __name__ == "__main__":\n    run_job(main, globals())\n')
    assert len(text.splitlines()) <= 60


@pytest.mark.parametrize(("file", "name", "text"), RULES, ids=[name for _, name, _ in RULES])
def test_every_rule_has_the_same_parts(file, name, text):
    assert text.lstrip().startswith('"""'), f"{file}: {name} has no docstring"
    for part in ("output:", "log:", "benchmark:", "conda:", "threads:", "resources:", "message:"):
        assert part in text, f"{file}: {name} lacks {part}"
    assert "code=" in text, f"{file}: {name} lacks the code digest"
    assert "run:" not in text, f"{file}: {name} uses run:"
    script = "run_notebook" if name.startswith("show_") else name
    assert f"scripts/{script}.py" in text, f"{file}: {name} and its script differ in name"


def test_no_rule_escapes_the_rules():
    text = "".join(path.read_text(encoding="utf-8") for path in RULE_FILES)
    assert len(RULES) == len(re.findall(r"^\s*rule\b", text, flags=re.M))
    assert "show_" in [name for _, name, _ in RULES]  # the rule of the notebooks has no name


def test_the_package_holds_nothing_that_a_digest_of_code_does_not_see():
    files = [path for path in (ROOT / "src").rglob("*") if path.is_file()]
    kinds = {path.suffix or path.name for path in files if "__pycache__" not in path.parts}
    assert kinds == {".py", ".pyi", ".typed"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=names(NOTEBOOKS))
def test_notebooks_are_thin_and_stripped(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert len(cells) <= 15
    assert any("parameters" in cell["metadata"].get("tags", []) for cell in cells)
    for cell in cells:
        assert not cell["outputs"]
        assert cell["execution_count"] is None
        assert not re.search(r"^\s*(def|class) ", "".join(cell["source"]), flags=re.M)


def test_numba_stays_in_loop_modules():
    users = [p for p in SOURCES if re.search(r"^(import|from) numba", p.read_text(), flags=re.M)]
    assert [str(p) for p in users if not p.name.startswith("_loops")] == []


def test_the_library_neither_prints_nor_asserts():
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        asserts = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)]
        assert asserts == [], f"{path}: assert at lines {asserts}"


def test_tracked_files_name_no_host_of_an_index_and_no_path_of_a_machine():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    hits = []
    for name in listed:
        path = ROOT / name
        if path == Path(__file__) or path.suffix in {".png", ".pdf", ".npz"} or not path.is_file():
            continue
        found = FOREIGN.search(path.read_text(encoding="utf-8", errors="ignore"))
        hits += [f"{name}: {found.group()}"] if found else []
    assert hits == []


def test_the_conda_environment_holds_the_pins_of_the_lock():
    namespace: dict[str, Any] = {
        "__file__": str(ROOT / "requirements" / "export_environment.py"),
        "__name__": "x",
    }
    exec(
        compile((ROOT / "requirements" / "export_environment.py").read_text(), "x", "exec"),
        namespace,
    )
    assert (ROOT / "environment.yml").read_text(encoding="utf-8") == namespace["environment"]()


OF_OTHER_TOOLS = {"neo", "edf", "spectra"}


def test_the_table_of_places_has_every_package():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    places = [row.split("|")[1] for row in text.splitlines() if row.startswith("| `src/cortex/")]
    package = ROOT / "src" / "cortex"
    have = {path.parent.name for path in package.glob("*/__init__.py")}
    have |= {path.stem for path in package.glob("*.py") if not path.name.startswith("_")}
    assert have - set(re.findall(r"\w+", " ".join(places))) == set()


def test_every_dependency_is_locked_with_hashes():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [
        name
        for extra, names in project["optional-dependencies"].items()
        if extra not in OF_OTHER_TOOLS  # tested in environments of their own
        for name in names
    ]
    outside = [name for name in extras if not name.startswith(project["name"])]
    wanted = {*project["dependencies"], *outside}
    lock = (ROOT / "requirements" / "cortex.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^([a-z0-9-]+)==\S+.*\\\n +--hash=sha256", lock, flags=re.M)
    assert wanted - set(pins) == set()


def test_every_figure_has_a_caption_and_is_shown_by_its_notebook():
    from cortex.report.registry import read_figures

    for name, figure in read_figures(ROOT / "workflow" / "figures.yaml").items():
        assert (ROOT / "workflow" / "report" / f"{name}.rst").is_file()
        notebook = (ROOT / "notebooks" / f"{figure.notebook}.ipynb").read_text(encoding="utf-8")
        assert f'show(\\"{name}\\")' in notebook, f"{figure.notebook} does not show {name}"


def test_no_public_name_is_also_a_module_that_would_hide_it():
    for stub in (ROOT / "src" / "cortex").rglob("__init__.pyi"):
        imports = [n for n in ast.parse(stub.read_text()).body if isinstance(n, ast.ImportFrom)]
        names = {alias.asname or alias.name for node in imports for alias in node.names}
        modules = {path.stem for path in stub.parent.glob("*.py")}
        assert names & modules == set(), stub.parent.name
