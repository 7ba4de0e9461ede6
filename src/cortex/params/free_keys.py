"""Blocks whose keys are known only later than the configuration is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cortex.errors import ParameterError, shown
from cortex.params.spec import Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeKeys(Spec):
    """Keys of a block that is known only later: once the model is, or where they are laid over."""

    def read(self, raw: Any) -> dict[str, Any]:
        return dict(need_keys(self, raw))


def need_keys(spec: Spec, raw: Any) -> Mapping[str, Any]:
    """Return a block whose keys are all words."""
    if not isinstance(raw, Mapping):
        raise spec.wrong_type(raw, "a block of keys")
    for key in raw:
        if not isinstance(key, str):
            msg = f"{shown(key)} is no key; keys are names of parameters, with their unit"
            raise ParameterError(msg)
    return raw
