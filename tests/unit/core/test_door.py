"""The door of a package: any function that it offers names an argument of a wrong kind."""

import pickle
import warnings

import numpy as np
import pytest
from numba.core.caching import IndexDataCacheFile

import cortex.analysis
import cortex.meanfield
from cortex.analysis import effect_size, fano_factors
from cortex.arguments import checked
from cortex.connectivity import Lattice
from cortex.errors import InstallationError, ParameterError
from cortex.lfp import CurrentClass
from cortex.meanfield import Receptors, Rectangle, follow_curve, isi_cv, rate_hopf
from cortex.params.lif import LIFParams
from cortex.spiking import CurrentDrive
from cortex.typing import FloatArray, IntArray

NEURON = LIFParams(tau_m=0.01, tau_ref=0.0, V_th=0.02, V_reset=0.0)


def weighed(
    values: FloatArray,
    *more: int,
    at: IntArray | None = None,
    scale: float = 1.0,
    neuron: LIFParams | None = None,
) -> FloatArray:
    """Return what NumPy makes of anything."""
    del neuron
    found = values * scale
    assert isinstance(values, np.ndarray | float | str | None)
    return found[at] if at is not None else found + sum(more)


WEIGHED = checked(weighed, "cortex.door")
REFUSED = {
    "text": (lambda: WEIGHED("1"), "values = '1' must be an array of real numbers"),
    "nothing": (lambda: WEIGHED(None), "values = None must be an array of real numbers"),
    "parts": (lambda: WEIGHED([1.0], at=[0.5]), r"at = \[0\.5\] must be an array of whole numbers"),
    "no part": (lambda: WEIGHED([1.0], 2, "x"), r"more\[1\] = 'x' must be a whole number"),
    "a number": (lambda: WEIGHED([1.0], scale="2"), "scale = '2' must be a number"),
    "no number": (lambda: WEIGHED([1.0], scale=np.nan), "scale = nan must be a number"),
    "block": (lambda: WEIGHED([1.0], neuron={}), r"neuron = \{\} must be of LIFParams or None"),
    "gap": (lambda: WEIGHED([1.0, np.nan]), r"values\[1\] = nan must be finite"),
    "too far": (lambda: WEIGHED([1.0], at=[7]), r"weighed: index 7 .*: values of shape \(1,\), at"),
    "words": (lambda: cortex.meanfield.firing_rate(0.02, 5e-3, None), "neuron = None must be"),
}


RECORDS = {
    "nothing": (lambda: Lattice(shape=None, pitch=(1e-4,), periodic=True), "shape = None must be"),
    "flag": (lambda: Lattice(shape=(9,), pitch=(1e-4,), periodic="x"), "periodic = 'x' must be"),
    "numbers": (lambda: Receptors("0.01", [1e-6], [0.0], NEURON), r"mu = '0\.01' must be a number"),
    "neuron": (lambda: Receptors(0.01, [1e-6], [0.0], None), "neuron = None must be of LIFParams"),
    "target": (lambda: CurrentDrive(target=None, amplitude=1e-10), "target = None must be text"),
    "factor": (lambda: CurrentClass(time=[0.0], current=[[0.0]], weight=np.nan), "weight = nan"),
    "window": (lambda: Rectangle(real_limits=(0.0,), imag_limits=(0.0, 1.0)), "Rectangle: not en"),
}


@pytest.mark.parametrize(
    ("call", "message"), [*REFUSED.values(), *RECORDS.values()], ids=[*REFUSED, *RECORDS]
)
def test_what_does_not_fit_is_refused_by_its_name(call, message):
    with pytest.raises(ParameterError, match=message):
        call()


def test_lists_and_whole_floats_stand_for_arrays():
    np.testing.assert_array_equal(WEIGHED([1, 2, 3], at=[2.0, 0.0]), [3.0, 1.0])
    assert WEIGHED((1, 2)).dtype == np.float64


def test_a_nan_from_finite_numbers_is_an_answer():
    assert np.isnan(effect_size(np.array([1.0]), np.array([2.0, 3.0])))


def test_the_own_words_of_a_function_come_first():
    """They know unit and bounds, which an annotation does not say."""
    with pytest.raises(ParameterError, match="tau = inf s must be positive and finite"):
        rate_hopf(np.inf, 1.0)


def test_errors_of_a_function_that_was_handed_in_are_its_own():
    def broken(point: FloatArray) -> FloatArray:
        raise KeyError(point.size)

    with pytest.raises(KeyError, match="2"):
        follow_curve(broken, np.array([0.0, 0.0]), scale=np.ones(2), inside=lambda _: True)


def test_a_function_keeps_name_signature_and_place():
    assert pickle.loads(pickle.dumps(fano_factors)) is fano_factors
    assert cortex.analysis.fano_factors is fano_factors
    with pytest.raises(TypeError, match="missing a required argument"):
        fano_factors()  # type: ignore[call-arg]


def test_a_warning_names_the_line_of_the_caller():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        cortex.meanfield.firing_rate(
            0.02, 5e-3, LIFParams(tau_m=0.01, tau_ref=0.0, V_th=0.02, V_reset=0.0), tau_s=9e-3
        )
    assert [each.filename for each in caught] == [__file__]


def test_a_damaged_cache_of_compiled_loops_is_not_blamed_on_the_arguments(tmp_path):
    def cached(scale: float) -> float:
        return scale * len(IndexDataCacheFile(str(tmp_path), "loops", None).load("any"))

    (tmp_path / "loops.nbi").touch()  # cut off at once
    with pytest.raises(InstallationError, match=r"compiled loops is damaged: delete .* run"):
        checked(cached, "cortex.door")(1.0)


def test_a_number_or_none_may_be_a_number():
    # `ArrayLike | None` dissolves into what ArrayLike is made of, of which no number is an instance
    assert 0.0 < isi_cv(0.02, 0.005, NEURON, nu=20.0) < 1.0
    assert isi_cv(0.02, 0.005, NEURON, nu=None) > 0.0
    with pytest.raises(ParameterError, match="nu = 'x' must be"):
        isi_cv(0.02, 0.005, NEURON, nu="x")
