"""Studies of many cells that go on where they were stopped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from fatgan.benchmark import journal

ROOT = Path(__file__).resolve().parents[2]


class Journal(journal.Journal):
    """The cells of a study that are done, in ``runs/<study>/cells.jsonl``."""

    def __init__(self, study: str) -> None:
        super().__init__(ROOT / "runs" / study / "cells.jsonl")

    def ensure(self, make: Callable[[], dict[str, Any]], **key: Any) -> None:
        """Make a cell unless one with this key is there; the key goes into the cell."""
        if self.find(**key) is None:
            self.add({**key, **make()})
            print(*key.values(), flush=True)
