"""CTGAN, the reference among GANs for tables: Xu et al. 2019, arXiv:1907.00503.

All settings are the package's own: Gaussian mixtures per column, networks of 2 x 256, batches of
500 in packs of 10, Adam at 2e-4, one critic step per generator step, WGAN-GP. No column is
discrete. The package knows epochs only: the training is stopped from inside by the clock, which
starts after the mixtures are fitted and applied. That takes 80 s per 100,000 rows of 3 columns on
one core, so that of larger tables 200,000 rows are learned: in minutes each is seen a few times.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import torch
from common import THREADS, Clock, Features, Task, Trained, run
from ctgan import CTGAN

FOREVER = 10**9
ROWS = 200_000


class TimeIsUpError(Exception):
    """Ends a training between two updates."""


class TimedCTGAN(CTGAN):
    """A CTGAN whose training ends after so many seconds; it then samples as after its own end."""

    clock: Clock | None = None
    passes = 0
    """How often the generator was called while training: twice a step."""
    _budget: float | None = None

    def _apply_activate(self, data: Any) -> Any:
        # what each step calls, and first when the columns are prepared: so the clock starts here
        if self._budget is not None:
            self.clock = self.clock or Clock(self._budget)
            if self.clock.is_up:
                raise TimeIsUpError
            self.passes += 1
        return super()._apply_activate(data)

    def fit_for(self, seconds: float, table: pd.DataFrame) -> float:
        """Fit until the time is up, and return the seconds spent."""
        self._budget = seconds
        try:
            self.fit(table)
        except TimeIsUpError:
            self._budget = None
        return self.clock.seconds if self.clock else 0.0


def learn(task: Task) -> Trained:
    """Fit the package's model until the time is up."""
    torch.set_num_threads(THREADS)
    columns = [f"feature {i + 1}" for i in range(task.train.shape[1])]
    chosen = np.random.default_rng(task.seed).permutation(len(task.train))[:ROWS]
    table = pd.DataFrame(task.train[chosen], columns=columns)
    model = TimedCTGAN(epochs=FOREVER, enable_gpu=False)
    model.set_random_state(task.seed)
    seconds = model.fit_for(task.seconds, table)

    def sample(n: int) -> Features:
        return model.sample(n)[columns].to_numpy(np.float32)

    return Trained(sample, model.passes // 2, seconds)


if __name__ == "__main__":
    run(learn, ("ctgan", "rdt", "torch"))
