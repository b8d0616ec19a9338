"""What a classifier of the data's classes says of a sample: how sure it is, and of how many."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fatgan.images.scores.binomial import binomial_error

SURE = 0.9


@dataclass(frozen=True)
class ClassScores:
    """Three scores, each a pair of value and standard error.

    ``confident`` is the share of images with a class above 0.9; ``present`` the number of
    classes to which at least one image belongs; ``entropy`` that of the histogram of classes in
    nats, at most the logarithm of their number.
    """

    confident: tuple[float, float]
    present: tuple[float, float]
    entropy: tuple[float, float]


def class_scores(probabilities: NDArray[np.float64]) -> ClassScores:
    """Return the scores of probabilities (n, classes); an image belongs to its likeliest class.

    A class with share p is missed by n images with chance q = (1 - p)^n; the error of the number
    present is that of the sum of such outcomes. That of the entropy H is the delta method's
    (sum p ln^2 p - H^2)/n, and (classes - 1)/(2 n^2) for its second order, which is all that is
    left of it for equal classes.
    """
    n, classes = probabilities.shape
    sure = float(np.mean(probabilities.max(axis=1) > SURE))
    counts = np.bincount(probabilities.argmax(axis=1), minlength=classes)
    shares = counts[counts > 0] / n
    missed = (1 - shares) ** n
    entropy = float(-np.sum(shares * np.log(shares)))
    first = max(float(np.sum(shares * np.log(shares) ** 2)) - entropy**2, 0.0) / n
    return ClassScores(
        confident=(sure, binomial_error(sure, n)),
        present=(float(len(shares)), math.sqrt(float(np.sum(missed * (1 - missed))))),
        entropy=(entropy, math.sqrt(first + (classes - 1) / (2 * n**2))),
    )
