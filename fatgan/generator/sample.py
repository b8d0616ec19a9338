"""Generation: from a model bundle to events, in memory or as a stream."""

from __future__ import annotations

import itertools
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from fatgan.adversarial.bundle import read_network
from fatgan.adversarial.keys import host_generator
from fatgan.adversarial.manifest import origin, read_manifest
from fatgan.errors import FatganError, ModelError
from fatgan.events import Collision, EventTable
from fatgan.events.observables import to_electron_frame
from fatgan.events.table import frozen
from fatgan.representations import FeatureTransform
from fatgan.representations.layers import UnitCircle  # noqa: F401  a bundle's network may hold it

BLOCK = 1 << 16
"""Events are drawn in blocks of this size, each from its own key: chunks do not matter."""
SPARE = 1 << 11
"""Size of the further draws that replace a block's events outside the physical region."""
MAX_SPARES = 2_000
"""More draws than this for one block, and the model is useless rather than unlucky."""

Block = NDArray[np.float64]
"""Momenta px, py, pz of one block, shape (3, n)."""


def load(folder: str | Path) -> EventGenerator:
    """Load a trained model from its bundle, like ``runs/quickstart/model``.

    Raises
    ------
    ModelError
        Not a bundle, one of images, damaged, or written by a newer version.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    if manifest.get("kind", "events") != "events":
        raise ModelError(f"{folder}: a model of {manifest['kind']}; use: fatgan image sample")
    try:
        transform = FeatureTransform.from_dict(manifest["transform"])
    except (KeyError, TypeError, ValueError, AttributeError, FatganError):
        raise ModelError(f"{folder}: damaged: the manifest's transform cannot be read") from None
    return EventGenerator(read_network(folder), transform, manifest)


class EventGenerator:
    """Generates scattered electrons. Events are a function of the seed alone.

    Attributes
    ----------
    transform
        From features to momenta.
    manifest
        The bundle's manifest: configuration, data, versions, training.
    """

    def __init__(
        self, network: keras.Model, transform: FeatureTransform, manifest: dict[str, Any]
    ) -> None:
        self.transform, self.manifest = transform, manifest
        self._noise = int(network.input_shape[-1])
        self._network = tf.function(
            _in_pieces(network), input_signature=[tf.TensorSpec((None, self._noise), tf.float32)]
        )

    @property
    def collision(self) -> Collision:
        """The beams and the frame of the events."""
        return self.transform.collision

    def generate(self, n: int, *, seed: int = 0) -> EventTable:
        """Return ``n`` events: the first ``n`` of :meth:`stream` with this seed."""
        n = _whole(n)
        return next(self.stream(n, chunk=max(n, 1), seed=seed))

    def provenance(self, seed: int) -> dict[str, Any]:
        """Return what the events of a seed carry with them into files and reports."""
        return origin(self.manifest, seed)

    def stream(self, n: int, *, chunk: int = 1_000_000, seed: int = 0) -> Iterator[EventTable]:
        """Yield ``n`` events in tables of at most ``chunk``, at constant memory.

        The events depend on the seed only, not on ``n`` or ``chunk``: a longer sample begins with
        the shorter one.
        """
        if n < 0 or chunk < 1:
            raise ModelError(f"cannot generate {n} events in chunks of {chunk}")
        n = _whole(n)
        provenance = self.provenance(seed)
        blocks = self._blocks(seed, -(-n // BLOCK))
        pending = np.empty((3, 0))
        for start in range(0, max(n, 1), chunk):
            size = min(chunk, n - start)
            parts = [pending]
            while sum(part.shape[1] for part in parts) < size:
                parts.append(next(blocks))
            joined = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
            px, py, pz = frozen(joined)[:, :size]
            pending = joined[:, size:]
            yield EventTable(px, py, pz, self.collision, provenance=provenance)

    def _blocks(self, seed: int, count: int) -> Iterator[Block]:
        """Yield the momenta of blocks 0, 1, ... in order, a few computed ahead in threads."""
        workers = os.cpu_count() or 1
        with ThreadPoolExecutor(workers) as pool:
            ahead: deque[Future[Block]] = deque()
            numbers = iter(range(count))
            for number in itertools.islice(numbers, 2 * workers):
                ahead.append(pool.submit(self._block, seed, number))
            while ahead:
                block = ahead.popleft().result()
                following = next(numbers, None)
                if following is not None:
                    ahead.append(pool.submit(self._block, seed, following))
                yield block

    def _block(self, seed: int, number: int) -> Block:
        """Return one block, its unphysical events replaced from the block's own spare draws."""
        momenta, inside = self._candidates(seed, number, 0, BLOCK)
        missing = np.flatnonzero(~inside)
        filled, attempt = 0, 0
        while filled < len(missing):
            if attempt == MAX_SPARES:
                raise ModelError(
                    f"after {attempt * SPARE:,} further draws {len(missing) - filled:,} of "
                    f"{BLOCK:,} events are still outside the physical region: the model is not "
                    "trained enough"
                )
            spare, good = self._candidates(seed, number, attempt + 1, SPARE)
            where = missing[filled : filled + int(np.count_nonzero(good))]
            for column, new in zip(momenta, spare, strict=True):
                column[where] = new[good][: len(where)]
            filled, attempt = filled + len(where), attempt + 1
        px, py, pz = momenta
        return np.stack(to_electron_frame(px, py, pz, self.collision))

    def features(self, n: int, purpose: str, seed: int) -> Iterator[NDArray[np.float32]]:
        """Yield the features of ``n`` or a few more events, in pieces of shape (m, dimension).

        They are distributed as generated events are, but share no noise with them: the purpose
        and the seed are the key. Events outside the physical region are left out.
        """
        for number in range(-(-n // BLOCK)):
            rows = min(BLOCK, n - number * BLOCK)
            rows = -(-rows // SPARE) * SPARE
            momenta, inside = self._candidates(seed, number, 0, rows, purpose)
            px, py, pz = (column[inside] for column in momenta)
            table = EventTable(*to_electron_frame(px, py, pz, self.collision), self.collision)
            yield self.transform.forward(table)

    def _candidates(
        self, seed: int, number: int, attempt: int, rows: int, purpose: str = "generate"
    ) -> tuple[tuple[NDArray[np.float64], ...], NDArray[np.bool_]]:
        draw = host_generator(seed, purpose, number, attempt)
        noise = draw.standard_normal((rows, self._noise), dtype=np.float32)
        azimuth = draw.uniform(-np.pi, np.pi, rows) if self.transform.draws_azimuth else None
        return self.transform.decode(self._network(noise).numpy(), azimuth)

    def rejected_share(self, seed: int = 0) -> float:
        """Return the share of one block's first draws that lie outside the physical region."""
        _, inside = self._candidates(seed, 0, 0, BLOCK)
        return float(np.mean(~inside))


def _whole(n: float) -> int:
    """Accept 1e6 for 1000000."""
    if n != int(n):
        raise ModelError(f"cannot generate {n} events: the number must be whole")
    return int(n)


def _in_pieces(network: keras.Model) -> Callable[[tf.Tensor], tf.Tensor]:
    """Return the network as a function of (n, noise), n a multiple of SPARE on a CPU.

    On a CPU the layers of a whole block would travel through memory and back; those of a piece
    stay in the cache, which makes generation a quarter quicker. XLA would be no quicker still.
    """
    if tf.config.list_physical_devices("GPU"):
        return lambda noise: network(noise, training=False)

    def pieces(noise: tf.Tensor) -> tf.Tensor:
        parts = tf.reshape(noise, (-1, SPARE, network.input_shape[-1]))
        made = tf.map_fn(
            lambda part: network(part, training=False), parts, fn_output_signature=tf.float32
        )
        return tf.reshape(made, (-1, network.output_shape[-1]))

    return pieces
