"""Two Gaussians: the discriminator that is best, one that is trained, and what its value says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy.integrate import fixed_quad
from scipy.special import expit, log_expit
from scipy.stats import norm

from analysis.figures.axes import log_ticks
from analysis.figures.style import GRID, REFERENCE, SAMPLE, THIRD
from fatgan.adversarial.objectives import Minimax
from fatgan.adversarial.penalties import NoPenalty
from fatgan.demos.shown import Shown
from fatgan.demos.training import affine_generator, critic_training, gan
from fatgan.networks.mlp import mlp

Array = NDArray[np.float64]
LogOdds = Callable[[Array], Array]

REAL, FAKE = norm(0.0, 1.0), norm(1.5, 0.7)
RANGE = (-9.0, 9.0)
"""Beyond it lies less than 1e-17 of either Gaussian."""
NODES = 400
STEPS, BATCH, ROWS = 2000, 512, 50_000
LOOKS = 14


def draw(seed: int = 1, steps: int = STEPS) -> Shown:
    """Return the optimal and a trained discriminator, and the value of the latter as it trains.

    Propositions of arXiv:1406.2661: for a fixed generator the best discriminator is
    D* = p/(p + q), and V(D) = E_p ln D + E_q ln(1 - D) is there -2 ln 2 + 2 JS(p, q). Values are
    integrals; JS is taken from entropies, of which two are known in closed form.

    Parameters
    ----------
    seed
        Of the training.
    steps
        Updates of the discriminator.
    """
    best = value(log_odds)
    js = jensen_shannon()
    rng = np.random.default_rng(seed)
    rows = REAL.rvs(size=(ROWS, 1), random_state=rng)
    model = gan(
        affine_generator(np.array([[FAKE.std()]]), np.array([FAKE.mean()])),
        mlp(1, 1, layers=[32, 32], seed=seed),
        Minimax(),
        NoPenalty(),
        rate=2e-3,
        seed=seed,
        momentum=0.9,
    )

    def trained(x: Array) -> Array:
        scores = model.critic(np.reshape(x, (-1, 1)).astype("float32"))
        return np.asarray(scores, dtype=np.float64)[:, 0]

    advance = critic_training(model, rows, BATCH)
    looks = np.unique(np.geomspace(1, steps, LOOKS).astype(int))
    values = []
    for before, look in zip([0, *looks[:-1]], looks, strict=True):
        advance(int(before), int(look))
        values.append(value(trained))

    x = np.linspace(-4, 4, 401)
    weight = REAL.pdf(x) + FAKE.pdf(x)
    gap = np.abs(expit(trained(x)) - expit(log_odds(x)))
    facts = {
        "value_best": best,
        "js": js,
        "identity_gap": float(abs(best - (2 * js - 2 * np.log(2)))),
        "value_trained": values[-1],
        "error_trained": float(np.average(gap, weights=weight)),
    }
    figure = Figure(figsize=(10.4, 4.2), layout="constrained")
    curves, course = figure.subplots(1, 2, width_ratios=(1.25, 1.0))
    _draw_curves(curves, x, expit(trained(x)))
    _draw_course(course, looks, np.array(values), facts)
    return Shown(figure, facts)


def log_odds(x: Array) -> Array:
    """Return ln p/q: the score whose sigmoid is p/(p + q)."""
    return np.asarray(REAL.logpdf(x) - FAKE.logpdf(x))


def value(score: LogOdds) -> float:
    """Return V of the discriminator sigmoid(score) by quadrature, in nats."""

    def integrand(x: Array) -> Array:
        s = score(x)
        return np.asarray(REAL.pdf(x) * log_expit(s) + FAKE.pdf(x) * log_expit(-s))

    return _integral(integrand)


def jensen_shannon() -> float:
    """Return H(m) - H(p)/2 - H(q)/2 with m = (p + q)/2, in nats: JS as entropies."""

    def integrand(x: Array) -> Array:
        m = (REAL.pdf(x) + FAKE.pdf(x)) / 2
        return np.asarray(-m * np.log(m))

    return _integral(integrand) - float(REAL.entropy() + FAKE.entropy()) / 2


def _integral(integrand: Callable[[Array], Array]) -> float:
    return float(fixed_quad(integrand, *RANGE, n=NODES)[0])


def _draw_curves(ax: Any, x: Array, trained: Array) -> None:
    ax.fill_between(x, REAL.pdf(x), color=THIRD, alpha=0.25, linewidth=0, label="data $p$")
    ax.fill_between(x, FAKE.pdf(x), color=SAMPLE, alpha=0.3, linewidth=0, label="generator $q$")
    ax.plot(x, expit(log_odds(x)), color=REFERENCE, linewidth=3, alpha=0.35, label="$p/(p+q)$")
    ax.plot(x, trained, "--", color=REFERENCE, linewidth=1.4, label="trained $D$")
    ax.set(xlabel="$x$", ylabel="density, or probability to be real", xlim=(-4, 4), ylim=(0, 1.28))
    ax.legend(loc="upper center", ncols=4, columnspacing=1.2, handlelength=1.5)


def _draw_course(ax: Any, looks: NDArray[np.int_], values: Array, facts: dict[str, float]) -> None:
    ax.plot(looks, facts["value_best"] - values, "o--", color=REFERENCE, markersize=4)
    ax.set_xscale("log")
    ax.set_yscale("log")
    log_ticks(ax, "x")
    log_ticks(ax, "y")
    ax.grid(linewidth=0.4, color=GRID)
    note = (
        f"$V(D^*)$ = {facts['value_best']:.6f}\n"
        f"$-2\\,\\ln 2 + 2\\,$JS = {2 * facts['js'] - 2 * np.log(2):.6f}\n"
        f"$V$(trained) = {facts['value_trained']:.6f}"
    ).replace("-0.", "\N{MINUS SIGN}0.")
    ax.text(0.05, 0.06, note, transform=ax.transAxes, va="bottom", linespacing=1.6)
    ax.set(xlabel="updates of the discriminator", ylabel="$V(D^*) - V(D)$ [nats]")
