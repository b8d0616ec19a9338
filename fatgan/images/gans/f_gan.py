"""The GAN of any f-divergence."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from fatgan.adversarial.objectives import FDivergence, Objective
from fatgan.images.gans.base import ImageGAN


class FGAN(ImageGAN):
    """f-GAN: the variational bound of an f-divergence, one of six (arXiv:1606.00709).

    ``objective.divergence`` is ``kl``, ``reverse_kl``, ``js``, ``pearson``, ``squared_hellinger``
    or ``total_variation``.
    """

    gan: Literal["f_gan"] = "f_gan"
    objective: Objective = Field(FDivergence(divergence="squared_hellinger"), discriminator="name")
