"""One side of a comparison: events in memory, or a stream of any length with rows drawn from it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import DataError
from fatgan.events import AnyCollision, EventTable, Fiducial
from fatgan.events.bounds import is_physical, table_invariants, violations
from fatgan.events.collision import Frame
from fatgan.events.screening import (
    MAX_UNPHYSICAL,
    broken_bounds,
    check,
    unphysical_note,
)
from fatgan.io import ReadOptions, iterate

Array = NDArray[np.float64]

CHUNK = 1_000_000
IN_MEMORY = 2_000_000
"""Events of a file that are held in memory; of a longer one these are drawn at random."""

_log = logging.getLogger("fatgan")


class Sample:
    """Events under a label.

    Scores of binned data go through :meth:`chunks`, which yields every event; the others, and
    figures, use ``rows``.

    Parameters
    ----------
    rows
        All events, or those drawn from a longer stream, in its order.
    label
        What tables and figures call the sample.
    region
        The region that the events cover; read off the rows when None.
    total
        Events of the stream; the rows are all when None.
    stream
        Called for each pass over the stream.
    dropped
        Unphysical events that were left out when the sample was read: by bound, and all of them
        as ``"rows"``.
    """

    def __init__(
        self,
        rows: EventTable,
        label: str,
        *,
        region: Fiducial | None = None,
        total: int | None = None,
        stream: Callable[[], Iterator[EventTable]] | None = None,
        dropped: Mapping[str, int] | None = None,
    ) -> None:
        self.rows, self.label = rows, label
        self.dropped = Counter(dropped or {})
        self.total = len(rows) if total is None else total
        self._region, self._stream = region, stream

    def __repr__(self) -> str:
        return f"<Sample '{self.label}': {self.total:,} events, {len(self.rows):,} in memory>"

    @property
    def collision(self) -> AnyCollision:
        """Beams and frame; of several beams, those of each event."""
        return self.rows.collision

    @property
    def complete(self) -> bool:
        """Whether the rows are all events."""
        return self.total == len(self.rows)

    @property
    def region(self) -> Fiducial:
        """The region that the events cover."""
        if self._region is None:
            self._region = Fiducial.found(self.rows)
        return self._region

    def chunks(self) -> Iterator[EventTable]:
        """Yield all events as tables."""
        if self._stream is None:
            for start in range(0, len(self.rows), CHUNK):  # whole tables keep what they computed
                whole = len(self.rows) <= CHUNK
                yield self.rows if whole else self.rows[start : start + CHUNK]
        else:
            for table in self._stream():
                yield table.with_frame(self.collision.frame)

    def with_frame(self, frame: Frame) -> Sample:
        """Return the same events with the other beam along +z."""
        return Sample(
            self.rows.with_frame(frame),
            self.label,
            region=self._region,
            total=self.total,
            stream=self._stream,
            dropped=self.dropped,
        )

    @classmethod
    def from_file(
        cls,
        path: Path,
        options: ReadOptions | None = None,
        *,
        label: str | None = None,
        keep_unphysical: bool = False,
        most: int = IN_MEMORY,
        seed: int = 0,
    ) -> Sample:
        """Read a file, at constant memory where it has more than ``most`` events.

        Parameters
        ----------
        path, options
            As for :func:`fatgan.read`.
        label
            The file's name when None.
        keep_unphysical
            Keep events outside physical bounds, as of a sample that is to be judged; else up
            to 1 % of them are dropped with a warning.
        most
            Events to hold in memory.
        seed
            Seed of the draw of rows.

        Raises
        ------
        DataError
            As :func:`fatgan.read`.
        """
        options = options or ReadOptions()
        limit = MAX_UNPHYSICAL if options.max_unphysical is None else options.max_unphysical
        dropped: Counter[str] = Counter()

        def stream(first: bool = False) -> Iterator[EventTable]:
            for number, table in enumerate(t for t in iterate(path, options) if len(t)):
                check(table, str(path), options.columns, whole=first and number == 0)
                if not keep_unphysical:
                    physical = is_physical(table_invariants(table))
                    if first and not physical.all():
                        dropped.update(violations(table), rows=int(np.count_nonzero(~physical)))
                    table = table[physical]
                if len(table):
                    yield table

        drawn = _drawn(stream(True), most, np.random.default_rng([seed, 2]))
        bad = dropped["rows"]
        bounds = {name: count for name, count in dropped.items() if name != "rows"}
        if drawn is None:
            cut = "" if options.cut is None else f" passes the cut '{options.cut}'"
            none = f"; {bad:,} rows are unphysical ({broken_bounds(bounds)})" if bad else ""
            raise DataError(f"{path}: no event{cut or 's'}{none}")
        rows, region, total = drawn
        if bad:
            facts = str(path), bad, total + bad, rows.collision, broken_bounds(bounds), limit
            _log.warning(unphysical_note(*facts))
        whole = total == len(rows)
        return cls(
            rows,
            label or path.name,
            region=None if whole else region,
            total=total,
            stream=None if whole else stream,
            dropped=dropped,
        )


def _drawn(
    tables: Iterator[EventTable], most: int, rng: np.random.Generator
) -> tuple[EventTable, Fiducial, int] | None:
    """Draw ``most`` events of a stream, each set of so many with equal chance.

    Every event gets a random key, and those with the smallest keys are kept. Returns them with
    the region of all and their number, None for a stream without events.
    """
    kept: list[EventTable] = []
    keys = np.empty(0)
    regions = []
    total = 0
    for table in tables:
        total += len(table)
        regions.append(Fiducial.found(table))
        kept.append(table)
        keys = np.append(keys, rng.random(len(table)))
        if len(keys) > 2 * most:
            rows, keys = _smallest(EventTable.concatenate(kept), keys, most)
            kept = [rows]
    if not kept:
        return None
    rows, _ = _smallest(EventTable.concatenate(kept), keys, most)
    cuts = {region.cut for region in regions}
    region = Fiducial(
        min(region.Q2_min for region in regions),
        min(region.W2_min for region in regions),
        cuts.pop() if len(cuts) == 1 else None,
    )
    return rows, region, total


def _smallest(table: EventTable, keys: Array, most: int) -> tuple[EventTable, Array]:
    if len(keys) <= most:
        return table, keys
    chosen = np.sort(np.argpartition(keys, most)[:most])
    return table[chosen], keys[chosen]
