"""Objectives: what critic and generator each minimise, given the critic's scores.

Scores have shape (n, 1): higher is more real. Adding one: a frozen dataclass with a ``name``,
``critic_loss`` and ``generator_loss``, listed in ``OBJECTIVES``; its fields are its config.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from keras import ops


@dataclass(frozen=True)
class Wasserstein:
    """The Kantorovich-Rubinstein estimate of the earth-mover distance (arXiv:1701.07875).

    It needs a critic of bounded slope: take it with the gradient penalty (arXiv:1704.00028).
    """

    name: Literal["wasserstein"] = "wasserstein"

    def critic_loss(self, real: Any, fake: Any) -> Any:
        """Return E[D(fake)] - E[D(real)]."""
        return ops.mean(fake) - ops.mean(real)

    def generator_loss(self, real: Any, fake: Any) -> Any:
        """Return -E[D(fake)]."""
        return -ops.mean(fake)


@dataclass(frozen=True)
class Relativistic:
    """The relativistic pairing loss: by how much is this event more real than that fake one.

    A. Jolicoeur-Martineau (arXiv:1807.00734); with R1 + R2 it converges locally
    (arXiv:2501.05441).
    """

    name: Literal["relativistic"] = "relativistic"

    def critic_loss(self, real: Any, fake: Any) -> Any:
        """Return E[softplus(D(fake) - D(real))]."""
        return ops.mean(ops.softplus(fake - real))

    def generator_loss(self, real: Any, fake: Any) -> Any:
        """Return E[softplus(D(real) - D(fake))]."""
        return ops.mean(ops.softplus(real - fake))


OBJECTIVES = (Wasserstein, Relativistic)
Objective = Wasserstein | Relativistic
