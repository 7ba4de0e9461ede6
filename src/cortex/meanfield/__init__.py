"""Mean-field theory of LIF networks: stationary, dynamic, stability."""

from cortex.meanfield.cv import isi_cv, population_cv
from cortex.meanfield.derivatives import RateSlopes, input_rate_slope, rate_slopes
from cortex.meanfield.external_rates import ExternalRates, external_rates
from cortex.meanfield.fixed_points import FixedPoints, all_fixed_points
from cortex.meanfield.mapping import RateModelMap, map_to_rate_model
from cortex.meanfield.moments import input_std, input_variance, mean_input
from cortex.meanfield.response_fit import LowPassFit, fit_low_pass, rate_weights
from cortex.meanfield.siegert import boundary_shift, firing_rate, log_firing_rate
from cortex.meanfield.transfer import (
    LinearResponse,
    angular,
    linear_response,
    population_response,
    population_transfer,
    transfer_function,
)
from cortex.meanfield.working_point import WorkingPoint, solve_working_point

__all__ = [
    "ExternalRates",
    "FixedPoints",
    "LinearResponse",
    "LowPassFit",
    "RateModelMap",
    "RateSlopes",
    "WorkingPoint",
    "all_fixed_points",
    "angular",
    "boundary_shift",
    "external_rates",
    "firing_rate",
    "fit_low_pass",
    "input_rate_slope",
    "input_std",
    "input_variance",
    "isi_cv",
    "linear_response",
    "log_firing_rate",
    "map_to_rate_model",
    "mean_input",
    "population_cv",
    "population_response",
    "population_transfer",
    "rate_slopes",
    "rate_weights",
    "solve_working_point",
    "transfer_function",
]
