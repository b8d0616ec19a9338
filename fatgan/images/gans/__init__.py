"""The image GANs: one file each, all listed here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fatgan.configuration.reading import checked, override, read_entries
from fatgan.errors import ConfigError, did_you_mean
from fatgan.images.gans.base import ImageGAN
from fatgan.images.gans.dcgan import DCGAN
from fatgan.images.gans.f_gan import FGAN
from fatgan.images.gans.fisher_gan import FisherGAN
from fatgan.images.gans.gan import GAN
from fatgan.images.gans.lsgan import LSGAN
from fatgan.images.gans.minibatch_gan import MinibatchGAN
from fatgan.images.gans.mmd_gan import MMDGAN
from fatgan.images.gans.sngan import SNGAN
from fatgan.images.gans.wgan import WGAN
from fatgan.images.gans.wgan_gp import WGANGP

GANS: tuple[type[ImageGAN], ...] = (
    GAN,
    DCGAN,
    WGAN,
    WGANGP,
    SNGAN,
    LSGAN,
    MMDGAN,
    FGAN,
    FisherGAN,
    MinibatchGAN,
)

__all__ = ["GANS", "ImageGAN", "load_gan", "names", "parse_gan"]


def names() -> dict[str, type[ImageGAN]]:
    """Return the GANs by name."""
    return {kind.model_fields["gan"].default: kind for kind in GANS}


def load_gan(what: str | Path, overrides: Mapping[str, Any] | None = None) -> ImageGAN:
    """Return the configuration of a GAN's name, with all defaults, or of a YAML file.

    Parameters
    ----------
    what
        A name like ``dcgan``, or the path of a file with a key ``gan``.
    overrides
        Changes like ``{"training.max_seconds": 60}``.

    Raises
    ------
    ConfigError
        Neither, an unknown key (near matches named), or a value out of range.
    """
    path = Path(what)
    is_file = path.suffix in (".yaml", ".yml")
    entries = read_entries(path) if is_file else {"gan": str(what)}
    override(entries, overrides or {})
    return parse_gan(entries, str(path) if is_file else "image GAN")


def parse_gan(entries: Mapping[str, Any], source: str = "configuration") -> ImageGAN:
    """Check plain values and return the configuration; ``gan`` names the class."""
    name, known = entries.get("gan"), names()
    if name is None:
        raise ConfigError(f"{source}: 'gan' is missing; known: {', '.join(known)}")
    if not isinstance(name, str) or name not in known:
        raise ConfigError(f"{source}: unknown GAN '{name}'; {did_you_mean(str(name), known)}")
    return checked(known[name], entries, source)
