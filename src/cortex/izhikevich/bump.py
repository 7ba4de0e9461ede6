"""A ring of regular- and fast-spiking cells that remembers an angle by a bump of activity."""

from dataclasses import dataclass

import numpy as np

from cortex.izhikevich.readout import Readout, read_angle, wrapped
from cortex.izhikevich.ring import angles, structured_profile
from cortex.params.izhikevich import BumpParams
from cortex.params.simulation import SimulationParams
from cortex.spikes import Spikes
from cortex.spiking.izhikevich.network import (
    CurrentDrive,
    Drive,
    IzhikevichNetwork,
    IzhikevichPopulation,
    Pathway,
    PoissonDrive,
)
from cortex.spiking.simulation import simulate
from cortex.typing import FloatArray

ALIVE_STRENGTH = 0.5
ALIVE_RATE = 0.2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BumpTrial:
    """One trial of the memory task.

    Parameters
    ----------
    params : BumpParams
        Network and task.
    seed : int
        Seed of its noise.
    spikes : Spikes
        All spikes; excitatory cells first.
    readout : Readout
        Population vector in windows of the delay period; times from its start.
    """

    params: BumpParams
    seed: int
    spikes: Spikes
    readout: Readout

    @property
    def error(self) -> FloatArray:
        """Decoded minus cued angle in each window, rad in (-pi, pi]; nan without spikes."""
        return wrapped(self.readout.angle - self.params.cue_angle)

    @property
    def lifetime(self) -> float:
        """Time from the end of the cue to the first window without a bump, s.

        As long as the delay period when the bump outlives it. A window holds a bump if its
        vector strength is at least 0.5 and the mean E rate at least 0.2 Hz.
        """
        alive = (self.readout.strength >= ALIVE_STRENGTH) & (self.readout.rate >= ALIVE_RATE)
        n_alive = len(alive) if np.all(alive) else int(np.argmin(alive))
        return min(n_alive * self.params.window, self.params.memory)


def bump_network(params: BumpParams) -> IzhikevichNetwork:
    """Return the network and its task: structured NMDA from E to E, uniform weights elsewhere.

    Conductances (S) per synapse are G over the number of sources; E to E has no autapses.
    Architecture of Compte et al. (2000), Cereb. Cortex 10:910.
    """
    n_exc, n_inh, gain = params.n_exc, params.n_inh, params.gaba_gain
    profile = structured_profile(n_exc, n_exc, params.J_plus, params.sigma, same_population=True)
    weights = {
        ("E", "E"): params.G_EE / n_exc * profile,
        ("I", "E"): np.full((n_inh, n_exc), params.G_IE / n_exc),
        ("E", "I"): np.full((n_exc, n_inh), gain * params.G_EI / n_inh),
        ("I", "I"): np.full((n_inh, n_inh), gain * params.G_II / n_inh),
    }
    receptors = {
        ("E", "E"): {"nmda": 1.0},
        ("I", "E"): {"nmda": 1.0, "ampa": 1.0},
        ("E", "I"): {"gaba_a": 1.0},
        ("I", "I"): {"gaba_a": 1.0},
    }
    return IzhikevichNetwork(
        populations=(
            IzhikevichPopulation(name="E", size=n_exc, cell=params.exc),
            IzhikevichPopulation(name="I", size=n_inh, cell=params.inh),
        ),
        pathways=tuple(
            Pathway(
                source=source,
                target=target,
                weights=w,
                receptors=receptors[target, source],
                delay=params.delay,
            )
            for (target, source), w in weights.items()
        ),
        receptors=params.receptors,
        drives=bump_drives(params),
    )


def bump_drives(params: BumpParams) -> tuple[Drive, ...]:
    """Return background noise on both populations and the cue, a Gaussian current on E.

    The cue is `cue_amplitude` (A) times exp(-x^2/(2 cue_width^2)), x the angle to the cue.
    """
    offset = wrapped(angles(params.n_exc) - params.cue_angle)
    cue = params.cue_amplitude * np.exp(-(offset**2) / (2.0 * params.cue_width**2))
    return (
        PoissonDrive(target="E", rate=params.rate_noise, weight=params.w_noise_exc),
        PoissonDrive(target="I", rate=params.rate_noise, weight=params.w_noise_inh),
        CurrentDrive(target="E", amplitude=cue, start=params.cue_start, stop=params.cue_stop),
    )


def run_trial(params: BumpParams, seed: int) -> BumpTrial:
    """Return one trial: cue, delay period, population vector. A pure function of both.

    The compiled loop releases the interpreter lock, so trials run side by side in threads
    as well as in processes.

    Raises
    ------
    SimulationError
        The step is too long or the solution blew up.
    """
    settings = SimulationParams(
        dt=params.dt, warm_up=0.0, duration=params.duration, precision="float64"
    )
    spikes = simulate(bump_network(params), settings, seed=seed).spikes
    readout = read_angle(
        spikes.times - params.cue_stop,
        spikes.neurons,
        n_cells=params.n_exc,
        window=params.window,
        duration=params.memory,
    )
    return BumpTrial(params=params, seed=seed, spikes=spikes, readout=readout)
