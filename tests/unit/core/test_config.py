"""Configuration: both files are valid, every kind of mistake gets a message with the fix."""

import copy
from dataclasses import dataclass
from pathlib import Path

import pytest

from cortex.config.document import document
from cortex.config.loader import read_yaml
from cortex.config.presets import read_config
from cortex.config.read import check_study, read_study
from cortex.errors import ConfigError, ParameterError
from cortex.params.base import Block
from cortex.params.lif import LIFParams
from cortex.params.spec import block, table, vector

CONFIG = Path(__file__).parents[3] / "config"
GOOD = read_config([CONFIG / "test.yaml"])


def broken(path, value=None, *, rename=None, drop=False):
    """Return a copy of the test configuration with one change."""
    config = copy.deepcopy(GOOD)
    *parents, key = path.split(".")
    block = config
    for parent in parents:
        block = block[parent]
    if rename or drop:
        old = block.pop(key)
        if rename:
            block[rename] = old
    else:
        block[key] = value
    return config


def message_of(config):
    with pytest.raises(ConfigError) as caught:
        check_study(config, source="config/test.yaml")
    return str(caught.value)


def test_the_study_of_the_sheet_is_valid_and_holds_its_states():
    networks = read_study(CONFIG / "studies" / "sheet.yaml").networks
    assert list(networks["sheet"]["states"]) == ["asynchronous", "waves", "pattern"]


@pytest.mark.parametrize("name", ["config.yaml", "test.yaml"])
def test_shipped_configurations_are_valid(name):
    assert "brunel" in read_study(CONFIG / name).networks


@pytest.mark.parametrize("name", ["medium.yaml", "cluster.yaml"])
def test_what_is_laid_over_the_large_study_is_valid_and_changes_it(name):
    large, over = (read_config([CONFIG / each for each in ("config.yaml", *more)])
                   for more in ((), (name,)))  # fmt: skip
    assert check_study(over, source=name).networks.keys() == large["networks"].keys()
    assert over != large


def test_both_shipped_configurations_have_the_same_keys():
    def keys(block, prefix=""):
        if not isinstance(block, dict):
            return {prefix}
        return {k for name, part in block.items() for k in keys(part, f"{prefix}.{name}")}

    small, large = (
        {k: v for k, v in read_yaml(CONFIG / name).items() if k != "networks"}
        for name in ("test.yaml", "config.yaml")
    )
    assert keys(small) == keys(large)


NEURON = "networks.brunel.neuron"
MISTAKES = [
    (
        {"path": f"{NEURON}.tau_m_ms", "value": 20_000.0},
        (
            f"{NEURON}.tau_m_ms = 20000.0 ms is outside [0.1, 1000] ms (membrane time constant); "
            "is it in µs? Then write 20.0"
        ),
    ),
    (
        {"path": f"{NEURON}.tau_m_ms", "rename": "tau_m"},
        f"{NEURON}.tau_m = 20.0: the unit is missing from the key; write tau_m_ms",
    ),
    (
        {"path": f"{NEURON}.tau_m_ms", "rename": "tau_m_s"},
        f"{NEURON}.tau_m_s = 20.0: this quantity is given in ms; convert and write tau_m_ms",
    ),
    (
        {"path": f"{NEURON}.V_th_mV", "rename": "Vth_mV"},
        f"{NEURON}.Vth_mV = 20.0: unknown key; did you mean V_th_mV?",
    ),
    (
        {"path": "networks.brunel.J_mV", "value": "1e-1"},
        (
            "networks.brunel.J_mV = '1e-1' mV: must be a number, not text (excitatory jump of the "
            "membrane potential); YAML reads 1e-3 as text: write 0.1; allowed: [0.0001, 20] mV"
        ),
    ),
    (
        {"path": "networks.brunel.delay_ms", "value": "1.5 ms"},
        (
            "networks.brunel.delay_ms = '1.5 ms' ms: must be a number, not text (transmission "
            "delay, equal for all synapses); write 1.5"
        ),
    ),
    (
        {"path": "networks.brunel.n_exc", "value": 1000.5},
        "n_exc = 1000.5: must be a whole number (excitatory neurons); write 1000",
    ),
    (
        {"path": "networks.brunel.simulation.precision", "value": "float16"},
        (
            "networks.brunel.simulation.precision = 'float16' is none of float32, float64 "
            "(float64 for exact work); did you mean float64?"
        ),
    ),
    (
        {"path": "networks.brunel.states.A.nu_ext_ratio", "rename": "nu_ext_rate"},
        "networks.brunel.states.A.nu_ext_rate = 2.0: unknown key; did you mean nu_ext_ratio?",
    ),
    ({"path": "lfp.kernels", "drop": True}, "lfp.kernels: missing (kernels of"),
    ({"path": "sed", "value": 3}, "sed = 3: unknown key; did you mean seed?"),
    ({"path": NEURON, "value": "lif"}, f"{NEURON} = 'lif': must be a block of keys, not text"),
    (
        {"path": "response.microcircuit.simulated_Hz", "value": [0.9, 2.9]},
        "response.microcircuit.simulated_Hz = [0.9, 2.9] Hz: needs 8 entries, has 2 (pub",
    ),
    (
        {"path": "learning.locking.amplitude", "value": []},
        "learning.locking.amplitude = []: needs at least 1 entry, has 0 (amplitudes",
    ),
    (
        {"path": "learning.locking.amplitude", "value": [200.0]},
        "learning.locking.amplitude[0] = 200.0 is outside [0.001, 100]",
    ),
    (
        {"path": "learning.locking.amplitude", "value": 0.2},
        "learning.locking.amplitude = 0.2: must be a list, not a number (amplitudes of test drives",
    ),
    (
        {"path": "networks.brunel.states.C", "rename": "1C"},
        "networks.brunel.states: the name '1C' must start with a letter",
    ),
    (
        {"path": "networks.brunel.states.C", "rename": 1},
        "networks.brunel.states: 1 is no name; write it in quotes and let it start with a letter",
    ),
    (
        {"path": "networks.brunel.lines.x.key", "value": "projections.e.w_pA"},
        "networks.brunel.lines.x.key: projections.e.w_pA: no block projections; blocks there: ",
    ),
    (
        {"path": "networks.brunel.multapses", "value": "false"},
        (
            "networks.brunel.multapses = 'false': must be true or false, not text (whether two "
            "neurons may share several synapses); write false without quotes"
        ),
    ),
    (
        {"path": "networks.brunel.states.C.title", "value": 3},
        (
            "networks.brunel.states.C.title = 3: must be text, not a number (what it is called on "
            'pages and in figures); write "3", in quotes'
        ),
    ),
    (
        {"path": "networks.brunel.seeds", "value": None},
        "networks.brunel.seeds = None: must be a whole number, not empty",
    ),
    (
        {"path": "networks.lfp_demonstration.lfp.targets", "value": ["X"]},
        "networks.lfp_demonstration.lfp.targets = ['X']: no X; there are: E, I",
    ),
]


@pytest.mark.parametrize(("change", "expected"), MISTAKES)
def test_a_mistake_names_file_key_value_range_and_fix(change, expected):
    message = message_of(broken(**change))
    assert message.startswith("config/test.yaml: 1 problem in the configuration")
    assert expected in message


CONTRADICTIONS = [
    (
        {"path": f"{NEURON}.V_reset_mV", "value": 25.0},
        f"{NEURON}.V_reset_mV = 25.0 mV must lie below V_th_mV = 20.0 mV; are the two exchanged?",
    ),
    (
        {"path": "learning.model.ring.tau_d_ms", "value": 15.1},
        (
            "learning.model.ring.tau_d_ms = 15.1 ms is 75.5 steps of dt_ms = 0.2 ms; it must be a "
            "whole number of steps, at least one: take 15 ms or 15.2 ms"
        ),
    ),
    (
        {"path": "networks.brunel.simulation.duration_s", "value": 0.55},
        "networks.brunel.simulation.duration_s = 0.55 s is too short for analysis.segment_ms",
    ),
    (
        {"path": "response.schuecker.neuron", "value": None},
        "response.schuecker.neuron = None: must be a block of keys, not empty",
    ),
    (
        {"path": "response.mapping.state", "value": "g7"},
        "response.mapping.state = 'g7' is no state of network senk_ring; there are: g5, g6",
    ),
    (
        {"path": "stability.ring.network", "value": "bos2016"},
        "stability.ring.network = 'bos2016' is no network of model senk_ring; there are: senk_ring",
    ),
    (
        {"path": "sweeps.learning_rate.vary", "value": {"beta": {"low": 2.0, "high": 1.0}}},
        "sweeps.learning_rate.vary.beta = {'low': 2.0, 'high': 1.0}: low must lie below high",
    ),
    (
        {"path": "lfp.ground_truth.discard_ms", "value": 5.0},
        "lfp.ground_truth.discard_ms = 5.0 ms must cover longest_delay_ms = 10.0 ms",
    ),
]


@pytest.mark.parametrize(("change", "expected"), CONTRADICTIONS)
def test_a_contradiction_names_its_place_and_keeps_the_units_of_the_file(change, expected):
    message = message_of(broken(**change))
    assert message.startswith("config/test.yaml: 1 problem in the configuration")
    assert f"  1. {expected}" in message


def test_a_contradiction_inside_a_table_or_a_list_is_found_in_its_place():
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Cells(Block):
        """Neurons by name and in a row."""

        by_name: dict[str, LIFParams] = table(block(LIFParams, "a neuron"), "neurons")
        row: tuple[LIFParams, ...] = vector(block(LIFParams, "a neuron"), "neurons")

    good = copy.deepcopy(GOOD["networks"]["brunel"]["neuron"])
    bad = good | {"V_reset_mV": 25.0}
    cells = {"by_name": {"a": good, "b": bad}, "row": [good, bad]}
    with pytest.raises(ParameterError) as caught:
        Cells.from_config(cells)
    reason = ".V_reset_mV = 25.0 mV must lie below V_th_mV = 20.0 mV; are the two exchanged?"
    assert str(caught.value) == f"Cells.by_name.b{reason}\nCells.row[1]{reason}"


def test_schema_relations_and_sweeps_are_reported_in_one_list():
    config = broken("seed", -1)
    config["networks"]["brunel"]["neuron"]["V_reset_mV"] = 25.0
    config["learning"]["model"]["ring"]["tau_d_ms"] = 15.1
    config["sweeps"]["learning_rate"]["seeds"] = 0
    config["sweeps"]["senk_delay"]["observables"] = ["wave"]
    with pytest.raises(ConfigError) as caught:
        check_study(config, "x.yaml", lambda name, sweep, **_: [f"{name} sees {sweep.observables}"])
    message = str(caught.value)
    for part in (
        "seed = -1 is outside",
        "networks.brunel.neuron.V_reset_mV = 25.0 mV",
        "learning.model.ring.tau_d_ms = 15.1 ms",
        "sweeps.learning_rate.seeds = 0 is outside",
        "senk_delay sees ('wave',)",
    ):
        assert part in message
    assert "learning_rate sees" not in message  # its block cannot be read


def test_several_mistakes_are_reported_together():
    config = broken("networks.brunel.neuron.tau_m_ms", -1.0)
    config["izhikevich"]["bump"]["dt_ms"] = "fast"
    config["lfp"]["probe"]["contacts"] = 0
    message = message_of(config)
    assert "3 problems" in message
    assert all(f"  {i}. " in message for i in (1, 2, 3))


def test_a_key_given_twice_is_refused(tmp_path):
    path = tmp_path / "twice.yaml"
    path.write_text("seed: 1\nseed: 2\n")
    with pytest.raises(ConfigError, match=r"twice.yaml: line 2: .*'seed' .* already in line 1"):
        read_study(path)


def test_broken_yaml_and_missing_files_are_refused(tmp_path):
    path = tmp_path / "broken.yaml"
    path.write_text("seed: [1\n")
    with pytest.raises(ConfigError, match=r"broken.yaml: .*"):
        read_study(path)
    path.write_text("just text\n")
    with pytest.raises(ConfigError, match="must hold a block of keys, found text"):
        read_study(path)
    with pytest.raises(ConfigError, match="no such file"):
        read_study(tmp_path / "none.yaml")


def test_the_key_reference_is_in_step_with_the_parameter_classes():
    readme = (CONFIG / "README.md").read_text(encoding="utf-8")
    assert readme == document(), "run: python -m cortex.config.document > config/README.md"
