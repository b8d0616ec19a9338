"""A neural spline flow in zuko: fully autoregressive rational-quadratic splines.

Durkan et al. 2019, arXiv:1906.04032. The flow is that of zuko's documentation: 3 transforms of 8
bins, hyper-networks of 3 x 128, maximum likelihood with Adam at 1e-3. Batches are of 1,024 events
(better than 4,096 in a short trial), in a new order each epoch; the rate falls as a cosine of the
time spent.
"""

from __future__ import annotations

import math

import torch
import zuko
from common import THREADS, Clock, Features, Task, Trained, run

BATCH = 1024
RATE = 1e-3
DRAWN = 1 << 15
"""Events drawn at a time: memory is a constant."""


def learn(task: Task) -> Trained:
    """Fit the flow until the time is up."""
    torch.set_num_threads(THREADS)
    torch.manual_seed(task.seed)
    clock = Clock(task.seconds)
    train = torch.from_numpy(task.train)
    flow = zuko.flows.NSF(train.shape[1], transforms=3, hidden_features=[128] * 3)
    optimizer = torch.optim.Adam(flow.parameters(), lr=RATE)
    steps = 0
    while not clock.is_up:
        for rows in torch.randperm(len(train)).split(BATCH):
            optimizer.param_groups[0]["lr"] = RATE * (1 + math.cos(math.pi * clock.share)) / 2
            loss = -flow().log_prob(train[rows]).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            steps += 1
            if clock.is_up:
                break

    def sample(n: int) -> Features:
        with torch.no_grad():
            parts = [
                flow().sample((min(DRAWN, n - start),)) for start in range(0, max(n, 1), DRAWN)
            ]
        return torch.cat(parts).numpy()

    return Trained(sample, steps, clock.seconds)


if __name__ == "__main__":
    run(learn, ("zuko", "torch"))
