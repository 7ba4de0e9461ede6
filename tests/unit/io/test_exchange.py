"""Networks from and to files of other tools: what comes back is what went out."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml

from cortex.api.files import load, save
from cortex.cli import main
from cortex.config.presets import read_preset
from cortex.errors import ConfigError, ParameterError, TableError
from cortex.io.exchange.networks import export_network, import_network
from cortex.io.exchange.nnmt import from_nnmt, to_nnmt
from cortex.networks.case import case_of, read_case
from cortex.params.description.overrides import deep_merge

sys.path.append(str(Path(__file__).parents[1] / "networks"))
import neutral

PRESETS = (("brunel", "C"), ("bos2016", None), ("sanzeni2020", None), ("microcircuit", None))


def of_preset(name, state):
    block = read_preset(name)
    return read_case(name, block, state or next(iter(block.get("states") or {"default": 0})))


def of_reference(name):
    return case_of(name, neutral.described(neutral.read(name)["network"]))


CASES = [
    *(pytest.param(of_reference, (name,), id=name) for name in neutral.NAMES),
    *(pytest.param(of_preset, preset, id=preset[0]) for preset in PRESETS),
]


def renamed(name):
    """Return the name in a network file: 23E does not begin with a letter."""
    return f"L{name}" if name[0].isdigit() else name


def assert_same(ours, theirs):
    """Hold every number of two normal forms against each other, beyond what no pair uses."""
    order = [theirs.names.index(renamed(name)) for name in ours.names]
    pairs = np.ix_(order, order)
    np.testing.assert_array_equal(theirs.sizes[order], ours.sizes)
    for name in ("tau_m", "tau_ref", "V_th", "V_reset"):
        got = getattr(theirs.neurons, name)[order]
        np.testing.assert_allclose(got, getattr(ours.neurons, name), rtol=1e-12, atol=1e-15)
    exist = ours.synapses.exist
    np.testing.assert_array_equal(theirs.synapses.exist[pairs], exist)
    spread = ours.synapses.delay_distribution != "none"
    for name in ("in_degrees", "J", "tau_s", "delay", *(("delay_sd",) if spread else ())):
        got, wanted = getattr(theirs.synapses, name)[pairs], getattr(ours.synapses, name)
        # units are moved by powers of ten, a rounding each way; 12 decimals are written
        np.testing.assert_allclose(got[exist], wanted[exist], rtol=1e-10, err_msg=name)
    np.testing.assert_allclose(theirs.drive.mu_dc[order], ours.drive.mu_dc, rtol=1e-10, atol=1e-15)
    for power in (1, 2):  # inputs may be numbered otherwise: mean and variance tell all of them
        got, wanted = (np.sum(n.drive.rate * n.drive.J**power, axis=1) for n in (theirs, ours))
        np.testing.assert_allclose(got[order], wanted, rtol=1e-10)


@pytest.mark.parametrize(("make", "arguments"), CASES)
def test_a_network_comes_back_from_a_file_of_nnmt(make, arguments, tmp_path):
    case = make(*arguments)
    path = tmp_path / "theirs.nnmt.yaml"
    said = export_network(case, path, seed=1)
    assert "how synapses fall on neurons (wiring)" in said
    again, notes = import_network(path, yaml.safe_load(path.read_text()), tmp_path / "back.yaml")
    assert all(note.startswith("renamed: ") for note in notes)
    assert_same(case.network, again.network)
    assert_same(case.network, load(tmp_path / "back.yaml").network)


def test_the_short_form_of_the_microcircuit_is_that_of_its_paper():
    # Bos et al. (2016) as NNMT states it, beside the network file made from the paper
    short = {
        "populations": ["23E", "23I", "4E", "4I", "5E", "5I", "6E", "6I"],
        "N": [20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948],
        **{key: {"val": value, "unit": unit} for key, value, unit in (
            ("C", 250.0, "pF"), ("tau_m", 10.0, "ms"), ("tau_r", 2.0, "ms"), ("tau_s", 0.5, "ms"),
            ("V_0_abs", -65.0, "mV"), ("V_th_abs", -50.0, "mV"), ("d_e", 1.5, "ms"),
            ("d_i", 0.75, "ms"), ("d_e_sd", 1.5, "ms"), ("d_i_sd", 0.75, "ms"), ("w", 87.8, "pA"),
            ("w_ext", 87.8, "pA"), ("nu_ext", 8.0, "Hz"))},
        "delay_dist": "truncated_gaussian",
        "g": 4.0,
        "K_ext": [1600, 1500, 1780, 1900, 2000, 1900, 2900, 2100],
        "K": (np.arange(64.0).reshape(8, 8) + 1.0).tolist(),
    }  # fmt: skip
    block, notes = from_nnmt(short, "short.yaml")
    assert notes[0].startswith("renamed: 23E -> L23E, 23I -> L23I")
    network = case_of("mine", block).network
    e, i, to = (network.names.index(name) for name in ("L4E", "L23I", "L23E"))
    jump = 87.8e-12 * 0.5e-3 / 250e-12
    assert network.synapses.J[to, e] == pytest.approx(2.0 * jump)
    assert network.synapses.J[e, to] == pytest.approx(jump)
    assert network.synapses.J[to, i] == pytest.approx(-4.0 * jump)
    assert network.synapses.delay[to, i] == pytest.approx(0.75e-3)
    assert network.drive.rate[e, 0] == pytest.approx(1780 * 8.0)
    assert network.neurons.V_th[0] == pytest.approx(15e-3)


BLOCK = {
    "populations": {"E": {"size": 40, "tau_m_ms": 20.0, "tau_ref_ms": 2.0, "V_th_mV": 15.0,
                          "V_reset_mV": 0.0}},
    "receptors": {"fast": {"tau_s_ms": 2.0}, "slow": {"tau_s_ms": 8.0}},
    "projections": {"e": {"source": "E", "target": "E", "in_degree": 8, "J_mV": 0.4,
                          "delay_ms": 1.5, "receptor": "fast"}},
    "drive": {"current": {"target": "E", "mu_mV": 18.0}},
    "simulation": {"dt_ms": 0.1, "warm_up_s": 0.0, "duration_s": 0.2, "precision": "float64"},
    "analysis": {"segment_ms": 64.0},
}  # fmt: skip


def test_what_a_file_of_nnmt_cannot_hold_is_refused_or_listed():
    noise = {"drive": {"noise": {"target": "E", "rate_Hz": 1e3, "J_mV": 0.1, "receptor": "slow"}}}
    with pytest.raises(ParameterError, match=r"one synaptic time constant of E, .* 2, 8 ms"):
        to_nnmt(case_of("mine", deep_merge(BLOCK, noise)))
    spread = {"projections": {"e": {"weight_cv": 0.1}}}
    assert (
        "scatter of weights (weight_cv)" in to_nnmt(case_of("mine", deep_merge(BLOCK, spread)))[1]
    )


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"K": None}, "need populations, N and K"),
        ({"tau_m": {"val": 10.0, "unit": "parsec"}}, "tau_m = .* numbers with a unit such as mV"),
        ({"J": {"val": [[1.0, 2.0]], "unit": "mV"}}, r"J has shape \(1, 2\), needs \(1, 1\)"),
        ({"tau_m": None}, "tau_m is missing"),
    ],
)
def test_parameters_of_nnmt_that_do_not_fit_are_named(keys, said):
    content, _ = to_nnmt(case_of("mine", BLOCK))
    changed = {k: v for k, v in (content | keys).items() if v is not None}
    with pytest.raises(TableError, match=said):
        from_nnmt(changed, "theirs.yaml")


def test_what_is_not_in_the_file_is_said():
    content, _ = to_nnmt(case_of("mine", BLOCK))
    del content["nu_ext"]
    notes = from_nnmt({**content, "width": [0.2]}, "theirs.yaml")[1]
    assert notes == ["external rates (nu_ext): the network has no input", "not read: width"]


def test_scripts_hold_the_network_and_refuse_what_their_tool_lacks(tmp_path):
    case = case_of("mine", BLOCK)
    for ending in (".nest.py", ".pynn.py"):
        path = tmp_path / f"mine{ending}"
        export_network(case, path, seed=1)
        compile(path.read_text(), path, "exec")
        with np.load(path.with_suffix(".npz")) as arrays:
            assert len(arrays["sources"]) == 40 * 8
    with pytest.raises(TableError, match="exists already"):
        export_network(case, path, seed=1)
    course = {"kind": "step", "amplitude": 0.5}
    moved = case_of("mine", deep_merge(BLOCK, {"drive": {"current": {"course": course}}}))
    with pytest.raises(TableError, match=r"know no drives that change; take \.nest\.py"):
        export_network(moved, tmp_path / "moved.pynn.py", seed=1)


def sonata(case, tmp_path):
    """Return what comes back of a network from the files of a circuit, and the notes."""
    path = tmp_path / "theirs.sonata.json"
    export_network(case, path, seed=1)
    return import_network(path, json.loads(path.read_text()), tmp_path / "back.yaml")


def at_least_ten():
    """Yield small networks without spread: the references, and states of one file."""
    for name in neutral.NAMES:
        net = neutral.read(name)["network"]
        if any(p.get("delay_sd_ms") for p in net["projections"]):
            continue
        block = neutral.described(net)
        if sum(p["size"] for p in net["populations"]) < 6000:
            yield pytest.param(block, id=name)
    noise = {"target": "E", "rate_Hz": 800.0, "J_mV": 0.1, "receptor": "fast"}
    other = {"drive": {"noise": noise, "more": {**noise, "rate_Hz": 50.0, "J_mV": 0.3}}}
    inhibited = {
        "populations": {"I": {"like": "E", "size": 12, "tau_m_ms": 9.0}},
        "projections": {
            "i": {
                "source": "I",
                "target": "all",
                "probability": 0.5,
                "J_mV": -0.7,
                "delay_ms": 0.7,
                "receptor": "slow",
            }
        },
    }
    delta = {"receptors": None, "projections": {"e": {"receptor": "delta"}}}
    absolute = {"populations": {"E": {"V_th_mV": -50.0, "V_reset_mV": -60.0, "E_L_mV": -65.0}}}
    for name, keys in (("noise", other), ("inhibited", inhibited), ("delta", delta),
                       ("both", deep_merge(other, inhibited)),
                       ("absolute", absolute), ("plain", {})):  # fmt: skip
        yield pytest.param(deep_merge(BLOCK, keys), id=name)


@pytest.mark.parametrize("block", list(at_least_ten()))
def test_a_network_comes_back_from_a_circuit_of_sonata(block, tmp_path):
    case = case_of("mine", block)
    again, notes = sonata(case, tmp_path)
    random = case.block.get("wiring", {}).get("rule") == "fixed_total_number"
    assert all(note.startswith("in-degrees of ") for note in notes)
    assert bool(notes) == random
    assert again.rule == case.rule
    assert_same(case.network, again.network)


def test_what_is_averaged_away_is_said(tmp_path):
    keys = {"projections": {"e": {"weight_cv": 0.2, "delay_sd_ms": 0.3, "delay_law": "gaussian"}}}
    again, notes = sonata(case_of("mine", deep_merge(BLOCK, keys)), tmp_path)
    assert [note.split(" of ")[0] for note in notes] == ["delays", "weights"]
    # 320 synapses: means within four standard errors, spreads within a sixth
    assert again.network.synapses.J[0, 0] == pytest.approx(0.4e-3, rel=4 * 0.2 / 320**0.5)
    assert again.network.synapses.J_cv[0, 0] == pytest.approx(0.2, rel=1 / 6)
    assert again.network.synapses.delay_sd[0, 0] == pytest.approx(0.3e-3, rel=1 / 6)


def test_circuits_that_are_no_networks_of_lif_neurons_are_named(tmp_path):
    path = tmp_path / "theirs.sonata.json"
    export_network(case_of("mine", BLOCK), path, seed=1)
    types = tmp_path / "theirs_node_types.csv"
    text = types.read_text()
    types.write_text(text.replace("iaf_psc_exp", "aeif_cond_exp"))
    config = json.loads(path.read_text())
    with pytest.raises(TableError, match="aeif_cond_exp; cortex reads iaf_psc_delta, iaf_psc_exp"):
        import_network(path, config, tmp_path / "a.yaml")
    types.write_text(text)
    (tmp_path / "theirs_edges.h5").unlink()
    with pytest.raises(TableError, match=r"theirs_edges\.h5: no such file"):
        import_network(path, config, tmp_path / "a.yaml")
    slow = {"target": "E", "rate_Hz": 1e3, "J_mV": 0.1, "receptor": "slow"}
    two = case_of("mine", deep_merge(BLOCK, {"drive": {"noise": slow}}))
    with pytest.raises(TableError, match="one time constant per sign"):
        export_network(two, tmp_path / "two.sonata.json", seed=1)


@pytest.mark.parametrize(
    ("name", "said"),
    [("x.nml", "NeuroML holds"), ("x.nestml", "NESTML describes"), ("x.txt", "unknown kind")],
)
def test_other_formats_are_refused_by_name(name, said, tmp_path):
    with pytest.raises(TableError, match=said):
        export_network(case_of("mine", BLOCK), tmp_path / name, seed=1)


def test_the_commands_say_what_they_wrote_or_why_not(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    whole = deep_merge(BLOCK, {"excerpt": {"start_s": 0.0, "duration_s": 0.1}})
    save(case_of("mine", whole), tmp_path / "mine.yaml")
    assert main(["export", "mine.yaml", "mine.nnmt.yaml"]) == 0
    assert capsys.readouterr().out.startswith("mine.nnmt.yaml: written; it leaves out how synapses")
    assert main(["import", "mine.nnmt.yaml", "back"]) == 0
    assert "back.yaml: <back at state default: E (40)" in capsys.readouterr().out
    assert main(["import", "mine.nnmt.yaml", "back"]) == 1
    assert "back.yaml: exists already" in capsys.readouterr().err
    assert main(["import", "cell.nml", "cell"]) == 1
    assert "cell.nml: NeuroML holds" in capsys.readouterr().err
    with pytest.raises(ConfigError, match="no such file"):
        load("nothing.yaml")
