from .bifurcations import BifurcationLine, Window, fold_line, hopf_line, hopf_point
from .binary import (
    BinaryNetwork,
    BinaryWorkingPoint,
    balanced_threshold,
    binary_activity,
    binary_mean_input,
    binary_std_input,
    solve_binary_working_point,
)
from .brunel_plane import brunel_lines
from .characteristic import rate_characteristic
from .connectivity_matrix import effective_connectivity, spiking_characteristic
from .continuation import Curve, follow_curve
from .cv import isi_cv, population_cv
from .delay_rings import (
    RingOnsets,
    ring_eigenvalues,
    ring_mode_couplings,
    ring_onsets,
)
from .delays import delay_factor, delay_factor_derivative
from .derivatives import RateSlopes, input_rate_slope, rate_slopes
from .external_drive import ExternalRates, Held, external_rates, hold_input
from .fixed_points import FixedPoints, all_fixed_points
from .interpolation import follow_by_integration, follow_by_solving
from .mapping import FittedRateModel, fit_rate_model
from .modes import (
    Eigenmodes,
    Sensitivity,
    eigenmodes,
    follow_eigenvalues,
    sensitivities,
    sensitivity,
)
from .moments import input_std, input_variance, mean_input
from .packed import boundary_shift
from .pairwise import (
    noise_strengths,
    pairwise_covariances,
    pairwise_weights,
    spectral_bound,
)
from .rate_model import RateHopf, rate_eigenvalues, rate_hopf
from .response_fit import LowPassFit, fit_low_pass, rate_weights
from .ring_patterns import (
    RateApproximation,
    most_unstable,
    onset_line,
    rate_approximation,
    rate_dispersion,
    spiking_dispersion,
)
from .roots import (
    MatrixAndSlope,
    Rectangle,
    Roots,
    count_zeros,
    find_roots,
    newton_roots,
)
from .siegert import firing_rate, log_firing_rate
from .spatial_profiles import profile_matrix
from .spectra import (
    binned_rate_variance,
    coherences,
    cross_spectra,
    pooled_spectrum,
    population_spectra,
    power_spectra,
    propagator,
    response_matrix,
)
from .stability import count_growing_modes, leading_eigenvalues, leading_mode
from .transfer import (
    LinearResponse,
    angular,
    linear_response,
    population_response,
    population_transfer,
    transfer_function,
)
from .working_point import WorkingPoint, solve_working_point

__all__ = [
    "BifurcationLine",
    "BinaryNetwork",
    "BinaryWorkingPoint",
    "Curve",
    "Eigenmodes",
    "ExternalRates",
    "FittedRateModel",
    "FixedPoints",
    "Held",
    "LinearResponse",
    "LowPassFit",
    "MatrixAndSlope",
    "RateApproximation",
    "RateHopf",
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
    "count_growing_modes",
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
    "fit_rate_model",
    "fold_line",
    "follow_by_integration",
    "follow_by_solving",
    "follow_curve",
    "follow_eigenvalues",
    "hold_input",
    "hopf_line",
    "hopf_point",
    "input_rate_slope",
    "input_std",
    "input_variance",
    "isi_cv",
    "leading_eigenvalues",
    "leading_mode",
    "linear_response",
    "log_firing_rate",
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
