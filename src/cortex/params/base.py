"""Frozen parameter blocks: one declaration gives SI values, bounds, config keys and docs."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any, ClassVar, Self

from cortex.errors import ParameterError
from cortex.params.spec import Spec, spec_of


def config_keys(block: type["Block"]) -> dict[str, tuple["Field[Any]", Spec]]:
    """Return config key -> (dataclass field, spec) of a block, in order of declaration."""
    pairs = [(field, spec_of(field)) for field in fields(block)]
    return {spec.key(field.name): (field, spec) for field, spec in pairs}


def is_required(field: "Field[Any]") -> bool:
    """Tell whether a field has no default and must stand in the config."""
    return field.default is MISSING and field.default_factory is MISSING


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Base of all parameter blocks; subclasses are frozen, keyword-only dataclasses.

    Each field is declared with one of the helpers of `cortex.params.spec`
    (`quantity`, `count`, `choice`, ...). Values are SI; `from_config` and `to_config`
    are the only converters between SI and config keys with their unit suffix.
    """

    PLAUSIBLE: ClassVar[str] = "every value inside the bounds of its declaration"

    def __post_init__(self) -> None:
        """Refuse values outside their bounds, then values that contradict each other."""
        owner = type(self).__name__
        for field in fields(self):
            spec_of(field).check(f"{owner}.{field.name}", getattr(self, field.name))
        self.check()

    def check(self) -> None:
        """Refuse values that contradict each other; overridden where relations exist."""

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Return the block described by config keys (with units).

        Raises
        ------
        ParameterError
            A key is unknown or missing, a value of the wrong type or implausible.
        """
        known = config_keys(cls)
        owner = cls.__name__
        unknown = [key for key in config if key not in known]
        if unknown:
            msg = f"{owner}: unknown keys {unknown}; known keys: {', '.join(known)}"
            raise ParameterError(msg)
        missing = [
            key for key, (field, _) in known.items() if key not in config and is_required(field)
        ]
        if missing:
            msg = f"{owner}: missing keys {missing}"
            raise ParameterError(msg)
        return cls(
            **{
                field.name: spec.parse(f"{owner}.{key}", config[key])
                for key, (field, spec) in known.items()
                if key in config
            }
        )

    def to_config(self) -> dict[str, Any]:
        """Return the block as plain config keys; `from_config` restores it exactly."""
        return {
            key: spec.render(getattr(self, field.name))
            for key, (field, spec) in config_keys(type(self)).items()
        }
