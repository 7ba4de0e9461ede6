"""Arguments of response functions: frequencies in Hz, or Laplace exponents in 1/s, never either.

A function that takes `frequencies` takes real numbers, one that takes `lam` complex ones; each
refuses the other, so that no number is silently read in the wrong unit.
"""

import numpy as np
from numpy.typing import ArrayLike

from cortex.errors import ParameterError, shown
from cortex.params.arrays import reals
from cortex.typing import ComplexArray


def angular(frequencies: ArrayLike) -> ComplexArray:
    """Return the Laplace exponents lambda = 2 pi i f (1/s) of `frequencies` f (Hz) of any shape.

    References
    ----------
    Definition.

    Examples
    --------
    >>> angular([0.5]).round(3)
    array([0.+3.142j])
    """
    if np.iscomplexobj(frequencies):
        msg = "frequencies must be real, in Hz, not exponents in 1/s"
        raise ParameterError(msg)
    f = reals("frequencies", frequencies, "Hz")
    if not np.all(np.isfinite(f)):
        msg = f"frequencies = {shown(frequencies)} Hz must be finite"
        raise ParameterError(msg)
    return np.asarray(2j * np.pi * f)


def exponents(lam: ArrayLike) -> ComplexArray:
    """Return Laplace exponents as a complex array; refuse a real type, as frequencies have."""
    array = np.asarray(lam)
    if not np.iscomplexobj(array) or not np.all(np.isfinite(array)):
        msg = (
            f"lam of type {array.dtype} must be complex and finite, in 1/s: angular(f) for "
            "frequencies f in Hz, complex(x) for a growth rate x"
        )
        raise ParameterError(msg)
    return array.astype(np.complex128, copy=False)
