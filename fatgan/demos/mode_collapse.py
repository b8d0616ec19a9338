"""The grid of 25 Gaussians: how many of them a GAN finds, and what finds more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import keras
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from analysis.figures.style import REFERENCE_FILL, SAMPLE
from fatgan.adversarial.model import AdversarialModel
from fatgan.adversarial.objectives import Minimax, Objective, Relativistic, Wasserstein
from fatgan.adversarial.penalties import GradientPenalty, NoPenalty, Penalty, ZeroCentred
from fatgan.demos.shown import Shown
from fatgan.demos.targets import Mixture, grid
from fatgan.demos.training import gan, generate, spread_kinks, train
from fatgan.networks.minibatch import MinibatchDiscrimination
from fatgan.networks.mlp import mlp

Array = NDArray[np.float64]

TARGET = grid(side=5, spacing=2.0, width=0.15)
STEPS, BATCH, ROWS = 2500, 128, 20_000
NOISE, LAYERS, RATE = 2, (64, 64, 64), 4e-3
SAMPLE_SIZE = 5000
REACH = 5.2
COVERED = 0.25
"""A mode is covered if it gets at least this part of its share of all points."""


class Recipe(NamedTuple):
    """What differs between the trainings: networks, learning rate, batch and steps are the same."""

    title: str
    objective: Objective
    penalty: Penalty
    minibatch: bool = False
    critic_steps: int = 1


RECIPES = {
    "plain": Recipe("GAN (non-saturating)", Minimax(), NoPenalty()),
    "minibatch": Recipe("+ minibatch discrimination", Minimax(), NoPenalty(), minibatch=True),
    "wgan_gp": Recipe("WGAN-GP", Wasserstein(), GradientPenalty(weight=0.1), critic_steps=2),
    "relativistic": Recipe("relativistic, R1 + R2", Relativistic(), ZeroCentred(gamma=0.1)),
}


def draw(
    seed: int = 1, steps: int = STEPS, names: Sequence[str] = tuple(RECIPES), jit: bool = True
) -> Shown:
    """Return what several GANs make of the grid in the same number of generator steps.

    The plain GAN (arXiv:1406.2661), the same with minibatch discrimination (arXiv:1606.03498),
    WGAN-GP (arXiv:1704.00028) and the relativistic loss with R1 + R2 (arXiv:2501.05441). A point
    within 3 standard deviations of a centre is a good one, and a mode with at least a quarter of
    its share in good points is covered.

    Parameters
    ----------
    seed
        Of data, networks and noise.
    steps
        Generator steps of each.
    names
        Which of ``RECIPES``.
    jit
        Compile the steps with XLA, which pays from some 1,000 on.
    """
    rows = TARGET.sample(ROWS, np.random.default_rng(seed))
    facts: dict[str, float] = {}
    figure = Figure(figsize=(3.1 * len(names) + 0.4, 3.9), layout="constrained")
    axes = figure.subplots(1, len(names), sharex=True, sharey=True, squeeze=False)[0]
    for ax, name in zip(axes, names, strict=True):
        recipe = RECIPES[name]
        model = _model(recipe, seed, jit)
        train(model, rows, steps=steps, batch=BATCH, label=name)
        points = generate(model, SAMPLE_SIZE, seed)
        modes, good = coverage(points, TARGET)
        facts |= {f"{name}_modes": modes, f"{name}_good": good}
        _draw_points(ax, points[:2000], recipe.title, modes, good)
    axes[0].set_ylabel("$x_2$")
    return Shown(figure, facts)


def coverage(points: Array, target: Mixture) -> tuple[int, float]:
    """Return the number of covered modes and the share of good points; points (n, 2)."""
    counts = target.counts(points)
    least = COVERED * len(points) / len(target.centres)
    return int((counts >= least).sum()), float(counts.sum() / len(points))


def _model(recipe: Recipe, seed: int, jit: bool) -> AdversarialModel:
    generator = mlp(NOISE, 2, layers=LAYERS, seed=seed)
    return gan(
        spread_kinks(generator, np.zeros(NOISE), 2.0, seed),
        _critic(recipe.minibatch, seed + 1),
        recipe.objective,
        recipe.penalty,
        rate=RATE,
        seed=seed,
        critic_steps=recipe.critic_steps,
        averaging=0.99,
        batches_apart=recipe.minibatch,
        jit=jit,
    )


def _critic(minibatch: bool, seed: int) -> keras.Model:
    if not minibatch:
        return _spread(mlp(2, 1, layers=LAYERS, seed=seed), seed)
    point = keras.Input((2,))
    body = mlp(2, LAYERS[-1], layers=LAYERS[:-1], seed=seed, name="features")
    features = _spread(body, seed)(point)
    features = keras.layers.LeakyReLU(negative_slope=0.2)(features)
    features = MinibatchDiscrimination(kernels=8, dimension=2, spread=0.3, seed=seed)(features)
    return keras.Model(point, mlp(LAYERS[-1] + 8, 1, layers=[], seed=seed)(features))


def _spread(network: keras.Model, seed: int) -> keras.Model:
    return spread_kinks(network, np.zeros(2), REACH, seed)


def _draw_points(ax: Any, points: Array, title: str, modes: int, good: float) -> None:
    ax.scatter(*TARGET.centres.T, s=150, color=REFERENCE_FILL)
    ax.plot(*points.T, ".", markersize=1.5, color=SAMPLE, alpha=0.6)
    ax.set(aspect="equal", xlim=(-REACH, REACH), ylim=(-REACH, REACH), xlabel="$x_1$")
    ax.set_title(f"{title}\n{modes} of {len(TARGET.centres)} modes, {100 * good:.0f} % good")
