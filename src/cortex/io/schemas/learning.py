"""Tables of the learning ring."""

from typing import Final

from cortex.io.tables import Column, TableSchema

CONVERGED: Final = Column("1", "whether the fixed point behind the predictions settled", "bool")

KERNELS: Final = TableSchema(
    "learning_kernels",
    {
        "case": Column("1", "name of the run", "text"),
        "converged": CONVERGED,
        "tau_d": Column("ms", "transmission delay"),
        "distance": Column("1", "target minus source, in neurons", "int"),
        "lead": Column("ms", "time by which the wave reaches the source first, less the delay"),
        "weight": Column("1", "learned weight; of a matrix, its diagonal average"),
        "predicted": Column("1", "fixed point and what is left of the initial weight"),
        "fixed_point": Column("1", "fixed point of the discrete scheme"),
        "closed_form": Column("1", "closed form for saturated rates, continuum limit"),
        "spread": Column("1", "standard deviation along the diagonal of the full matrix"),
        "spread_predicted": Column("1", "the same from the steady ripple"),
    },
)

REPLAY: Final = TableSchema(
    "learning_replay",
    {
        "varied": Column("1", "parameter that differs from the model", "text"),
        "converged": CONVERGED,
        "tau_d": Column("ms", "transmission delay"),
        "tau_x": Column("ms", "time constant of the rates"),
        "period": Column("ms", "period of the training wave"),
        "frequency": Column("Hz", "simulated, without drive; negative runs backwards"),
        "switch": Column("Hz", "predicted: the recurrent input vanishes at the switch"),
        "harmonic": Column("Hz", "predicted: phase condition of the first harmonic"),
        "continuum": Column("Hz", "the same for dt -> 0"),
    },
)

PICTURE: Final = TableSchema(
    "learning_picture",
    {
        "time": Column("ms", "time since the beginning; the first period is driven"),
        "neuron": Column("1", "neuron", "int"),
        "rate": Column("1", "rate"),
    },
)

LOCKING: Final = TableSchema(
    "learning_locking",
    {
        "decay": Column("per_s", "decay of the weights"),
        "converged": CONVERGED,
        "strength": Column("1", "amplitude over the predicted limit"),
        "amplitude": Column("1", "amplitude of the drive while learning"),
        "limit": Column("1", "weakest drive that holds the wave, predicted"),
        "frequency_ratio": Column("1", "frequency of the wave over that of its drive"),
    },
)

TONGUE: Final = TableSchema(
    "learning_tongue",
    {
        "speed": Column("1", "frequency of the test drive over the trained one"),
        "amplitude": Column("1", "its amplitude over the limit at the trained speed"),
        "limit": Column("1", "predicted limit at this speed over that at the trained speed"),
        "frequency_ratio": Column("1", "frequency of the wave over that of its drive"),
        "lead": Column("deg", "phase by which the rates lead those without recurrence"),
        "lead_predicted": Column("deg", "arcsine of limit over amplitude; nan below the limit"),
    },
)

EDGE: Final = TableSchema(
    "learning_tongue_edge",
    {
        "speed": Column("1", "frequency of a test drive over the trained one"),
        "limit": Column("1", "predicted limit over that at the trained speed"),
    },
)

WEIGHTS: Final = TableSchema(
    "learning_weights",
    {
        "target": Column("1", "target neuron, a selection", "int"),
        "source": Column("1", "source neuron, a selection", "int"),
        "weight": Column("1", "weight after the last step"),
        "change": Column("per_s", "its change in the last step over the step"),
    },
)

ACTIVITY: Final = TableSchema(
    "learning_activity",
    {
        "time": Column("ms", "time since the beginning of the last period"),
        "neuron": Column("1", "neuron, a selection", "int"),
        "rate": Column("1", "rate"),
        "derivative": Column("per_s", "its change in the last step over the step"),
    },
)

HISTORY: Final = TableSchema(
    "learning_history",
    {
        "time": Column("s", "time since the beginning"),
        "lead": Column("ms", "time by which the wave reaches the source first, less the delay"),
        "weight": Column("1", "diagonal average of the full matrix"),
        "predicted": Column("1", "fixed point and what is left of the initial weight"),
    },
)

CHANGES: Final = TableSchema(
    "learning_changes",
    {
        "time": Column("s", "time since the beginning"),
        "kernel": Column("per_s", "root mean square over distances of the change of the kernel"),
        "kernel_predicted": Column("per_s", "the same of the predicted transient"),
        "pairs": Column("per_s", "root mean square over all pairs of the change of a weight"),
        "pairs_predicted": Column("per_s", "the same from the profile of the locked wave"),
    },
)

RULES: Final = TableSchema(
    "learning_rules",
    {
        "rule": Column("1", "rule given as a function", "text"),
        "lead": Column("ms", "time by which the wave reaches the source first, less the delay"),
        "weight": Column("1", "diagonal average over the largest predicted weight"),
        "predicted": Column("1", "fixed point from one call on the wave, over its largest"),
        "built_in": Column("1", "fixed point of the built-in rule, over its largest"),
    },
)
