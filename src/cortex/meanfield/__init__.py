"""Mean-field theory of LIF networks: stationary, dynamic, stability."""

from cortex.meanfield.moments import input_std, input_variance, mean_input
from cortex.meanfield.siegert import boundary_shift, firing_rate, log_firing_rate
from cortex.meanfield.transfer import (
    LinearResponse,
    angular,
    linear_response,
    population_response,
)
from cortex.meanfield.working_point import WorkingPoint, solve_working_point

__all__ = [
    "LinearResponse",
    "WorkingPoint",
    "angular",
    "boundary_shift",
    "firing_rate",
    "input_std",
    "input_variance",
    "linear_response",
    "log_firing_rate",
    "mean_input",
    "population_response",
    "solve_working_point",
]
