r"""Inception Score; with another classifier it is called classifier score.

.. math::
    \mathrm{IS} = \exp\left(\frac1n\sum_i \mathrm{KL}\left(p(y|x_i)\,\|\,p(y)\right)\right)

T. Salimans et al., arXiv:1606.03498. It lies between 1 and the number of classes and is large
where every image is surely of one class and the classes are equally frequent. It compares with
no data. The name for other networks is that of TF-GAN's ``classifier_score``.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import rel_entr

from fatgan.errors import DataError

SPLITS = 10


def inception_score(
    probabilities: NDArray[np.float64], splits: int = SPLITS
) -> tuple[float, float]:
    """Return mean and spread of the score over equal parts of the images, as published values do.

    The error of the mean is the spread over sqrt(splits). The score of a part is a little below
    that of all images, because the classes of few images fluctuate.

    Parameters
    ----------
    probabilities
        Of the classes, rows of shape (n, classes) that sum to one.
    splits
        How many parts; of images in an order that means something draw a random one first.

    Raises
    ------
    DataError
        Fewer images than parts.
    """
    if len(probabilities) < splits:
        raise DataError(
            f"a score over {splits} parts needs as many images, not {len(probabilities)}"
        )
    scores = [_score(part) for part in np.array_split(probabilities, splits)]
    return float(np.mean(scores)), float(np.std(scores, ddof=1)) if splits > 1 else 0.0


def _score(probabilities: NDArray[np.float64]) -> float:
    divergences = rel_entr(probabilities, probabilities.mean(axis=0)).sum(axis=1)
    return math.exp(float(divergences.mean()))
