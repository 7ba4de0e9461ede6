"""Pages of the documentation site that do not lie under docs/, and its navigation; see mkdocs.yml.

The site is the tree: README, configuration, contributing and changelog stay where they are and
become pages, a page per public module shows its docstrings, and the gallery shows every figure.
"""

import ast
import re
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath
from textwrap import indent
from typing import Any

import yaml
from latex2mathml.converter import convert
from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parent.parent
ELSEWHERE = {
    "README.md": "index.md",
    "config/README.md": "configuration.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "docs/adr": "adr/0001-si-inside.md",
}
ORIGIN = {page: path for path, page in ELSEWHERE.items()}
LINK = re.compile(r"(!?\[[^\]]*\])\(([^)#:\s]+)(#[^)\s]*)?\)")
LABEL = re.compile(r"^(```\w+) \w+$", flags=re.M)  # the environment a block is tested in
FENCE = re.compile(r"(^```.*?^```$|`[^`\n]+`)", flags=re.M | re.S)


def modules() -> list[str]:
    """Return the dotted names of the public modules, packages before what is in them."""
    files = [path.relative_to(ROOT / "src") for path in (ROOT / "src" / "cortex").rglob("*.py")]
    parts = [
        path.parent.parts if path.stem == "__init__" else path.with_suffix("").parts
        for path in files
    ]
    return sorted(".".join(names) for names in parts if not any(n.startswith("_") for n in names))


def page_of(module: str) -> str:
    """Return the page of a module, that of a package being the first of its folder."""
    path = module.replace(".", "/")
    is_package = (ROOT / "src" / path).is_dir()
    return f"api/{path}/index.md" if is_package else f"api/{path}.md"


def source_of(module: str, function: str) -> str:
    """Return the code of a function, without importing it."""
    text = (ROOT / "src" / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
    node = next(n for n in ast.parse(text).body if getattr(n, "name", "") == function)
    return ast.get_source_segment(text, node) or ""


def gallery() -> str:
    """Return the page of figures: text, notebook, code and, where it was made, the picture."""
    lines = [
        "# Gallery",
        "",
        "Made by `make figures`; pictures that this tree has not made are left out. On the pages",
        "`results/site/*_explorer.html`, linked from the report, points can be moved.",
        "",
    ]
    figures = yaml.safe_load((ROOT / "workflow" / "figures.yaml").read_text(encoding="utf-8"))
    for name, figure in figures.items():
        lines += [f"## {figure['title']}", ""]
        if (ROOT / "results" / "figures" / f"{name}.png").is_file():
            lines += [f"![{figure['title']}](figures/{name}.png)", ""]
        text = ROOT / "results" / "texts" / f"{name}.rst"
        if text.is_file():  # with the values of the run, like the picture
            lines += [text.read_text(encoding="utf-8").replace("``", "`").strip(), ""]
        module, _, function = figure["draw"].partition(":")
        lines += [
            f"`cortex figure {name}` draws it, `notebooks/{figure['notebook']}.ipynb` shows it.",
            "",
        ]
        lines += [f'??? quote "[{figure["draw"]}]({page_of(module)})"', "", "    ```python"]
        lines += [*indent(source_of(module, function), "    ").splitlines(), "    ```", ""]
    return "\n".join(lines)


def section(module: str, names: list[str]) -> dict[str, Any]:
    """Return the entry of a module in the navigation, what is in a package below it."""
    members = [name for name in names if name.rpartition(".")[0] == module]
    label = module.rpartition(".")[2]
    if not page_of(module).endswith("index.md"):
        return {label: page_of(module)}
    return {label: [page_of(module), *(section(name, names) for name in members)]}


def pages(folder: str) -> list[str]:
    """Return the pages of a folder under docs/."""
    return sorted(f"{folder}/{path.name}" for path in (ROOT / "docs" / folder).glob("*.md"))


class Formulas(Preprocessor):  # type: ignore[misc]  # markdown brings no types
    """Formulas of docstrings (``.. math::`` and ``:math:``) as MathML, which needs no script."""

    BLOCK = re.compile(r"^( *)\.\. math::((?: .*)?\n(?:(?:\1 +.*)?\n)*)", flags=re.M)
    INLINE = re.compile(r":math:`([^`]*)`")

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines) + "\n"
        text = self.BLOCK.sub(lambda m: f"\n{m[1]}{self.shown(m[2], 'block')}\n\n", text)
        text = self.INLINE.sub(lambda m: self.shown(m[1], "inline"), text)
        return text.splitlines()

    def shown(self, formula: str, display: str) -> str:
        """Return the formula, hidden from Markdown."""
        return str(self.md.htmlStash.store(convert(" ".join(formula.split()), display=display)))


class FormulaExtension(Extension):  # type: ignore[misc]  # markdown brings no types
    """Formulas, before anything else reads the text."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.register(Formulas(md), "formulas", 26)  # code fences are taken at 25


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Lay out the navigation."""
    guides = [path.name for path in sorted((ROOT / "docs").glob("*.md"))]
    config.nav = [
        {"cortex": "index.md"},
        {"Tutorials": ["tutorial.md", *pages("tutorials")]},
        {"Guides": [*(name for name in guides if name != "tutorial.md"), "configuration.md"]},
        {"Models": pages("models")},
        {"Coming from": pages("coming-from")},
        {"Gallery": "gallery.md"},
        {"Reference": section("cortex", modules())["cortex"]},
        {"Benchmarks": pages("benchmarks")},
        {"Decisions": pages("adr")},
        {"Project": ["contributing.md", "changelog.md"]},
    ]
    config.markdown_extensions.append(FormulaExtension())
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made and those that lie elsewhere in the tree."""
    texts = {page_of(name): f"# {name}\n\n::: {name}\n" for name in modules()}
    for path, page in ELSEWHERE.items():
        if (ROOT / path).is_file():
            texts[page] = (ROOT / path).read_text(encoding="utf-8")
    for page, text in {**texts, "gallery.md": gallery()}.items():
        files.append(File.generated(config, page, content=text))
    worker = str(ROOT / "tools" / "iframe-worker.js")
    files.append(File.generated(config, "assets/iframe-worker.js", abs_src_path=worker))
    for picture in sorted((ROOT / "results" / "figures").glob("*.png")):
        files.append(File.generated(config, f"figures/{picture.name}", abs_src_path=str(picture)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001
    """Point links of the tree at pages of the site; a file without a page is named only."""
    here = page.file.src_uri
    origin = PurePosixPath(ORIGIN.get(here, f"docs/{here}")).parent

    def on_site(link: re.Match[str]) -> str:
        target = normpath(str(origin / link[2]))
        inside = ELSEWHERE.get(target, target.removeprefix("docs/"))
        if files.get_file_from_path(inside) is None:
            return link[1].strip("[]")
        return f"{link[1]}({relpath(inside, str(PurePosixPath(here).parent))}{link[3] or ''})"

    prose = FENCE.split(LABEL.sub(r"\1", markdown))
    prose[::2] = [LINK.sub(on_site, text).replace("][", r"]\[") for text in prose[::2]]
    return "".join(prose)
