"""Units: exact scales, round trips, refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cortex.errors import ParameterError
from cortex.units import UNITS, array_from_si, array_to_si, edge_name, from_si, to_si


@pytest.mark.parametrize(
    ("value", "unit", "si"),
    [(0.1, "ms", 1e-4), (20.0, "mV", 0.02), (250.0, "pF", 2.5e-10), (3, "Hz", 3.0)],
)
def test_decimal_values_become_the_nearest_si_number(value, unit, si):
    # closed form: the same decimal number, shifted by the power of ten
    assert to_si(value, unit) == si


def test_half_a_turn_is_pi():
    assert to_si(180.0, "deg") == np.pi


@given(st.floats(-1e6, 1e6), st.sampled_from(sorted(UNITS)))
def test_si_and_back_returns_the_number(value, unit):
    # two roundings of a decimal shift: at most two units in the last place
    assert from_si(to_si(value, unit), unit) == pytest.approx(value, rel=4e-16, abs=1e-300)


# in no unit do these come near the subnormal numbers, where digits are lost
ORDINARY = st.floats(-1e6, 1e6).filter(lambda value: value == 0.0 or abs(value) > 1e-200)


@given(ORDINARY, st.sampled_from(sorted(UNITS)))
def test_arrays_scale_like_numbers(value, unit):
    array = array_to_si(np.array([value]), unit)
    assert array[0] == pytest.approx(to_si(value, unit), rel=4e-16, abs=1e-300)
    assert array_from_si(array, unit)[0] == pytest.approx(value, rel=4e-16, abs=1e-300)


def test_an_unknown_unit_is_refused_with_the_known_ones():
    with pytest.raises(ParameterError, match=r"unknown unit 'msec'; known units: .*ms"):
        to_si(1.0, "msec")


def test_dimensionless_numbers_have_no_suffix():
    assert (edge_name("g", "1"), edge_name("tau_m", "ms")) == ("g", "tau_m_ms")
