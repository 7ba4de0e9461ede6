"""Daily work through `import cortex`: a file, the builder and presets give the same networks."""

import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
import yaml

import cortex
from cortex import cli
from cortex.config.presets import preset_names, read_config, read_preset
from cortex.config.read import check_study
from cortex.errors import ConfigError, ParameterError, RegimeWarning
from cortex.io.schemas.network import LFP, OBSERVED, PREDICTED
from cortex.io.spike_table import read_spike_table
from cortex.networks.case import read_case
from cortex.params.description.overrides import lay_over
from cortex.params.description.states import part_of

ROOT = Path(__file__).parents[3]

NEURON = {"tau_m_ms": 20.0, "tau_ref_ms": 2.0, "V_th_mV": 20.0, "V_reset_mV": 10.0}
FILE = {
    "seed": 7,
    "populations": {"E": {"size": 80, **NEURON}, "I": {"size": 20, **NEURON, "tau_m_ms": 10.0}},
    "receptors": {"ampa": {"tau_s_ms": 0.5}, "gaba": {"tau_s_ms": 0.5}},
    "projections": {
        "a": {"source": "E", "target": "all", "probability": 0.2, "J_mV": 0.2, "delay_ms": 1.5,
              "receptor": "ampa"},
        "b": {"source": "I", "target": "E", "probability": 0.1, "J_mV": -1.0, "delay_ms": 1.5,
              "receptor": "gaba"},
    },
    "drive": {"x": {"target": "all", "rate_Hz": 14000.0, "J_mV": 0.1, "receptor": "ampa"}},
    "simulation": {"dt_ms": 0.1, "warm_up_s": 0.1, "duration_s": 1.0, "precision": "float32"},
    "lfp": {"targets": ["E"]},
}  # fmt: skip
BUILT = {
    "sizes": {"E": 80, "I": 20},
    **NEURON,
    "tau_m_ms": {"E": 20.0, "I": 10.0},
    "probability": [[0.2, 0.1], [0.2, 0.0]],
    "J_mV": {"E": 0.2, "I": -1.0},
    "delay_ms": 1.5,
    "tau_s_ms": {"E": 0.5, "I": 0.5},
    "tau_s_ext_ms": 0.5,
    "rate_ext_Hz": 14000.0,
    "J_ext_mV": 0.1,
    "study": {"simulation": FILE["simulation"], "lfp": FILE["lfp"]},
}


@pytest.fixture
def path(tmp_path):
    """Return a file with one network."""
    file = tmp_path / "mynet.yaml"
    file.write_text(yaml.safe_dump(FILE), encoding="utf-8")
    return file


def arrays(net):
    """Return every array of the normal form by name."""
    network = net.network
    parts = {"neurons": network.neurons, "synapses": network.synapses, "drive": network.drive}
    return {
        f"{part}.{name}": np.asarray(getattr(block, name))
        for part, block in parts.items()
        for name in block.__dataclass_fields__
    }


def same(a, b):
    """Tell whether two networks are the same, number by number."""
    assert a.network.names == b.network.names
    assert np.array_equal(a.network.sizes, b.network.sizes)
    for name, values in arrays(a).items():
        assert np.array_equal(values, arrays(b)[name]), name
    assert a.study == b.study
    return True


def test_the_builder_returns_what_a_file_with_its_numbers_holds(path):
    built = cortex.build("mynet", **BUILT)
    read = cortex.load(path)
    # the pair without synapses takes the time constant of its row, which differs by receptor
    for name in ("in_degrees", "J", "delay"):
        assert np.array_equal(getattr(built.network.synapses, name),
                              getattr(read.network.synapses, name))  # fmt: skip
    exist = read.network.synapses.exist
    assert np.array_equal(built.network.synapses.tau_s[exist], read.network.synapses.tau_s[exist])
    assert built.study == read.study
    spikes = [cortex.simulate(net, seed=3) for net in (built, read)]
    assert np.array_equal(spikes[0].neurons, spikes[1].neurons)
    assert np.array_equal(spikes[0].times, spikes[1].times)


def test_a_saved_network_is_loaded_again_with_the_same_random_streams(tmp_path):
    net = cortex.build("mynet", **BUILT)
    again = cortex.load(cortex.save(net, tmp_path / "other.yaml"))
    assert again.run_seed(7, 0) == net.run_seed(7, 0)
    assert np.array_equal(again.network.synapses.in_degrees, net.network.synapses.in_degrees)


def test_a_saved_network_makes_the_spikes_that_the_first_one_makes(tmp_path, path):
    short = {"simulation.duration_s": 0.6, "simulation.warm_up_s": 0.1, "seeds": 1}
    short |= {"analysis.segment_ms": 256.0, "excerpt.start_s": 0.1}
    brunel = {"n_exc": 400, "n_inh": 100, "in_degree_exc": 40, "in_degree_inh": 10, "J_mV": 0.8}
    changed = cortex.change(cortex.preset("brunel", "C"), short | brunel)
    for net in (cortex.load(path), changed):  # a seed of its own; a state, which streams bear
        again = cortex.load(cortex.save(net, tmp_path / "again.yaml"))
        assert (again.seed, again.state, again.title) == (net.seed, net.state, net.title)
        one, other = cortex.simulate(net), cortex.simulate(again)
        assert one.times.size > 100
        assert one.times.tobytes() == other.times.tobytes()
        assert one.neurons.tobytes() == other.neurons.tobytes()


def test_a_network_keeps_the_seed_of_its_file_unless_another_is_asked_for(path, tmp_path):
    net = cortex.load(path)
    assert (net.seed, cortex.change(net, {"lfp.separate": True}).seed) == (7, 7)
    assert cortex.simulate(net).times.tobytes() == cortex.simulate(net, 7).times.tobytes()
    assert cortex.simulate(net).times.tobytes() != cortex.simulate(net, 1).times.tobytes()
    assert cortex.load(cortex.save(net, tmp_path / "b.yaml", seed=3)).seed == 3
    path.write_text(yaml.safe_dump(FILE | {"seed": "seven"}), encoding="utf-8")
    with pytest.raises(ParameterError, match="seed = 'seven': must be a whole number"):
        cortex.load(path)


class Named(dict[str, Any]):
    """Values by key and by attribute, as Snakemake hands them to a script."""

    def __getattr__(self, name: str) -> Any:
        return self[name]


def test_python_simulates_the_spikes_that_the_job_of_cortex_run_writes(path, tmp_path):
    config = read_config([path])
    block = part_of(config["networks"]["mynet"], "default", ("seeds", "analysis", "lfp"))
    job = Named(
        rule="simulate_network",
        resources={},
        threads=1,
        input=[],
        wildcards=Named(network="mynet", state="default", seed="1"),
        params=Named(network=block, seed=config["seed"], code=""),
        output=Named(spikes=tmp_path / "spikes-1.parquet"),
    )
    runpy.run_path(str(ROOT / "workflow" / "scripts" / "simulate_network.py"))["main"](job)
    written = read_spike_table(job.output.spikes)
    ours = cortex.simulate(cortex.load(path), number=1)
    assert ours.times.size > 100
    assert ours.times.tobytes() == written.times.tobytes()
    assert ours.neurons.tobytes() == written.neurons.tobytes()


CONTRADICTIONS = [
    ({"projections.b.delay_ms": 1.53}, "does not divide the delay from I to E"),
    ({"projections.b.delay_ms": 0.03}, "does not divide the delay from I to E"),
    ({"projections.a.probability": 1.0}, "80 of distinct sources, and a target has 79 beside"),
    ({"analysis.segment_ms": 5000.0}, "is too short for"),
    ({"excerpt.start_s": 5.0}, "ends after"),
    ({"lfp.targets": ["Q"]}, "no Q; there are: E, I"),
    ({"populations.E.V_reset_mV": 30.0}, "must lie below"),
    ({"projections.b.receptor": "gabb"}, "no gabb"),
]


@pytest.mark.parametrize(("keys", "said"), CONTRADICTIONS)
def test_python_refuses_what_cortex_run_refuses_in_the_same_words(path, keys, said):
    right, wrong = cortex.load(path), lay_over({**FILE, "analysis": {}, "excerpt": {}}, keys)
    network = {key: value for key, value in wrong.items() if key != "seed"}
    with pytest.raises(ConfigError) as of_run:
        check_study({"seed": 7, "networks": {"mynet": network}}, "mynet.yaml")
    path.write_text(yaml.safe_dump(wrong), encoding="utf-8")
    for call in (lambda: cortex.load(path), lambda: cortex.change(right, keys)):
        with pytest.raises(ParameterError) as of_python:
            call()
        assert said in str(of_python.value)
        assert all(line in str(of_run.value) for line in str(of_python.value).splitlines())


def test_the_builder_refuses_what_cortex_run_refuses():
    for keys, said in (
        ({"delay_ms": 1.53}, "does not divide the delay from E to E"),
        ({"study": {"lfp": {"targets": ["Q"]}}}, "no Q; there are"),
        ({"probability": 1.0}, "80 of distinct sources"),
    ):
        with pytest.raises(ParameterError, match=said):
            cortex.build("mynet", **(BUILT | keys))


def test_presets_are_the_files_that_cortex_brings():
    listed = cortex.presets()
    assert listed["name"].tolist() == preset_names()
    assert same(cortex.preset("brunel", "C"), read_case("brunel", read_preset("brunel"), "C"))
    assert cortex.preset("brunel").state == "A"  # the first one
    assert "Potjans" in repr(listed)


def test_the_command_that_lists_networks_leaves_none_out(capsys):
    assert cli.main(["networks"]) == 0
    _, _, *rows = capsys.readouterr().out.splitlines()
    assert [row.split()[0] for row in rows] == preset_names()


def test_changed_keys_are_those_of_a_state_with_the_same_random_streams():
    slow = cortex.change(cortex.preset("brunel", "C"), {"g": 4.5, "nu_ext_ratio": 0.9})
    assert np.array_equal(slow.network.synapses.J, cortex.preset("brunel", "D").network.synapses.J)
    assert slow.run_seed(3, 0) == cortex.preset("brunel", "C").run_seed(3, 0)
    with pytest.raises(ParameterError, match="write delay_ms"):
        cortex.change(slow, {"delay": 2.0})


def test_every_step_is_a_line_and_prints_its_units(path):
    net = cortex.load(path)
    with pytest.warns(RegimeWarning, match="I has 0.029 Hz in theory"):
        predicted = cortex.predict(net)
    unasked = {"course", "finite", "finite_course", "kernels"}  # no drive changes, no space
    assert predicted.keys() == PREDICTED.keys() - unasked
    observed = cortex.observe(net, cortex.simulate(net))
    lfp = cortex.synthesise_lfp(net, cortex.simulate(net))
    placed = {"waves", "space_time", "distances", "maps", "film"}  # there is no space
    assert observed.keys() == OBSERVED.keys() - {*placed, "course"}
    assert lfp.keys() == LFP.keys() - {"distances", "shaft", "responses"}
    compared = cortex.compare(net, predicted, observed, lfp)
    point = cortex.working_point(net)
    assert np.array_equal(point["nu"], predicted["rates"]["nu"])
    assert np.array_equal(cortex.modes(net)["growth"], predicted["modes"]["growth"])
    assert np.array_equal(
        cortex.spectra(net)["power"], predicted["spectra"]["power"], equal_nan=True
    )
    head = repr(point).splitlines()[1].split()
    assert head == ["state", "population", "size", "nu_Hz", "mu_mV", "sigma_mV", "cv"]
    mu = float(repr(point).splitlines()[2].split()[4])
    assert mu == pytest.approx(1e3 * point["mu"][0], rel=1e-3)  # four digits are printed
    assert "<th>nu_Hz</th>" in point._repr_html_()
    assert "46 rows" not in repr(point)
    assert "rows" in repr(compared["comparison"])
    assert compared["findings"]["state"].tolist() == ["default"] * len(
        compared["findings"]["state"]
    )


def test_results_draw_themselves_where_they_are_told(path):
    _, ax = plt.subplots()
    point = cortex.working_point(cortex.load(path))
    assert point.plot(ax=ax) is ax
    assert ax.get_ylabel()
    _, ax = plt.subplots()
    assert cortex.spectra(cortex.load(path)).plot(ax=ax) is ax
    assert (ax.get_xlabel(), ax.get_xscale()) == ("frequency (Hz)", "log")
    with pytest.raises(TypeError, match="no figure shows presets alone"):
        cortex.presets().plot()
    plt.close("all")


SLOW = """
import cortex
from scipy.optimize import brentq

def excess(rate):
    return cortex.working_point(cortex.change(net, {"drive.x.rate_Hz": rate}))["nu"][0] - 5.0

net = cortex.load("mynet.yaml")
for _ in range(3):
    cortex.working_point(net)  # here
brentq(excess, 1e3, 1e5, xtol=1e3)
cortex.spectra(net)
"""


def test_a_script_is_warned_once_of_one_cause_and_at_its_own_line(tmp_path):
    slow = {**FILE, "receptors": {"ampa": {"tau_s_ms": 8.0}, "gaba": {"tau_s_ms": 8.0}}}
    wish = {"target": "I", "wanted_rate_Hz": 8.0, "J_mV": 0.1, "receptor": "ampa"}
    slow["drive"] = {"x": {**FILE["drive"]["x"], "target": "E"}, "wish": wish}
    (tmp_path / "mynet.yaml").write_text(yaml.safe_dump(slow), encoding="utf-8")
    (tmp_path / "script.py").write_text(SLOW, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    told = [line for line in done.stderr.splitlines() if "tau_s / tau_m reaches 0.8;" in line]
    line = SLOW.splitlines().index("    cortex.working_point(net)  # here") + 1
    assert len(told) == done.stderr.count("tau_s / tau_m") == 1, done.stderr
    assert f"script.py:{line}: RegimeWarning" in told[0]


def test_what_theory_refuses_is_said_where_it_is_asked_for():
    results = cortex.Results("predicted", {}, {"spectra": "a mode grows"})
    assert "refused: a mode grows" in repr(results)
    with pytest.raises(KeyError, match="theory gives no spectra: a mode grows"):
        results["spectra"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"tau_m": 20.0}, "no value tau_m; there are"),
        ({"J_mV": {"E": 0.2, "X": 1.0}}, "J_mV names X; there are: E, I"),
        ({"probability": [[0.2, 0.1]]}, "probability must be a matrix"),
        ({"tau_s_ext_ms": None}, "give tau_s_ext_ms of the external input too"),
        ({"tau_m_ms": 0.02}, r"^tau_m_ms = 0.02 ms is outside \[0.1, 1000\] ms [^\n]*$"),
        ({"tau_m_ms": {"E": 0.02, "I": 10.0}}, r"^tau_m_ms of E = 0.02 ms is outside"),
        ({"J_mV": {"E": 0.2, "I": -3e3}}, r"^J_mV from I to E = -3000.0 mV is outside [^\n]*$"),
        ({"J_ext_mV": 3e3}, r"^J_ext_mV = 3000.0 mV is outside [^\n]*$"),
        ({"sizes": {"E": 0, "I": 20}}, r"^sizes of E = 0 is outside"),
        ({"tau_m_ms": None}, r"^tau_m_ms: missing [^\n]*$"),
        (
            {"w_pA": {"I": -5.0}},
            "^from I to E: the weight needs one of J_mV, w_pA, g_nS, kick; found J_mV and w_pA$",
        ),
        (
            {"wanted_rate_Hz": 3.0},
            (
                r"^of E: the size of the drive needs one of rate_ext_Hz, n_sources, "
                r"wanted_rate_Hz, mu_mV, current_pA; found rate_ext_Hz and wanted_rate_Hz\n"
                r"of I: [^\n]*$"
            ),
        ),
    ],
)
def test_a_wrong_value_of_the_builder_is_refused_with_its_name_and_unit(wrong, said):
    with pytest.raises(ParameterError, match=said):
        cortex.build("mynet", **(BUILT | wrong))


def test_a_file_with_several_networks_asks_which(tmp_path):
    path = tmp_path / "two.yaml"
    path.write_text("seed: 1\nnetworks: {a: {preset: brunel}, b: {preset: brunel}}\n")
    with pytest.raises(ConfigError, match=r"say which network: network=\.\.\.; there are: a, b"):
        cortex.load(path)
    assert cortex.load(path, "B", network="b").name == "b"


def test_import_is_light():
    # what costs time is imported when it is used
    code = (
        "import sys, cortex; print(sorted({'numpy', 'scipy', 'numba', 'yaml'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"


def test_every_name_of_the_front_door_can_be_had():
    assert len(cortex.__all__) >= 30
    for name in cortex.__all__:
        assert getattr(cortex, name) is not None
