"""Classifiers that try to tell a sample from its reference, judged out of fold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analysis.features import CLASSIFIED, features
from analysis.threads import one_thread
from fatgan.events import EventTable

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Predict = Callable[[Array], Array]
Fit = Callable[[Array, Mask, Array | None, int], Predict]
"""Learn features (n, 10), which events are the sample's, weights (None: all 1) and a seed; return
what gives the probability that an event is the sample's."""

FOLDS = 2
MOST_EVENTS = 200_000
"""Events taken from each side; what is used is in the record."""


@dataclass(frozen=True)
class Side:
    """Events of one side as a classifier saw them, each scored by a fit to the other fold.

    ``chosen`` are their row numbers, ``probability`` that they are the sample's, ``weights``
    their event weights with a mean of 1, ``fold`` 0 or 1; all of shape (n,).
    """

    chosen: NDArray[np.intp]
    probability: Array
    weights: Array
    fold: NDArray[np.intp]

    @cached_property
    def ratio(self) -> Array:
        """The classifier weight p_reference/p_sample = (1 - D)/D at each event.

        Below 1 the sample has too many events there, above 1 too few. It is the density ratio
        of a perfect classifier: R. Das et al., arXiv:2305.16774.
        """
        inside = np.clip(self.probability, 1e-9, 1 - 1e-9)
        return (1 - inside) / inside


@dataclass(frozen=True)
class Classified:
    """What a classifier says of equal numbers of events of both sides."""

    reference: Side
    sample: Side


def classify(
    reference: EventTable, sample: EventTable, fit: Fit, rng: np.random.Generator
) -> Classified:
    """Score each half of the events by a classifier that learned the other half.

    An event of negative weight changes sides with its modulus: where p+ - p- is the density of a
    side, p+ + q- = q+ + p- says the same as p = q, and has no negative terms.
    """
    n = min(len(reference), len(sample), MOST_EVENTS)
    drawn = [rng.permutation(len(table))[:n] for table in (reference, sample)]
    pairs = list(zip((reference, sample), drawn, strict=True))
    inputs = np.concatenate([features(table[rows], CLASSIFIED) for table, rows in pairs])
    weights = np.concatenate([_weights(table, rows) for table, rows in pairs])
    weighted = any(table.weights is not None for table in (reference, sample))  # slow where not
    is_sample = np.repeat([False, True], n)
    fold = np.concatenate([np.arange(n) % FOLDS] * 2)
    probability = np.empty(2 * n)
    for held_out in range(FOLDS):
        test = fold == held_out
        seed = int(rng.integers(2**31))
        with one_thread():
            known = np.abs(weights[~test]) if weighted else None
            predict = fit(inputs[~test], (is_sample ^ (weights < 0))[~test], known, seed)
            probability[test] = predict(inputs[test])
    sides = (
        Side(rows, probability[part], weights[part], fold[part])
        for rows, part in zip(drawn, (~is_sample, is_sample), strict=True)
    )
    return Classified(*sides)


def _weights(table: EventTable, rows: NDArray[np.intp]) -> Array:
    if table.weights is None:
        return np.ones(len(rows))
    weights = table.weights[rows]
    return weights / (weights.mean() if weights.sum() > 0 else 1.0)


CELL_EDGES = np.linspace(0, 1, 256)[1:-1]
"""As many cells as the trees tell apart."""


def fit_trees(inputs: Array, is_sample: Mask, weights: Array | None, seed: int) -> Predict:
    """Fit gradient-boosted trees for a fixed number of rounds.

    Stopping early on a split would need a third part of the data.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    trees = HistGradientBoostingClassifier(early_stopping=False, random_state=seed)
    # Cells without weights: scikit-learn's own, with weights, take ten times as long as the trees.
    edges = [np.unique(np.nanquantile(column, CELL_EDGES)) for column in inputs.T]
    with threadpool_limits(1, user_api="openmp"):  # OpenMP counts for each thread of Python
        trees.fit(_in_cells(inputs, edges), is_sample, sample_weight=weights)

    def predict(new: Array) -> Array:
        with threadpool_limits(1, user_api="openmp"):
            return trees.predict_proba(_in_cells(new, edges))[:, 1]

    return predict


def _in_cells(inputs: Array, edges: list[Array]) -> Array:
    """Return the number of each feature's cell, (n, features); what is not there stays NaN."""
    cells = np.stack(
        [np.searchsorted(e, column) for e, column in zip(edges, inputs.T, strict=True)], axis=1
    ).astype(float)
    cells[np.isnan(inputs)] = np.nan
    return cells


HIDDEN = (64, 64)
EPOCHS = 12


def fit_mlp(inputs: Array, is_sample: Mask, weights: Array | None, seed: int) -> Predict:
    """Fit a network of two hidden layers to features brought to normal laws by their quantiles."""
    from sklearn.neural_network import MLPClassifier
    from sklearn.preprocessing import QuantileTransformer

    normal = QuantileTransformer(
        n_quantiles=min(1000, len(inputs)), output_distribution="normal", random_state=seed
    ).fit(np.nan_to_num(inputs, nan=-1e3))

    def prepared(new: Array) -> NDArray[np.float32]:
        return normal.transform(np.nan_to_num(new, nan=-1e3)).astype(np.float32)

    network = MLPClassifier(
        HIDDEN,
        batch_size=min(1000, max(20, len(inputs) // 50)),
        learning_rate_init=3e-3,
        max_iter=1,
        random_state=seed,
    )
    rng = np.random.default_rng(seed)
    x = prepared(inputs)
    for epoch in range(EPOCHS):
        network.learning_rate_init = 3e-3 * (1 - epoch / EPOCHS)
        order = rng.permutation(len(x))
        part = None if weights is None else weights[order]
        network.partial_fit(x[order], is_sample[order], sample_weight=part, classes=[False, True])
    return lambda new: network.predict_proba(prepared(new))[:, 1]


CLASSIFIERS: dict[str, Fit] = {"trees": fit_trees, "MLP": fit_mlp}


def load() -> None:
    """Import what the classifiers need, before threads do.

    Two threads that import one package at once may each find it half done.
    """
    import sklearn.ensemble
    import sklearn.neural_network
    import sklearn.preprocessing  # noqa: F401
