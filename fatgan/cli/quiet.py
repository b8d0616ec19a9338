"""Load TensorFlow without its start-up lines, which say nothing a user could act on."""

from __future__ import annotations

import os
import sys

from fatgan.silence import silenced

LEVEL = "TF_CPP_MIN_LOG_LEVEL"


def load_tensorflow() -> None:
    """Import TensorFlow and look for devices, with the C++ side's standard error held back.

    Whoever sets ``TF_CPP_MIN_LOG_LEVEL`` sees everything, e.g. why a GPU is not found.
    """
    if "tensorflow" in sys.modules or LEVEL in os.environ:
        return
    os.environ[LEVEL] = "2"
    # These lines are written before any logging can be set up.
    sys.stderr.flush()
    with silenced(2):
        import tensorflow as tf

        tf.config.list_physical_devices()
        tf.constant(0)  # the first tensor starts the devices
