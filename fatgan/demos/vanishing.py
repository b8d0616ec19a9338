"""Why the first GAN does not train its discriminator to the end: the generator's slope vanishes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf
from matplotlib.figure import Figure
from numpy.typing import NDArray

from analysis.figures.axes import log_ticks
from analysis.figures.style import GRID, REFERENCE, SAMPLE, THIRD
from fatgan.adversarial.keys import key, normal
from fatgan.adversarial.model import AdversarialModel
from fatgan.adversarial.objectives import Minimax
from fatgan.adversarial.penalties import NoPenalty
from fatgan.demos.shown import Shown
from fatgan.demos.training import critic_training, gan, generate
from fatgan.networks.mlp import mlp

Array = NDArray[np.float64]

STEPS, BATCH, ROWS = 3000, 128, 20_000
NOISE = 2
LOOKS = 16
REPEATS = 24
"""Batches of noise on which each gradient is taken."""
LOSSES = {
    "minimax": (Minimax(saturating=True), "minimax: $\\ln(1 - D)$", THIRD),
    "non_saturating": (Minimax(), "non-saturating: $-\\ln D$", SAMPLE),
}


class Slopes(NamedTuple):
    """Of one loss, at each look: arrays of shape (looks,).

    ``norm`` is the mean norm of the gradient in the generator's weights, ``spread`` the root mean
    square distance of one batch's gradient from the mean of all.
    """

    norm: Array
    spread: Array


def draw(seed: int = 1, steps: int = STEPS) -> Shown:
    """Return the size of the generator's gradient against the training of the discriminator.

    The generator is at rest, well away from the data, so that a perfect discriminator exists.
    Then the gradient of E ln(1 - D) vanishes (theorem 2.4 of arXiv:1701.04862), and that of
    -E ln D grows and with it its variance (theorem 2.6, figure 3 there).

    Parameters
    ----------
    seed
        Of data, networks and noise.
    steps
        Updates of the discriminator.
    """
    rng = np.random.default_rng(seed)
    rows = np.array([2.0, 0.0]) + 0.3 * rng.normal(size=(ROWS, 2))
    model = gan(
        mlp(NOISE, 2, layers=[16, 16], seed=seed),
        mlp(2, 1, layers=[64, 64], seed=seed + 1),
        Minimax(),
        NoPenalty(),
        rate=1e-3,
        seed=seed,
        momentum=0.9,
    )
    _move_left(model)
    advance = critic_training(model, rows, BATCH)
    gradients = {name: _gradients(model, loss) for name, (loss, *_) in LOSSES.items()}
    looks = np.unique(np.geomspace(1, steps, LOOKS).astype(int))
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in LOSSES}
    for before, look in zip([0, *looks[:-1]], looks, strict=True):
        advance(int(before), int(look))
        for name, gradient in gradients.items():
            found[name].append(_size_and_spread(gradient, model.seed))
    slopes = {name: Slopes(*np.array(pairs).T) for name, pairs in found.items()}
    facts = {
        f"{name}_{part}_ratio": float(values[-1] / values[0])
        for name, both in slopes.items()
        for part, values in both._asdict().items()
    }
    figure = Figure(figsize=(10.4, 4.2), layout="constrained")
    scene, course = figure.subplots(1, 2, width_ratios=(0.8, 1.3))
    _draw_scene(scene, rows, generate(model, 500, seed))
    _draw_course(course, looks, slopes)
    return Shown(figure, facts)


def _move_left(model: AdversarialModel) -> None:
    """Put the generator's untrained output around (-2, 0)."""
    for network in (model.generator, model.averaged):
        last = network.layers[-1]
        kernel, _ = last.get_weights()
        last.set_weights([0.3 * kernel, np.array([-2.0, 0.0])])


def _gradients(model: AdversarialModel, loss: Minimax) -> Callable[[tf.Tensor], tf.Tensor]:
    """Return a function from noise (n, NOISE) to the loss' gradient in all weights, flat."""

    @tf.function
    def gradient(noise: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            scores = model.critic(model.generator(noise))
            value = loss.generator_loss(scores, scores)
        parts = tape.gradient(value, model.generator.trainable_variables)
        return tf.concat([tf.reshape(part, (-1,)) for part in parts], axis=0)

    return gradient


def _size_and_spread(gradient: Callable[[tf.Tensor], tf.Tensor], seed: int) -> tuple[float, float]:
    taken = [gradient(normal((BATCH, NOISE), key(seed, "look", part))) for part in range(REPEATS)]
    # the squares of what vanishes would vanish altogether in single precision
    vectors = np.stack([np.asarray(vector, dtype=np.float64) for vector in taken])
    spread = np.sqrt(vectors.var(axis=0, ddof=1).sum())
    return float(np.linalg.norm(vectors, axis=1).mean()), float(spread)


def _draw_scene(ax: Any, rows: Array, fake: Array) -> None:
    style = {"markersize": 2.5, "alpha": 0.6, "linestyle": "none", "marker": "."}
    ax.plot(*rows[:500].T, color=REFERENCE, **style)
    ax.plot(*fake.T, color="#009e73", **style)
    for place, name in ((2.0, "data"), (-2.0, "generator\nat rest")):
        ax.text(place, 1.35, name, ha="center", va="bottom")
    ax.set(xlim=(-3.6, 3.6), ylim=(-2.4, 2.4), xlabel="$x_1$", ylabel="$x_2$")
    ax.set_title("a perfect discriminator exists")


def _draw_course(ax: Any, looks: NDArray[np.int_], slopes: dict[str, Slopes]) -> None:
    for name, (_, label, colour) in LOSSES.items():
        ax.plot(looks, slopes[name].norm, "o-", color=colour, markersize=4, label=label)
        ax.plot(looks, slopes[name].spread, ":", color=colour, linewidth=1.6)
    ax.plot([], [], ":", color=REFERENCE, label="scatter between batches")
    ax.set_xscale("log")
    ax.set_yscale("log")
    log_ticks(ax, "x")
    log_ticks(ax, "y")
    ax.grid(linewidth=0.4, color=GRID)
    ax.set(xlabel="updates of the discriminator", ylabel="size of the generator's gradient")
    ax.legend(loc="lower left")
