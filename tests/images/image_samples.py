"""Small files of images in the layouts that users have, written without the code under test."""

from __future__ import annotations

import gzip
import json
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fatgan.errors import DataError, FatganError
from fatgan.images.datasets import load


def random_images(n: int = 6, side: int = 8, channels: int = 1, seed: int = 0) -> np.ndarray:
    """Return bytes of shape (n, side, side, channels) over the whole range."""
    images = np.random.default_rng(seed).integers(0, 256, (n, side, side, channels), dtype=np.uint8)
    images[0, 0, 0, 0], images[-1, -1, -1, -1] = 0, 255
    return images


def idx_bytes(array: np.ndarray, code: int = 8) -> bytes:
    """Return an array of bytes as the MNIST pages define the idx format."""
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, code, array.ndim, *array.shape)
    return header + array.tobytes()


def write_idx(path: Path, array: np.ndarray) -> Path:
    """Write an idx file, through gzip if it is called so."""
    content = idx_bytes(array)
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def write_pngs(folder: Path, images: np.ndarray) -> Path:
    """Write one PNG file per image, named in their order."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, image in enumerate(images):
        Image.fromarray(image.squeeze()).save(folder / f"{number:03}.png")
    return folder


def drawing(strokes: list[list[list[int]]], word: str = "flamingo", recognised: bool = True) -> str:
    """Return a line of QuickDraw's simplified drawings."""
    return json.dumps(
        {
            "word": word,
            "countrycode": "GB",
            "timestamp": "2017-03-01 20:11:05.16143 UTC",
            "recognized": recognised,
            "key_id": "5891796615823360",
            "drawing": strokes,
        }
    )


def refusal(what: str | Path, kind: type[FatganError] = DataError, **keywords) -> str:
    """Return the one line with which something is refused."""
    with pytest.raises(kind) as caught:
        load(what, **keywords)
    assert isinstance(caught.value, FatganError)
    assert "\n" not in str(caught.value)
    return str(caught.value)
