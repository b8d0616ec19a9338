"""The configuration of a run: a YAML file holds only what differs from the defaults here."""

from __future__ import annotations

from collections.abc import Mapping
from glob import glob
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from fatgan.adversarial.mmd import MMD
from fatgan.adversarial.objectives import Objective, Wasserstein
from fatgan.adversarial.penalties import GradientPenalty, Penalty
from fatgan.adversarial.settings import TrainingConfig
from fatgan.configuration.reading import checked, override, read_entries
from fatgan.configuration.section import Section
from fatgan.errors import did_you_mean
from fatgan.events import Frame
from fatgan.io import FORMATS
from fatgan.representations import Settings
from fatgan.simulation.design import SimulationConfig

Widths = tuple[Annotated[int, Field(ge=1)], ...]
"""Widths of hidden layers."""


class FileConfig(Section):
    """One of several files, where it differs from the others: its beams, in foreign files."""

    path: Path
    beams: str | None = None
    frame: Frame | None = None
    lepton: Literal[11, -11] = 11


class DataConfig(Section):
    """Which events to learn.

    ``path`` is a file, a folder, a pattern like ``runs/samples/*.root``, or a list of them: files
    of several beams, each of which says its own, or has it said: ``{path: a.root, beams: 10x10}``.
    The other options hold for every file.
    ``held_out`` rows (at most half of the file) never enter the training: validation uses them.
    ``selection`` rows (at most a tenth of the others) do not either: the checkpoint is chosen by
    the distance to them. With 0, or fewer than 100, the last generator is the result.
    """

    path: Path | tuple[Path | FileConfig, ...]
    beams: str | None = None
    frame: Frame | None = None
    lepton: Literal[11, -11] = 11
    format: str | None = None
    tree: str | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    cut: str | None = None
    limit: int | None = Field(None, gt=0)
    units: Literal["GeV", "MeV"] = "GeV"
    max_unphysical: float = Field(0.01, ge=0, lt=1)
    held_out: int = Field(100_000, ge=0)
    selection: int = Field(100_000, ge=0)

    @field_validator("path", mode="before")
    @classmethod
    def _of_files(cls, value: Any) -> Any:
        """Check each entry of a list for itself, so that a mistake is told by its own name."""
        if not isinstance(value, (list, tuple)):
            return value
        if not value:
            raise ValueError("names no file")
        return tuple(
            checked(FileConfig, entry, "data.path") if isinstance(entry, Mapping) else entry
            for entry in value
        )


class NetworkConfig(Section):
    """Sizes of both players: hidden layers, and the dimension of the noise.

    With ``skip`` the generator learns a correction to its noise: it starts as independent normal
    features, which quantile scaling makes the right marginals.
    """

    noise: int = Field(4, ge=1)
    generator: Widths = (64, 64, 64)
    critic: Widths = (64, 64, 64)
    slope: float = Field(0.2, ge=0, lt=1)
    dropout: float = Field(0.0, ge=0, lt=1)
    skip: bool = True


class GenerationConfig(Section):
    """What ``fatgan run`` writes after the training."""

    events: int = Field(1_000_000, ge=1)
    formats: tuple[str, ...] = ("root", "parquet")
    derived: bool = False

    @field_validator("formats")
    @classmethod
    def _are_known(cls, formats: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse an unknown suffix now, and not after the training."""
        known = [suffix.lstrip(".") for item in FORMATS for suffix in item.suffixes]
        for name in formats:
            if name not in known:
                raise ValueError(f"unknown format '{name}'; {did_you_mean(name, known)}")
        return formats


class ValidationConfig(Section):
    """How many generated events are compared with the held-out ones."""

    events: int = Field(100_000, ge=2)


class RunConfig(Section):
    """Everything a run needs; unknown keys are errors.

    ``condition`` names what both networks are told besides: the beams (``Ee``, ``Ep``, ``s``,
    ``lepton``) or further columns of the data. ``simulation`` says which samples ``fatgan
    simulate CONFIG`` makes.
    """

    name: str = "run"
    out: Path | None = None
    seed: int = Field(0, ge=0, lt=2**31)
    data: DataConfig
    condition: tuple[str, ...] = ()
    simulation: SimulationConfig | None = None
    representation: Settings = Settings()
    networks: NetworkConfig = NetworkConfig()
    objective: Objective = Field(Wasserstein(), discriminator="name")
    penalty: Penalty = Field(GradientPenalty(weight=0.1, target=0.0), discriminator="name")
    mmd: MMD = MMD()
    training: TrainingConfig = TrainingConfig()
    generation: GenerationConfig = GenerationConfig()
    validation: ValidationConfig = ValidationConfig()

    @property
    def folder(self) -> Path:
        """The run's folder: ``out``, or ``runs/`` and the name."""
        return self.out or Path("runs") / self.name


def load_config(path: str | Path, overrides: Mapping[str, Any] | None = None) -> RunConfig:
    """Read a YAML file, then apply overrides like ``{"training.max_steps": 100}``.

    A data path in the file is taken from the working folder, or else from the file's own folder
    and those above it, so that a shipped configuration works from anywhere.

    Raises
    ------
    ConfigError
        A file that cannot be read, an unknown key (near matches named), a value out of range.
    """
    path = Path(path)
    entries = read_entries(path)
    _locate_data(entries, path)
    override(entries, overrides or {})
    return parse_config(entries, str(path))


def parse_config(entries: Mapping[str, Any], source: str = "configuration") -> RunConfig:
    """Check plain values and return the configuration."""
    return checked(RunConfig, entries, source)


def matching(path: Path) -> list[Path]:
    """Return the files that a path or a pattern stands for, sorted by name."""
    if path.exists():
        return [path]
    return sorted(Path(name) for name in glob(str(path)))


def _locate_data(entries: dict[str, Any], path: Path) -> None:
    data = entries.get("data")
    if not isinstance(data, dict):
        return
    named = data.get("path")
    if isinstance(named, str):
        entries["data"] = {**data, "path": _located(named, path)}
    elif isinstance(named, list):
        entries["data"] = {**data, "path": [_located_entry(each, path) for each in named]}


def _located_entry(entry: Any, config: Path) -> Any:
    if isinstance(entry, str):
        return _located(entry, config)
    if isinstance(entry, dict) and isinstance(entry.get("path"), str):
        return {**entry, "path": _located(entry["path"], config)}
    return entry


def _located(named: str, config: Path) -> str:
    for folder in (Path(), *config.resolve().parents):
        if matching(folder / named):
            return str(folder / named)
    return named
