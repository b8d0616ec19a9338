"""Hold back what C++ libraries write: they do not know of ``sys.stdout`` and ``sys.stderr``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def silenced(descriptor: int) -> Iterator[None]:
    """Send a file descriptor (1: standard output, 2: standard error) nowhere while the block runs.

    A process that has no such descriptor is left as it is.
    """
    try:
        kept = os.dup(descriptor)
    except OSError:
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, descriptor)
        yield
    finally:
        os.dup2(kept, descriptor)
        os.close(kept)
        os.close(nowhere)
