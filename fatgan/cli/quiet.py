"""Load TensorFlow without its start-up lines, which say nothing a user could act on."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

LEVEL = "TF_CPP_MIN_LOG_LEVEL"


def load_tensorflow() -> None:
    """Import TensorFlow and look for devices, with the C++ side's standard error held back.

    Whoever sets ``TF_CPP_MIN_LOG_LEVEL`` sees everything, e.g. why a GPU is not found.
    """
    if "tensorflow" in sys.modules or LEVEL in os.environ:
        return
    os.environ[LEVEL] = "2"
    with _held_back():
        import tensorflow as tf

        tf.config.list_physical_devices()
        tf.constant(0)  # the first tensor starts the devices


@contextmanager
def _held_back() -> Iterator[None]:
    # These lines are written to the file descriptor before any logging can be set up.
    sys.stderr.flush()
    try:
        kept = os.dup(2)
    except OSError:  # no standard error at all
        yield
        return
    silent = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(silent, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(silent)
