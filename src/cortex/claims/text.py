"""Texts with named values and claims: templates whose sentences know whether they hold.

A value stands as ``{{ name }}``. A sentence that compares stands as

    {% claim name %}It does.{% otherwise %}It does not.{% endclaim %}

and is said in the form that holds for the tables at hand.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

from jinja2 import Environment, StrictUndefined, TemplateError, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

from cortex.claims.value import Facts
from cortex.errors import ConfigError
from cortex.typing import AnyArray


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence as it was said, and whether its claim holds."""

    name: str
    holds: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it stands under a figure, and its claims in order."""

    body: str
    claims: tuple[Claim, ...]


class _ClaimTag(Extension):
    tags = {"claim"}  # noqa: RUF012  # the type that Jinja declares

    def parse(self, parser: Parser) -> nodes.Node:
        """Turn the two forms of a claim into a condition that keeps what was said."""
        line = next(parser.stream).lineno
        name = parser.stream.expect("name").value
        forms = [
            parser.parse_statements((f"name:{end}",), drop_needle=True)
            for end in ("otherwise", "endclaim")
        ]
        said = [
            nodes.CallBlock(
                self.call_method("_keep", [nodes.Const(name), nodes.Const(holds)]), [], [], form
            ).set_lineno(line)
            for holds, form in zip((True, False), forms, strict=True)
        ]
        return nodes.If(nodes.Name(name, "load"), [said[0]], [], [said[1]]).set_lineno(line)

    def _keep(self, name: str, holds: bool, caller: Callable[[], str]) -> str:
        sentence = caller()
        kept: list[Claim] = self.environment.__dict__.setdefault("claims", [])
        kept.append(Claim(name, holds, " ".join(sentence.split())))
        return sentence


def facts_of(says: str, tables: Mapping[str, Mapping[str, AnyArray]]) -> Facts:
    """Return the facts that ``module:function`` finds in `tables`."""
    module, _, function = says.partition(":")
    facts: Facts = getattr(import_module(module), function)(**tables)
    return facts


def render(template: str, facts: Facts, where: str = "text") -> Text:
    """Return a text with its values, every claim in the form that holds.

    Parameters
    ----------
    template : str
        Text with ``{{ value }}`` and ``{% claim name %}`` in it.
    facts : Facts
        Named values and claims.
    where : str
        File of the template, for the message.

    Raises
    ------
    ConfigError
        The text names a value that there is none of, or a claim lacks its other form.

    Examples
    --------
    >>> text = render("{% claim near %}Near.{% otherwise %}Far.{% endclaim %}", {"near": False})
    >>> text.body, text.claims[0].holds
    ('Far.', False)
    """
    environment = Environment(
        extensions=[_ClaimTag],
        undefined=StrictUndefined,
        autoescape=False,
        keep_trailing_newline=True,
    )
    try:
        body = environment.from_string(template).render(facts)
    except TemplateError as error:
        msg = f"{where}: {error}"
        raise ConfigError(msg) from error
    return Text(body, tuple(environment.__dict__.get("claims", ())))
