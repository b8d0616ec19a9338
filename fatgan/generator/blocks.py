"""Blocks of events: what a key draws, through the network and the inverse transform."""

from __future__ import annotations

import itertools
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from fatgan.adversarial.keys import host_generator
from fatgan.errors import ModelError
from fatgan.events.observables import to_electron_frame
from fatgan.generator.target import Target
from fatgan.representations import FeatureTransform

BLOCK = 1 << 16
"""Events are drawn in blocks of this size, each from its own key: chunks do not matter."""
SPARE = 1 << 11
"""Size of the further draws that replace a block's events outside the physical region."""
MAX_SPARES = 2_000
"""More draws than this for one block, and the model is useless rather than unlucky."""

Block = NDArray[np.float64]
"""Momenta px, py, pz of one block, shape (3, n)."""


class Blocks:
    """Draws events through a network. A block is a function of its key and its target alone.

    Parameters
    ----------
    network
        (n, noise), or with conditions [(n, noise), (n, c)], -> (n, dimension).
    transform
        From its features to momenta.
    """

    def __init__(self, network: keras.Model, transform: FeatureTransform) -> None:
        self._transform = transform
        sizes = [int(each.shape[-1]) for each in network.inputs]
        self._noise = sizes[0]
        self._network = tf.function(
            _in_pieces(network),
            input_signature=[tf.TensorSpec((None, size), tf.float32) for size in sizes],
        )

    def ordered(self, seed: int, count: int, target: Target) -> Iterator[Block]:
        """Yield the momenta of blocks 0, 1, ... in order, a few computed ahead in threads."""
        workers = os.cpu_count() or 1
        with ThreadPoolExecutor(workers) as pool:
            ahead: deque[Future[Block]] = deque()
            numbers = iter(range(count))
            for number in itertools.islice(numbers, 2 * workers):
                ahead.append(pool.submit(self.block, seed, number, target))
            while ahead:
                block = ahead.popleft().result()
                following = next(numbers, None)
                if following is not None:
                    ahead.append(pool.submit(self.block, seed, following, target))
                yield block

    def block(self, seed: int, number: int, target: Target) -> Block:
        """Return one block, its unphysical events replaced from the block's own spare draws."""
        target = target.rows(np.arange(number * BLOCK, (number + 1) * BLOCK))
        momenta, inside = self.candidates(seed, number, 0, BLOCK, target)
        missing = np.flatnonzero(~inside)
        attempt = 0
        while len(missing):
            if attempt == MAX_SPARES:
                raise ModelError(
                    f"after {attempt * SPARE:,} further draws {len(missing):,} of "
                    f"{BLOCK:,} events are still outside the physical region: the model is not "
                    "trained enough"
                )
            attempt += 1
            # several draws for each event: most are found at once
            rows = missing[np.arange(SPARE) % len(missing)]
            spare, good = self.candidates(seed, number, attempt, SPARE, target.rows(rows))
            found, first = np.unique(rows[good], return_index=True)
            for column, new in zip(momenta, spare, strict=True):
                column[found] = new[good][first]
            missing = np.setdiff1d(missing, found)
        px, py, pz = momenta
        return np.stack(to_electron_frame(px, py, pz, target.collision))

    def candidates(
        self,
        seed: int,
        number: int,
        attempt: int,
        rows: int,
        target: Target,
        purpose: str = "generate",
    ) -> tuple[tuple[NDArray[np.float64], ...], NDArray[np.bool_]]:
        """Return electron-frame momenta of one draw, and which are inside the physical region."""
        draw = host_generator(seed, purpose, number, attempt)
        inputs = [draw.standard_normal((rows, self._noise), dtype=np.float32)]
        azimuth = draw.uniform(-np.pi, np.pi, rows) if self._transform.draws_azimuth else None
        if self._transform.conditions is not None:
            inputs.append(self._transform.conditions.forward(target.columns(), rows))
        made = self._network(*inputs).numpy()
        return self._transform.decode(made, azimuth, target.collision, target.conditions)


def _in_pieces(network: keras.Model) -> Callable[..., tf.Tensor]:
    """Return the network as a function of its inputs (n, size), n a multiple of SPARE on a CPU.

    On a CPU the layers of a whole block would travel through memory and back; those of a piece
    stay in the cache, which makes generation a quarter quicker. XLA would be no quicker still.
    """

    def whole(*inputs: tf.Tensor) -> tf.Tensor:
        return network(inputs[0] if len(inputs) == 1 else list(inputs), training=False)

    if tf.config.list_physical_devices("GPU"):
        return whole

    def pieces(*inputs: tf.Tensor) -> tf.Tensor:
        parts = tuple(tf.reshape(each, (-1, SPARE, each.shape[-1])) for each in inputs)
        made = tf.map_fn(lambda part: whole(*part), parts, fn_output_signature=tf.float32)
        return tf.reshape(made, (-1, network.output_shape[-1]))

    return pieces
