"""Objectives: what critic and generator each minimise, given the critic's scores.

Scores have shape (n, outputs), in most objectives one number: higher is more real. Weights of the
real events, shape (n,), are factors of their terms, 1 on average; without them all are 1. Adding
one: a frozen dataclass with a ``name``, ``outputs``, ``critic_loss`` and ``generator_loss``, listed
in ``OBJECTIVES``; its fields are its config. ``compares`` says whether the generator's loss looks
at the real scores: if it does not, it is given ``None`` in their place. One that carries a number
from step to step derives from :class:`Adaptive`.
"""

from fatgan.adversarial.objectives.adaptive import Adaptive
from fatgan.adversarial.objectives.classification import (
    Hinge,
    LeastSquares,
    Minimax,
    Relativistic,
)
from fatgan.adversarial.objectives.f_divergence import FDivergence
from fatgan.adversarial.objectives.ipm import EmbeddedMMD, Fisher, Wasserstein

OBJECTIVES = (
    *(Wasserstein, Relativistic, Minimax, LeastSquares, Hinge),
    *(EmbeddedMMD, FDivergence, Fisher),
)
Objective = (
    Wasserstein | Relativistic | Minimax | LeastSquares | Hinge | EmbeddedMMD | FDivergence | Fisher
)

__all__ = [
    "OBJECTIVES",
    "Adaptive",
    "EmbeddedMMD",
    "FDivergence",
    "Fisher",
    "Hinge",
    "LeastSquares",
    "Minimax",
    "Objective",
    "Relativistic",
    "Wasserstein",
]
