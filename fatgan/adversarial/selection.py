"""The choice of a training's best generator by a distance, in memory and on disk."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np
from numpy.typing import NDArray

from fatgan.adversarial.divergence import Divergence
from fatgan.atomic import disk_named, replaced_on_success
from fatgan.errors import ModelError

RUNNING = 3
"""Checks at the floor one after another: a single one may pass through it by chance."""


class Check(NamedTuple):
    """One measurement: the step, the distance and its standard error."""

    step: int
    distance: float
    error: float


class Selection:
    """The checks of a training, and the weights of the best one.

    The losses of a GAN do not say how good its generator is; a distance to rows that no
    training saw does. Kept is the latest check that is no further than the nearest one by more
    than its standard error: the learning rate anneals, so that of two generators which the
    distance cannot tell apart the later is the better one a priori. One error is enough to ask
    for, because checks share their selection rows and their noise, and differ by less than two
    independent ones would. A distance below 0 counts as 0: nothing is nearer than the truth.

    Source of the rule: L. Breiman et al., Classification and Regression Trees (1984), sec. 3.4.3.

    Parameters
    ----------
    divergence
        The distance.
    draw
        Returns rows of the network that is checked, in pieces: from the same noise at every
        call, so that checks can be compared.
    path
        Where the best weights are left (``.npz``), for a training that is resumed.
    earlier
        The checks before a resume.

    Attributes
    ----------
    checks
        All checks so far, in the order in which they were made.
    best
        The check whose weights are kept; ``None`` before the first.
    """

    def __init__(
        self,
        divergence: Divergence,
        draw: Callable[[], Iterable[NDArray[Any]]],
        path: Path,
        earlier: Sequence[Check] = (),
    ) -> None:
        self.checks = list(earlier)
        self.best: Check | None = None
        self._weights: list[NDArray[Any]] = []
        self._divergence, self._draw, self._path = divergence, draw, path

    def check(self, network: keras.Model, step: int) -> Check | None:
        """Measure the network, and keep its weights if they are the best.

        ``None`` if it makes too few rows to tell: such a network is not chosen.
        """
        distance = self._divergence.measure(self._draw())
        if distance is None:
            return None
        check = Check(step, *distance)
        self.checks.append(check)
        if check.distance <= self._limit():
            self.best, self._weights = check, network.get_weights()
            self._save()
        return check

    def _limit(self) -> float:
        """Return the distance up to which a new check is preferred to all before it."""
        # After an interrupt the best may be later than the checkpoint, and its check not among
        # those of the history.
        known = [*self.checks, *([self.best] if self.best else [])]
        least = min(known, key=lambda check: check.distance)
        return max(least.distance, 0.0) + least.error

    @property
    def at_floor(self) -> bool:
        """Whether the last three checks were nearer than their errors."""
        near = [check.distance < check.error for check in self.checks[-RUNNING:]]
        return len(near) == RUNNING and all(near)

    def apply(self, network: keras.Model) -> None:
        """Give the network the best weights; it keeps its own if nothing was measured."""
        if self.best:
            network.set_weights(self._weights)

    def to_dict(self) -> dict[str, Any]:
        """Return what was chosen, and from how much, as plain values; empty if nothing was."""
        if self.best is None:
            return {}
        chosen = self.best._asdict()
        return {**chosen, "rows": self._divergence.rows, "checks": len(self.checks)}

    def _save(self) -> None:
        check = np.array(self.best, dtype=np.float64)
        with replaced_on_success(self._path) as beside, disk_named(self._path):
            np.savez(beside, check, *self._weights)

    def restore(self) -> None:
        """Read back what an earlier part of the training has kept, if it had come so far.

        Raises
        ------
        ModelError
            The file is damaged.
        """
        if not self._path.exists():
            return
        try:
            with self._path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
                check, *weights = (file[f"arr_{i}"] for i in range(len(file.files)))
                step, distance, error = check.tolist()
        except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
            raise ModelError(f"{self._path}: damaged; train without --resume") from None
        self.best, self._weights = Check(int(step), distance, error), weights
