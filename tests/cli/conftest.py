"""Run the command line in this process, as a user meets it: words in, exit status and words out."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from fatgan.cli import main


class Outcome(NamedTuple):
    status: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line of a refusal."""
        assert self.status == 1, self
        assert "Traceback" not in self.err
        lines = [line for line in self.err.splitlines() if line.startswith("fatgan: error:")]
        assert len(lines) == 1, self.err
        return lines[0]


Command = Callable[..., Outcome]


@pytest.fixture
def fatgan(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """Call ``fatgan("inspect", path)``."""
    # rich and typer wrap to the terminal: give them a wide one
    monkeypatch.setenv("COLUMNS", "200")

    def call(*words: object) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["fatgan", *map(str, words)])
        status = 0
        try:
            main()
        except SystemExit as stop:
            status = int(stop.code or 0)
        return Outcome(status, *capfd.readouterr())

    return call


@pytest.fixture
def tiny_config(tiny_entries: dict[str, object], tmp_path: Path) -> Path:
    """The tiny configuration as a file."""
    path = tmp_path / "tiny.yaml"
    path.write_text(yaml.safe_dump(tiny_entries))
    return path


@pytest.fixture
def one_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw one of the figures: what they show is tested where they are made."""
    from analysis.figures import FIGURES

    for name in set(FIGURES) - {"spectrum_px"}:
        monkeypatch.delitem(FIGURES, name)
