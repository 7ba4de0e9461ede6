"""What a sweep needs to know of a model before anything heavy is imported."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal, cast

from cortex.errors import ConfigError
from cortex.params.base import Block
from cortex.provenance import source_digest

Value = float | str
Evaluate = Callable[[Any, int], Mapping[str, Value]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observable:
    """A number, or a word such as the name of a regime, that a model returns for a point.

    Parameters
    ----------
    unit : str
        Unit of the table column; the model returns SI.
    doc : str
        What is measured, over which window.
    kind : {"float", "text"}
        Number or word.
    undefined : str
        When NaN is a sound answer, for example "no spikes"; empty: NaN is a failure.
    """

    unit: str
    doc: str
    kind: Literal["float", "text"] = "float"
    undefined: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model that sweeps can run.

    Parameters
    ----------
    name : str
        Name in the `model` key of a sweep.
    doc : str
        One sentence for `cortex sweep-models`.
    block : type of Block
        Parameters of one point.
    base : str or mapping
        Where the study's configuration holds them: the path of a section that is the
        block itself, or a path for each key of the block.
    evaluate : str
        ``"module:function"``; ``function(params, seed)`` returns every observable in SI
        and depends on nothing else. It is imported only where points are computed.
    observables : mapping
        All that the function returns.
    stochastic : bool
        Whether the seed matters; a deterministic model runs once per point.
    """

    name: str
    doc: str
    block: type[Block]
    base: str | Mapping[str, str]
    evaluate: str
    observables: Mapping[str, Observable]
    stochastic: bool = True

    def base_config(self, study: Mapping[str, Any]) -> dict[str, Any]:
        """Return the model's own part of a study's configuration.

        Raises
        ------
        ConfigError
            The configuration lacks a section of the model.
        """
        if isinstance(self.base, str):
            return dict(self._section(study, self.base))
        return {key: self._section(study, path) for key, path in self.base.items()}

    def _section(self, study: Mapping[str, Any], path: str) -> Any:
        found: Any = study
        for key in path.split("."):
            if key not in found:
                msg = f"sweeps of model {self.name!r} need the section {path} in the configuration"
                raise ConfigError(msg)
            found = found[key]
        return found

    def code(self) -> str:
        """Return the digest of the code that makes the numbers of this model."""
        return source_digest(self.evaluate.partition(":")[0])

    def function(self) -> Evaluate:
        """Return the function that computes a point."""
        module, _, name = self.evaluate.partition(":")
        return cast("Evaluate", getattr(import_module(module), name))
