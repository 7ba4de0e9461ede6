"""One recording written by the libraries of its formats (make test-formats) gives one result."""

import numpy as np
import pandas as pd
import pytest

from cortex.analysis import count_correlation, fano_factors, interval_cv
from cortex.errors import TableError
from cortex.io.exchange.networks import export_network
from cortex.io.export import to_neo, write_nwb, write_sonata
from cortex.io.fields import read_field
from cortex.io.readers.neo_blocks import spikes_of_neo
from cortex.io.recording import Recording
from cortex.io.spikes import read_spikes
from cortex.networks.case import case_of
from cortex.spikes import Spikes

for package in ("bmtk", "libsonata", "neo", "pyedflib", "pynwb"):
    pytest.importorskip(package, reason="not in the locked environment: make test-formats")
pytestmark = pytest.mark.filterwarnings("ignore")

DT, N_STEPS = 1e-4, 20_000
SIZES = {"E": 20, "I": 6}
DRAWN = np.random.default_rng(8).random((N_STEPS, 26)) < 2e-3
DRAWN[:, [3, 25]] = False  # two silent neurons, the last of all among them
STEPS, NEURONS = np.nonzero(DRAWN)
OWN = Spikes(
    steps=STEPS.astype(np.int32),
    neurons=NEURONS.astype(np.int32),
    dt=DT,
    n_steps=N_STEPS,
    names=("E", "I"),
    sizes=np.array([20, 6]),
    positions=1e-3 * np.random.default_rng(9).random((26, 3)),
)
TRAINS = [OWN.times[neuron == NEURONS] for neuron in range(26)]
NAMES = np.repeat(["E", "I"], [20, 6])


def test_libsonata_and_bmtk_read_an_exported_network(tmp_path):
    import libsonata
    from bmtk.utils import sonata

    neuron = {"tau_m_ms": 20.0, "tau_ref_ms": 2.0, "V_th_mV": 15.0, "V_reset_mV": 0.0}
    synapse = {"in_degree": 8, "delay_ms": 1.5, "receptor": "delta", "target": "all"}
    noise = {"target": "I", "rate_Hz": 900.0, "J_mV": 0.2, "receptor": "delta"}
    block = {
        "populations": {"E": {"size": 80, **neuron}, "I": {"size": 20, **neuron}},
        "projections": {
            "e": {"source": "E", "J_mV": 0.1, **synapse},
            "i": {"source": "I", "J_mV": -0.5, **synapse},
        },
        "drive": {"noise": noise},
        "simulation": {"dt_ms": 0.1, "warm_up_s": 0.0, "duration_s": 0.1, "precision": "float64"},
    }
    case = case_of("mine", block)
    export_network(case, tmp_path / "m.sonata.json", seed=1)
    nodes = libsonata.NodeStorage(str(tmp_path / "m_nodes.h5"))
    assert nodes.population_names == {"mine", "poisson"}
    edges = libsonata.EdgeStorage(str(tmp_path / "m_edges.h5")).open_population("connections")
    assert (edges.size, edges.source, edges.target) == (100 * 16, "mine", "mine")
    weights = edges.get_attribute("syn_weight", edges.select_all())
    assert np.unique(weights).tolist() == [-0.5, 0.1]  # mV
    names = [str(tmp_path / f"m_{each}") for each in ("nodes", "edges", "node_types", "edge_types")]
    data, types = (
        [f"{name}.{end}" for name in names[k : k + 2]] for k, end in ((0, "h5"), (2, "csv"))
    )
    file = sonata.File(data_files=data, data_type_files=types)
    assert file.nodes["mine"].get_node_id(99)["pop_name"] == "I"
    assert file.nodes["mine"].get_node_id(3)["model_template"] == "nest:iaf_psc_delta"
    onto = list(file.edges["connections"].get_target(5))
    assert sorted(edge["syn_weight"] for edge in onto) == [-0.5] * 8 + [0.1] * 8
    assert {edge["delay"] for edge in onto} == {1.5}


def by_bmtk(path, kind):
    from bmtk.utils.reports.spike_trains import SpikeTrains

    trains = SpikeTrains(adaptor=None)
    for neuron, times in enumerate(TRAINS):
        within = neuron if neuron < 20 else neuron - 20
        trains.add_spikes(node_ids=within, timestamps=1e3 * times, population=NAMES[neuron])
    (trains.to_csv if kind == "csv" else trains.to_sonata)(str(path))


def bmtk_sonata(folder):
    by_bmtk(folder / "spikes.h5", "sonata")
    return folder / "spikes.h5", {"populations": SIZES, "sort": True}


def bmtk_csv(folder):
    by_bmtk(folder / "spikes.csv", "csv")
    return folder / "spikes.csv", {"populations": SIZES, "sort": True}


def pynwb_units(folder):
    from datetime import UTC, datetime

    import pynwb

    start = datetime(2026, 1, 1, tzinfo=UTC)
    file = pynwb.NWBFile(session_description="x", identifier="x", session_start_time=start)
    file.add_unit_column("population", "which")
    for name, times in zip(NAMES, TRAINS, strict=True):
        file.add_unit(spike_times=times, obs_intervals=[[0.0, 2.0]], population=name)
    with pynwb.NWBHDF5IO(str(folder / "x.nwb"), "w") as io:
        io.write(file)
    return folder / "x.nwb", {}


def neo_block(times_unit="ms"):
    import neo
    import quantities as pq

    block, segment = neo.Block(), neo.Segment()
    block.segments.append(segment)
    for name, times in zip(NAMES, TRAINS, strict=True):
        train = neo.SpikeTrain((times * pq.s).rescale(times_unit), t_stop=2.0 * pq.s)
        train.annotate(population=str(name))
        segment.spiketrains.append(train)
    return block


def neo_nix(folder):
    import neo

    with neo.NixIO(str(folder / "x.nix"), "ow") as io:
        io.write_block(neo_block())
    return folder / "x.nix", {}


def neo_pickle(folder):
    import neo

    neo.PickleIO(str(folder / "x.pkl")).write_block(neo_block("us"))
    return folder / "x.pkl", {}


def pandas_csv(folder):
    frame = pd.DataFrame({"time_ms": 1e3 * OWN.times, "neuron": OWN.neurons})
    frame.to_csv(folder / "x.csv", index=False)
    return folder / "x.csv", {"populations": SIZES}


def nest_text(folder):
    """Write the lines that NEST 3 writes with precision 4."""
    head = "# NEST version: 3.8.0\n# RecordingBackendASCII version: 2\nsender\ttime_ms\n"
    pairs = zip(OWN.neurons + 1, 1e3 * OWN.times, strict=True)
    (folder / "x-27-0.dat").write_text(head + "".join(f"{n}\t{t:.4f}\n" for n, t in pairs))
    return folder / "x-27-0.dat", {"populations": SIZES}


def pyarrow_table(folder):
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({"t_s": OWN.times, "id": OWN.neurons.astype(np.uint64)})
    pq.write_table(table, folder / "x.parquet")
    return folder / "x.parquet", {"populations": SIZES}


def scipy_mat(folder):
    from scipy.io import savemat

    cells = np.empty(26, dtype=object)
    cells[:] = [1e3 * train for train in TRAINS]
    savemat(folder / "x.mat", {"trains_ms": cells})
    return folder / "x.mat", {"populations": SIZES}


WRITERS = [bmtk_sonata, bmtk_csv, pynwb_units, neo_nix, neo_pickle, pandas_csv, nest_text,
           pyarrow_table, scipy_mat]  # fmt: skip


@pytest.mark.parametrize("write", WRITERS)
def test_the_same_recording_gives_the_same_steps_and_statistics(tmp_path, write):
    path, given = write(tmp_path)
    found = read_spikes(path, stop=2.0, **given).on_grid(DT)
    np.testing.assert_array_equal(found.steps, OWN.steps)
    np.testing.assert_array_equal(found.neurons, OWN.neurons)
    assert (found.names, found.sizes.tolist(), found.n_steps) == (OWN.names, [20, 6], N_STEPS)
    np.testing.assert_array_equal(interval_cv(found), interval_cv(OWN))
    np.testing.assert_array_equal(fano_factors(found, 0.1), fano_factors(OWN, 0.1))
    assert count_correlation(found) == count_correlation(OWN)


def back_from_neo(path):
    return spikes_of_neo(to_neo(path).segments[0].spiketrains)


def back_from_sonata(path, recording):
    write_sonata(path, recording)
    return read_spikes(path)


def back_from_nwb(path, recording):
    write_nwb(path, recording)
    return read_spikes(path)


@pytest.mark.parametrize("kind", ["x.h5", "x.nwb", "neo"])
@pytest.mark.parametrize("grid", [True, False])
def test_what_is_exported_reads_back_the_same(tmp_path, kind, grid):
    free = Spikes(
        neurons=OWN.neurons,
        times=OWN.times + 0.5,
        start=0.5,
        stop=2.5,
        names=OWN.names,
        sizes=OWN.sizes,
        positions=OWN.positions,
    )
    own = OWN if grid else free
    recording = Recording(spikes=own)
    back = {
        "x.h5": lambda: back_from_sonata(tmp_path / kind, recording),
        "x.nwb": lambda: back_from_nwb(tmp_path / kind, recording),
        "neo": lambda: back_from_neo(recording),
    }[kind]()
    assert (back.names, back.sizes.tolist()) == (own.names, own.sizes.tolist())
    assert (back.start, back.stop) == pytest.approx((own.start, own.stop))
    # one division and one multiplication by the scale of ms
    np.testing.assert_allclose(back.on_grid(DT).times, own.on_grid(DT).times, rtol=1e-12)
    np.testing.assert_array_equal(back.on_grid(DT).steps, own.on_grid(DT).steps)
    np.testing.assert_array_equal(back.on_grid(DT).neurons, own.on_grid(DT).neurons)
    if kind != "neo":  # trains of Neo have no places
        np.testing.assert_allclose(back.positions, own.positions, rtol=1e-15)


def test_what_neo_reads_with_several_segments_is_refused(tmp_path):
    import neo

    block = neo_block()
    block.segments.append(neo.Segment())
    neo.PickleIO(str(tmp_path / "x.pkl")).write_block(block)
    with pytest.raises(TableError, match="2 segments, each with a clock of its own"):
        read_spikes(tmp_path / "x.pkl")
    (tmp_path / "x.abc").write_bytes(b"\x00\x01")
    with pytest.raises(TableError, match=r"x\.abc: Neo cannot read it"):
        read_spikes(tmp_path / "x.abc")


def test_files_of_pynwbs_own_test_makers_are_read(tmp_path):
    import pynwb
    from pynwb.testing.mock.ecephys import mock_ElectricalSeries, mock_Units
    from pynwb.testing.mock.file import mock_NWBFile

    file = mock_NWBFile()
    units = mock_Units(num_units=4, max_spikes_per_unit=9, nwbfile=file)
    series = mock_ElectricalSeries(name="lfp", conversion=2e-6, rate=500.0, nwbfile=file)
    with pynwb.NWBHDF5IO(str(tmp_path / "x.nwb"), "w") as io:
        io.write(file)
    spikes = read_spikes(tmp_path / "x.nwb")
    for k in range(4):
        np.testing.assert_array_equal(
            spikes.times[spikes.neurons == k], np.sort(units["spike_times"][k])
        )
    found = read_field(tmp_path / "x.nwb", name="lfp")
    np.testing.assert_allclose(found.values, 2e-6 * np.asarray(series.data), rtol=1e-14)
    assert found.step == 2e-3


FIELD = 1e-4 * np.random.default_rng(3).normal(size=(2000, 2))  # V


def field_by_pynwb(path):
    from cortex.io.recording import Signal

    places = np.zeros((2, 3))
    signal = Signal(name="lfp", description="x", values=FIELD, unit="V", start=0.5, step=1e-3)
    write_nwb(path, Recording(signals=(signal,), electrodes=places))


def field_by_neo(path):
    import neo
    import quantities as pq

    block, segment = neo.Block(), neo.Segment()
    signal = neo.AnalogSignal(1e6 * FIELD * pq.uV, sampling_rate=1 * pq.kHz, t_start=0.5 * pq.s)
    segment.analogsignals.append(signal)
    block.segments.append(segment)
    neo.PickleIO(str(path)).write_block(block)


def field_by_pyedflib(path):
    import pyedflib

    with pyedflib.EdfWriter(str(path), 2) as file:
        limits = {"physical_max": 1000.0, "physical_min": -1000.0}
        digital = {"digital_max": 32767, "digital_min": -32768}
        for k in range(2):
            header = {"label": f"ch{k}", "dimension": "uV", "sample_frequency": 1000}
            file.setSignalHeader(k, header | limits | digital)
        file.writeSamples([np.ascontiguousarray(1e6 * FIELD[:, k]) for k in range(2)])


@pytest.mark.parametrize(
    ("write", "name", "start", "rounding"),
    [
        (field_by_pynwb, "x.nwb", 0.5, 1e-18),
        (field_by_neo, "x.pkl", 0.5, 1e-18),
        # EDF stores 16 bits over 2 mV, and no start on the clock of the spikes
        (field_by_pyedflib, "x.edf", 0.0, 2e-3 / 2**16),
    ],
)
def test_fields_of_other_tools_are_read(tmp_path, write, name, start, rounding):
    write(tmp_path / name)
    found = read_field(tmp_path / name)
    np.testing.assert_allclose(found.values, FIELD, rtol=1e-12, atol=rounding)
    assert (found.unit, found.start) == ("V", pytest.approx(start))  # type: ignore[comparison-overlap]
    assert found.step == pytest.approx(1e-3)
