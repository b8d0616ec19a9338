"""Objectives that tell real from fake: scores are drawn apart, by several losses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from keras import ops

from fatgan.adversarial.objectives.expectation import expectation


@dataclass(frozen=True)
class Minimax:
    """The first GAN: a critic whose score is the log-odds of an event to be real.

    I. Goodfellow et al. (arXiv:1406.2661). The generator maximises E[ln D(fake)], the paper's
    non-saturating form, or minimises E[ln(1 - D(fake))] if ``saturating``, whose slope vanishes
    where the critic is sure.
    """

    name: Literal["minimax"] = "minimax"
    outputs: ClassVar[int] = 1
    compares: ClassVar[bool] = False
    saturating: bool = False

    def critic_loss(self, real: Any, fake: Any, weights: Any = None) -> Any:
        """Return -E[ln D(real)] - E[ln(1 - D(fake))], D = sigmoid(score)."""
        return expectation(ops.softplus(-real), weights) + ops.mean(ops.softplus(fake))

    def generator_loss(self, real: Any, fake: Any, weights: Any = None) -> Any:
        """Return -E[ln D(fake)], or E[ln(1 - D(fake))]."""
        if self.saturating:
            return -ops.mean(ops.softplus(fake))
        return ops.mean(ops.softplus(-fake))


@dataclass(frozen=True)
class Relativistic:
    """The relativistic pairing loss: by how much is this event more real than that fake one.

    A pair weighs as much as its real event.

    A. Jolicoeur-Martineau (arXiv:1807.00734); with R1 + R2 it converges locally
    (arXiv:2501.05441).
    """

    name: Literal["relativistic"] = "relativistic"
    outputs: ClassVar[int] = 1
    compares: ClassVar[bool] = True

    def critic_loss(self, real: Any, fake: Any, weights: Any = None) -> Any:
        """Return E[softplus(D(fake) - D(real))]."""
        return expectation(ops.softplus(fake - real), weights)

    def generator_loss(self, real: Any, fake: Any, weights: Any = None) -> Any:
        """Return E[softplus(D(real) - D(fake))]."""
        return expectation(ops.softplus(real - fake), weights)


@dataclass(frozen=True)
class LeastSquares:
    """LSGAN: scores are drawn to one number for real and to another for fake events by squares.

    X. Mao et al. (arXiv:1611.04076). The default is their 0-1 coding (eq. 9); with
    b - c = 1 and b - a = 2 the generator minimises a Pearson chi2 divergence, as with
    (a, b, c) = (-1, 1, 0) (eq. 8).

    Parameters
    ----------
    a, b
        What the critic draws the scores of fake and of real events to.
    c
        What the generator draws the scores of its events to.
    """

    name: Literal["least_squares"] = "least_squares"
    outputs: ClassVar[int] = 1
    compares: ClassVar[bool] = False
    a: float = 0.0
    b: float = 1.0
    c: float = 1.0

    def critic_loss(self, real: Any, fake: Any, weights: Any = None) -> Any:
        """Return E[(D(real) - b)^2]/2 + E[(D(fake) - a)^2]/2."""
        real_term = expectation(ops.square(real - self.b), weights)
        return (real_term + ops.mean(ops.square(fake - self.a))) / 2

    def generator_loss(self, real: Any, fake: Any, weights: Any = None) -> Any:
        """Return E[(D(fake) - c)^2]/2."""
        return ops.mean(ops.square(fake - self.c)) / 2


@dataclass(frozen=True)
class Hinge:
    """The hinge loss: the critic learns from events within the margin of 1 only.

    J. H. Lim and J. C. Ye (arXiv:1705.02894); taken with spectral normalisation
    (arXiv:1802.05957) and for BigGAN (arXiv:1809.11096).
    """

    name: Literal["hinge"] = "hinge"
    outputs: ClassVar[int] = 1
    compares: ClassVar[bool] = False

    def critic_loss(self, real: Any, fake: Any, weights: Any = None) -> Any:
        """Return E[max(0, 1 - D(real))] + E[max(0, 1 + D(fake))]."""
        return expectation(ops.relu(1 - real), weights) + ops.mean(ops.relu(1 + fake))

    def generator_loss(self, real: Any, fake: Any, weights: Any = None) -> Any:
        """Return -E[D(fake)]."""
        return -ops.mean(fake)
