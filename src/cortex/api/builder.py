"""A network from numbers in mV, ms, pA and connection probabilities, without a file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cortex.errors import Amount, ParameterError, Problem
from cortex.networks.case import NetworkCase, checked_case
from cortex.params.description.states import ALONE

OF_POPULATION = ("tau_m_ms", "tau_ref_ms", "V_th_mV", "V_reset_mV", "E_L_mV", "C_pF")
OF_PAIR = ("probability", "pair_probability", "in_degree", "total", "J_mV", "w_pA", "weight_cv",
           "delay_ms", "delay_sd_ms", "delay_law")  # fmt: skip
NUMBER_OF_SYNAPSES = OF_PAIR[:4]
OF_DRIVE = {"rate_ext_Hz": "rate_Hz", "wanted_rate_Hz": "wanted_rate_Hz", "J_ext_mV": "J_mV",
            "w_ext_pA": "w_pA"}  # fmt: skip
OF_CURRENT = ("mu_mV", "current_pA")


def build(
    name: str,
    sizes: Mapping[str, int],
    *,
    tau_s_ms: Any = 0.0,
    tau_s_ext_ms: float | None = None,
    study: Mapping[str, Any] | None = None,
    **values: Any,
) -> NetworkCase:
    """Return the network that a file with these numbers would hold.

    Every value may be one number for all, or numbers by population name. Values of synapses may
    further be given by source name, or as a matrix ``[target][source]`` in the order of `sizes`;
    a pair whose probability, in-degree or total is zero or not given has no synapses.

    Parameters
    ----------
    name : str
        Name of the network, which its random streams bear.
    sizes : mapping of str to int
        Neurons of each population.
    tau_s_ms : float or mapping
        Time constant of the synaptic current, by source; 0 is a delta synapse.
    tau_s_ext_ms : float
        The same of the external input; that of all synapses where these share one.
    study : mapping, optional
        Further keys of a network file: ``simulation``, ``analysis``, ``lfp``, ``theory``, ...
    **values
        Neurons: ``tau_m_ms``, ``tau_ref_ms``, ``V_th_mV``, ``V_reset_mV``, ``E_L_mV``, ``C_pF``.
        Synapses: one of ``probability``, ``pair_probability``, ``in_degree``, ``total``;
        ``J_mV`` or ``w_pA``; ``delay_ms``; ``weight_cv``, ``delay_sd_ms``, ``delay_law``.
        External Poisson input: ``rate_ext_Hz`` or ``wanted_rate_Hz``, and ``J_ext_mV`` or
        ``w_ext_pA``. Constant input: ``mu_mV`` or ``current_pA``.

    Raises
    ------
    ParameterError
        A value is unknown, missing, implausible, or has the wrong number of entries.

    Examples
    --------
    >>> net = build("pair", {"E": 400, "I": 100}, tau_m_ms=20.0, tau_ref_ms=2.0, V_th_mV=20.0,
    ...             V_reset_mV=10.0, probability=0.1, J_mV={"E": 0.2, "I": -1.0}, delay_ms=1.5,
    ...             rate_ext_Hz=9000.0, J_ext_mV=0.1)
    >>> net.network.synapses.in_degrees
    array([[40., 10.],
           [40., 10.]])
    """
    known = {*OF_POPULATION, *OF_PAIR, *OF_DRIVE, *OF_CURRENT}
    unknown = sorted(values.keys() - known)
    if unknown:
        msg = f"build: no value {', '.join(unknown)}; there are {', '.join(sorted(known))}"
        raise ParameterError(msg)
    if tau_s_ext_ms is None and isinstance(tau_s_ms, Mapping):
        msg = "build: tau_s_ms differs by source; give tau_s_ext_ms of the external input too"
        raise ParameterError(msg)
    outside = tau_s_ms if tau_s_ext_ms is None else tau_s_ext_ms
    names = list(sizes)
    receptors = {f"from_{n}": {"tau_s_ms": _own("tau_s_ms", tau_s_ms, n, names)} for n in names}
    block = {
        **(study or {}),
        "populations": {
            n: {"size": sizes[n], **_chosen(OF_POPULATION, values, n, names)} for n in names
        },
        "receptors": {**receptors, "from_outside": {"tau_s_ms": outside}},
        "projections": dict(_projections(values, names)),
        "drive": dict(_drives(values, names)),
    }
    try:
        return checked_case(name, block, ALONE)
    except ParameterError as error:
        typed = [_as_typed(problem, names, values) for problem in error.problems]
        said = {problem.sentence(edge=True): problem for problem in typed}
        raise ParameterError(*said.values(), edge=True) from None


def _as_typed(problem: Problem, names: list[str], values: Mapping[str, Any]) -> Problem:
    """Return a problem of a network file with the names that `build` takes."""
    entries = {
        **{("populations", n): f"of {n}" for n in names},
        **{("projections", f"{s}_to_{t}"): f"from {s} to {t}" for s in names for t in names},
        **{("drive", f"{kind}_{n}"): f"of {n}" for kind in ("poisson", "current") for n in names},
        **{("receptors", f"from_{n}"): f"of {n}" for n in names},
        ("receptors", "from_outside"): "from outside",
    }
    section, *inner = problem.subject.name(edge=True) or ("",)
    of = entries.get((str(section), str(inner[0]))) if inner else None
    if of is None:
        return problem
    given = {"size": "sizes"} | (
        {file: key for key, file in OF_DRIVE.items()} if section == "drive" else {}
    )

    def typed(amount: Amount) -> Amount:
        key = str(amount.name(edge=True)[-1])
        return replace(amount, place=(given.get(key, key),), suffix="")

    key = given.get(str(inner[1]), str(inner[1])) if len(inner) > 1 else ""
    for_all = key != "sizes" and isinstance(values.get(key), str | int | float | None)
    reason = problem.reason
    if not isinstance(reason, str):
        reason = tuple(typed(p) if isinstance(p, Amount) and p.place else p for p in reason)
    place = key if key and for_all else f"{key} {of}".strip()
    subject = replace(problem.subject, place=(place,), suffix="")
    return replace(problem, subject=subject, reason=reason)


def _projections(
    values: Mapping[str, Any], names: list[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for target in names:
        for source in names:
            each = {
                key: value
                for key in OF_PAIR
                if (value := _of_pair(key, values.get(key), (target, source), names)) is not None
            }
            if any(each.get(key) for key in NUMBER_OF_SYNAPSES):
                ends = {"source": source, "target": target, "receptor": f"from_{source}"}
                yield f"{source}_to_{target}", {**each, **ends}


def _drives(values: Mapping[str, Any], names: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in names:
        outside = _chosen(OF_DRIVE, values, name, names)
        if outside:
            keys = {OF_DRIVE[key]: value for key, value in outside.items()}
            yield f"poisson_{name}", {**keys, "target": name, "receptor": "from_outside"}
        current = _chosen(OF_CURRENT, values, name, names)
        if current:
            yield f"current_{name}", {**current, "target": name}


def _chosen(
    keys: Sequence[str] | Mapping[str, str], values: Mapping[str, Any], name: str, names: list[str]
) -> dict[str, Any]:
    """Return those of some keys that are given for a population."""
    found = {key: _own(key, values.get(key), name, names) for key in keys}
    return {key: value for key, value in found.items() if value is not None}


def _own(key: str, value: Any, name: str, names: list[str]) -> Any:
    """Return the value of a population; None where it has none."""
    if not isinstance(value, Mapping):
        return value
    lost = value.keys() - set(names)
    if lost:
        listed = ", ".join(sorted(map(str, lost)))
        msg = f"build: {key} names {listed}; there are: {', '.join(names)}"
        raise ParameterError(msg)
    return value.get(name)


def _of_pair(key: str, value: Any, pair: tuple[str, str], names: list[str]) -> Any:
    """Return the value of a pair (target, source); None where it has none."""
    target, source = pair
    if value is None or isinstance(value, Mapping | str | int | float):
        return _own(key, value, source, names)
    rows = [list(row) for row in value]
    if [len(row) for row in rows] != [len(names)] * len(names):
        msg = f"build: {key} must be a matrix [target][source] of {len(names)} x {len(names)}"
        raise ParameterError(msg)
    return float(rows[names.index(target)][names.index(source)])
