"""cortex: every layer of theory on one network, and the simulation that they stand for."""

from dataclasses import replace

import numpy as np

from benchmarks.layers.scene import (
    AFTER,
    BEFORE,
    FEW,
    FREQUENCIES,
    IN_DEGREES,
    JUMPS,
    MEAN,
    NEURON,
    NOISE,
    RATE_EXT,
    SIZES,
    STEP_NOISE,
    TAU_S,
    UNLIKE,
    measure,
    round_step,
    shown,
)
from cortex.meanfield import (
    Receptors,
    receptor_cv,
    receptor_rate,
    receptor_response,
    recurrent_noise,
    solve_working_point,
)
from cortex.meanfield.exponents import angular
from cortex.meanfield.fluctuations.finite_size import finite_size_rates
from cortex.meanfield.response.transfer import population_transfer
from cortex.meanfield.stationary.cv import population_cv
from cortex.params.drive import Drive
from cortex.params.lif import LIFNeurons, LIFParams
from cortex.params.network import PopulationNetwork
from cortex.params.simulation import SimulationParams
from cortex.params.synapses import Synapses
from cortex.spiking import simulate

CELL = LIFParams(**NEURON)


def network() -> PopulationNetwork:
    """Return Brunel's network at state C with filtered synapses."""
    return PopulationNetwork(
        names=("E", "I"),
        sizes=np.array(SIZES),
        neurons=LIFNeurons(**NEURON),
        synapses=Synapses(
            in_degrees=np.tile(np.array(IN_DEGREES, dtype=float), (2, 1)),
            J=np.tile(JUMPS, (2, 1)),
            tau_s=TAU_S,
            delay=1.5e-3,
        ),
        drive=Drive(rate=np.full((2, 1), RATE_EXT), J=np.full((2, 1), JUMPS[0]), tau_s=TAU_S),
    )


def alone() -> PopulationNetwork:
    """Return two populations without synapses, at the input before the step."""
    cut = network()
    rate = STEP_NOISE**2 / (NEURON["tau_m"] * JUMPS[0] ** 2)
    return replace(
        cut,
        synapses=Synapses(in_degrees=np.zeros((2, 2)), J=cut.synapses.J, tau_s=0.0, delay=1.5e-3),
        drive=Drive(
            rate=np.full((2, 1), rate),
            J=np.full((2, 1), JUMPS[0]),
            tau_s=0.0,
            mu_dc=np.full(2, BEFORE - NEURON["tau_m"] * rate * JUMPS[0]),
        ),
    )


def one_neuron(name: str, taus: tuple[float, ...]) -> None:
    """Time rate, CV and response of a neuron with filtered inputs of equal noise, on nodes."""
    receptors = Receptors(MEAN, np.full(len(taus), NOISE**2 / len(taus)), np.array(taus), CELL)
    task = f"one neuron, {name}, nodes"

    def response() -> str:
        return shown(np.abs(receptor_response(receptors, angular(FEW)).H_mu), 1)

    measure(f"{task}: rate", lambda: shown(np.array([receptor_rate(receptors).nu])))
    measure(f"{task}: CV", lambda: shown(np.array([receptor_cv(receptors)])))
    measure(f"{task}: response, per frequency", response, len(FEW))


def finite_populations() -> None:
    """Time two finite populations through a step of drive."""
    pair, step, n = alone(), 5e-4, 2_000
    start = solve_working_point(pair)
    mu_dc = np.repeat(pair.drive.mu_dc[None], n, axis=0)
    mu_dc[n // 2 :] += AFTER - BEFORE

    def stepped() -> str:
        nu = finite_size_rates(pair, start, step, n, mu_dc=mu_dc, warm_up=0.0)
        return round_step((np.arange(n) - n // 2) * step, nu.mean(axis=1))

    measure("two finite populations, per biological second", stepped)


def main() -> None:
    """Print one line per task."""
    C = network()
    point = solve_working_point(C)

    def responses() -> str:
        found = population_transfer(C, point, FREQUENCIES, synaptic_filter=True)
        return shown(np.abs(found[[0, -1]]), 1)

    measure("rates, shifted boundaries", lambda: shown(solve_working_point(C).nu))
    measure("CVs, white noise", lambda: shown(population_cv(C, point)))
    measure("responses at 200 frequencies, shifted boundaries", responses)
    measure("rates on nodes", lambda: shown(solve_working_point(C, method="nodes").nu))
    one_neuron("one slow input", UNLIKE[:1])
    one_neuron("two unlike slow inputs", UNLIKE)
    measure(
        "self-consistent noise, per population: CVs",
        lambda: shown(recurrent_noise(C, point).cv),
        len(SIZES),
    )
    finite_populations()
    grid = SimulationParams(dt=1e-4, warm_up=0.1, duration=0.9, precision="float32")
    measure(
        "12,500 neurons with their wiring, per biological second",
        lambda: "rates (Hz) " + shown(simulate(C, grid, seed=1).spikes.mean_rates(), 1),
    )


if __name__ == "__main__":
    main()
