"""Tables of built networks: audit of degrees and blocks, kernels, sheets, rings, cost."""

from typing import Final

from cortex.io.tables import Column, TableSchema

_PLACE: Final = {
    "x": Column("um", "displacement along x, source minus target"),
    "y": Column("um", "displacement along y, source minus target"),
}

CELLS: Final = TableSchema(
    "connectivity_cells",
    {
        "target": Column("1", "first target neuron of the cell", "int"),
        "source": Column("1", "first source neuron of the cell", "int"),
        "density": Column("1", "connections over pairs in the cell"),
    },
)

BLOCKS: Final = TableSchema(
    "connectivity_blocks",
    {
        "target": Column("1", "target population", "text"),
        "source": Column("1", "source population", "text"),
        "pairs": Column("1", "ordered pairs that may be connected", "int"),
        "connections": Column("1", "connections found", "int"),
        "probability": Column("1", "connections over pairs"),
        "error": Column("1", "binomial standard error of the probability"),
        "expected": Column("1", "probability of the rule"),
        "weight": Column("nS", "weight of every connection of the block"),
    },
)

DEGREES: Final = TableSchema(
    "connectivity_degrees",
    {
        "source": Column("1", "population the connections come from, or 'all'", "text"),
        "degree": Column("1", "in-degree", "int"),
        "count": Column("1", "neurons with this in-degree", "int"),
        "expected": Column("1", "neurons expected by the exact law"),
    },
)

KERNELS: Final = TableSchema(
    "connectivity_kernels",
    {
        "kernel": Column("1", "name of the kernel in the configuration", "text"),
        "radius": Column("um", "support, rim included"),
        "weight": Column("nS", "weight at a kernel value of 1"),
        "prune": Column("1", "kernel value below which braintools 0.3.0 drops a pair"),
        "pitch": Column("um", "distance of neighbours on the lattice"),
    },
)

FIELDS: Final = TableSchema(
    "connectivity_fields",
    {
        "kernel": Column("1", "name of the kernel", "text"),
        **_PLACE,
        "value": Column("1", "kernel value"),
    },
)

SAMPLES: Final = TableSchema(
    "connectivity_samples",
    {
        "kernel": Column("1", "name of the kernel", "text"),
        **_PLACE,
        "value": Column("1", "kernel value at a lattice point"),
        "is_pruned": Column("1", "whether braintools 0.3.0 drops the pair unasked", "bool"),
    },
)

GABOR_SAMPLES: Final = TableSchema(
    "connectivity_gabor_samples",
    {
        "field": Column("1", "index of the receptive field", "int"),
        "theta": Column("deg", "angle of the wave vector"),
        "frequency": Column("per_um", "cycles per length"),
        "pitch": Column("um", "distance of neighbours"),
        **_PLACE,
        "value": Column("1", "kernel value at a lattice point"),
    },
)

TUNING: Final = TableSchema(
    "connectivity_tuning",
    {
        "theta": Column("deg", "angle of the wave vector of the kernel"),
        "angle": Column("deg", "angle of the wave vector of the grating"),
        "drive": Column("mV", "size of the mean input that the grating makes, by the transform"),
        "predicted": Column("Hz", "rate of the cell, mean over a cycle of the grating"),
        "simulated": Column("Hz", "rate, mean over cells"),
        "error": Column("Hz", "its standard error over cells"),
    },
)

GABOR_SPECTRUM: Final = TableSchema(
    "connectivity_gabor_spectrum",
    {
        "field": Column("1", "index of the receptive field", "int"),
        "frequency_x": Column("per_um", "cycles per length along x"),
        "frequency_y": Column("per_um", "cycles per length along y"),
        "power": Column("1", "power of the samples, largest value 1"),
    },
)

SHEET_PROFILE: Final = TableSchema(
    "connectivity_sheet_profile",
    {
        "source": Column("1", "source population", "text"),
        "variant": Column("1", "'whole', 'pruned' (as braintools 0.3.0) or 'drawn'", "text"),
        "low": Column("um", "lower edge of the distance bin"),
        "high": Column("um", "upper edge of the distance bin"),
        "pairs": Column("1", "ordered pairs at this distance", "int"),
        "connections": Column("1", "connections found", "int"),
        "probability": Column("1", "connections over pairs"),
        "error": Column("1", "binomial standard error"),
        "expected": Column("1", "probability of the rule at the middle of the bin"),
        "radius": Column("um", "reach that was asked for"),
    },
)

SHEET_INPUT: Final = TableSchema(
    "connectivity_sheet_input",
    {
        "boundary": Column("1", "'open' or 'torus'", "text"),
        "x": Column("um", "place of the neuron along x"),
        "y": Column("um", "place of the neuron along y"),
        "excitatory": Column("nS", "summed weight from excitatory neurons"),
        "inhibitory": Column("nS", "summed weight from inhibitory neurons"),
    },
)

RING_HISTOGRAM: Final = TableSchema(
    "connectivity_ring_histogram",
    {
        "projection": Column("1", "source-target", "text"),
        "low": Column("mm", "lower edge of the displacement bin"),
        "high": Column("mm", "upper edge of the displacement bin"),
        "connections": Column("1", "connections found", "int"),
        "expected": Column("1", "connections expected by the rule"),
        "half_width": Column("mm", "half width of the window"),
    },
)

RING_TRANSFORM: Final = TableSchema(
    "connectivity_ring_transform",
    {
        "projection": Column("1", "source-target", "text"),
        "wave_number": Column("per_mm", "angular wave number k"),
        "is_mode": Column("1", "whether k is a mode 2 pi n / L of the ring", "bool"),
        "measured": Column("1", "mean of cos(k x) over connections"),
        "error": Column("1", "standard error for independent draws"),
        "expected": Column("1", "exact value on the discrete ring, without autapses"),
        "theory": Column("1", "sin(k w) / (k w)"),
    },
)

COST: Final = TableSchema(
    "connectivity_cost",
    {
        "algorithm": Column("1", "how pairs are found", "text"),
        "n_neurons": Column("1", "neurons of the lattice", "int"),
        "n_connections": Column("1", "connections built", "int"),
        "cpu_time": Column("s", "fastest CPU time of the repetitions"),
        "peak_memory": Column("MB", "most memory taken by arrays, result included"),
    },
)


def _histogram(name: str, unit: str, what: str) -> TableSchema:
    """Return the table of a histogram of connections."""
    return TableSchema(
        name,
        {
            "network": Column("1", "kernel or network", "text"),
            "source": Column("1", "E, I or all", "text"),
            "low": Column(unit, f"lower edge of the bin of {what}"),
            "high": Column(unit, "upper edge"),
            "connections": Column("1", "connections in the bin", "int"),
            "mean": Column(unit, f"mean {what} of all connections of this source"),
        },
    )


WEIGHTS: Final = _histogram("connectivity_weights", "nS", "weight")
LENGTHS: Final = _histogram("connectivity_lengths", "um", "distance")

MATRICES: Final = TableSchema(
    "connectivity_matrices",
    {
        "network": Column("1", "kernel or network", "text"),
        "target": Column("1", "first target neuron of the cell", "int"),
        "source": Column("1", "first source neuron of the cell", "int"),
        "population": Column("1", "population of that source: E, I or all", "text"),
        "weight": Column("nS", "mean weight over all pairs of the cell"),
    },
)
