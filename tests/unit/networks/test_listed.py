"""Synapses of a file stand in a network file beside drawn ones.

Oracle: the same synapses handed to the simulator one by one.
"""

import numpy as np
import pytest

from cortex.config.presets import with_presets
from cortex.connectivity import Projection
from cortex.errors import ConfigError, ParameterError, TableError
from cortex.io.listed import lists_of
from cortex.networks.case import read_case
from cortex.rng import stream
from cortex.spiking import draw_wiring, simulate
from cortex.steps.simulate import simulate_seeded

CELLS = {"tau_m_ms": 10.0, "tau_ref_ms": 1.0, "V_th_mV": 15.0, "V_reset_mV": 0.0}
SIZES = {"E": 40, "I": 16}


def rows(n=300):
    """Return sources in E and targets in I, factors and delays of n synapses."""
    rng = stream(7, "list")
    return rng.integers(0, 40, n), rng.integers(0, 16, n), rng.uniform(0.5, 2.0, n), rng.integers(
        1, 30, n
    )  # fmt: skip


def block(file, space=None):
    """Return a network driven by currents, whose synapses from E to I are those of a file."""
    there = {"profile": "boxcar", "width_mm": 0.5} if space else {}
    listed = {"source": "E", "target": "I", "list": {"file": str(file)}, "J_mV": 0.4}
    drawn = {"source": "I", "target": "E", "in_degree": 5, "J_mV": -0.5, "delay_ms": 1.0}
    block = {
        "populations": {name: {"size": size, **CELLS} for name, size in SIZES.items()},
        "projections": {
            "listed": {**listed, "delay_ms": 1.0, "receptor": "delta", **there},
            "drawn": {**drawn, "receptor": "delta", **there},
        },
        "drive": {"dc": {"target": "all", "mu_mV": 17.0}},
        "simulation": {
            "dt_ms": 0.1, "warm_up_s": 0.0, "duration_s": 0.3, "precision": "float64",
        },
        "analysis": {"segment_ms": 100.0},
        "excerpt": {"start_s": 0.0, "duration_s": 0.1},
    }  # fmt: skip
    return block | ({"space": space} if space else {})


def write(path, mark, names, columns):
    lines = [mark.join(names), *(mark.join(map(str, row)) for row in zip(*columns, strict=True))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def case_with(file, space=None):
    networks = with_presets({"networks": {"mine": block(file, space)}})["networks"]
    return read_case("mine", networks["mine"], "default")


@pytest.mark.parametrize(("suffix", "mark"), [(".tsv", "\t"), (".csv", ",")])
@pytest.mark.parametrize("space", [None, {"extent_mm": [1.0, 1.0], "positions": "random"}])
def test_listed_synapses_give_the_spikes_of_those_handed_over(tmp_path, suffix, mark, space):
    source, target, factor, steps = rows()
    names = ("source", "target", "weight", "delay_ms")
    columns = (source, target, factor.tolist(), (steps / 10.0).tolist())
    case = case_with(write(tmp_path / f"synapses{suffix}", mark, names, columns), space)
    assert case.network.synapses.in_degrees[1, 0] == pytest.approx(300 / 16)
    assert case.network.synapses.J[1, 0] == pytest.approx(4e-4 * factor.mean())
    listed = lists_of(case)
    run = simulate_seeded(case, 3, listed=listed)

    by_hand = Projection.from_pairs(
        source, target, n_sources=40, n_targets=16, weights=4e-4 * factor, delays=1e-4 * steps
    )
    wiring = {("I", "E"): by_hand, ("E", "I"): drawn_part(case, listed)}
    expected = simulate(case.network, case.study.simulation, seed=3, wiring=wiring)
    assert len(run.spikes) > 500
    np.testing.assert_array_equal(run.spikes.steps, expected.spikes.steps)
    np.testing.assert_array_equal(run.spikes.neurons, expected.spikes.neurons)


def drawn_part(case, listed):
    """Return the synapses from I to E of the wiring that a run draws."""
    lists = draw_wiring(case.network, case.study.simulation, seed=3, given=listed)
    source = np.repeat(np.arange(56), np.diff(lists.start))
    mine = source >= 40
    return Projection.from_pairs(
        source[mine] - 40, lists.targets[mine].astype(int), n_sources=16, n_targets=40
    )


def test_a_list_that_does_not_fit_is_refused_at_its_place(tmp_path):
    wrong = write(tmp_path / "wrong.tsv", "\t", ("source", "cell"), ([0], [1]))
    with pytest.raises(ConfigError, match=r"projections\.listed\.list: .* columns source, cell"):
        case_with(wrong)
    with pytest.raises(ConfigError, match=r"projections\.listed\.list: .*No such file"):
        case_with(tmp_path / "none.tsv")
    far = case_with(write(tmp_path / "far.tsv", "\t", ("source", "target"), ([0], [99])))
    with pytest.raises(TableError, match=r"far\.tsv, synapses from E to I: .*99"):
        lists_of(far)
    with pytest.raises(ParameterError, match="needs its lists of synapses, E to I"):
        simulate_seeded(far, 1)
    write(tmp_path / "far.tsv", "\t", ("source", "target"), ([0], [9]))
    with pytest.raises(TableError, match="not the synapses that were read"):
        lists_of(far)
