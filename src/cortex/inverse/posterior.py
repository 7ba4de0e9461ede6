"""Which parameters made a recording: theory, what simulations say it misses, and honest intervals.

The summaries of a recording are Gaussian about a mean that depends on the parameters: theory,
fitted by polynomials where it is cheap, and a discrepancy learned from simulations drawn from the
prior. What is left over in simulations that the fit has not seen is the noise. The same held-out
simulations say how often intervals hold the truth, and widen them until they do as often as they
claim.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement
from typing import Final

import numpy as np
from scipy.linalg import solve_triangular
from scipy.stats import chi2, kstest, qmc

from cortex.errors import ParameterError
from cortex.typing import FloatArray

FOLDS: Final = 5
LEVEL: Final = 0.9
"""Probability of the intervals that are widened to hold it."""
DRAWS: Final = 2000
OF_THEORY: Final = 3
OF_MISS: Final = 2
"""Degrees of the polynomials for theory, and for what it misses."""
RIDGE: Final = 1e-4
LOOSE: Final = 0.5
"""Share of the prior's width along a direction from which on the data do not tell it."""
FAR: Final = 1e-4
"""Probability below which a recording counts as none that the prior could make."""


def features(x: FloatArray, degree: int) -> FloatArray:
    """Return the products of up to `degree` coordinates, shape (n, n_features); first ones."""
    n, d = x.shape
    made: dict[tuple[int, ...], FloatArray] = {(): np.ones(n)}
    for k in range(1, degree + 1):
        made |= {
            at: made[at[:-1]] * x[:, at[-1]] for at in combinations_with_replacement(range(d), k)
        }
    return np.stack(list(made.values()), axis=1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Runs:
    """Simulations drawn from the prior, and theory beside them.

    Attributes
    ----------
    x : ndarray of shape (n_runs, n_keys)
        Parameters, -1 and 1 at the bounds of the prior, uniform between.
    summaries : ndarray of shape (n_runs, n_summaries)
        What was seen in each.
    theory_x : ndarray of shape (n_solved, n_keys)
        Parameters at which theory was solved; none at all is allowed.
    theory : ndarray of shape (n_solved, n_summaries)
        What it says there; nan where it says nothing.
    """

    x: FloatArray
    summaries: FloatArray
    theory_x: FloatArray
    theory: FloatArray

    def part(self, rows: FloatArray) -> "Runs":
        """Return some of the simulations."""
        return Runs(
            x=self.x[rows],
            summaries=self.summaries[rows],
            theory_x=self.theory_x,
            theory=self.theory,
        )


@dataclass(frozen=True, eq=False)
class Emulator:
    """Mean and noise of the summaries at any parameters.

    Parameters
    ----------
    runs : Runs
        Simulations and theory.
    """

    runs: Runs

    def __post_init__(self) -> None:
        """Refuse too few simulations for the polynomials and the noise."""
        n, needed = len(self.runs.x), self._of_miss.shape[1] + self.runs.summaries.shape[1] + 4
        if n < needed:
            msg = f"{n} simulations are too few for this many keys and summaries; take {needed}"
            raise ParameterError(msg)

    @cached_property
    def _of_miss(self) -> FloatArray:
        return features(self.runs.x, OF_MISS)

    @cached_property
    def _theory(self) -> tuple[FloatArray, FloatArray]:
        """Return coefficients of theory, zero where none is used, and which summaries use it."""
        known = self.runs.theory
        A = features(self.runs.theory_x, OF_THEORY) if len(known) else np.zeros((0, 1))
        n_features = features(self.runs.x[:1], OF_THEORY).shape[1]
        found, used = np.zeros((n_features, self.runs.summaries.shape[1])), []
        for j in range(self.runs.summaries.shape[1]):
            rows = np.isfinite(known[:, j]) if len(known) else np.zeros(0, dtype=bool)
            if rows.sum() > 2 * n_features:
                found[:, j] = np.linalg.lstsq(A[rows], known[rows, j], rcond=None)[0]
            told = features(self.runs.x, OF_THEORY) @ found[:, j]
            seen = self.runs.summaries[:, j]
            helps = np.sum(self._held_out(seen - told) ** 2) < np.sum(self._held_out(seen) ** 2)
            found[:, j] *= helps
            used.append(bool(helps and found[:, j].any()))
        return found, np.array(used)

    @property
    def uses_theory(self) -> FloatArray:
        """Whether theory predicts a summary better than a polynomial alone, (n_summaries,)."""
        return self._theory[1]

    @cached_property
    def _hat(self) -> FloatArray:
        A = self._of_miss
        gram = A.T @ A + RIDGE * len(A) * np.eye(A.shape[1])
        return np.asarray(np.linalg.solve(gram, A.T))

    def _held_out(self, y: FloatArray) -> FloatArray:
        """Return residuals of a fit that has not seen the run itself."""
        A = self._of_miss
        leverage = np.einsum("nf,fn->n", A, self._hat)
        fitted = A @ (self._hat @ y)
        return np.asarray((y - fitted) / (1.0 - leverage)[(...,) + (None,) * (y.ndim - 1)])

    @cached_property
    def _whole(self) -> FloatArray:
        """Coefficients of theory and of what it misses, whose features are the first ones."""
        of_theory = self._theory[0]
        found = of_theory.copy()
        told = features(self.runs.x, OF_THEORY) @ of_theory
        found[: self._of_miss.shape[1]] += self._hat @ (self.runs.summaries - told)
        return np.asarray(found)

    def mean(self, x: FloatArray) -> FloatArray:
        """Return the expected summaries, shape (n, n_summaries)."""
        return np.asarray(features(x, OF_THEORY) @ self._whole)

    @cached_property
    def covariance(self) -> FloatArray:
        """Covariance of summaries about their mean, its correlations shrunk by 1/10."""
        told = features(self.runs.x, OF_THEORY) @ self._theory[0]
        residuals = self._held_out(self.runs.summaries - told)
        full = residuals.T @ residuals / len(residuals)
        return np.asarray(0.9 * full + 0.1 * np.diag(np.diag(full)))

    def distance(self, x: FloatArray, seen: FloatArray) -> FloatArray:
        """Return the squared distance of summaries from their mean, in units of the noise."""
        root, coefficients = self._white
        away = solve_triangular(root, seen, lower=True) - features(x, OF_THEORY) @ coefficients
        return np.asarray(np.einsum("ns,ns->n", away, away))

    @cached_property
    def _white(self) -> tuple[FloatArray, FloatArray]:
        """Root of the covariance, and the coefficients of summaries whose noise is white."""
        root = np.linalg.cholesky(self.covariance)
        white: FloatArray = solve_triangular(root, self._whole.T, lower=True)
        return np.asarray(root, dtype=np.float64), white.T

    def draw(self, seen: FloatArray, rng: np.random.Generator) -> FloatArray:
        """Return draws of the parameters given summaries, shape (2000, n_keys).

        Importance sampling from the prior first, then from normal distributions about what was
        found, since the likelihood costs nothing. Student's distribution in place of the normal
        one: the noise is itself estimated.
        """
        d = self.runs.x.shape[1]
        freedom = len(self.runs.x) - self._of_miss.shape[1]
        x = 2.0 * qmc.Sobol(d, rng=rng).random(4096) - 1.0
        log_q: FloatArray = np.zeros(len(x))
        for _ in range(4):
            inside = np.all(np.abs(x) <= 1.0, axis=1)
            away = self.distance(x, seen) / freedom
            weight = np.where(
                inside, -0.5 * (freedom + len(seen)) * np.log1p(away) - log_q, -np.inf
            )
            weight = np.exp(weight - weight.max())
            weight /= weight.sum()
            centre = weight @ x
            spread = (weight[:, None] * (x - centre)).T @ (x - centre) + 1e-8 * np.eye(d)
            kept = x[rng.choice(len(x), DRAWS, p=weight)]
            root = 1.3 * np.linalg.cholesky(spread)
            z = rng.standard_t(5.0, (4 * DRAWS, d))
            x = centre + z @ root.T
            log_q = -3.0 * np.sum(np.log1p(z**2 / 5.0), axis=1)
        return np.asarray(kept)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calibration:
    """How well held-out simulations were told apart, the fit blind to each.

    Attributes
    ----------
    rank : ndarray of shape (n_runs, n_keys)
        Share of draws below the truth: uniform where intervals are right.
    error : ndarray of shape (n_runs, n_keys)
        Median of the draws less the truth, in widths of the prior.
    widening : ndarray of shape (n_keys,)
        Factor by which draws are spread about their median, so that 90 % intervals hold 90 % of
        the truths; at least 1.
    least : ndarray of shape (n_runs,)
        Squared distance of each run's summaries from the nearest mean.
    """

    rank: FloatArray
    error: FloatArray
    widening: FloatArray
    least: FloatArray

    def coverage(self) -> FloatArray:
        """Return the share of truths inside the 90 % interval, before it is widened."""
        tail = 0.5 * (1.0 - LEVEL)
        return np.asarray(np.mean((self.rank > tail) & (self.rank < 1.0 - tail), axis=0))

    def uniform(self) -> FloatArray:
        """Return the p-values of uniform ranks (Kolmogorov and Smirnov), one per key."""
        return np.array([kstest(rank, "uniform").pvalue for rank in self.rank.T])


def calibrate(runs: Runs, rng: np.random.Generator) -> Calibration:
    """Return how well simulations are told by fits that have not seen them, a fifth at a time."""
    order = rng.permutation(len(runs.x))
    rank, error = np.zeros(runs.x.shape), np.zeros(runs.x.shape)
    reach, least = np.zeros(runs.x.shape), np.zeros(len(runs.x))
    for fold in range(FOLDS):
        held = order[fold::FOLDS]
        fit = Emulator(runs.part(np.setdiff1d(order, held)))
        for row in held:
            draws = fit.draw(runs.summaries[row], rng)
            middle = np.median(draws, axis=0)
            rank[row] = np.mean(draws < runs.x[row], axis=0)
            error[row] = 0.5 * (middle - runs.x[row])
            low, high = np.quantile(draws, [0.5 - 0.5 * LEVEL, 0.5 + 0.5 * LEVEL], axis=0)
            side = np.where(runs.x[row] > middle, high - middle, middle - low)
            reach[row] = np.abs(runs.x[row] - middle) / np.maximum(side, 1e-9)
            least[row] = fit.distance(draws, runs.summaries[row]).min()
    widening = np.maximum(1.0, np.quantile(reach, LEVEL, axis=0))
    return Calibration(rank=rank, error=error, widening=widening, least=least)


def refuse_strangers(
    fit: Emulator, calibration: Calibration, seen: FloatArray, names: list[str]
) -> None:
    """Refuse a recording that no parameters of the prior could have made.

    Raises
    ------
    ParameterError
        Its summaries lie further from every mean than those of any simulation: the message names
        the one that is furthest off.
    """
    x = 2.0 * qmc.Sobol(fit.runs.x.shape[1], rng=0).random(4096) - 1.0
    away = fit.distance(x, seen)
    limit = max(float(chi2.ppf(1.0 - FAR, len(seen))), 1.5 * float(calibration.least.max()))
    if away.min() > limit:
        near = fit.mean(x[[int(np.argmin(away))]])[0]
        off = (seen - near) / np.sqrt(np.diag(fit.covariance))
        worst = int(np.argmax(np.abs(off)))
        msg = (
            f"no parameters of the prior make such a recording: {names[worst]} is "
            f"{seen[worst]:.4g}, {abs(off[worst]):.1f} standard deviations from the "
            f"{near[worst]:.4g} of the nearest ones; widen `free:`, or it is another network"
        )
        raise ParameterError(msg)


def widened(draws: FloatArray, calibration: Calibration) -> FloatArray:
    """Return draws spread about their median as calibration asks, within the prior."""
    middle = np.median(draws, axis=0)
    return np.clip(middle + calibration.widening * (draws - middle), -1.0, 1.0)


def directions(draws: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return how well combinations of keys are known: shares of the prior, and the combinations.

    Returns
    -------
    share : ndarray of shape (n_keys,)
        Standard deviation over that of the prior along each direction, best known first; from
        `LOOSE` on the data do not tell it.
    along : ndarray of shape (n_keys, n_keys)
        Unit vectors in rows, in coordinates that are -1 and 1 at the bounds.
    """
    values, vectors = np.linalg.eigh(np.cov(draws.T).reshape(draws.shape[1], -1))
    return np.sqrt(np.maximum(values, 0.0) * 3.0), vectors.T
