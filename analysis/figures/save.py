"""Write figures: small PNGs, complete files only."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from fatgan.atomic import disk_named, replaced_on_success
from fatgan.errors import ConfigError

FORMATS = ("png", "pdf")


def save(figure: Figure, folder: Path, name: str, formats: Sequence[str] = ("png",)) -> Path:
    """Write a figure in each format and return the path of the first.

    PNGs are reduced to 256 colours, which halves their size.

    Raises
    ------
    ConfigError
        For an unknown format.
    DataError
        If the folder cannot be written.
    """
    check_formats(formats)
    paths = []
    for kind in formats:
        content = _png(figure) if kind == "png" else _pdf(figure)
        paths.append(folder / f"{name}.{kind}")
        with replaced_on_success(paths[-1]) as unfinished, disk_named(paths[-1]):
            unfinished.write_bytes(content)
    return paths[0]


def check_formats(formats: Sequence[str]) -> None:
    """Refuse formats that :func:`save` does not know, and none at all."""
    known = ", ".join(FORMATS)
    if not formats:
        raise ConfigError(f"no figure format is given; known: {known}")
    for kind in formats:
        if kind not in FORMATS:
            raise ConfigError(f"figure format '{kind}' is unknown; known: {known}")


def _pdf(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="pdf", metadata={"CreationDate": None})
    return buffer.getvalue()


def _png(figure: Figure) -> bytes:
    from PIL import Image

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    image = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    image = image.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    small = io.BytesIO()
    image.save(small, "PNG", compress_level=7, dpi=(figure.dpi, figure.dpi))
    return small.getvalue()
