"""What is changed and what is left alone, what a change makes stale, and what the page says."""

import ast
import json
import sys

import pytest
from mutants import HERE, PACKAGES, PAGE, SEED, SIZE, equivalents, read, survivors, table
from operators import mutants_of, sample
from processes import ROOT, Copy, importers

SOURCE = ROOT / "src"


def changed(line: str, name: str = "plain.py") -> set[str]:
    """Return what a module of one line is changed into."""
    return {mutant.applied(line) for mutant in mutants_of(name, line)}


@pytest.mark.parametrize(
    ("line", "mutants"),
    [
        ("a < b", {"a <= b", "a >= b"}),
        ("a is not b", {"a is b"}),
        ("(a) - (b)", {"(a) + (b)"}),
        ("a *= b", {"a /= b"}),
        ("not a", {" a"}),
        ("-a", {"a"}),
        ("a and b or c", {"a and b and c", "a or b or c"}),
        ("f(3, 0, 0.0)", {"f(4, 0, 0.0)", "f(2, 0, 0.0)", "f(3, 1, 0.0)", "f(3, 0, 1.0)"}),
        ("x = True", {"x = False"}),
        ("a[:n]", {"a[:n + 1]", "a[:n - 1]"}),
        ("np.min(a)", {"np.max(a)"}),
        ("range(n)", {"range(n - 1)"}),
        ("a if b else c", {"a if not (b) else c"}),
        ("µ = 2j", {"µ = (-0-2j)"}),
    ],
)
def test_a_line_is_changed_in_every_way(line, mutants):
    assert changed(line) == mutants


def test_indices_are_moved_in_compiled_loops_only():
    assert changed("a[i]", "_loops_x.py") == {"a[i - 1]"}
    assert changed("a[i]") == set()


@pytest.mark.parametrize(
    "text",
    [
        '"""Return 1 + 2."""',
        "def f(a: 'x[1]') -> y[2]: pass",
        "a: int | None",
        "raise ValueError(f'{a - 1}', 1 < 2)",
        "warnings.warn(text[1:], stacklevel=2)",
        "__all__ = ['a'] + ['b']",
        "if TYPE_CHECKING:\n    x = 1",
        "@njit(cache=True)\ndef f(): pass",
        "zip(a, b, strict=True)",
        "f'{a + 1}'",
    ],
)
def test_texts_types_errors_and_decorators_are_left_alone(text):
    assert changed(text) == set()


def test_a_sample_is_that_of_its_seed_and_leaves_valid_python():
    first = list(sample(SOURCE, "learning_ring", SIZE, SEED))
    assert first == list(sample(SOURCE, "learning_ring", SIZE, SEED))
    assert first != list(sample(SOURCE, "learning_ring", SIZE, SEED + 1))
    assert len({(mutant.path, mutant.line) for mutant in first}) == SIZE
    for mutant in first:
        ast.parse(mutant.applied((SOURCE / mutant.path).read_text(encoding="utf-8")))


def test_what_inlines_a_compiled_function_is_compiled_anew():
    home = "cortex/spiking/izhikevich"
    stale = importers(SOURCE, f"{home}/_loops_cells.py")
    assert {f"{home}/_loops_cells.py", f"{home}/_loops_run.py"} <= stale
    assert f"{home}/engine.py" in stale  # through the second
    assert "cortex/spiking/_loops_bits.py" not in stale


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """Return a copy of a tree of one module, whose doctest and test both notice its sign."""
    files = {
        "commit": "0",
        "tree/pyproject.toml": '[tool.pytest.ini_options]\naddopts = "--doctest-modules"\n'
        'markers = ["slow", "cluster"]\n',
        "tree/src/halves.py": '"""\n>>> half(4)\n2.0\n"""\n\n\ndef half(x):\n    return x / 2\n',
        "tree/tests/test_halves.py": "from halves import half\n\n\n"
        "def test_half():\n    assert half(2) == 1\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", "")
    monkeypatch.setattr("sys.path", [*sys.path])
    return Copy(tmp_path)


def test_what_tests_call_is_noted(copy, tmp_path):
    assert copy.record("tests/test_halves.py", tmp_path / "noted.json") == 0
    noted = json.loads((tmp_path / "noted.json").read_text(encoding="utf-8"))
    assert [calls for _, calls in noted.values()] == [[["halves.py", 7]]]


@pytest.mark.parametrize("tests", ["src/halves.py", "tests/test_halves.py"])
def test_a_mutant_meets_doctests_and_tests_and_leaves_the_file(copy, tests):
    text = (copy.source / "halves.py").read_text(encoding="utf-8")
    for changed, status in ((text, 0), (text.replace("/ 2", "* 2"), 1), (text, 0)):
        assert copy.run([tests], 60.0, "halves.py", changed) == status
    assert (copy.source / "halves.py").read_text(encoding="utf-8") == text


def test_a_mutant_that_runs_for_ever_ends(copy):
    endless = "def half(x):\n    while True:\n        pass\n"
    assert copy.run(["tests"], 2.0, "halves.py", endless) is None


def test_the_page_states_the_kept_outcome():
    rows = read(HERE / "results.jsonl")
    page = PAGE.read_text(encoding="utf-8")
    for stated in (table(rows), survivors(rows), f"Seed {SEED}, commit {rows[0]['commit']}."):
        assert stated in page
    shares = [row["package"] for row in rows]
    assert all(shares.count(package) >= 40 for package in PACKAGES)


def test_every_equivalent_mutant_was_sampled_and_survived():
    kept = {
        (row["mutant"].split(":")[0], row["old"], row["new"])
        for row in read(HERE / "results.jsonl")
        if row["status"] != "killed"
    }
    assert equivalents().keys() <= kept
    assert all(equivalents().values())
