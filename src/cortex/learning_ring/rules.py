"""Rules of plasticity given as functions, and the weights that follow them step by step."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cortex.errors import ParameterError
from cortex.learning_ring.drive import RateFunction
from cortex.learning_ring.pairwise import PairwiseWeights
from cortex.learning_ring.state import Block, Scheme
from cortex.typing import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Activity:
    """What a rule sees of the neurons on one side of the synapses at one step.

    Parameters
    ----------
    rate : ndarray of shape (n_neurons,)
        Rates, dimensionless; on the presynaptic side those that arrive, after the delay.
    derivative : ndarray of shape (n_neurons,)
        Their change over the last step, 1/s.
    """

    rate: FloatArray
    derivative: FloatArray


PlasticityRule = Callable[[Activity, Activity, FloatArray], FloatArray]
"""(post, pre, W) -> F in ``dW/dt = beta (-lambda W + F)``: F and the weights W before the
update have the shape (n_neurons, n_neurons), ``[target, source]``; F is in 1/s."""


def differential_hebbian(post: Activity, pre: Activity, weights: FloatArray) -> FloatArray:
    """Return the derivative of the target times the rate of the source, 1/s.

    Parameters
    ----------
    post, pre : Activity
        Targets and, after the delay, sources.
    weights : ndarray of shape (n_neurons, n_neurons)
        Not used; dimensionless.

    Returns
    -------
    drive : ndarray of shape (n_neurons, n_neurons), 1/s
        What `plasticity.derivative` = "postsynaptic" stands for: as a function it learns the
        same bits when every step is a block, see `simulate`.

    Notes
    -----
    Kosko (1986), AIP Conf. Proc. 151:277.

    Examples
    --------
    >>> side = Activity(rate=np.array([0.5, 1.0]), derivative=np.array([2.0, 0.0]))
    >>> differential_hebbian(side, side, np.zeros((2, 2)))
    array([[1., 2.],
           [0., 0.]])
    """
    del weights
    drive: FloatArray = np.outer(post.derivative, pre.rate)
    return drive


def covariance(post: Activity, pre: Activity, weights: FloatArray) -> FloatArray:
    """Return the product of the rates, each less its mean over the ring, per second.

    Parameters
    ----------
    post, pre : Activity
        Targets and, after the delay, sources.
    weights : ndarray of shape (n_neurons, n_neurons)
        Not used; dimensionless.

    Returns
    -------
    drive : ndarray of shape (n_neurons, n_neurons), 1/s

    Notes
    -----
    Sejnowski (1977), J. Math. Biol. 4:303. Under a travelling wave it teaches the
    autocorrelation of the rates, displaced by the delay: largest for sources that lead the
    target by the delay, where the differential rule changes its sign.

    Examples
    --------
    >>> side = Activity(rate=np.array([0.0, 1.0]), derivative=np.zeros(2))
    >>> covariance(side, side, np.zeros((2, 2)))
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    del weights
    drive: FloatArray = np.outer(post.rate - post.rate.mean(), pre.rate - pre.rate.mean())
    return drive


class RuledWeights(PairwiseWeights):
    """Weights of all pairs under a rule given as a function; a step costs O(N^2)."""

    def __init__(self, w_init: FloatArray, scheme: Scheme, rule: PlasticityRule) -> None:
        super().__init__(w_init, scheme)
        self._rule = rule

    def advance(self, block: Block, arriving: FloatArray, phi: RateFunction) -> FloatArray:
        """Return the rates of a block, shape (n, n_neurons), and learn from them.

        Parameters
        ----------
        block : Block
            Drive, noise and the rates before the block.
        arriving : ndarray of shape (n + 1, n_neurons)
            Delayed rates y of the step before the block and of its n steps.
        phi : RateFunction
            Rate function.

        Raises
        ------
        ParameterError
            The rule returned another shape, or no real numbers.
        """
        scheme, weights = self._scheme, self._weights
        rates = np.empty_like(block.drive)
        x, shown = block.x, weights.view()
        shown.flags.writeable = False  # a rule that changes its argument is refused by numpy
        for m in range(len(rates)):
            y = arriving[m + 1]
            z = block.drive[m] + (y[None] @ weights.T)[0]
            dx = scheme.leak * (phi(z) - x) + block.noise[m]
            x = np.add(x, dx, out=rates[m])
            post = Activity(rate=x, derivative=dx / scheme.dt)
            pre = Activity(rate=y, derivative=(y - arriving[m]) / scheme.dt)
            change = scheme.beta * scheme.dt * drive_of(self._rule, post, pre, shown)
            weights *= scheme.retention
            weights += change
        return rates


def drive_of(
    rule: PlasticityRule, post: Activity, pre: Activity, weights: FloatArray
) -> FloatArray:
    """Return what a rule given as a function writes, shape (n_neurons, n_neurons), 1/s.

    Raises
    ------
    ParameterError
        The rule returned another shape, or no real numbers.
    """
    drive = np.asarray(rule(post, pre, weights))
    if drive.shape != weights.shape or drive.dtype.kind not in "fiu":
        msg = (
            f"the rule {getattr(rule, '__name__', rule)!r} returned {drive.dtype} of shape "
            f"{drive.shape}; it must return real numbers of shape {weights.shape}, in 1/s, "
            "[target, source], such as np.outer(post.derivative, pre.rate)"
        )
        raise ParameterError(msg)
    return drive
