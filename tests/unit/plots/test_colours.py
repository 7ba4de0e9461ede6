"""Colours of populations: one each, the same in every panel, told apart by colour-blind readers."""

from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb

from cortex.plots.modes import draw_response
from cortex.plots.populations import draw_raster
from cortex.plots.style import EXCITATORY, INHIBITORY, population_colours, same_colours

from . import tiny

NETWORKS = [
    ("E", "I"),
    ("PV", "Pyr23", "Pyr5", "SST", "VIP"),
    ("23E", "23I", "4E", "4I", "5E", "5I", "6E", "6I"),
    tuple("abcdefgh"),
]
# Machado, Oliveira & Fernandes (2009), IEEE Trans. Vis. Comput. Graph. 15:1291, severity 1
SEEN = {
    "all colours": np.eye(3),
    "without long cones": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "without middle cones": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
}
D65 = np.array([0.95047, 1.0, 1.08883])
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
     [0.0193339, 0.1191920, 0.9503041]]
)  # fmt: skip


def lab(colour, seen):
    """Return CIELAB of a colour as seen with some cones (CIE 1976, sRGB primaries)."""
    c = np.array(to_rgb(colour))
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    x = XYZ @ np.clip(np.asarray(seen) @ linear, 0.0, 1.0) / D65
    f = np.where(x > 0.008856, np.cbrt(x), 7.787 * x + 16.0 / 116.0)
    return np.array([116.0 * f[1] - 16.0, 500.0 * (f[0] - f[1]), 200.0 * (f[1] - f[2])])


@pytest.mark.parametrize("seen", SEEN.values(), ids=SEEN)
@pytest.mark.parametrize("names", NETWORKS, ids="-".join)
def test_every_population_has_a_colour_that_all_readers_tell_from_the_others(names, seen):
    colours = population_colours(names)
    for a, b in combinations(names, 2):
        # 2.3 is just noticeable side by side (Mahy et al. 1994); four times that in a legend
        assert np.linalg.norm(lab(colours[a], seen) - lab(colours[b], seen)) > 10.0


def test_colours_follow_names_not_their_order():
    names = NETWORKS[1]
    assert population_colours(names[::-1]) == population_colours(names)
    assert population_colours(("I", "E")) == {"I": INHIBITORY, "E": EXCITATORY}


def test_a_population_keeps_its_colour_where_others_are_missing():
    names = NETWORKS[1]
    wanted = population_colours(names)
    assert population_colours(["VIP"]) != {"VIP": wanted["VIP"]}
    with same_colours(names):
        assert population_colours(["VIP"]) == {"VIP": wanted["VIP"]}
        assert population_colours(["A stranger", "VIP"])["VIP"] == wanted["VIP"]
    assert population_colours(["VIP"]) != {"VIP": wanted["VIP"]}  # for one page alone


def test_raster_and_response_of_a_page_show_a_population_alike():
    with same_colours(("E", "I")):
        raster, response = draw_raster(tiny.raster()), draw_response(tiny.response())
    marks = {line.get_label(): to_hex(line.get_color()) for line in raster.lines}
    curves = {
        str(line.get_label()).split(",")[0]: to_hex(line.get_color()) for line in response.lines
    }
    assert marks.keys() >= {"E", "I"}
    shared = marks.keys() & curves.keys()
    assert shared
    assert {name: marks[name] for name in shared} == {name: curves[name] for name in shared}
