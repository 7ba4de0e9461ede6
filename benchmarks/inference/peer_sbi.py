"""Plain neural posterior estimation of sbi, as it comes, on the same simulations as ours.py.

Draws outside of the prior are rejected, as sbi does, but not for ever: a flow that few simulations
have taught may put nearly all of its draws there.
"""

import sys
from contextlib import redirect_stdout

import numpy as np
import torch
from sbi.inference import NPE
from sbi.utils import BoxUniform

from benchmarks.inference.scene import DRAWS, measure

TRIED = 2
"""Draws from the flow, over those asked for."""
FEWEST = 200
AT_ONCE = 20
"""Recordings told at once, for memory."""


def draws(keys: np.ndarray, summaries: np.ndarray, seen: np.ndarray, seed: int) -> list[np.ndarray]:
    """Train one network on all simulations and draw from its posteriors."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    d = keys.shape[1]
    learner = NPE(prior=BoxUniform(-torch.ones(d), torch.ones(d)))
    learner.append_simulations(
        torch.as_tensor(keys, dtype=torch.float32), torch.as_tensor(summaries, dtype=torch.float32)
    )
    with redirect_stdout(sys.stderr):  # it writes its progress among the results
        learner.train(show_train_summary=False)
    posterior = learner.build_posterior()
    found: list[np.ndarray] = []
    for part in torch.as_tensor(seen, dtype=torch.float32).split(AT_ONCE):
        drawn = posterior.sample_batched(
            (TRIED * DRAWS,), x=part, show_progress_bars=False, reject_outside_prior=False
        )
        found += [_inside(each) for each in drawn.detach().numpy().transpose(1, 0, 2).astype(float)]
    return found


def _inside(drawn: np.ndarray) -> np.ndarray:
    """Return draws inside the prior; all of them, clipped, where those are too few."""
    kept = drawn[np.all(np.abs(drawn) <= 1.0, axis=1)]
    return kept if len(kept) >= FEWEST else np.clip(drawn, -1.0, 1.0)


if __name__ == "__main__":
    measure("sbi", draws)
