"""The cells of a study that are done: a file with one line of JSON each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fatgan.atomic import write_text
from fatgan.errors import ConfigError, DataError


class Journal:
    """Cells, kept on disk, so that a study goes on where it was stopped.

    A cell is found by any of its entries; a benchmark's has a ``name`` and a ``seed``.

    Raises
    ------
    DataError
        The file is there and is no journal.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.cells: list[dict[str, Any]] = []
        try:
            lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
            self.cells = [dict(json.loads(line)) for line in lines]
        except (ValueError, TypeError, OSError):
            raise DataError(f"{path}: damaged; remove it to start again") from None

    def find(self, **key: Any) -> dict[str, Any] | None:
        """Return the cell with these entries, if it is done."""
        for cell in self.cells:
            if all(cell.get(name) == value for name, value in key.items()):
                return cell
        return None

    def check(self, name: str, seed: int, fingerprint: str) -> None:
        """Refuse a cell that was made of something else."""
        cell = self.find(name=name, seed=seed)
        if cell is not None and cell.get("fingerprint") != fingerprint:
            raise ConfigError(
                f"{self.path}: '{name}' with seed {seed} was made with another configuration, "
                "budget, number of events or data; choose another folder with -o"
            )

    def add(self, cell: dict[str, Any]) -> None:
        """Keep a cell, on disk as well."""
        self.cells.append(cell)
        lines = [json.dumps(cell, allow_nan=False) for cell in self.cells]
        # all lines anew: a line is there as a whole or not at all
        write_text(self.path, "\n".join(lines) + "\n")
