"""What holds a Wasserstein critic: weights clipped to a box, or a penalty on its slope."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf
from matplotlib.figure import Figure
from numpy.typing import NDArray

from analysis.figures.axes import log_ticks
from analysis.figures.style import REFERENCE, SAMPLE, THIRD
from fatgan.adversarial.model import AdversarialModel
from fatgan.adversarial.objectives import Wasserstein
from fatgan.adversarial.penalties import GradientPenalty, WeightClipping
from fatgan.demos.shown import Shown
from fatgan.demos.targets import ring
from fatgan.demos.training import affine_generator, critic_training, gan, generate
from fatgan.networks.mlp import mlp

Array = NDArray[np.float64]

LIMIT = 0.1
STEPS, BATCH, ROWS = 2000, 256, 20_000
WIDTH = 0.5
"""Of the generator at rest, a Gaussian in the middle of the ring."""
REACH = 2.9


class Critic(NamedTuple):
    """A trained critic: its values on a grid, its weights, its slopes between real and fake."""

    name: str
    colour: str
    values: Array
    weights: Array
    slopes: Array


def draw(seed: int = 1, steps: int = STEPS) -> Shown:
    """Return level lines, weights and slopes of both critics, of the same start.

    As in figure 1 of arXiv:1704.00028 the generator is at rest: clipping drives the weights to
    the walls of their box and makes the critic too simple and its slope whatever the box and the
    depth give; the penalty keeps the slope near 1, as that of the best critic is.

    Parameters
    ----------
    seed
        Of data, networks and noise.
    steps
        Updates of each critic.
    """
    rows = ring().sample(ROWS, np.random.default_rng(seed))
    clipped = _model(WeightClipping(limit=LIMIT), seed, rate=1e-3, rmsprop=True)
    held = _model(GradientPenalty(), seed, rate=2e-3, rmsprop=False)
    critics = []
    for model, name, colour in (
        (clipped, "weight clipping", THIRD),
        (held, "gradient penalty", SAMPLE),
    ):
        critic_training(model, rows, BATCH)(0, steps)
        critics.append(_look(model, rows, name, colour))
    facts = {}
    for key, critic in zip(("clipped", "penalty"), critics, strict=True):
        at_wall = np.isclose(np.abs(critic.weights), LIMIT, rtol=1e-3)
        facts[f"{key}_share_at_limit"] = float(at_wall.mean())
        facts[f"{key}_slope"] = float(np.median(critic.slopes))
        facts[f"{key}_slope_error"] = float(np.abs(critic.slopes - 1).mean())
    figure = Figure(figsize=(10.6, 6.4), layout="constrained")
    axes = figure.subplots(2, 3, width_ratios=(1.0, 1.15, 1.15))
    fake = generate(clipped, 300, seed)
    for panels, critic in zip(axes, critics, strict=True):
        _draw_levels(panels[0], critic, rows[:400], fake)
        _draw_weights(panels[1], critic)
    slopes = np.concatenate([critic.slopes for critic in critics])
    edges = np.geomspace(min(0.8 * slopes.min(), 0.1), max(1.2 * slopes.max(), 3.0), 70)
    for panels, critic in zip(axes, critics, strict=True):
        _draw_slopes(panels[2], critic, edges)
    return Shown(figure, facts)


def _model(
    penalty: WeightClipping | GradientPenalty, seed: int, *, rate: float, rmsprop: bool
) -> AdversarialModel:
    return gan(
        affine_generator(WIDTH * np.eye(2), np.zeros(2)),
        mlp(2, 1, layers=[32, 32, 32], seed=seed),
        Wasserstein(),
        penalty,
        rate=rate,
        seed=seed,
        rmsprop=rmsprop,
    )


def _look(model: AdversarialModel, rows: Array, name: str, colour: str) -> Critic:
    line = np.linspace(-REACH, REACH, 81)
    places = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2).astype("float32")
    values = np.asarray(model.critic(places), dtype=np.float64).reshape(len(line), -1)
    real = rows[:2000]
    share = np.random.default_rng(model.seed).uniform(size=(len(real), 1))
    between = share * real + (1 - share) * generate(model, len(real), model.seed)
    points = tf.constant(between, dtype=tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(points)
        scores = model.critic(points)
    slopes = np.linalg.norm(tape.gradient(scores, points), axis=1)
    weights = np.concatenate([w.ravel() for w in model.critic.get_weights()])
    return Critic(name, colour, values, weights, slopes)


def _draw_levels(ax: Any, critic: Critic, real: Array, fake: Array) -> None:
    line = np.linspace(-REACH, REACH, len(critic.values))
    ax.contourf(line, line, critic.values, levels=12, cmap="Greys", alpha=0.55)
    ax.plot(*real.T, ".", markersize=2, color=REFERENCE, label="data")
    ax.plot(*fake.T, ".", markersize=2, color="#009e73", label="generator")
    ax.set(aspect="equal", xlim=(-REACH, REACH), ylim=(-REACH, REACH), xticks=(-2, 0, 2))
    ax.set_yticks((-2, 0, 2))
    ax.set_ylabel(critic.name, color=critic.colour)
    ax.legend(
        loc="lower center", ncols=2, fontsize=8.5, markerscale=3, handlelength=0.8,
        columnspacing=1.0, borderpad=0.2, frameon=True, framealpha=0.85, edgecolor="none",
    )  # fmt: skip
    ax.set_title("levels of the critic")


def _draw_weights(ax: Any, critic: Critic) -> None:
    reach = 1.15 * max(float(np.abs(critic.weights).max()), LIMIT)
    ax.hist(critic.weights, bins=np.linspace(-reach, reach, 60), color=critic.colour)
    ax.set(xlabel="weight", ylabel="weights per bin", xlim=(-reach, reach))
    ax.set_title("its weights")
    for wall in (-LIMIT, LIMIT):
        ax.axvline(wall, color=REFERENCE, linestyle="--", linewidth=1)


def _draw_slopes(ax: Any, critic: Critic, edges: Array) -> None:
    ax.hist(critic.slopes, bins=edges, color=critic.colour)
    ax.axvline(1, color=REFERENCE, linestyle="--", linewidth=1)
    ax.set_xscale("log")
    log_ticks(ax, "x")
    ax.set(xlabel="|gradient| between real and fake", ylabel="points per bin")
    ax.set_title(f"its slope: median {np.median(critic.slopes):.2g}")
