"""What stands where in the arrays that the compiled loops read and write.

Rows of a state: v, u, then one conductance per receptor (AMPA, NMDA, GABA-A, GABA-B).
Columns of a cell: C, k, v_r, v_t, v_peak, a, b, c, d.
"""

from typing import Final, NamedTuple

from cortex.typing import AnyArray, FloatArray, IntArray

V: Final = 0
U: Final = 1
G: Final = 2
NMDA: Final = 1
N_RECEPTORS: Final = 4
CURRENTS: Final = 6  # row of the excitatory current in samples
N_ROWS: Final = 8
SCALES: Final = (1e-3, 1e-12, 1e-9, 1e-9, 1e-9, 1e-9)  # of the rows of a state, to SI

# why a run stopped
OK: Final = 0
BLOWN_UP: Final = 1
STIFF: Final = 2

# columns of a projection
SOURCE: Final = 0
SOURCE_STOP: Final = 1
TARGET: Final = 2
TARGET_STOP: Final = 3
ROWS: Final = 4
SHIFT: Final = 5
IS_DENSE: Final = 6
DELAY: Final = 7
N_WEIGHTS: Final = 8


Part = tuple[int, int]
"""First neuron of a range and the one after its last."""


class Model(NamedTuple):
    """Cells (n_pops, 9), first neuron of each population, and receptors (4, 4).

    Rows of `receptors`: the factor of g at which a step reads it, what the step leaves of
    g, the reversal potential, whether any synapse uses the receptor.
    """

    cells: FloatArray
    first: IntArray
    receptors: FloatArray


class Synapses(NamedTuple):
    """Projections (n, 9), their receptor mix (n, 4), and one compressed row per source."""

    projections: IntArray
    mix: FloatArray
    weights: AnyArray
    targets: AnyArray
    rows: IntArray


class Record(NamedTuple):
    """The step whose end is the first sample, every how many one follows, and room for them.

    `traces` (n_samples, n_rows, n_neurons) of `neurons` and `means` (n_samples, n_rows, n_pops)
    over `populations`, first neurons and total. Rows, SI: those of a state, then the excitatory
    and inhibitory current, inward positive; or v and u alone. Without samples nothing is kept.
    """

    first: int
    every: int
    neurons: IntArray
    traces: FloatArray
    populations: IntArray
    means: FloatArray
    E_mV: FloatArray
    opens_again: bool


class Spikes(NamedTuple):
    """Step, neuron and fraction of the step of each spike, filled from the front."""

    step: IntArray
    neuron: IntArray
    fraction: FloatArray


class Step(NamedTuple):
    """NMDA reversal potential and length of a step."""

    E_nmda_mV: float
    dt_ms: float


class Outcome(NamedTuple):
    """Where a run stopped and why: next step, spikes found, status, neuron concerned."""

    step: int
    n_spikes: int
    status: int
    neuron: int
