"""Seeds of a network's weights, one after another from the network's own seed."""

from __future__ import annotations

import keras


class Seeds:
    """Call it for the next seed: equal seeds of the network, equal weights.

    Given to initializers they make a network's start independent of all global state.
    """

    def __init__(self, seed: int) -> None:
        self._generator = keras.random.SeedGenerator(seed)

    def __call__(self) -> int:
        """Return an integer in [0, 2^31 - 1)."""
        drawn = keras.random.randint((), 0, 2**31 - 1, dtype="int32", seed=self._generator)
        return int(drawn)
