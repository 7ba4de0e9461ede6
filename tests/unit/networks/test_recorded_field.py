"""A recorded field beside spikes: made signals whose spectra and relations are known."""

import numpy as np
import pytest

from cortex.errors import ParameterError, TableError
from cortex.io.recorded import read_recorded_field
from cortex.params.field_file import FieldFile
from cortex.spikes import Spikes
from cortex.steps.recorded_field import relate

STEP, DURATION = 2e-3, 60.0
N = round(DURATION / STEP)
TIME = STEP * np.arange(N)
RHYTHM = 10.0  # Hz


def keys(**changed):
    return FieldFile.from_config({"file": "field.npy", **changed})


def made(seed=0):
    """Return spikes of E that follow a rhythm, of I that do not, and a field that holds it."""
    rng = np.random.default_rng(seed)
    rates = 40.0 * np.column_stack([1.0 + 0.8 * np.cos(2 * np.pi * RHYTHM * TIME), np.ones(N)])
    trains = {}
    for name, rate in zip("EI", rates.T, strict=True):
        counts = rng.poisson(rate * STEP)
        times = np.repeat(TIME, counts) + STEP * rng.random(counts.sum())
        trains[name] = [np.sort(times)]
    pink = np.fft.irfft(
        np.fft.rfft(rng.normal(size=N)) / np.maximum(np.arange(N // 2 + 1) / DURATION, 0.5), N
    )
    field = 20e-6 * pink / pink.std() + 10e-6 * np.cos(2 * np.pi * RHYTHM * TIME)
    return Spikes.of_trains(trains, stop=DURATION), np.column_stack([field, np.zeros(N)])


@pytest.fixture(scope="module")
def tables():
    spikes, field = made()
    names, clock = ("deep", "dead"), {"step": STEP, "start": 0.0}
    return relate(spikes, field, keys(), channels=names, max_frequency=200.0, **clock)


def of(table, **wanted):
    kept = np.all([table[key] == value for key, value in wanted.items()], axis=0)
    return {key: values[kept] for key, values in table.items()}


def test_power_law_and_rhythm_of_the_field_are_found(tables):
    law = of(tables["laws"], channel="deep")
    # amplitudes 1/f are power 1/f^2; 119 windows: 9 % per frequency, over a decade and more
    assert law["exponent"][0] == pytest.approx(2.0, abs=0.1)
    highest = of(tables["peaks"], channel="deep")
    assert highest["frequency"][0] == RHYTHM
    shown = of(tables["power"], channel="deep")
    # a line of 10 uV has the power (10 uV)^2 / 2, the noise at its feet a hundredth
    near = np.abs(shown["frequency"] - RHYTHM) <= 2.0
    above = np.sum(shown["power"][near] - shown["law"][near]) * 1.0
    assert above == pytest.approx(0.5 * 10e-6**2, rel=0.1)


def test_a_flat_channel_has_neither_law_nor_peaks_and_hides_no_other(tables):
    assert np.isnan(of(tables["laws"], channel="dead")["exponent"]).all()
    assert "dead" not in tables["peaks"]["channel"]
    assert len(of(tables["power"], channel="dead")["power"]) == 200


def test_spikes_that_follow_the_rhythm_pass_the_chance_levels_and_others_do_not(tables):
    for name, related in (("E", True), ("I", False)):
        found = of(tables["coherence"], channel="deep", population=name)
        at = found["frequency"] == RHYTHM
        # chance: 5 % of frequencies pass the level, a tenth of its distance to one never does
        assert (found["coherence"][at] > 3.0 * found["chance"][at]).item() is related
        locked = of(tables["locking"], channel="deep", population=name, band="alpha")
        # half the depth of the modulation at the peaks of the field, squared: 0.4^2, less the
        # share of the noise in the band
        assert (locked["consistency"][0] > 0.1) is np.bool_(related)
        assert np.abs(locked["phase"][0]) < 0.2 or not related


def test_the_field_around_spikes_is_the_rhythm_by_half_the_depth(tables):
    found = of(tables["triggered"], channel="deep", population="E")
    expected = 0.4 * 10e-6 * np.cos(2 * np.pi * RHYTHM * found["lag"])
    # 2400 spikes in noise of 20 uV whose memory is seconds: a microvolt
    np.testing.assert_allclose(found["field"], expected, atol=1.2e-6)
    assert found["n_spikes"][0] == pytest.approx(2400, rel=0.1)
    assert found["lag"][0] == pytest.approx(-0.1)


def test_a_field_that_begins_later_is_related_over_the_common_time():
    spikes, field = made()
    whole, later = (
        relate(spikes.between(10.0, 50.0) if cut else spikes, field[a:b], keys(), step=STEP,
               start=a * STEP, channels=("1", "2"), max_frequency=100.0)
        for a, b, cut in ((5000, 25_000, False), (0, N, True))
    )  # fmt: skip
    for kind in ("power", "coherence", "locking"):
        for column, values in whole[kind].items():
            np.testing.assert_array_equal(values, later[kind][column])


@pytest.mark.parametrize(
    ("changed", "start", "said"),
    [
        ({}, 58.0, "have 2 s in common; spectra and windows ask for 4 s"),
        ({"bands": {"r": {"low_Hz": 150, "high_Hz": 300}}}, 0.0, "no band lies below half"),
        ({"fit": {"low_Hz": 4.0, "high_Hz": 8.0}}, 0.0, "fewer than eight frequencies"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_file(tmp_path, changed, start, said):
    spikes, field = made()
    np.save(tmp_path / "field.npy", field)
    given = {"unit": "V", "step_ms": 2.0, "start_s": start, **changed}
    params = keys(**{"file": str(tmp_path / "field.npy"), **given})
    with pytest.raises(ParameterError, match=rf"field\.npy: .*{said}"):
        read_recorded_field(params, spikes)


def test_currents_are_no_recorded_field(tmp_path):
    spikes, field = made()
    np.save(tmp_path / "field.npy", field)
    params = keys(file=str(tmp_path / "field.npy"), unit="pA", step_ms=2.0)
    with pytest.raises(TableError, match="is in A"):
        read_recorded_field(params, spikes)


def test_bands_that_the_samples_do_not_hold_are_left_out_and_exchanged_edges_refused():
    spikes, field = made()
    coarse = {"step": 10e-3, "start": 0.0, "channels": ("1",), "max_frequency": 500.0}
    found = relate(spikes, field[::5, :1], keys(), **coarse)
    assert list(found["locking"]["band"]) == ["theta"] * 2 + ["alpha"] * 2 + ["beta"] * 2
    # samples of 100 Hz: the power law ends at 45 Hz
    known = np.isfinite(found["power"]["law"])
    assert found["power"]["frequency"][known].max() == 45.0
    with pytest.raises(ParameterError, match=r"bands.x.low_Hz = 9.* are the two exchanged"):
        keys(bands={"x": {"low_Hz": 9.0, "high_Hz": 8.0}})
