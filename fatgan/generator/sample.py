"""Generation: from a model bundle to events, in memory or as a stream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import keras
import numpy as np
from numpy.typing import ArrayLike

from fatgan.adversarial.bundle import read_network
from fatgan.adversarial.manifest import origin, read_manifest
from fatgan.errors import FatganError, ModelError
from fatgan.events import AnyCollision, EventTable
from fatgan.events.columns import frozen
from fatgan.events.observables import to_electron_frame
from fatgan.generator.blocks import BLOCK, SPARE, Blocks
from fatgan.generator.cross_section import CrossSections
from fatgan.generator.target import Target, settle_target
from fatgan.io.cross_section import ERROR, SIGMA
from fatgan.representations import FeatureTransform
from fatgan.representations.layers import UnitCircle  # noqa: F401  a bundle's network may hold it

Place = Literal["trained", "interpolated", "extrapolated"]
"""How a beam setting lies to those of a training."""


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
    except ModelError as error:
        raise ModelError(f"{folder}: {error}") from None
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
        self._blocks = Blocks(network, transform)

    @property
    def collision(self) -> AnyCollision:
        """The beams and the frame of the training; of a model of several beams, all of them."""
        return self.transform.collision

    def place_of(self, target: Target) -> Place:
        """Return how a target of one collision lies to the settings of the training."""
        collision, known = target.collision, self.transform.conditions
        own = {"beams": collision.label, "lepton": collision.lepton_pdg}
        trained = self.manifest.get("data", {}).get("settings", [])
        if any(own.items() <= setting.items() for setting in trained):
            return "trained"
        return "extrapolated" if known and known.outside(target.columns()) else "interpolated"

    def generate(
        self,
        n: int,
        *,
        seed: int = 0,
        collision: AnyCollision | str | None = None,
        conditions: Mapping[str, ArrayLike] | None = None,
        strict: bool = False,
    ) -> EventTable:
        """Return ``n`` events: the first ``n`` of :meth:`stream` with this seed."""
        n = _whole(n)
        tables = self.stream(
            n,
            chunk=max(n, 1),
            seed=seed,
            collision=collision,
            conditions=conditions,
            strict=strict,
        )
        return next(tables)

    def provenance(self, seed: int, target: Target | None = None) -> dict[str, Any]:
        """Return what the events of a seed carry with them into files and reports."""
        entries = origin(self.manifest, seed)
        if target is None or target.length is not None or not self.manifest.get("cross_sections"):
            return entries
        sigma, error = self._sigma(target)
        return {**entries, SIGMA: sigma, ERROR: error} if np.isfinite(error) else entries

    def cross_section(self, collision: AnyCollision | str | None = None) -> tuple[float, float]:
        """Return the total cross-section of the model's events at these beams and its error, in pb.

        It is interpolated between the training's samples
        (:class:`fatgan.generator.cross_section.CrossSections`).

        Raises
        ------
        ModelError
            The training's files did not say theirs, or the model does not know these beams.
        """
        if not self.manifest.get("cross_sections"):
            raise ModelError(
                "the model does not know cross-sections: the files it was trained on do not say "
                "theirs, as those of fatgan simulate do"
            )
        target = settle_target(self.transform, collision, None)
        if target.length is not None:
            raise ModelError("a cross-section is that of one collision: give its beams")
        return self._sigma(target)

    @cached_property
    def _cross_sections(self) -> CrossSections:
        # kept: they are fitted when first asked, and every sample asks
        return CrossSections.from_dict(self.manifest["cross_sections"])

    def _sigma(self, target: Target) -> tuple[float, float]:
        known = self.transform.conditions
        point = np.zeros((1, 0)) if known is None else known.forward(target.columns(), 1)
        sigma, error = self._cross_sections.sigma(point)
        return float(sigma[0]), float(error[0])

    def stream(
        self,
        n: int,
        *,
        chunk: int = 1_000_000,
        seed: int = 0,
        collision: AnyCollision | str | None = None,
        conditions: Mapping[str, ArrayLike] | None = None,
        strict: bool = False,
    ) -> Iterator[EventTable]:
        """Yield ``n`` events in tables of at most ``chunk``, at constant memory.

        The events depend on the seed and on what is asked for, not on ``n`` or ``chunk``: a longer
        sample begins with the shorter one.

        Parameters
        ----------
        n, chunk
            Numbers of events, in all and in a table.
        seed
            Equal seeds, equal events.
        collision
            For models of several beams: for which ones. A :class:`Collision`, text like
            ``14x166``, or :class:`Collisions` with the beams of each of the ``n`` events.
        conditions
            The model's other conditions by name: numbers, or arrays of shape (n,). The events
            come in the order of these rows.
        strict
            Refuse beams and conditions outside the range of the training; else they are warned of.

        Raises
        ------
        ModelError
            The model knows no other beams, or needs to be told them; numbers that make no sense.
        ConfigError
            An unknown condition, lengths that do not agree, or outside the range if ``strict``.
        """
        if n < 0 or chunk < 1:
            raise ModelError(f"cannot generate {n} events in chunks of {chunk}")
        n = _whole(n)
        target = settle_target(self.transform, collision, conditions, strict=strict)
        if target.length not in (None, n):
            raise ModelError(
                f"{n:,} events were asked for, with beams or conditions of {target.length:,}"
            )
        return self._tables(n, chunk, seed, target)

    def _tables(self, n: int, chunk: int, seed: int, target: Target) -> Iterator[EventTable]:
        provenance = self.provenance(seed, target)
        blocks = self._blocks.ordered(seed, -(-n // BLOCK), target)
        pending = np.empty((3, 0))
        for start in range(0, max(n, 1), chunk):
            size = min(chunk, n - start)
            parts = [pending]
            while sum(part.shape[1] for part in parts) < size:
                parts.append(next(blocks))
            joined = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
            px, py, pz = frozen(joined)[:, :size]
            pending = joined[:, size:]
            asked = target.rows(np.arange(start, start + size))
            yield asked.table((px, py, pz), provenance)

    def sample(self, n: int, target: Target, purpose: str, seed: int) -> Iterator[EventTable]:
        """Yield ``n`` or a few more events in pieces, without those outside the physical region.

        They are distributed as generated events are, but share no noise with them: the purpose
        and the seed are the key. Rows of a target that has fewer are used again.
        """
        for number in range(-(-n // BLOCK)):
            rows = min(BLOCK, n - number * BLOCK)
            rows = -(-rows // SPARE) * SPARE
            asked = target.rows(np.arange(number * BLOCK, number * BLOCK + rows))
            momenta, inside = self._blocks.candidates(seed, number, 0, rows, asked, purpose)
            asked = asked.rows(np.flatnonzero(inside))
            px, py, pz = (column[inside] for column in momenta)
            yield asked.table(to_electron_frame(px, py, pz, asked.collision), {})

    def rejected_share(self, seed: int = 0, target: Target | None = None) -> float:
        """Return the share of one block's first draws that lie outside the physical region."""
        target = target or settle_target(self.transform, None, None)
        target = target.rows(np.arange(BLOCK))
        _, inside = self._blocks.candidates(seed, 0, 0, BLOCK, target)
        return float(np.mean(~inside))


def _whole(n: float) -> int:
    """Accept 1e6 for 1000000."""
    if n != int(n):
        raise ModelError(f"cannot generate {n} events: the number must be whole")
    return int(n)
