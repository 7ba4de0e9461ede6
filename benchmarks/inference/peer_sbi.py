"""Plain neural posterior estimation of sbi, as it comes, on the same simulations as ours.py."""

import numpy as np
import torch
from sbi.inference import NPE
from sbi.utils import BoxUniform

from benchmarks.inference.scene import DRAWS, measure


def draws(keys: np.ndarray, summaries: np.ndarray, seen: np.ndarray) -> list[np.ndarray]:
    """Train one network on all simulations and draw from its posteriors."""
    torch.manual_seed(1)
    torch.set_num_threads(1)
    d = keys.shape[1]
    learner = NPE(prior=BoxUniform(-torch.ones(d), torch.ones(d)))
    learner.append_simulations(
        torch.as_tensor(keys, dtype=torch.float32), torch.as_tensor(summaries, dtype=torch.float32)
    )
    learner.train(show_train_summary=False)
    posterior = learner.build_posterior()
    x = torch.as_tensor(seen, dtype=torch.float32)
    found = posterior.sample_batched((DRAWS,), x=x, show_progress_bars=False)
    return list(found.numpy().transpose(1, 0, 2).astype(float))


if __name__ == "__main__":
    measure("sbi", draws)
