"""The steps of work on a network, a line each; every result prints and draws itself."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from cortex.api.result import Result, Results
from cortex.errors import ParameterError
from cortex.networks.case import NetworkCase
from cortex.params.arrays import instance
from cortex.regime import warn_regime
from cortex.spikes import Spikes
from cortex.steps import compare as comparing
from cortex.steps import lfp as fields
from cortex.steps import lines
from cortex.steps import observe as observing
from cortex.steps import predict as predicting
from cortex.steps import simulate as simulating
from cortex.steps.columns import Columns, labelled, transposed


def predict(net: NetworkCase) -> Results:
    """Return all that theory says of a network.

    Parameters
    ----------
    net : NetworkCase
        The network.

    Returns
    -------
    Results
        ``rates``, ``neurons``, ``verdict``, ``modes``, ``response``, ``spectra``, ``eigenvalues``,
        ``sensitivity`` and, with an `lfp:` block, ``lfp``; what theory refuses stands in
        ``refused``.

    Warns
    -----
    RegimeWarning
        What the ``verdict`` finds against the theory of this network, in one warning.

    Examples
    --------
    `docs/tutorials/in-a-notebook.md`, which the tests run.
    """
    instance("net", net, NetworkCase)
    tables, refused = predicting.predict(net)
    if "verdict" in tables:
        verdict = tables["verdict"]
        against = verdict["sentence"][~verdict["holds"].astype(bool)]
        if len(against):
            warn_regime(" ".join(["Theory may not hold.", *dict.fromkeys(against)]))
    return Results("predicted", tables, refused)


def working_point(net: NetworkCase) -> Result:
    """Return the self-consistent rates, inputs and CVs of all populations.

    Examples
    --------
    >>> from cortex import preset
    >>> working_point(preset("brunel", "C"))["nu"].round(2)
    array([37.95, 37.95])
    """
    instance("net", net, NetworkCase)
    is_poisson = net.study.theory.noise == "poisson"  # else a mode that grows decides
    wanted = ("rates",) if is_poisson else ("modes", "rates")
    return Results("predicted", *predicting.predict(net, wanted))["rates"]


def modes(net: NetworkCase) -> Result:
    """Return the least damped modes: growth rate (1/s) and frequency (Hz).

    Examples
    --------
    >>> from cortex import preset
    >>> modes(preset("brunel", "C"))["growth"].round()
    array([-135.])
    """
    instance("net", net, NetworkCase)
    return Results("predicted", *predicting.predict(net, ("modes",)))["modes"]


def spectra(net: NetworkCase) -> Result:
    """Return the predicted one-sided spectra of the population rates; nan where a mode grows.

    Examples
    --------
    >>> from cortex import preset
    >>> list(spectra(preset("brunel", "C")))
    ['state', 'population', 'shot_noise', 'frequency', 'power']
    """
    instance("net", net, NetworkCase)
    return Results("predicted", *predicting.predict(net, ("modes", "spectra")))["spectra"]


def simulate(net: NetworkCase, seed: int | None = None, *, number: int = 0) -> Spikes:
    """Return the spikes of one simulation, as long as the network's `simulation` says.

    Parameters
    ----------
    net : NetworkCase
        The network.
    seed : int, optional
        Seed of the study; that of the network's file where none is given.
    number : int
        Which of the independent networks of that seed: those that `cortex run` numbers so.

    Returns
    -------
    Spikes
        With the currents of the populations where the LFP needs them: an `lfp:` block and
        conductances.

    Examples
    --------
    >>> from cortex import change, preset
    >>> short = {"simulation.duration_s": 0.4, "simulation.warm_up_s": 0.1}
    >>> net = change(preset("lfp_demonstration"), short)
    >>> spikes = simulate(net, seed=1)
    >>> spikes.n_steps, len(spikes.times) > 1000
    (4000, True)
    """
    instance("net", net, NetworkCase)
    given: dict[str, Any] = {}
    if net.recorded or net.listed:  # readers of files: not every installation has them
        from cortex.io.listed import lists_of  # noqa: PLC0415
        from cortex.io.recorded import spikes_of  # noqa: PLC0415

        given = {"recorded": spikes_of(net), "listed": lists_of(net)}
    own = net.seed if seed is None else seed
    run = simulating.simulate(net, seed=own, number=number, **given)
    if simulating.needs_currents(net):
        run.spikes.currents = fields.currents_of(net, run)
    return run.spikes


def observe(net: NetworkCase, runs: Spikes | Sequence[Spikes]) -> Results:
    """Return rates, CVs, spectra, raster and activity of one run or of several.

    Examples
    --------
    >>> from cortex import change, preset
    >>> short = {"simulation.duration_s": 0.4, "simulation.warm_up_s": 0.1}
    >>> net = change(preset("lfp_demonstration"), short)
    >>> list(observe(net, simulate(net)))
    ['network', 'populations', 'spectra', 'neurons', 'raster', 'activity']
    """
    instance("net", net, NetworkCase)
    return Results("observed", observing.observe(net, _listed(runs)))


def synthesise_lfp(net: NetworkCase, runs: Spikes | Sequence[Spikes]) -> Results:
    """Return traces and spectra of the LFP of runs; needs an `lfp:` block.

    The currents of networks with conductances depend on V: the runs of `simulate` hold them,
    spikes from elsewhere are refused.

    Examples
    --------
    >>> from cortex import change, preset
    >>> short = {"simulation.duration_s": 0.4, "simulation.warm_up_s": 0.1}
    >>> net = change(preset("lfp_demonstration"), short)
    >>> list(synthesise_lfp(net, simulate(net))["traces"])
    ['state', 'signal', 'time', 'lfp']
    """
    instance("net", net, NetworkCase)
    listed = _listed(runs)
    currents = [each.currents for each in listed if each.currents is not None]
    if len(currents) < len(listed) and simulating.needs_currents(net):
        msg = (
            f"network {net.name} has conductances, whose currents depend on V, and spikes alone do "
            "not tell them: pass the runs of `cortex.simulate(net)`, whole"
        )
        raise ParameterError(msg)
    return Results("lfp", fields.synthesise_lfp(net, listed, currents))


def compare(
    net: NetworkCase, predicted: Results, observed: Results, lfp: Results | None = None
) -> Results:
    """Return predicted beside simulated numbers, and how far theory may be trusted and why.

    Parameters
    ----------
    net : NetworkCase
        The network.
    predicted, observed, lfp : Results
        From `predict`, `observe` and `synthesise_lfp`.

    Returns
    -------
    Results
        ``comparison`` and ``findings``.

    Examples
    --------
    `docs/tutorials/in-a-notebook.md`, which the tests run.
    """
    instance("net", net, NetworkCase)
    for name, each in (("predicted", predicted), ("observed", observed)):
        instance(name, each, Results)
    told, seen = _plain(predicted), _plain(observed)
    potentials = {} if lfp is None else _plain(lfp)
    found = comparing.findings(net, told, seen, potentials, predicted.refused)
    rows = transposed(map(asdict, found))
    return Results(
        "network",
        {
            "comparison": comparing.compare(net, told, seen, potentials),
            "findings": labelled(rows, state=net.state),
        },
    )


def follow_lines(net: NetworkCase) -> Result:
    """Return folds and onsets of oscillations in the plane that the `lines:` block names.

    Examples
    --------
    Not run here: a minute. The workflow's rule `follow_lines` is the same function.

    >>> from cortex import preset
    >>> sorted(set(follow_lines(preset("brunel", "C"))["kind"]))  # doctest: +SKIP
    ['fold', 'hopf']
    """
    instance("net", net, NetworkCase)
    return Result("network_lines", lines.follow_lines(net.name, net.block))


def _plain(results: Mapping[str, Result]) -> dict[str, Columns]:
    return {kind: dict(table) for kind, table in results.items()}


def _listed(runs: Spikes | Sequence[Spikes]) -> list[Spikes]:
    instance("runs", runs, Spikes, Sequence)
    listed = [runs] if isinstance(runs, Spikes) else list(runs)
    for k, each in enumerate(listed):
        instance(f"runs[{k}]", each, Spikes)
    return listed
