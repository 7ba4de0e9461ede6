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
def test_simulations_of_any_network_agree_with_an_independent_program(name):
    # oracle: an independent C program, six seeds; means over as many of ours differ by less than
    # four standard errors of both, and by no more than the 1.5 % its README grants
    reference = read(name)["simulation"]
    case = case_of(name, described(read(name)["network"]))
    seen = [observe(case, [simulate(case, seed=k).spikes])["populations"] for k in range(1, 7)]
    order = seen[0]["population"]
    rates = np.array([in_order(reference, each["nu"], order) for each in seen])
    error = np.hypot(
        rates.std(axis=0, ddof=1) / np.sqrt(len(rates)), reference["rate_standard_error_Hz"]
    )
    wanted = np.array(reference["rate_Hz"])
    apart = np.abs(rates.mean(axis=0) - wanted)
    assert np.all(apart <= np.maximum(4.0 * error, 0.015 * wanted)), apart / error
    cvs = np.array([in_order(reference, each["cv"], order) for each in seen]).mean(axis=0)
    counted = np.min(reference["neurons_in_isi_cv_per_seed"], axis=0)
    for got, cv, n in zip(cvs, reference["isi_cv"], counted, strict=True):
        if cv is not None:
            assert abs(got - cv) <= (0.03 if n >= 100 else 0.1)  # bands of the README


def test_thirty_seeds_bring_the_network_of_recurrent_noise_to_the_reference():
    # oracle: the independent program; 2 to 3 standard errors happen by chance in one of 100 rows.
    # Six seeds alone once lay 2 standard errors below
    reference = read("net_10")["simulation"]
    case = case_of("net_10", described(read("net_10")["network"]))
    seen = [observe(case, [simulate(case, seed=k).spikes])["populations"] for k in range(1, 31)]
    rates = np.array([in_order(reference, each["nu"], seen[0]["population"]) for each in seen])
    error = np.hypot(
        rates.std(axis=0, ddof=1) / np.sqrt(len(rates)), reference["rate_standard_error_Hz"]
    )
    apart = np.abs(rates.mean(axis=0) - reference["rate_Hz"])
    assert np.all(apart < 3.0 * error), apart / error
