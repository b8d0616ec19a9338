"""Progress bars on standard error, for everything that takes more than a moment."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


@contextmanager
def stepped(description: str, total: int) -> Iterator[Callable[[str], None]]:
    """Show a bar of so many steps; yield what is to be called with each one's name as it begins."""
    begun = itertools.count()  # a step is told when it begins: so many are done before it
    with bar(description, total) as update:
        yield lambda step: update(next(begun), step)


@contextmanager
def bar(description: str, total: float) -> Iterator[Callable[..., None]]:
    """Show a bar while the block runs.

    Yields
    ------
    A function ``update(done, note="")``: how much of ``total`` is done, and a word beside it.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )
    # in a notebook too: its widgets need a further package
    with Progress(*columns, console=Console(stderr=True, force_jupyter=False)) as progress:
        task = progress.add_task(description, total=total, note="")

        def update(done: float, note: str = "") -> None:
            progress.update(task, completed=done, note=note)

        yield update
        progress.update(task, completed=total)
