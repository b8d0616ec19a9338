"""The one-dimensional target of the course demonstrations: which map does a generator learn."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy.stats import kstest, norm

from analysis.figures.style import GRID, REFERENCE, SAMPLE, THIRD
from fatgan.adversarial.objectives import Minimax
from fatgan.adversarial.penalties import ZeroCentred
from fatgan.demos.shown import Shown
from fatgan.demos.training import gan, generate, spread_kinks, train
from fatgan.networks.mlp import mlp

Array = NDArray[np.float64]

TARGET = norm(4.0, 0.5)
STEPS, BATCH, ROWS = 2500, 256, 20_000
SAMPLE_SIZE = 20_000
PLACES = (np.arange(400) + 0.5) / 400
"""Of the noise u in (0, 1): middles of as many equal parts."""


class NormalCDF(keras.layers.Layer):
    """Standard normal numbers to numbers uniform in (0, 1), of any shape."""

    def call(self, z: Any) -> Any:
        """Return the normal CDF."""
        return (1 + ops.erf(z / 2**0.5)) / 2


def draw(seed: int = 1, steps: int = STEPS) -> Shown:
    """Return what a generator makes of uniform noise, beside the inverse CDF of N(4, 0.5).

    On a line the monotone map from noise u to the target is its inverse CDF, rising or, u being
    as good as 1 - u, falling. Nothing in the loss (arXiv:1406.2661, with the R1 + R2 of
    arXiv:1801.04406 to come to rest) asks for a monotone map: a generator of a random start may
    fold the noise and still have the right density. This one starts as a rising line near by.

    Parameters
    ----------
    seed
        Of data, networks and noise.
    steps
        Generator steps.
    """
    rows = TARGET.rvs(size=(ROWS, 1), random_state=np.random.default_rng(seed))
    noise = keras.Input((1,))
    line = keras.layers.Rescaling(4.0, 1.0)(NormalCDF()(noise))
    body = mlp(1, 1, layers=[32, 32], skip=True, seed=seed)
    critic = mlp(1, 1, layers=[32, 32], seed=seed + 1)
    model = gan(
        keras.Model(noise, spread_kinks(body, np.array([3.0]), 2.0, seed)(line)),
        spread_kinks(critic, np.array([4.0]), 2.0, seed),
        Minimax(),
        ZeroCentred(gamma=0.1),
        rate=1e-3,
        seed=seed,
        averaging=0.99,
    )
    start = _learned_map(model)
    train(model, rows, steps=steps, batch=BATCH, label="inverse_cdf")
    learned = _learned_map(model)
    rising = float(np.sign(learned[-1] - learned[0]))
    best = TARGET.ppf(PLACES if rising > 0 else 1 - PLACES)
    made = generate(model, SAMPLE_SIZE, seed)[:, 0]
    facts = {
        "map_error": float(np.abs(learned - best).mean()),
        "map_error_at_start": float(np.abs(start - best).mean()),
        "monotone_share": float((rising * np.diff(learned) > 0).mean()),
        "mean": float(made.mean()),
        "standard_deviation": float(made.std()),
        "kolmogorov_distance": float(kstest(made, TARGET.cdf).statistic),
    }
    figure = Figure(figsize=(10.4, 4.2), layout="constrained")
    maps, densities = figure.subplots(1, 2)
    _draw_maps(maps, start, learned, best)
    _draw_densities(densities, made, facts)
    return Shown(figure, facts)


def _learned_map(model: Any) -> Array:
    noise = norm.ppf(PLACES)[:, None].astype("float32")
    return np.asarray(model(noise), dtype=np.float64)[:, 0]


def _draw_maps(ax: Any, start: Array, learned: Array, best: Array) -> None:
    ax.plot(PLACES, best, color=REFERENCE, linewidth=3.5, alpha=0.35, label="inverse CDF")
    ax.plot(PLACES, learned, color=SAMPLE, linewidth=1.6, label="learned $G(u)$")
    ax.plot(PLACES, start, ":", color=THIRD, linewidth=1.6, label="$G(u)$ at the start")
    ax.set(xlabel="noise $u$, uniform", ylabel="$x$", xlim=(0, 1), ylim=(-0.3, 7.2))
    ax.grid(linewidth=0.4, color=GRID)
    ax.legend(loc="upper left")
    ax.set_title("the map")


def _draw_densities(ax: Any, made: Array, facts: dict[str, float]) -> None:
    x = np.linspace(1.8, 6.2, 300)
    label = f"generated: {facts['mean']:.2f} ± {facts['standard_deviation']:.2f}"
    ax.hist(
        made, bins=np.linspace(x[0], x[-1], 60), density=True, color=SAMPLE, alpha=0.45, label=label
    )
    ax.plot(x, TARGET.pdf(x), color=REFERENCE, linewidth=1.4, label="N(4, 0.5)")
    ax.set(xlabel="$x$", ylabel="density", xlim=(x[0], x[-1]))
    ax.set_ylim(0, 1.35 * max(float(TARGET.pdf(4.0)), ax.get_ylim()[1] / 1.2))
    ax.legend(loc="upper left")
    ax.set_title("the densities")
