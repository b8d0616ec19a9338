"""Objectives: what critic and generator each minimise, given the critic's scores.

Scores have shape (n, outputs), in most objectives one number: higher is more real. Adding one: a
frozen dataclass with a ``name``, ``outputs``, ``critic_loss`` and ``generator_loss``, listed in
``OBJECTIVES``; its fields are its config.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from keras import ops
from pydantic import Field

from fatgan.adversarial.mmd import Width, unbiased_mmd2


@dataclass(frozen=True)
class Wasserstein:
    """The Kantorovich-Rubinstein estimate of the earth-mover distance (arXiv:1701.07875).

    It needs a critic of bounded slope: take it with the gradient penalty (arXiv:1704.00028).
    """

    name: Literal["wasserstein"] = "wasserstein"
    outputs: ClassVar[int] = 1

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
    outputs: ClassVar[int] = 1

    def critic_loss(self, real: Any, fake: Any) -> Any:
        """Return E[softplus(D(fake) - D(real))]."""
        return ops.mean(ops.softplus(fake - real))

    def generator_loss(self, real: Any, fake: Any) -> Any:
        """Return E[softplus(D(real) - D(fake))]."""
        return ops.mean(ops.softplus(real - fake))


@dataclass(frozen=True)
class Minimax:
    """The first GAN: a critic whose score is the log-odds of an event to be real.

    I. Goodfellow et al. (arXiv:1406.2661). The generator maximises E[ln D(fake)], the paper's
    non-saturating form, or minimises E[ln(1 - D(fake))] if ``saturating``, whose slope vanishes
    where the critic is sure.
    """

    name: Literal["minimax"] = "minimax"
    outputs: ClassVar[int] = 1
    saturating: bool = False

    def critic_loss(self, real: Any, fake: Any) -> Any:
        """Return -E[ln D(real)] - E[ln(1 - D(fake))], D = sigmoid(score)."""
        return ops.mean(ops.softplus(-real)) + ops.mean(ops.softplus(fake))

    def generator_loss(self, real: Any, fake: Any) -> Any:
        """Return -E[ln D(fake)], or E[ln(1 - D(fake))]."""
        if self.saturating:
            return -ops.mean(ops.softplus(fake))
        return ops.mean(ops.softplus(-fake))


@dataclass(frozen=True)
class LeastSquares:
    """LSGAN: scores are drawn to 1 for real and 0 for fake events by squares.

    X. Mao et al. (arXiv:1611.04076), with a = 0, b = c = 1.
    """

    name: Literal["least_squares"] = "least_squares"
    outputs: ClassVar[int] = 1

    def critic_loss(self, real: Any, fake: Any) -> Any:
        """Return E[(D(real) - 1)^2]/2 + E[D(fake)^2]/2."""
        return (ops.mean(ops.square(real - 1)) + ops.mean(ops.square(fake))) / 2

    def generator_loss(self, real: Any, fake: Any) -> Any:
        """Return E[(D(fake) - 1)^2]/2."""
        return ops.mean(ops.square(fake - 1)) / 2


@dataclass(frozen=True)
class EmbeddedMMD:
    """MMD-GAN: the critic embeds events where real and fake differ most, by MMD^2.

    C.-L. Li et al. (arXiv:1705.08584), of whose loss this keeps the first term: the unbiased
    estimate over all pairs of the batch, with a sum of Gaussian kernels. Their critic is an
    auto-encoder besides, so that no event is lost in the embedding, and is told the sign of the
    mean difference; here a gradient penalty or weight clipping alone holds it.

    Parameters
    ----------
    outputs
        Dimension of the embedding.
    widths
        Widths of the kernels, in units of the embedding; theirs by default.
    """

    name: Literal["embedded_mmd"] = "embedded_mmd"
    outputs: Annotated[int, Field(ge=1)] = 8
    widths: Annotated[tuple[Width, ...], Field(min_length=1)] = (1.0, 2.0, 4.0, 8.0, 16.0)

    def critic_loss(self, real: Any, fake: Any) -> Any:
        """Return -MMD^2 between the embeddings, shapes (n, outputs)."""
        return -unbiased_mmd2(real, fake, self.widths)

    def generator_loss(self, real: Any, fake: Any) -> Any:
        """Return MMD^2 between the embeddings."""
        return unbiased_mmd2(real, fake, self.widths)


OBJECTIVES = (Wasserstein, Relativistic, Minimax, LeastSquares, EmbeddedMMD)
Objective = Wasserstein | Relativistic | Minimax | LeastSquares | EmbeddedMMD
