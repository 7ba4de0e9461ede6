"""Changes of one line that a test should notice: what a mutant is, and a sample of them."""

import ast
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

COMPARISONS = {
    ast.Lt: ("<", "<=", ">="), ast.LtE: ("<=", "<", ">"), ast.Gt: (">", ">=", "<="),
    ast.GtE: (">=", ">", "<"), ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"), ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"), ast.NotIn: ("not in", "in"),
}  # fmt: skip
ARITHMETIC = {
    ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "/"), ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "/"), ast.Mod: ("%", "*"), ast.Pow: ("**", "*"),
    ast.BitAnd: ("&", "|"), ast.BitOr: ("|", "&"), ast.LShift: ("<<", ">>"),
    ast.RShift: (">>", "<<"),
}  # fmt: skip
UNARY = {ast.Not: (3, "negation"), ast.Invert: (1, "negation"), ast.USub: (1, "sign")}
PAIRS = "min max|minimum maximum|argmin argmax|any all|floor ceil|sin cos|zeros ones|real imag"
NAMES = {a: b for pair in PAIRS.split("|") for a, b in (pair.split(), pair.split()[::-1])}
Change = tuple[int, int, int, str, str]  # line, first and last column, what stands there, kind


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed line of a module: bytes `start` to `end` of line `line` become `new`."""

    path: str
    line: int
    start: int
    end: int
    new: str
    kind: str

    def applied(self, text: str) -> str:
        """Return the text of the module with the change."""
        lines = text.encode().split(b"\n")
        old = lines[self.line - 1]
        lines[self.line - 1] = old[: self.start] + self.new.encode() + old[self.end :]
        return b"\n".join(lines).decode()

    def lines(self, text: str) -> tuple[str, str]:
        """Return the line before and after."""
        before, after = (t.split("\n")[self.line - 1] for t in (text, self.applied(text)))
        return before.strip(), after.strip()

    def differs(self, text: str) -> bool:
        """Return whether the change is valid Python of another meaning."""
        try:
            return ast.dump(ast.parse(self.applied(text))) != ast.dump(ast.parse(text))
        except SyntaxError:
            return False


def sample(source: Path, package: str, size: int, seed: int) -> Iterator[Mutant]:
    """Yield mutants of a package of `source`, uniform over changes, at most one of a line."""
    texts = {
        str(path.relative_to(source)): path.read_text(encoding="utf-8")
        for path in sorted((source / "cortex" / package).rglob("*.py"))
    }
    every = [mutant for path, text in texts.items() for mutant in mutants_of(path, text)]
    random.Random(f"{seed} {package}").shuffle(every)
    lines: set[tuple[str, int]] = set()
    for mutant in every:
        is_new = len(lines) < size and (mutant.path, mutant.line) not in lines
        if is_new and mutant.differs(texts[mutant.path]):
            lines.add((mutant.path, mutant.line))
            yield mutant


def mutants_of(path: str, text: str) -> list[Mutant]:
    """Return every change of a module."""
    lines, compiled = text.encode().split(b"\n"), Path(path).name.startswith("_loops")
    nodes = _code(ast.parse(text))
    return [Mutant(path, *each) for node in nodes for each in _changes(node, lines, compiled)]


def _code(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that compute: no annotations, decorators, errors, warnings, texts."""
    yield node
    for each in _children(node):
        if isinstance(each, ast.Raise | ast.JoinedStr):
            continue
        if isinstance(each, ast.keyword) and each.arg in {"strict", "stacklevel"}:
            continue
        if isinstance(each, ast.If) and ast.unparse(each.test) == "TYPE_CHECKING":
            continue
        if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "__all__":
            continue
        yield from _code(each)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.FunctionDef(args=args, body=body):
            yield from (each for each in (*args.defaults, *args.kw_defaults, *body) if each)
        case ast.ClassDef(body=body):
            yield from body
        case ast.AnnAssign(value=value):
            yield from [value] if value else []
        case ast.Call(func=func) if _name(func).endswith(("warn", "Error", "Warning")):
            pass
        case _:
            yield from ast.iter_child_nodes(node)


def _name(node: ast.expr) -> str:
    return str(getattr(node, "id", getattr(node, "attr", "")))


def _changes(node: ast.AST, lines: list[bytes], compiled: bool) -> Iterator[Change]:
    """Yield the changes of a node itself."""
    yield from _of_operators(node, lines)
    match node:
        case ast.Constant(value=value):
            kind = "boolean" if isinstance(value, bool) else "constant"
            for other in _other_values(value):
                yield node.lineno, node.col_offset, node.end_col_offset or 0, str(other), kind
        case ast.Subscript(slice=index):
            for part in index.elts if isinstance(index, ast.Tuple) else [index]:
                yield from _of_index(part, lines, compiled)
        case ast.Name() | ast.Attribute() if _name(node) in NAMES and node.end_col_offset:
            if node.lineno == node.end_lineno:
                start = node.end_col_offset - len(_name(node))
                yield node.lineno, start, node.end_col_offset, NAMES[_name(node)], "name"
        case ast.Call(func=func, args=args) if _name(func) == "range":
            if not isinstance(args[-1], ast.Constant):
                yield from _around(args[-1], "", " - 1", lines, "range")
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            yield from _around(test, "not (", ")", lines, "condition")


def _of_operators(node: ast.AST, lines: list[bytes]) -> Iterator[Change]:
    match node:
        case ast.Compare(left=left, ops=ops, comparators=right):
            for a, operator, b in zip([left, *right], ops, right, strict=False):
                old, *others = COMPARISONS[type(operator)]
                for each in others:
                    yield from _between(a, b, old, each, lines, "comparison")
        case ast.BinOp(left=left, op=op, right=right) if type(op) in ARITHMETIC:
            yield from _between(left, right, *ARITHMETIC[type(op)], lines, "arithmetic")
        case ast.AugAssign(target=left, op=op, value=right) if type(op) in ARITHMETIC:
            old, each = ARITHMETIC[type(op)]
            yield from _between(left, right, f"{old}=", f"{each}=", lines, "arithmetic")
        case ast.BoolOp(op=op, values=values):
            old, each = ("and", "or") if isinstance(op, ast.And) else ("or", "and")
            for a, b in pairwise(values):
                yield from _between(a, b, old, each, lines, "boolean")
        case ast.UnaryOp(op=op) if type(op) in UNARY:
            size, kind = UNARY[type(op)]
            yield node.lineno, node.col_offset, node.col_offset + size, "", kind


def _other_values(value: object) -> tuple[object, ...]:
    match value:
        case bool():
            return (not value,)
        case int():
            return (value + 1, value - 1) if value > 0 else (value + 1,)
        case float():
            return (2.0 * value,) if value else (1.0,)
        case complex():
            return (-value,)
    return ()


def _of_index(part: ast.expr, lines: list[bytes], compiled: bool) -> Iterator[Change]:
    if isinstance(part, ast.Slice):
        for bound in (part.lower, part.upper):
            if bound is not None and not isinstance(bound, ast.Constant):
                yield from _around(bound, "", " + 1", lines, "slice")
                yield from _around(bound, "", " - 1", lines, "slice")
    elif compiled and isinstance(part, ast.Name | ast.BinOp):
        yield from _around(part, "", " - 1", lines, "index")


def _between(  # noqa: PLR0917 - as a change is written: a old b, new
    left: ast.expr, right: ast.expr, old: str, new: str, lines: list[bytes], kind: str
) -> Iterator[Change]:
    if left.end_lineno == right.lineno and left.end_col_offset is not None:
        between = lines[right.lineno - 1][left.end_col_offset : right.col_offset]
        start = left.end_col_offset + between.index(old.encode())
        yield right.lineno, start, start + len(old), new, kind


def _around(
    node: ast.expr, before: str, after: str, lines: list[bytes], kind: str
) -> Iterator[Change]:
    if node.lineno == node.end_lineno and node.end_col_offset is not None:
        old = lines[node.lineno - 1][node.col_offset : node.end_col_offset].decode()
        yield node.lineno, node.col_offset, node.end_col_offset, before + old + after, kind
