from .api.builder import build
from .api.files import change, load, preset, presets, save
from .api.result import Result, Results
from .api.work import (
    compare,
    follow_lines,
    modes,
    observe,
    predict,
    simulate,
    spectra,
    synthesise_lfp,
    working_point,
)
from .errors import ConfigError, ConvergenceError, CortexError, ParameterError
from .meanfield.response.transfer import transfer_function
from .meanfield.stationary.cv import isi_cv
from .meanfield.stationary.siegert import firing_rate
from .meanfield.stationary.working_point import solve_working_point
from .networks.case import NetworkCase
from .params.drive import Drive
from .params.lif import LIFNeurons, LIFParams
from .params.network import PopulationNetwork
from .params.simulation import SimulationParams
from .params.synapses import Synapses
from .spikes import Spikes

__version__: str

__all__ = [
    "ConfigError",
    "ConvergenceError",
    "CortexError",
    "Drive",
    "LIFNeurons",
    "LIFParams",
    "NetworkCase",
    "ParameterError",
    "PopulationNetwork",
    "Result",
    "Results",
    "SimulationParams",
    "Spikes",
    "Synapses",
    "__version__",
    "build",
    "change",
    "compare",
    "firing_rate",
    "follow_lines",
    "isi_cv",
    "load",
    "modes",
    "observe",
    "predict",
    "preset",
    "presets",
    "save",
    "simulate",
    "solve_working_point",
    "spectra",
    "synthesise_lfp",
    "transfer_function",
    "working_point",
]
