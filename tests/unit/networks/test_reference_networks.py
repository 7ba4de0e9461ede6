"""Random networks of 1 to 8 populations against NNMT, NEST and an independent simulator."""

import numpy as np
import pytest

from cortex.networks.case import case_of
from cortex.steps.observe import observe
from cortex.steps.predict import predict
from cortex.steps.simulate import simulate

from .neutral import NAMES, described, read


def in_order(reference, columns, of_population):
    """Return a column in the order of populations of the reference."""
    index = {name: i for i, name in enumerate(of_population)}
    return np.asarray(columns)[[index[name] for name in reference["populations"]]]


# one network has synapses of 0.16 membrane time constants: the formula is the reference's too
@pytest.mark.filterwarnings("ignore::cortex.errors.RegimeWarning")
@pytest.mark.parametrize("name", NAMES)
def test_theory_of_any_network_is_the_independent_one(name):
    # oracle: NNMT, agreeing with 30-digit quadrature to 4e-10; tolerance of the reference's README
    reference = read(name)["theory"]
    rates = predict(case_of(name, described(read(name)["network"])))[0]["rates"]
    for column, key, scale in (
        ("nu", "rate_Hz", 1.0),
        ("mu", "mean_input_mV", 1e3),
        ("sigma", "std_input_mV", 1e3),
        ("cv", "isi_cv", 1.0),
    ):
        got = in_order(reference, rates[column] * scale, rates["population"])
        np.testing.assert_allclose(got, reference[key], rtol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_simulation_of_any_network_lies_in_the_bands_of_independent_ones(name):
    # oracle: an independent C program, six seeds; bands of one run of 2 s as its README states
    reference = read(name)["simulation"]
    case = case_of(name, described(read(name)["network"]))
    seen = observe(case, [simulate(case, seed=1).spikes])["populations"]
    rate = in_order(reference, seen["nu"], seen["population"])
    distance = np.abs(rate - reference["rate_Hz"]) / reference["rate_band_of_one_run_Hz"]
    assert np.all(distance <= 1.0), dict(zip(reference["populations"], distance, strict=True))
    cv = in_order(reference, seen["cv"], seen["population"])
    counted = np.min(reference["neurons_in_isi_cv_per_seed"], axis=0)
    for got, wanted, n in zip(cv, reference["isi_cv"], counted, strict=True):
        if wanted is not None:
            assert abs(got - wanted) <= (0.03 if n >= 100 else 0.1)
