"""The standard run of the learning ring, for examples, tests and the default configuration."""

from typing import Any

from cortex.params.learning import LearningParams, PlasticityParams, RingParams, TrainingParams


def standard_params(**changes: Any) -> LearningParams:
    """Return the standard parameters: 500 neurons, 150 periods of 100 ms, a delay of 15 ms.

    Parameters
    ----------
    **changes
        Parameters that differ, by their SI names, see `LearningParams.at`.

    Examples
    --------
    >>> params = standard_params(tau_d=0.01)
    >>> params.ring.delay_steps, params.n_steps, params.init_steps
    (50, 75000, 500)
    """
    return LearningParams(
        ring=RingParams(
            n_neurons=500, dt=2e-4, tau_x=5e-3, tau_d=15e-3, phi_scale=10.0, u_scale=5000.0
        ),
        plasticity=PlasticityParams(
            beta=0.02, decay=20.0, rule="mean", derivative="postsynaptic", w_init_sd=0.05
        ),
        training=TrainingParams(periods=150),
    ).at(**changes)
