"""CV of inter-spike intervals against 30-digit arithmetic on a random sample."""

import mpmath as mp
import numpy as np
import pytest

from cortex.meanfield.stationary.cv import isi_cv
from cortex.params.lif import LIFParams
from cortex.rng import stream

TAU_M, TAU_REF, V_TH, V_RESET = 0.02, 0.002, 0.02, 0.01
LIF = LIFParams(tau_m=TAU_M, tau_ref=TAU_REF, V_th=V_TH, V_reset=V_RESET)


def cv_by_nested_quadrature(mu: float, sigma: float) -> float:
    """Return the CV by Brunel (2000), appendix A, as printed: two nested integrals.

    CV^2 = 2 pi (nu tau)^2 int_{y_r}^{y_th} e^{x^2} int_{-inf}^x e^{u^2} (1 + erf u)^2 du dx.
    """
    with mp.workdps(30):
        y_th, y_r = (mp.mpf(V_TH) - mu) / sigma, (mp.mpf(V_RESET) - mu) / sigma

        def inner(x):
            # e^{u^2} (1 + erf u)^2 = e^{-u^2} erfcx(-u)^2 decays like e^{-u^2} to the left
            steps = [x - 12, x - 6, x - 3, x - 1, x]
            return mp.quad(lambda u: mp.exp(u * u) * mp.erfc(-u) ** 2, steps)

        def first_passage(u):
            return mp.exp(u * u) * mp.erfc(-u)

        middle = (y_r + y_th) / 2
        passage = mp.quad(first_passage, [y_r, middle, y_th])
        nu = 1 / (TAU_REF + TAU_M * mp.sqrt(mp.pi) * passage)
        outer = mp.quad(lambda x: mp.exp(x * x) * inner(x), [y_r, middle, y_th], maxdegree=5)
        return float(mp.sqrt(2 * mp.pi * (nu * TAU_M) ** 2 * outer))


@pytest.mark.slow
def test_cv_agrees_with_thirty_digits_on_a_random_sample():
    rng = stream(0, "cv sample")
    sample = np.column_stack([rng.uniform(0.0, 0.035, 3), 10 ** rng.uniform(-2.7, -1.7, 3)])
    for mu, sigma in sample:
        got = isi_cv(mu, sigma, LIF)
        # the accuracy asked of the single-integral form
        assert float(got) == pytest.approx(cv_by_nested_quadrature(mu, sigma), rel=1e-8), (
            mu,
            sigma,
        )
