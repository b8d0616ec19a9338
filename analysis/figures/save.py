"""Write figures: small PNGs, complete files only."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

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
    paths = []
    for kind in formats:
        if kind not in FORMATS:
            raise ConfigError(f"figure format '{kind}' is unknown; known: {', '.join(FORMATS)}")
        buffer = io.BytesIO()
        metadata = {"CreationDate": None} if kind == "pdf" else None
        figure.savefig(buffer, format=kind, metadata=metadata)
        content = _compressed(buffer) if kind == "png" else buffer.getvalue()
        paths.append(folder / f"{name}.{kind}")
        with replaced_on_success(paths[-1]) as unfinished, disk_named(paths[-1]):
            unfinished.write_bytes(content)
    return paths[0]


def _compressed(buffer: io.BytesIO) -> bytes:
    from PIL import Image

    image = Image.open(buffer).convert("RGB")
    image = image.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    small = io.BytesIO()
    image.save(small, "PNG", optimize=True)
    return small.getvalue()
