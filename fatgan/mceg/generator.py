"""The generator: events one after the other, as other Monte-Carlo generators give them."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fatgan.errors import ConfigError, ModelError
from fatgan.events import Collision, EventTable
from fatgan.events.collision import Frame
from fatgan.io.header import Header
from fatgan.mceg.block import Block
from fatgan.mceg.event import Event, Run
from fatgan.version import __version__

if TYPE_CHECKING:
    from fatgan.generator.sample import EventGenerator

CHUNK = 1 << 16
"""Events held at a time."""
ENDLESS = 1 << 62
"""More events than anybody asks for: they are made as they are needed."""


class RandomState(NamedTuple):
    """Where a generator stands: its seed, and how many events of this seed it has given."""

    seed: int
    events: int


class Generator:
    """A trained model as a Monte-Carlo event generator.

    Events are made in blocks when they are needed, so that any number of them takes constant
    memory. They are those of ``fatgan generate`` with the same seed, in the same order, and each
    call goes on where the last event was taken.

    Parameters
    ----------
    model
        Folder of a bundle, like ``runs/quickstart/model``, or a loaded generator.
    collision
        For a model of several beams: for which ones. A :class:`fatgan.Collision`, or text like
        ``14x166``.
    seed
        Equal seeds, equal events.
    conditions
        The model's other conditions by name, one number each.
    hadrons
        Whether the hadronic system is final, or left out of status 1 for what cannot track it.
    frame
        The beam along +z, ``proton`` or ``electron``; by default that of the collision, or else
        of the training.
    strict
        Refuse beams and conditions outside the range of the training; else they are warned of.

    Raises
    ------
    ModelError
        Not a model, or one that does not know these beams; beams of each event's own.
    ConfigError
        An unknown condition or frame, or outside the range if ``strict``.

    Examples
    --------
    >>> from fatgan.mceg import Generator
    >>> generator = Generator("runs/quickstart/model", seed=7)  # doctest: +SKIP
    >>> for event in generator(1000):  # doctest: +SKIP
    ...     electron = event.final_state()
    ...     print(event.Q2, electron.pid, electron.pt)
    >>> generator.cross_section()  # doctest: +SKIP
    (9876.5, 4.3)
    """

    name = "fatgan"
    version = __version__

    def __init__(
        self,
        model: str | Path | EventGenerator,
        collision: Collision | str | None = None,
        *,
        seed: int = 0,
        conditions: Mapping[str, float] | None = None,
        hadrons: bool = True,
        frame: Frame | None = None,
        strict: bool = False,
    ) -> None:
        # here and not above: they bring TensorFlow
        from fatgan.generator.sample import load
        from fatgan.generator.target import settle_target

        self.model = load(model) if isinstance(model, str | Path) else model
        target = settle_target(self.model.transform, collision, conditions, strict=strict)
        if target.length is not None or not isinstance(target.collision, Collision):
            raise ModelError(
                "an event generator has one collision and one value of each condition; for beams "
                "or conditions of each event's own call fatgan.load(...).generate"
            )
        if frame is None and isinstance(collision, Collision):
            frame = collision.frame
        self._target, self._hadrons = target, hadrons
        self.kinematics = target.collision.with_frame(frame or target.collision.frame)
        self._state = RandomState(seed, 0)
        self._begin()

    def __call__(self, n: float) -> Iterator[Event]:
        """Return an iterator over the next ``n`` events.

        Raises
        ------
        ModelError
            ``n`` is negative or not whole.
        """
        return self._events(_whole(n))

    def table(self, n: float) -> EventTable:
        """Return the scattered leptons of the next ``n`` events as a table.

        Raises
        ------
        ModelError
            ``n`` is negative or not whole.
        """
        left, start = _whole(n), self._state.events
        parts: list[EventTable] = []
        while left or not parts:
            block = self._current()
            taken = min(left, len(block.table) - self._row)
            parts.append(block.table[self._row : self._row + taken])
            self._advance(taken)
            left -= taken
        table = EventTable.concatenate(parts)
        return table.with_provenance(first_event=start) if start else table

    def cross_section(self) -> tuple[float, float]:
        """Return the total cross-section of the events and its error, in pb.

        Raises
        ------
        ModelError
            The files of the training did not say theirs, or say nothing of these beams.
        """
        value, error = self.model.cross_section(self._target.collision)
        if not np.isfinite(error):
            raise ModelError(
                f"the cross-section at {self.kinematics} is not known: the training's files say "
                "nothing of the like"
            )
        return value, error

    @property
    def random_state(self) -> RandomState:
        """Where the generator stands. Set on another generator of this model, it goes on there.

        It is a pair of numbers and can be kept as such, in JSON for instance. Setting it makes the
        events before it again, though not as objects: a second for some million of them.
        """
        return self._state

    @random_state.setter
    def random_state(self, state: tuple[int, int]) -> None:
        try:
            seed, events = (operator.index(number) for number in state)
        except (TypeError, ValueError):
            raise ConfigError(
                f"random_state = {state!r}: must be a pair of numbers, the seed and how many "
                "events have been made"
            ) from None
        if events < 0:
            raise ConfigError(f"random_state = {state!r}: {events} events cannot have been made")
        self._state = RandomState(seed, events)
        self._begin()

    def _begin(self) -> None:
        """Forget the events at hand: the next one is that of the state."""
        self._tables: Iterator[EventTable] | None = None
        self._block: Block | None = None
        self._row = 0
        self.__dict__.pop("_run", None)  # which names the seed

    def _current(self) -> Block:
        """Return the block at hand, or the next one if all its events are taken."""
        if self._block is not None and self._row < len(self._block.table):
            return self._block
        if self._tables is None:
            skipped, self._row = divmod(self._state.events, CHUNK)
            self._tables = self._stream()
            for _ in range(skipped):
                next(self._tables)
        else:
            self._row = 0
        table = next(self._tables).with_frame(self.kinematics.frame)
        self._block = Block(table, self._hadrons)
        return self._block

    def _stream(self) -> Iterator[EventTable]:
        return self.model.stream(
            ENDLESS,
            chunk=CHUNK,
            seed=self._state.seed,
            collision=self._target.collision,
            conditions=self._target.conditions,
        )

    def _advance(self, events: int) -> None:
        self._row += events
        self._state = RandomState(self._state.seed, self._state.events + events)

    def _events(self, n: int) -> Iterator[Event]:
        for _ in range(n):
            event = self._current().event(self._row, self._run, self._state.events)
            self._advance(1)
            yield event

    @cached_property
    def _run(self) -> Run:
        provenance = self.model.provenance(self._state.seed, self._target)
        try:
            cross_section = self.cross_section()
        except ModelError:
            cross_section = None
        header = Header(self.kinematics, provenance).to_json()
        return Run((self.name, self.version), self.kinematics, header, cross_section)


def _whole(n: float) -> int:
    """Accept 1e6 for 1000000."""
    if not 0 <= n < ENDLESS or n != int(n):
        raise ModelError(f"cannot generate {n} events: the number must be whole, and not negative")
    return int(n)
