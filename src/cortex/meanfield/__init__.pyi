from .binary import (
    BinaryNetwork,
    BinaryWorkingPoint,
    balanced_threshold,
    binary_activity,
    binary_mean_input,
    binary_std_input,
    solve_binary_working_point,
)
from .density.receptors import (
    ReceptorRate,
    ReceptorResponse,
    Receptors,
    receptor_cv,
    receptor_rate,
    receptor_response,
    receptor_spectrum,
)
from .exponents import angular
from .fluctuations.finite_size import finite_size_rates
from .fluctuations.modes import (
    Eigenmodes,
    Sensitivity,
    eigenmodes,
    follow_eigenvalues,
    sensitivities,
    sensitivity,
)
from .fluctuations.pairwise import (
    noise_strengths,
    pairwise_covariances,
    pairwise_weights,
    spectral_bound,
)
from .fluctuations.rate_course import drive_response, rate_course
from .fluctuations.recurrent_noise import RecurrentNoise, recurrent_noise
from .fluctuations.spectra import (
    binned_rate_variance,
    coherences,
    cross_spectra,
    pooled_spectrum,
    population_spectra,
    power_spectra,
    propagator,
    response_matrix,
)
from .matrix_function import MatrixAndSlope
from .patterns.delay_rings import (
    RingOnsets,
    ring_eigenvalues,
    ring_mode_couplings,
    ring_onsets,
)
from .patterns.interpolation import follow_by_integration, follow_by_solving
from .patterns.onset import onset_line
from .patterns.rate_model import RateHopf, rate_eigenvalues, rate_hopf
from .patterns.ring_patterns import (
    RateApproximation,
    most_unstable,
    rate_approximation,
    rate_dispersion,
    spiking_dispersion,
)
from .response.connectivity_matrix import effective_connectivity, spiking_characteristic
from .response.delays import delay_factor, delay_transform
from .response.mapping import FittedRateModel, fit_rate_model
from .response.response_fit import LowPassFit, fit_low_pass, rate_weights
from .response.spatial_profiles import profile_matrix
from .response.transfer import (
    LinearResponse,
    linear_response,
    population_response,
    population_transfer,
    transfer_function,
)
from .stability.bifurcations import BifurcationLine, Window, fold_line, hopf_line, hopf_point
from .stability.characteristic import rate_characteristic
from .stability.continuation import Curve, follow_curve
from .stability.eigenvalues import count_growing_modes, leading_eigenvalues, leading_mode
from .stability.plane import plane_lines
from .stability.roots import Rectangle, Roots, count_zeros, find_roots, newton_roots
from .stationary.cv import isi_cv, population_cv
from .stationary.derivatives import RateSlopes, input_rate_slope, rate_slopes
from .stationary.external_drive import ExternalRates, Held, external_rates, hold_input
from .stationary.fixed_points import FixedPoints, all_fixed_points
from .stationary.moments import input_std, input_variance, mean_input
from .stationary.packed import boundary_shift
from .stationary.quenched import NeuronRates, neuron_rates
from .stationary.siegert import firing_rate, log_firing_rate
from .stationary.working_point import WorkingPoint, solve_working_point

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
    "NeuronRates",
    "RateApproximation",
    "RateHopf",
    "RateSlopes",
    "ReceptorRate",
    "ReceptorResponse",
    "Receptors",
    "Rectangle",
    "RecurrentNoise",
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
    "coherences",
    "count_growing_modes",
    "count_zeros",
    "cross_spectra",
    "delay_factor",
    "delay_transform",
    "drive_response",
    "effective_connectivity",
    "eigenmodes",
    "external_rates",
    "find_roots",
    "finite_size_rates",
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
    "neuron_rates",
    "newton_roots",
    "noise_strengths",
    "onset_line",
    "pairwise_covariances",
    "pairwise_weights",
    "plane_lines",
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
    "rate_course",
    "rate_dispersion",
    "rate_eigenvalues",
    "rate_hopf",
    "rate_slopes",
    "rate_weights",
    "receptor_cv",
    "receptor_rate",
    "receptor_response",
    "receptor_spectrum",
    "recurrent_noise",
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
