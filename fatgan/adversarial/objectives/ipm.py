"""Integral probability metrics: the largest difference of means over a class of critics.

Wasserstein takes critics of bounded slope, Fisher those of bounded second moment, and the maximum
mean discrepancy those of bounded norm in a kernel's space.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from keras import ops
from pydantic import Field

from fatgan.adversarial.mmd import Width, unbiased_mmd2
from fatgan.adversarial.objectives.adaptive import Adaptive
from fatgan.adversarial.objectives.expectation import expectation


@dataclass(frozen=True)
class Wasserstein:
    """The Kantorovich-Rubinstein estimate of the earth-mover distance (arXiv:1701.07875).

    It needs a critic of bounded slope: take it with the gradient penalty (arXiv:1704.00028).
    """

    name: Literal["wasserstein"] = "wasserstein"
    outputs: ClassVar[int] = 1
    compares: ClassVar[bool] = False

    def critic_loss(self, real: Any, fake: Any, weights: Any = None) -> Any:
        """Return E[D(fake)] - E[D(real)]."""
        return ops.mean(fake) - expectation(real, weights)

    def generator_loss(self, real: Any, fake: Any, weights: Any = None) -> Any:
        """Return -E[D(fake)]."""
        return -ops.mean(fake)


@dataclass(frozen=True)
class Fisher(Adaptive):
    """Fisher GAN: a difference of means under a critic whose second moment is 1.

    Y. Mroueh and T. Sercu (arXiv:1705.09675), eq. 9 and algorithm 1: the constraint
    Omega = 1 is kept by an augmented Lagrangian, whose multiplier climbs while Omega is above 1.
    It needs no other penalty.

    Parameters
    ----------
    rho
        Weight of the squared violation, and step of the multiplier. Too large a step, and Omega
        swings about 1: a few times the learning rate of Adam is right. (The authors' code has 1e-6,
        for far longer trainings.)
    """

    name: Literal["fisher"] = "fisher"
    outputs: ClassVar[int] = 1
    compares: ClassVar[bool] = False
    rho: Annotated[float, Field(gt=0)] = 1e-3

    def critic_loss(self, real: Any, fake: Any, multiplier: Any, weights: Any = None) -> Any:
        """Return -(E[D(real)] - E[D(fake)] + multiplier (1 - Omega) - rho/2 (Omega - 1)^2)."""
        excess = self.second_moment(real, fake, weights) - 1
        gain = expectation(real, weights) - ops.mean(fake)
        return multiplier * excess + self.rho / 2 * ops.square(excess) - gain

    def generator_loss(self, real: Any, fake: Any, weights: Any = None) -> Any:
        """Return -E[D(fake)]."""
        return -ops.mean(fake)

    def updated(self, multiplier: Any, real: Any, fake: Any, weights: Any = None) -> Any:
        """Return multiplier + rho (Omega - 1): uphill in the critic's loss."""
        return multiplier + self.rho * (self.second_moment(real, fake, weights) - 1)

    @staticmethod
    def second_moment(real: Any, fake: Any, weights: Any = None) -> Any:
        """Return Omega = (E[D(real)^2] + E[D(fake)^2])/2."""
        return (expectation(ops.square(real), weights) + ops.mean(ops.square(fake))) / 2


@dataclass(frozen=True)
class EmbeddedMMD:
    """MMD-GAN: the critic embeds events where real and fake differ most, by MMD^2.

    C.-L. Li et al. (arXiv:1705.08584), of whose loss this keeps the first term: the unbiased
    estimate over all pairs of the batch, with a sum of Gaussian kernels. Their critic is an
    auto-encoder besides, so that no event is lost in the embedding, and is told the sign of the
    mean difference; here a gradient penalty or weight clipping alone holds it. Where a real event
    and the fake one of its number share their conditions, the estimate is off by some 1/n.

    Parameters
    ----------
    outputs
        Dimension of the embedding.
    widths
        Widths of the kernels, in units of the embedding; theirs by default.
    """

    name: Literal["embedded_mmd"] = "embedded_mmd"
    outputs: Annotated[int, Field(ge=1)] = 8
    compares: ClassVar[bool] = True
    widths: Annotated[tuple[Width, ...], Field(min_length=1)] = (1.0, 2.0, 4.0, 8.0, 16.0)

    def critic_loss(self, real: Any, fake: Any, weights: Any = None) -> Any:
        """Return -MMD^2 between the embeddings, shapes (n, outputs)."""
        return -unbiased_mmd2(real, fake, self.widths, weights)

    def generator_loss(self, real: Any, fake: Any, weights: Any = None) -> Any:
        """Return MMD^2 between the embeddings."""
        return unbiased_mmd2(real, fake, self.widths, weights)
