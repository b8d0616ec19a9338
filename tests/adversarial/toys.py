"""Small models and samples for the tests of the engine."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from fatgan.adversarial.callbacks import Budget
from fatgan.adversarial.feed import ResidentFeed
from fatgan.adversarial.mmd import MMD
from fatgan.adversarial.model import AdversarialModel
from fatgan.adversarial.objectives import Relativistic
from fatgan.adversarial.penalties import ZeroCentred
from fatgan.networks.mlp import mlp

NOISE = 3
RATE = 2e-3


def gaussian_rows(n: int = 500, seed: int = 0) -> np.ndarray:
    """Return n rows of two correlated normal numbers, float32."""
    mixing = np.array([[1.0, 0.6], [0.0, 0.5]])
    return (np.random.default_rng(seed).normal(size=(n, 2)) @ mixing).astype("float32")


def toy_model(
    objective: Any = None,
    penalty: Any = None,
    *,
    conditions: int = 0,
    seen: int = 2,
    width: int = 8,
    dropout: float = 0.0,
    jit: bool = False,
    rate: float = RATE,
    seed: int = 0,
    mmd: MMD | None = None,
    optimizer: type[keras.optimizers.Optimizer] = keras.optimizers.Adam,
    **options: Any,
) -> AdversarialModel:
    """Return a compiled model of two-dimensional rows, told of so many conditions.

    A view may show the critic another number of columns (``seen``).
    """
    objective = objective or Relativistic()
    body = {"layers": [width, width], "conditions": conditions}
    model = AdversarialModel(
        mlp(NOISE, 2, seed=10 + seed, **body),
        mlp(seen, objective.outputs, seed=20 + seed, dropout=dropout, **body),
        objective,
        penalty or ZeroCentred(),
        mmd or MMD(rows=32),
        seed=seed,
        **options,
    )
    # Adam's beta_1 and beta_2, or RMSprop's decay
    settings = (0.0, 0.99) if optimizer is keras.optimizers.Adam else (0.99,)
    model.compile(*(optimizer(rate, *settings) for _ in range(2)), jit_compile=jit)
    return model


def fit(
    model: AdversarialModel,
    rows: np.ndarray,
    *,
    epochs: int,
    max_steps: int = 40,
    calls: int = 2,
    steps: int = 5,
    batch: int = 64,
    rate: float = RATE,
    callbacks: tuple[Any, ...] = (),
    **given: np.ndarray,
) -> dict[str, list[float]]:
    """Train for ``epochs * calls * steps`` steps of a budget; return the history."""
    model.feed(ResidentFeed(rows, batch, model.seed, **given))
    history = model.fit(
        ResidentFeed.clock(calls, steps),
        epochs=epochs,
        verbose=0,
        shuffle=False,
        callbacks=[Budget(max_steps, learning_rate=rate), *callbacks],
    )
    return history.history


def take_steps(
    model: AdversarialModel, rows: np.ndarray, steps: int, batch: int = 64, **given: np.ndarray
) -> None:
    """Take the same steps one by one: quicker than compiling for a few."""
    feed = ResidentFeed(rows, batch, model.seed, **given)
    for _ in range(steps):
        model.train_step(feed.gather(feed.draw(model.step.value, model.critic_steps)))


def same_weights(a: keras.Model, b: keras.Model) -> bool:
    pairs = zip(a.get_weights(), b.get_weights(), strict=True)
    return all(np.array_equal(one, other) for one, other in pairs)
