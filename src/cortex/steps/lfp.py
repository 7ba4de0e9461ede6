"""The LFP of the runs of a case: traces of the excerpt, and spectra."""

from collections.abc import Sequence

import numpy as np

from cortex.analysis.excerpts import trace_excerpt
from cortex.analysis.population import rate_spectrum
from cortex.errors import ParameterError
from cortex.lfp.population import population_rws, target_rows, traced_rws
from cortex.networks.case import NetworkCase
from cortex.spikes import Spikes
from cortex.spiking.result import SpikingRun
from cortex.steps.columns import Columns, Tables, labelled, stacked
from cortex.steps.sheet_lfp import sheet_lfp
from cortex.typing import FloatArray


def currents_of(case: NetworkCase, run: SpikingRun) -> Columns:
    """Return the mean currents R I of every population of a run (V), as recorded.

    Raises
    ------
    ParameterError
        The run holds none.
    """
    if "exc" not in run.traces:
        msg = f"the run of network {case.name} holds no currents of populations"
        raise ParameterError(msg)
    time = np.asarray(run.trace_times)
    return stacked(
        labelled(
            {"time": time, "exc": run.traces["exc"][:, a], "inh": run.traces["inh"][:, a]},
            population=name,
        )
        for a, name in enumerate(case.network.names)
    )


def synthesise_lfp(
    case: NetworkCase, runs: Sequence[Spikes], currents: Sequence[Columns] = ()
) -> Tables:
    """Return traces and spectra of every LFP signal of a case.

    Parameters
    ----------
    case : NetworkCase
        The network with an `lfp:` block.
    runs : sequence of Spikes
        One per independent network, in the order of their numbers.
    currents : sequence of tables
        From `currents_of`, as many, where spikes do not tell the currents: conductances.

    Returns
    -------
    dict
        ``traces`` (of the excerpt of the first run, step by step) and ``spectra``
        (one-sided, A^2/Hz per target neuron), and those of `cortex.steps.sheet_lfp` where there
        are electrodes, as `cortex.io.schemas.network.LFP` says.

    Raises
    ------
    ParameterError
        The case has no LFP, or a target is no population.
    """
    traces, spectra = [], []
    for signal, targets in case.lfp.signals().items():
        for number, spikes in enumerate(runs):
            own = currents[number] if currents else None
            trace = signal_of(case, spikes, targets, own)
            spectra.append(_spectrum(case, trace, signal=signal, number=number))
            if number == 0:
                traces.append(_excerpt(case, trace, signal))
    tables = {"traces": stacked(traces), "spectra": stacked(spectra)}
    return tables if case.lfp.electrodes is None else tables | sheet_lfp(case, runs)


def signal_of(
    case: NetworkCase, spikes: Spikes, targets: tuple[str, ...], currents: Columns | None = None
) -> FloatArray:
    """Return the weighted sum of the currents onto some populations, A, shape (n_steps,)."""
    block = case.study.lfp
    if block is None:
        msg = f"network {case.name} has no `lfp:` block"
        raise ParameterError(msg)
    if currents is not None:
        return _recorded_signal(case, currents, targets)
    return population_rws(
        spikes,
        case.network,
        targets=targets,
        synapses=block.synapses,
        weighting=block.weighting,
    )


def _recorded_signal(case: NetworkCase, currents: Columns, targets: tuple[str, ...]) -> FloatArray:
    """Return the weighted sum of recorded currents, averaged over the neurons of the targets."""
    block, network = case.study.lfp, case.network
    if block is None:
        msg = f"network {case.name} has no `lfp:` block"
        raise ParameterError(msg)
    rows = target_rows(network, targets)
    leak = block.synapses.capacitance / network.neurons.tau_m[rows]
    weights = network.sizes[rows] / network.sizes[rows].sum() * leak
    of_rows = [currents["population"] == network.names[a] for a in rows]
    exc, inh = (
        weights @ np.stack([currents[kind][own] for own in of_rows]) for kind in ("exc", "inh")
    )
    return traced_rws(exc, inh, case.study.simulation.dt, weighting=block.weighting)


def _spectrum(case: NetworkCase, trace: FloatArray, *, signal: str, number: int) -> Columns:
    bins, dt = case.study.analysis, case.study.simulation.dt
    power = rate_spectrum(trace[round(bins.settle / dt) :], dt, segment=bins.segment)
    kept = (power.frequency > 0.0) & (power.frequency <= bins.max_frequency)
    columns = {"frequency": power.frequency[kept], "power": power.density[kept]}
    return labelled(columns, state=case.state, signal=signal, seed=number)


def _excerpt(case: NetworkCase, trace: FloatArray, signal: str) -> Columns:
    cut, dt = case.study.excerpt, case.study.simulation.dt
    window = {"start": cut.start, "duration": cut.duration, "width": dt}
    shown = trace_excerpt(trace, dt, **window)
    columns = {"time": shown["time"], "lfp": shown["trace"]}
    return labelled(columns, state=case.state, signal=signal)
