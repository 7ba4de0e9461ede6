"""Mean-field theory of LIF networks: stationary, dynamic, stability."""

from cortex.meanfield.bifurcations import BifurcationLine, Window, fold_line, hopf_line, hopf_point
from cortex.meanfield.binary import (
    BinaryNetwork,
    BinaryWorkingPoint,
    balanced_threshold,
    binary_activity,
    binary_mean_input,
    binary_std_input,
    solve_binary_working_point,
)
from cortex.meanfield.brunel_plane import brunel_lines
from cortex.meanfield.characteristic import rate_characteristic
from cortex.meanfield.continuation import Curve, follow_curve
from cortex.meanfield.cv import isi_cv, population_cv
from cortex.meanfield.delay_rings import (
    RingOnsets,
    ring_eigenvalues,
    ring_mode_couplings,
    ring_onsets,
)
from cortex.meanfield.delays import delay_factor, delay_factor_derivative
from cortex.meanfield.derivatives import RateSlopes, input_rate_slope, rate_slopes
from cortex.meanfield.effective_connectivity import effective_connectivity, spiking_characteristic
from cortex.meanfield.eigenmodes import (
    Eigenmodes,
    Sensitivity,
    eigenmodes,
    follow_eigenvalues,
    sensitivities,
    sensitivity,
)
from cortex.meanfield.external_rates import ExternalRates, external_rates
from cortex.meanfield.fixed_points import FixedPoints, all_fixed_points
from cortex.meanfield.interpolation import follow_by_integration, follow_by_solving
from cortex.meanfield.mapping import RateModelMap, map_to_rate_model
from cortex.meanfield.moments import input_std, input_variance, mean_input
from cortex.meanfield.pairwise import (
    noise_strengths,
    pairwise_covariances,
    pairwise_weights,
    spectral_bound,
)
from cortex.meanfield.rate_model import RateHopf, rate_eigenvalues, rate_hopf
from cortex.meanfield.response_fit import LowPassFit, fit_low_pass, rate_weights
from cortex.meanfield.ring_patterns import (
    RateApproximation,
    most_unstable,
    onset_line,
    rate_approximation,
    rate_dispersion,
    spiking_dispersion,
)
from cortex.meanfield.roots import (
    MatrixAndSlope,
    Rectangle,
    Roots,
    count_zeros,
    find_roots,
    newton_roots,
)
from cortex.meanfield.siegert import boundary_shift, firing_rate, log_firing_rate
from cortex.meanfield.spatial_profiles import profile_matrix
from cortex.meanfield.spectra import (
    binned_rate_variance,
    coherences,
    cross_spectra,
    pooled_spectrum,
    population_spectra,
    power_spectra,
    propagator,
    response_matrix,
)
from cortex.meanfield.stability import leading_eigenvalues
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
    "BifurcationLine",
    "BinaryNetwork",
    "BinaryWorkingPoint",
    "Curve",
    "Eigenmodes",
    "ExternalRates",
    "FixedPoints",
    "LinearResponse",
    "LowPassFit",
    "MatrixAndSlope",
    "RateApproximation",
    "RateHopf",
    "RateModelMap",
    "RateSlopes",
    "Rectangle",
    "RingOnsets",
    "Roots",
    "Sensitivity",
    "Window",
    "WorkingPoint",
    "all_fixed_points",
    "angular",
    "balanced_threshold",
    "binary_activity",
    "binary_mean_input",
    "binary_std_input",
    "binned_rate_variance",
    "boundary_shift",
    "brunel_lines",
    "coherences",
    "count_zeros",
    "cross_spectra",
    "delay_factor",
    "delay_factor_derivative",
    "effective_connectivity",
    "eigenmodes",
    "external_rates",
    "find_roots",
    "firing_rate",
    "fit_low_pass",
    "fold_line",
    "follow_by_integration",
    "follow_by_solving",
    "follow_curve",
    "follow_eigenvalues",
    "hopf_line",
    "hopf_point",
    "input_rate_slope",
    "input_std",
    "input_variance",
    "isi_cv",
    "leading_eigenvalues",
    "linear_response",
    "log_firing_rate",
    "map_to_rate_model",
    "mean_input",
    "most_unstable",
    "newton_roots",
    "noise_strengths",
    "onset_line",
    "pairwise_covariances",
    "pairwise_weights",
    "pooled_spectrum",
    "population_cv",
    "population_response",
    "population_spectra",
    "population_transfer",
    "power_spectra",
    "profile_matrix",
    "propagator",
    "rate_approximation",
    "rate_characteristic",
    "rate_dispersion",
    "rate_eigenvalues",
    "rate_hopf",
    "rate_slopes",
    "rate_weights",
    "response_matrix",
    "ring_eigenvalues",
    "ring_mode_couplings",
    "ring_onsets",
    "sensitivities",
    "sensitivity",
    "solve_binary_working_point",
    "solve_working_point",
    "spectral_bound",
    "spiking_characteristic",
    "spiking_dispersion",
    "transfer_function",
]
