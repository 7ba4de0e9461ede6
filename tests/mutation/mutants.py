"""Which changes of one line do the quick unit tests notice? ``make mutants`` samples and counts.

Every quick test of the packages is run once, to note what it calls and how long it takes; then
each mutant meets the tests that call the changed function, the fastest first, until one fails.
What is done stands in `.cache/mutation` and is not done again after an interrupt; remove this
folder to begin anew at the present commit. ``--again`` takes the tests of the working tree to the
mutants that survived, ``--write`` puts the outcome beside this script and into docs/testing.md.
"""

import argparse
import ast
import csv
import json
import re
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from operators import Mutant, sample
from processes import ROOT, Copy, importers
from scipy.stats import binomtest

PACKAGES = ("meanfield", "spiking", "lfp", "connectivity", "learning_ring", "izhikevich")
SEED, SIZE = 20261130, 40
FIRST = 12  # tests that meet all mutants before any meets the others
HERE = Path(__file__).parent
PAGE = ROOT / "docs" / "testing.md"
BEGIN, END = "<!-- numbers: tests/mutation/results.jsonl -->", "<!-- end of make mutants -->"
KEPT = ("mutant", "package", "kind", "old", "new", "status", "by")
Function = tuple[str, int]


class Tests:
    """The quick tests: what they call and their time, s."""

    def __init__(self, copy: Copy) -> None:
        self.copy, self.functions = copy, functions_of(copy.source)
        self.time: dict[str, float] = {}
        self.calls: dict[str, set[Function]] = {}

    def record(self, name: str) -> None:
        """Read what the tests of a file call; run them once if nothing is noted."""
        noted = self.copy.folder / "map" / f"{name.replace('/', '__')}.json"
        noted.parent.mkdir(exist_ok=True)
        if not noted.is_file() and (status := self.copy.record(name, noted)) not in {0, 5}:
            msg = f"{name}: pytest ended with {status}, see {self.copy.log}"
            raise SystemExit(msg)
        for test, (taken, called) in json.loads(noted.read_text(encoding="utf-8")).items():
            self.time[test], self.calls[test] = taken, {(path, line) for path, line in called}

    def of(self, mutant: Mutant) -> list[str]:
        """Return the tests of the changed function, then those beside them.

        Those beside them may see it through a fixture or a cache that another test has filled.
        """
        near = importers(self.copy.source, mutant.path)
        for wanted in (
            self._callers(mutant),
            {(f[0], f[1]) for f in self.functions if f[0] in near},
        ):
            calling = {test for test, called in self.calls.items() if called & wanted}
            if calling:  # else what names the function is not seen: all tests near it
                break
        files = {test.split("::")[0] for test in calling}
        beside = {test for test in self.time if test.split("::")[0] in files} - calling
        return [*self._in_order(calling), *self._in_order(beside)]

    def _in_order(self, tests: set[str]) -> list[str]:
        """Return the fastest case of every test, then the others, the fastest first."""
        found: list[tuple[int, float, str]] = []
        cases: Counter[str] = Counter()
        for test in sorted(tests, key=lambda each: (self.time[each], each)):
            name = test.partition("[")[0]
            found.append((cases[name], self.time[test], test))
            cases[name] += 1
        return [test for _, _, test in sorted(found)]

    def _callers(self, mutant: Mutant) -> set[Function]:
        """Return the functions of Python through which tests reach a line."""
        functions = self.functions
        around = [f for f in functions if f[0] == mutant.path and f[1] <= mutant.line <= f[2]]
        around = around[-1:] or [f for f in functions if f[0] == mutant.path]
        names, found = {f[3] for f in around if is_compiled(f[0])}, set(around)
        while more := {f for f in functions if f[4] & names} - found:
            found |= more
            names |= {f[3] for f in more if is_compiled(f[0])}
        return {(f[0], f[1]) for f in found}


def is_compiled(path: str) -> bool:
    """Return whether a module holds compiled functions."""
    return Path(path).name.startswith("_loops")


def functions_of(source: Path) -> list[tuple[str, int, int, str, frozenset[str]]]:
    """Return (file, first and last line, name, names used) of each function, the outer first."""
    found = []
    for path in sorted(source.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
                inside = list(ast.walk(node))
                used = {n.id for n in inside if isinstance(n, ast.Name)}
                used |= {n.attr for n in inside if isinstance(n, ast.Attribute)}
                end = node.end_lineno or first
                found.append(
                    (str(path.relative_to(source)), first, end, node.name, frozenset(used))
                )
    return found


class Run:
    """Sampled mutants, and what became of each."""

    def __init__(self, folder: Path) -> None:
        self.copy = Copy(folder)
        self.results = folder / "results.jsonl"
        self.tests = Tests(self.copy)
        samples = [list(sample(self.copy.source, each, SIZE, SEED)) for each in PACKAGES]
        self.mutants = [mutant for row in zip(*samples, strict=True) for mutant in row]

    def record(self) -> None:
        """Run every quick test of the packages once, if it was not."""
        for package in PACKAGES:
            for path in sorted((self.copy.tree / "tests" / "unit" / package).glob("test_*.py")):
                self.tests.record(str(path.relative_to(self.copy.tree)))
            for path in sorted((self.copy.source / "cortex" / package).rglob("*.py")):
                if ">>> " in path.read_text(encoding="utf-8"):
                    self.tests.record(str(path.relative_to(self.copy.tree)))

    def renew(self) -> None:
        """Take over the tests of the working tree, and note anew what the changed ones call."""
        for path in sorted((ROOT / "tests").rglob("*")):
            name = str(path.relative_to(ROOT))
            here = self.copy.tree / name
            if path.is_file() and not (here.is_file() and here.read_bytes() == path.read_bytes()):
                here.parent.mkdir(parents=True, exist_ok=True)
                here.write_bytes(path.read_bytes())
                (self.copy.folder / "map" / f"{name.replace('/', '__')}.json").unlink(
                    missing_ok=True
                )

    def test(self, *, again: bool) -> None:
        """Let all mutants meet their first tests, then those left all others, the cheapest first.

        Survivors meet the tests `again` if that is asked for.
        """
        for whole in (False, True):
            done = {row["mutant"]: row["status"] for row in read(self.results)}
            wanted = {None} | ({"open"} if whole else set()) | ({"survived"} if again else set())
            mutants = sorted(self.mutants, key=self._cost) if whole else self.mutants
            for mutant in mutants:
                text = (self.copy.source / mutant.path).read_text(encoding="utf-8")
                old, new = mutant.lines(text)
                row = {"mutant": f"{mutant.path}:{mutant.line}: {new}", "old": old, "new": new}
                row |= {"package": mutant.path.split("/")[1], "kind": mutant.kind}
                if done.get(row["mutant"]) in wanted and not (whole and reason(row)):
                    self._keep(row | self._outcome(mutant, text, whole=whole))

    def _cost(self, mutant: Mutant) -> float:
        return sum(self.tests.time[test] for test in self.tests.of(mutant))

    def confirm(self) -> None:
        """Refuse tests that noticed a change but fail without one, too."""
        killers = {row["by"] for row in read(self.results) if row["by"] in self.tests.time}
        limit = 600.0 + 5.0 * sum(self.tests.time[test] for test in killers)
        if killers and self.copy.unchanged(sorted(killers), limit) != 0:
            msg = f"a test fails without any change, see {self.copy.log}"
            raise SystemExit(msg)

    def _keep(self, row: dict[str, Any]) -> None:
        with self.results.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        sys.stdout.write(f"{row['status']} {row['mutant']} ({row['seconds']} s)\n")
        sys.stdout.flush()

    def _outcome(self, mutant: Mutant, text: str, *, whole: bool) -> dict[str, Any]:
        begin, tests = time.monotonic(), self.tests.of(mutant)
        part = tests if whole else tests[:FIRST]
        self.copy.compile_anew(mutant.path)
        limit = 90.0 + 5.0 * sum(self.tests.time[test] for test in part)
        status = self.copy.run(part, limit, mutant.path, mutant.applied(text)) if part else 0
        row = {"status": "killed", "by": "time", "seconds": round(time.monotonic() - begin, 1)}
        if status == 0:
            row |= {"status": "survived" if whole else "open", "by": f"{len(tests)} tests"}
        elif status is not None:
            log = self.copy.log.read_text(encoding="utf-8", errors="replace")
            failed = re.search(r"^(?:FAILED|ERROR) (\S+)", log, flags=re.M)
            row["by"] = failed[1] if failed else f"status {status}"
        return row


def read(path: Path) -> list[dict[str, Any]]:
    """Return the last outcome of each mutant, in the order of the first."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return list({(row := json.loads(line))["mutant"]: row for line in lines}.values())


def equivalents() -> dict[tuple[str, str, str], str]:
    """Return why no test can notice a mutant, by file and line before and after."""
    with (HERE / "equivalent.tsv").open(encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {(row["path"], row["old"], row["new"]): row["reason"] for row in rows}


def reason(row: dict[str, Any]) -> str:
    """Return why a mutant is equivalent; nothing if it is not known to be."""
    return equivalents().get((row["mutant"].split(":")[0], row["old"], row["new"]), "")


def table(rows: list[dict[str, Any]]) -> str:
    """Return the shares of killed mutants, equivalent ones apart, and exact 95 % intervals."""
    lines = ["| package | mutants | equivalent | killed | share | interval |", "| --- " * 6 + "|"]
    for package in (*PACKAGES, "all"):
        mine = [row for row in rows if package in {row["package"], "all"}]
        killed = sum(row["status"] == "killed" for row in mine)
        equal = sum(row["status"] != "killed" and bool(reason(row)) for row in mine)
        found = binomtest(killed, max(len(mine) - equal, 1))
        low, high = found.proportion_ci(method="exact")
        share = f"{found.statistic:.0%} | {low:.0%} to {high:.0%}".replace("%", " %")
        lines.append(f"| {package} | {len(mine)} | {equal} | {killed} | {share} |")
    return "\n".join(lines)


def survivors(rows: list[dict[str, Any]]) -> str:
    """Return what no test noticed, each as a change of a line, with the reason if there is one."""
    return "\n".join(
        f"{row['mutant'].split(': ')[0]} {row['kind']}: {reason(row) or row['status']}\n"
        f"- {row['old']}\n+ {row['new']}"
        for row in rows
        if row["status"] != "killed"
    )


def publish(rows: list[dict[str, Any]], commit: str) -> None:
    """Keep the outcome beside this script and in the page that states it."""
    kept = ({key: row[key] for key in KEPT} | {"seed": SEED, "commit": commit[:7]} for row in rows)
    text = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in kept)
    (HERE / "results.jsonl").write_text(text, encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    left = f"Seed {SEED}, commit {commit[:7]}. What no test noticed:"
    left = f"{left}\n\n```text\n{survivors(rows)}\n```"
    text = f"{before}{BEGIN}\n\n{table(rows)}\n\n{left}\n\n{END}{rest.partition(END)[2]}"
    PAGE.write_text(text, encoding="utf-8")


def main() -> None:
    """Sample, test, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--again", action="store_true", help="survivors, with the present tests")
    parser.add_argument("--write", action="store_true", help="keep the outcome in the tree")
    options = parser.parse_args()
    run = Run(ROOT / ".cache" / "mutation")
    if options.again:
        run.renew()
    run.record()
    run.test(again=options.again)
    run.confirm()
    rows = read(run.results)
    if options.write:
        publish(rows, run.copy.commit)
    sys.stdout.write(
        f"{survivors(rows)}\n\n{table(rows)}\n\nseed {SEED}, commit {run.copy.commit}\n"
    )


if __name__ == "__main__":
    main()
