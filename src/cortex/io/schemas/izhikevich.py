"""Tables of Izhikevich cells, the published networks and the bump attractor."""

from typing import Final

from cortex.io.tables import Column, TableSchema

_CELL: Final = {"cell": Column("1", "name of the cell in the configuration", "text")}

LANDMARKS: Final = TableSchema(
    "izhikevich_landmarks",
    {
        **_CELL,
        "fold": Column("pA", "rest and saddle meet, closed form"),
        "hopf": Column("pA", "rest turns unstable, closed form"),
        "fold_found": Column("pA", "fold found numerically"),
        "hopf_found": Column("pA", "Hopf bifurcation found numerically"),
        "spike_onset": Column("pA", "smallest step from rest for one spike, simulated"),
        "firing_onset": Column("pA", "smallest step from rest for lasting firing, simulated"),
        "firing_offset": Column("pA", "smallest current that keeps a cell firing, simulated"),
    },
)

CURVES: Final = TableSchema(
    "izhikevich_curves",
    {
        **_CELL,
        "current": Column("pA", "step from rest"),
        "onset_rate": Column("Hz", "inverse of the first interval; 0 without one"),
        "steady_rate": Column("Hz", "rate in the second half of the step"),
    },
)

TRACES: Final = TableSchema(
    "izhikevich_traces",
    {
        **_CELL,
        "time": Column("ms", "time since the step"),
        "v": Column("mV", "membrane potential"),
        "u": Column("pA", "recovery current"),
    },
)

NULLCLINES: Final = TableSchema(
    "izhikevich_nullclines",
    {
        **_CELL,
        "v": Column("mV", "membrane potential"),
        "u_where_v_rests": Column("pA", "v-nullcline at the step shown"),
        "u_where_u_rests": Column("pA", "u-nullcline"),
    },
)

RASTERS: Final = TableSchema(
    "izhikevich_rasters",
    {
        "case": Column("1", "published network", "text"),
        "scheme": Column("1", "reference or standard", "text"),
        "time": Column("ms", "spike time"),
        "neuron": Column("1", "index in the network, E first", "int"),
        "excitatory": Column("1", "whether the cell is regular-spiking", "bool"),
    },
)

POTENTIALS: Final = TableSchema(
    "izhikevich_potentials",
    {
        "case": Column("1", "published network, standard scheme", "text"),
        "time": Column("ms", "time"),
        "neuron": Column("1", "index in the network, E first", "int"),
        "excitatory": Column("1", "whether the cell is regular-spiking", "bool"),
        "v": Column("mV", "membrane potential"),
        "u": Column("pA", "recovery current"),
    },
)

CURRENTS: Final = TableSchema(
    "izhikevich_currents",
    {
        "case": Column("1", "published network", "text"),
        "population": Column("1", "E or I; one cell of each", "text"),
        "time": Column("ms", "time"),
        "ampa": Column("pA", "AMPA current, outward positive"),
        "nmda": Column("pA", "NMDA current"),
        "gaba_a": Column("pA", "GABA-A current"),
        "gaba_b": Column("pA", "GABA-B current"),
    },
)

BUMP_RASTER: Final = TableSchema(
    "bump_raster",
    {
        "time": Column("s", "spike time since the start of the delay period"),
        "angle": Column("deg", "preferred angle of the E cell"),
        "during_cue": Column("1", "whether the cue is on", "bool"),
    },
)

BUMP_TRIALS: Final = TableSchema(
    "bump_trials",
    {
        "trial": Column("1", "index of the trial", "int"),
        "time": Column("s", "centre of the window since the end of the cue"),
        "angle": Column("deg", "decoded angle; nan without spikes"),
        "error": Column("deg", "decoded minus cued angle"),
        "strength": Column("1", "vector strength"),
        "rate": Column("Hz", "mean rate of E cells"),
        "alive": Column("1", "whether the bump has lived up to and in this window", "bool"),
    },
)

BUMP_DIFFUSION: Final = TableSchema(
    "bump_diffusion",
    {
        "time": Column("s", "centre of the window since the end of the cue"),
        "mean": Column("deg", "mean error over trials"),
        "variance": Column("deg2", "variance of the error over trials"),
        "variance_error": Column("deg2", "its standard error"),
        "line": Column("deg2", "fitted line"),
        "line_error": Column("deg2", "its standard error, from the jackknifed slope"),
    },
)

BUMP_FIT: Final = TableSchema(
    "bump_fit",
    {
        "coefficient": Column("deg2_per_s", "slope of the variance"),
        "coefficient_error": Column("deg2_per_s", "its jackknife standard error"),
        "offset": Column("deg2", "variance at time zero"),
        "drift": Column("deg_per_s", "mean slope of the error"),
        "drift_error": Column("deg_per_s", "its standard error"),
        "linearity": Column("1", "fraction of the variance curve the line explains"),
        "n_trials": Column("1", "trials whose bump lived throughout", "int"),
    },
)
