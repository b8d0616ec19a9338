"""Studies of many cells that go on where they were stopped: one line of JSON per cell done."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class Journal:
    """The cells of a study that are done, in ``runs/<study>/cells.jsonl``."""

    def __init__(self, study: str) -> None:
        self.folder = ROOT / "runs" / study
        self.folder.mkdir(parents=True, exist_ok=True)
        self._log = self.folder / "cells.jsonl"
        lines = self._log.read_text().splitlines() if self._log.exists() else []
        self.cells: list[dict[str, Any]] = [json.loads(line) for line in lines]

    def ensure(self, make: Callable[[], dict[str, Any]], **key: Any) -> None:
        """Make a cell unless one with this key is there; the key goes into the cell."""
        if any(all(cell[name] == value for name, value in key.items()) for cell in self.cells):
            return
        cell = {**key, **make()}
        self.cells.append(cell)
        with self._log.open("a") as file:
            file.write(json.dumps(cell) + "\n")
        print(*key.values(), flush=True)
