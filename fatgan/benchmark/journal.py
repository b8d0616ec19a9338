"""The cells of a benchmark that are done: a file with one line of JSON each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fatgan.atomic import write_text
from fatgan.errors import ConfigError, DataError


class Journal:
    """Cells by name and seed, kept on disk, so that a study goes on where it was stopped.

    Raises
    ------
    DataError
        The file is there and is no journal.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.cells: dict[tuple[str, int], dict[str, Any]] = {}
        try:
            for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
                cell = json.loads(line)
                self.cells[str(cell["name"]), int(cell["seed"])] = cell
        except (ValueError, KeyError, TypeError, OSError):
            raise DataError(f"{path}: damaged; remove it to start again") from None

    def find(self, name: str, seed: int) -> dict[str, Any] | None:
        """Return a cell that is done."""
        return self.cells.get((name, seed))

    def check(self, name: str, seed: int, fingerprint: str) -> None:
        """Refuse a cell that was made of something else."""
        cell = self.find(name, seed)
        if cell is not None and cell.get("fingerprint") != fingerprint:
            raise ConfigError(
                f"{self.path}: '{name}' with seed {seed} was made with another configuration, "
                "budget, number of events or data; choose another folder with -o"
            )

    def add(self, cell: dict[str, Any]) -> None:
        """Keep a cell, on disk as well."""
        self.cells[cell["name"], cell["seed"]] = cell
        lines = [json.dumps(cell, allow_nan=False) for cell in self.cells.values()]
        # all lines anew: a line is there as a whole or not at all
        write_text(self.path, "\n".join(lines) + "\n")
