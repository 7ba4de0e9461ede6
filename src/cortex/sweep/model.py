"""What a sweep needs to know of a model before anything heavy is imported."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, Self, cast

from cortex.errors import ConfigError
from cortex.params.spec import Table
from cortex.provenance import source_digest
from cortex.sweep.keys import Specs, leaves, short_names

if TYPE_CHECKING:
    from cortex.params.base import Block
    from cortex.params.sweep import SweepParams

Value = float | str
RESERVED: Final = frozenset({"key", "replicate", "seed", "status", "error", "varied", "n"})
Evaluate = Callable[[Any, int], Mapping[str, Any]]
Base = Callable[[Mapping[str, Any], "SweepParams"], Mapping[str, Any]]


class Parameters(Protocol):
    """Parameters of one point; every `Block` is of this kind."""

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Return the parameters described by config keys; refuse what contradicts itself."""

    def to_config(self) -> dict[str, Any]:
        """Return all parameters as config keys, defaults among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observable:
    """A number, or a word such as the name of a regime, that a model returns for a point.

    Parameters
    ----------
    unit : str
        Unit of the table column; the model returns SI.
    doc : str
        What is measured, over which window.
    kind : {"float", "int", "text"}
        Number, whole number (columns of arrays only) or word.
    undefined : str
        When NaN is a sound answer, for example "no spikes"; empty: NaN is a failure.
    predicts : str
        Name of the observable that this one predicts: they share a panel of the figure. Its own
        name where nothing is simulated beside it.
    """

    unit: str
    doc: str
    kind: Literal["float", "int", "text"] = "float"
    undefined: str = ""
    predicts: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayObservable:
    """A spectrum, a raster, a time course: columns of equal length that a model returns together.

    Parameters
    ----------
    doc : str
        What is measured.
    columns : mapping
        The columns, coordinates first: frequency and power; time and neuron of every spike.
    n_coordinates : int
        How many of the columns are coordinates: figures draw the others over the first.
    """

    doc: str
    columns: Mapping[str, Observable]
    n_coordinates: int = 1

    @property
    def is_course(self) -> bool:
        """Whether numbers stand over a coordinate: curves. Spikes and lists are none."""
        first, *others = self.columns.values()
        return first.kind != "text" and any(each.kind == "float" for each in others)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model that sweeps can run.

    Parameters
    ----------
    name : str
        Name in the `model` key of a sweep, and of its folder in the store.
    doc : str
        One sentence for `cortex sweep-models`.
    block : type of Parameters
        Parameters of one point: a `Block`, or any class with ``from_config`` and ``to_config``.
        Entries of the tables of a block (populations, projections) are parameters too, by the
        names that the configuration gives them.
    base : str, mapping or callable
        Where the study's configuration holds them: the path of a section that is the
        block itself, a path for each key of the block, or a function of a module that returns
        them for ``(study, sweep)``.
    evaluate : str
        ``"module:function"``; ``function(params, seed)`` returns every observable in SI
        and depends on nothing else: numbers and words, and for an array a mapping of its
        columns to one-dimensional arrays. It is imported only where points are computed.
    observables : mapping
        All numbers and words that the function returns.
    arrays : mapping
        All arrays that it returns.
    stochastic : bool
        Whether the seed matters; a deterministic model runs once per point.
    specs : callable, optional
        Returns the spec of every parameter by its dotted path, given the config keys of a point
        (None: none are known yet); needed where `block` is no `Block`.
    """

    name: str
    doc: str
    block: type[Parameters]
    base: str | Mapping[str, str] | Base
    evaluate: str
    observables: Mapping[str, Observable]
    arrays: Mapping[str, ArrayObservable] = field(default_factory=dict)
    stochastic: bool = True
    specs: Callable[[Mapping[str, Any] | None], Specs] | None = None

    def __post_init__(self) -> None:
        """Refuse observables that tables of sweeps could not tell from their own columns."""
        taken = RESERVED & self.observables.keys()
        for array in self.arrays.values():
            taken |= {"replicate", "varied"} & array.columns.keys()
        taken |= self.observables.keys() & self.arrays.keys()
        if taken:
            msg = f"model {self.name!r}: other names, please, than {', '.join(sorted(taken))}"
            raise ConfigError(msg)

    def leaves(self, config: Mapping[str, Any] | None = None) -> Specs:
        """Return the spec of every parameter by its dotted path, see `specs`."""
        if self.specs is not None:
            return self.specs(config)
        return leaves(cast("type[Block]", self.block), config)

    @property
    def is_named_by_study(self) -> bool:
        """Whether parameters have names that only a study holds."""
        return self.specs is not None or any(isinstance(s, Table) for s in self.leaves().values())

    def base_config(self, study: Mapping[str, Any], sweep: "SweepParams") -> dict[str, Any]:
        """Return the model's own part of a study's configuration.

        Raises
        ------
        ConfigError
            The configuration lacks a section of the model.
        """
        if callable(self.base):
            return dict(self.base(study, sweep))
        if isinstance(self.base, str):
            return dict(self._section(study, self.base))
        return {key: self._section(study, path) for key, path in self.base.items()}

    def _section(self, study: Mapping[str, Any], path: str) -> Any:
        found: Any = study
        for key in path.split("."):
            if not isinstance(found, Mapping) or key not in found:
                msg = f"sweeps of model {self.name!r} need the section {path} in the configuration"
                raise ConfigError(msg)
            found = found[key]
        return found

    def code(self) -> str:
        """Return the digest of the code that makes the numbers of this model."""
        module = self.evaluate.partition(":")[0]
        if module.startswith("cortex."):
            return source_digest(module)
        found = find_spec(module)
        if found is None or found.origin is None:
            msg = f"model {self.name!r}: no module {module} to evaluate it"
            raise ConfigError(msg)
        return source_digest(found.origin)

    def function(self) -> Evaluate:
        """Return the function that computes a point."""
        return cast("Evaluate", _load(self.evaluate))


def find_model(name: str, models: Mapping[str, Model]) -> Model:
    """Return the model that a sweep names: one of `models`, or ``module:NAME`` of any module.

    Raises
    ------
    ConfigError
        There is no such model.
    """
    if name in models:
        return models[name]
    try:
        found = _load(name) if ":" in name else None
    except (ImportError, AttributeError) as error:
        msg = f"{error}; write module:NAME of a module on the path"
        raise ConfigError(msg) from None
    if not isinstance(found, Model):
        raise ConfigError(guess("model", name, list(models)))
    return found


def _load(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


def guess(kind: str, word: str, known: list[str]) -> str:
    """Return what may be meant by a word that is not known."""
    close = get_close_matches(word, known, n=1, cutoff=0.5)
    said = f"did you mean {close[0]}?" if close else f"known: {', '.join(known) or 'none'}"
    return f"unknown {kind}; {said}"


def describe(models: Mapping[str, Model]) -> str:
    """Return what can be swept: models, their parameters and observables, with units."""
    return "\n\n".join("\n".join(_lines(model)) for model in models.values()) + "\n"


def _lines(model: Model) -> Iterator[str]:
    yield f"{model.name}: {model.doc}"
    yield "  parameters"
    specs = model.leaves()
    for key, path in short_names(specs).items():
        yield f"    {key:28} {specs[path].doc}"
    yield "  observables"
    for name, observable in model.observables.items():
        yield f"    {name:28} {_meaning(observable)}"
    for name, array in model.arrays.items():
        yield f"    {name:28} {array.doc}: {', '.join(array.columns)}"


def _meaning(observable: Observable) -> str:
    unit = "" if observable.unit == "1" else f" ({observable.unit})"
    undefined = f"; undefined: {observable.undefined}" if observable.undefined else ""
    return f"{observable.doc}{unit}{undefined}"
