"""Configuration: both files are valid, every kind of mistake gets a message with the fix."""

import copy
from pathlib import Path

import pytest

from cortex.config.document import document
from cortex.config.read import check_study, read_study, read_yaml
from cortex.errors import ConfigError

CONFIG = Path(__file__).parents[3] / "config"
GOOD = read_yaml(CONFIG / "test.yaml")


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


@pytest.mark.parametrize("name", ["config.yaml", "test.yaml"])
def test_shipped_configurations_are_valid(name):
    assert read_study(CONFIG / name).brunel.model.n_exc == 10_000


def test_both_shipped_configurations_have_the_same_keys():
    def keys(block, prefix=""):
        if not isinstance(block, dict):
            return {prefix}
        return {k for name, part in block.items() for k in keys(part, f"{prefix}.{name}")}

    assert keys(GOOD) == keys(read_yaml(CONFIG / "config.yaml"))


NEURON = "brunel.model.neuron"
MISTAKES = [
    (
        {"path": f"{NEURON}.tau_m_ms", "value": 20_000.0},
        (
            f"{NEURON}.tau_m_ms = 20000.0 ms: outside the plausible range, "
            "allowed: [0.1, 1000] ms; meaning: membrane time constant; is it in another unit? Then"
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
        {"path": "brunel.model.J_mV", "value": "1e-1"},
        (
            "brunel.model.J_mV = '1e-1' mV: must be a number, not text (YAML reads 1e-3 as text: "
            "write 1.0e-3); write 0.1; allowed: [0.0001, 20] mV"
        ),
    ),
    (
        {"path": "brunel.model.delay_ms", "value": "1.5 ms"},
        "brunel.model.delay_ms = '1.5 ms' ms: must be a number, not text; write 1.5",
    ),
    (
        {"path": "brunel.model.n_exc", "value": 1000.5},
        "brunel.model.n_exc = 1000.5: must be a whole number; write 1000",
    ),
    (
        {"path": "brunel.simulation.precision", "value": "float16"},
        "brunel.simulation.precision = 'float16': unknown; allowed: float32, float64; did you",
    ),
    (
        {"path": "brunel.states.A.nu_ext_ratio", "rename": "nu_ext"},
        "brunel.states.A.nu_ext = 2.0: unknown key; did you mean nu_ext_ratio?",
    ),
    ({"path": "brunel.plane", "drop": True}, "brunel.plane: missing; meaning: grid of"),
    ({"path": "sed", "value": 3}, "sed = 3: unknown key; did you mean seed?"),
    ({"path": NEURON, "value": "lif"}, f"{NEURON} = 'lif': must be a block of keys"),
]


@pytest.mark.parametrize(("change", "expected"), MISTAKES)
def test_a_mistake_names_file_key_value_range_and_fix(change, expected):
    message = message_of(broken(**change))
    assert message.startswith("config/test.yaml: 1 problem in the configuration")
    assert expected in message


def test_contradicting_values_are_reported():
    message = message_of(broken("brunel.model.neuron.V_reset_mV", 25.0))
    assert "V_reset = 0.025 V must lie below V_th = 0.02 V; are the two exchanged?" in message


def test_several_mistakes_are_reported_together():
    config = broken("brunel.model.neuron.tau_m_ms", -1.0)
    config["brunel"]["simulation"]["dt_ms"] = "fast"
    config["brunel"]["networks"] = 0
    message = message_of(config)
    assert "3 problems" in message
    assert all(f"  {i}. " in message for i in (1, 2, 3))


def test_a_key_given_twice_is_refused(tmp_path):
    path = tmp_path / "twice.yaml"
    path.write_text("seed: 1\nseed: 2\n")
    with pytest.raises(ConfigError, match=r"twice.yaml: keys given twice .* line 1: seed"):
        read_study(path)


def test_broken_yaml_and_missing_files_are_refused(tmp_path):
    path = tmp_path / "broken.yaml"
    path.write_text("seed: [1\n")
    with pytest.raises(ConfigError, match=r"broken.yaml: .*"):
        read_study(path)
    path.write_text("just text\n")
    with pytest.raises(ConfigError, match="must hold a block of keys, found str"):
        read_study(path)
    with pytest.raises(ConfigError, match="no such file"):
        read_study(tmp_path / "none.yaml")


def test_the_key_reference_is_in_step_with_the_parameter_classes():
    readme = (CONFIG / "README.md").read_text(encoding="utf-8")
    assert readme == document(), "run: python -m cortex.config.document > config/README.md"
