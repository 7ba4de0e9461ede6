"""What is no network, no run and no file is named by the front door, not by what is behind it."""

from typing import Any

import numpy as np
import pytest

import cortex
from cortex.errors import CortexError

NET = cortex.preset("lfp_demonstration")
SPIKES = cortex.Spikes.at([0.1], [0], stop=1.0)
THREE: Any = 3
NO_NET = "net = None must be of NetworkCase"
LIF = cortex.LIFNeurons(tau_m=0.02, tau_ref=0.002, V_th=0.02, V_reset=0.01)

WRONG = {
    "predict": (lambda _: cortex.predict(None), NO_NET),
    "a name": (lambda _: cortex.predict("brunel"), "net = 'brunel' must be of NetworkCase"),
    "working point": (lambda _: cortex.working_point(None), NO_NET),
    "modes": (lambda _: cortex.modes(None), NO_NET),
    "spectra": (lambda _: cortex.spectra(None), NO_NET),
    "simulate": (lambda _: cortex.simulate(None), NO_NET),
    "lines": (lambda _: cortex.follow_lines(None), NO_NET),
    "observe": (lambda _: cortex.observe(None, SPIKES), NO_NET),
    "no runs": (lambda _: cortex.observe(NET, None), "runs = None must be of Spikes or Sequence"),
    "no run": (lambda _: cortex.observe(NET, [SPIKES, THREE]), r"runs\[1\] = 3 must be of Spikes"),
    "lfp": (lambda _: cortex.synthesise_lfp(NET, None), "runs = None must be of Spikes"),
    "compare": (lambda _: cortex.compare(NET, None, None), "predicted = None must be of Results"),
    "change": (lambda _: cortex.change(None, {"g": 3.0}), NO_NET),
    "no keys": (lambda _: cortex.change(NET, "g"), "keys = 'g' must be of Mapping"),
    "load": (lambda _: cortex.load(None), "path = None must be of str or PathLike"),
    "save": (lambda folder: cortex.save(None, folder / "a.yaml"), NO_NET),
    "a number as file": (lambda _: cortex.save(NET, 3), "path = 3 must be of str or PathLike"),
    "a folder as file": (lambda folder: cortex.save(NET, folder), "Is a directory; name a file"),
    "no such folder": (
        lambda folder: cortex.save(NET, folder / "no" / "a.yaml"),
        "No such file or directory; name a file in a folder that exists",
    ),
    "times": (
        lambda _: cortex.Spikes.at(["0.1"], [0]),
        r"Spikes\.times = \['0\.1'\] must be real numbers in s",
    ),
    "stop as text": (
        lambda _: cortex.Spikes.at([0.1], [0], stop="1"),
        r"Spikes\.stop = '1' must be a finite number in s",
    ),
    "endless": (lambda _: cortex.Spikes.at([0.1], [0], stop=np.inf), r"Spikes\.stop = inf must be"),
    "parts of a network": (
        lambda _: cortex.PopulationNetwork(
            names=("A",), sizes=[10], neurons=LIF, synapses=None, drive=None
        ),
        r"PopulationNetwork\.synapses = None must be of Synapses",
    ),
}


@pytest.mark.parametrize(("call", "message"), WRONG.values(), ids=WRONG)
def test_what_is_of_a_wrong_kind_is_named_by_the_front_door(call, message, tmp_path):
    with pytest.raises(CortexError, match=message):
        call(tmp_path)
