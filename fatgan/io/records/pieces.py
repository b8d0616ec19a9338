"""Files of text in large pieces that do not cut events, for what can be told without parsing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fatgan.io.formats.compressed import open_bytes

_BLOCK = 1 << 20


def pieces(path: Path, mark: bytes) -> Iterator[bytes]:
    """Yield all bytes of a file, compressed or not, of which all pieces after the first begin so.

    Parameters
    ----------
    path
        File of text.
    mark
        What events begin with.
    """
    kept: list[bytes] = []
    tail = b""
    with open_bytes(path) as file:
        while data := file.read(_BLOCK):
            # the mark may lie across two blocks
            data = tail + data
            cut = data.rfind(mark)
            if cut > 0 or (cut == 0 and kept):
                yield b"".join([*kept, data[:cut]])
                kept, data = [], data[cut:]
            keep = len(mark) - 1
            kept.append(data[:-keep])
            tail = data[-keep:]
    yield b"".join([*kept, tail])
