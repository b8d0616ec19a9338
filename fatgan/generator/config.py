"""The configuration of a run: a YAML file holds only what differs from the defaults here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)

from fatgan.adversarial.mmd import MMD
from fatgan.adversarial.objectives import Objective, Wasserstein
from fatgan.adversarial.penalties import GradientPenalty, Penalty
from fatgan.errors import ConfigError, did_you_mean
from fatgan.events import Frame
from fatgan.generator.config_errors import UNIONS, explain
from fatgan.io import FORMATS
from fatgan.representations import Settings

Widths = tuple[Annotated[int, Field(ge=1)], ...]
"""Widths of hidden layers."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class DataConfig(_Section):
    """Which events to learn.

    ``held_out`` rows (at most half of the file) never enter the training: validation uses them.
    ``selection`` rows (at most a tenth of the others) do not either: the checkpoint is chosen by
    the distance to them. With 0, or fewer than 100, the last generator is the result.
    """

    path: Path
    beams: str | None = None
    frame: Frame | None = None
    lepton: Literal[11, -11] = 11
    tree: str | None = None
    columns: dict[str, str] = {}
    cut: str | None = None
    limit: int | None = Field(None, gt=0)
    units: Literal["GeV", "MeV"] = "GeV"
    max_unphysical: float = Field(0.01, ge=0, lt=1)
    held_out: int = Field(100_000, ge=0)
    selection: int = Field(100_000, ge=0)


class NetworkConfig(_Section):
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


class TrainingConfig(_Section):
    """The course of a training. ``max_seconds`` counts wall time, compilation included.

    Both players have the optimizer; of ``rmsprop`` ``beta_2`` is the decay of the mean square.
    ``stop_at_floor`` ends the training when the distance to the selection rows was below its
    error at three checks running. It saves time, and gives up the annealing that was still to
    come, which makes a generator better also where the rows are too few to see it: 10,000 of them
    see a divergence of 0.001, which is reached early.
    """

    batch: int = Field(1024, ge=2)
    critic_steps: int = Field(1, ge=1)
    optimizer: Literal["adam", "rmsprop"] = "adam"
    learning_rate: float = Field(1e-3, gt=0)
    beta_1: float = Field(0.0, ge=0, lt=1)
    beta_2: float = Field(0.99, ge=0, lt=1)
    decay_to: float = Field(0.1, gt=0, le=1)
    averaging: float = Field(0.9999, ge=0, lt=1)
    max_steps: int = Field(20_000, ge=1)
    max_seconds: float | None = Field(None, gt=0)
    stop_at_floor: bool = False
    steps_per_call: int = Field(50, ge=1)
    jit: bool = True

    @model_validator(mode="after")
    def _has_no_momentum(self) -> Self:
        if self.optimizer == "rmsprop" and self.beta_1:
            raise ValueError("beta_1 is Adam's: leave it out with rmsprop")
        return self


class GenerationConfig(_Section):
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


class ValidationConfig(_Section):
    """How many generated events are compared with the held-out ones."""

    events: int = Field(100_000, ge=2)


class RunConfig(_Section):
    """Everything a run needs; unknown keys are errors."""

    name: str = "run"
    out: Path | None = None
    seed: int = Field(0, ge=0, lt=2**31)
    data: DataConfig
    representation: Settings = Settings()
    networks: NetworkConfig = NetworkConfig()
    objective: Objective = Field(Wasserstein(), discriminator="name")
    penalty: Penalty = Field(GradientPenalty(weight=0.1, target=0.0), discriminator="name")
    mmd: MMD = MMD()
    training: TrainingConfig = TrainingConfig()
    generation: GenerationConfig = GenerationConfig()
    validation: ValidationConfig = ValidationConfig()

    @model_validator(mode="before")
    @classmethod
    def _name_the_default(cls, entries: Any) -> Any:
        """Let ``penalty: {weight: 0.3}`` mean the default penalty, but for its weight."""
        for key in UNIONS:
            given = entries.get(key) if isinstance(entries, dict) else None
            if isinstance(given, dict) and "name" not in given:
                entries = {**entries, key: {**vars(cls.model_fields[key].default), **given}}
        return entries

    @property
    def folder(self) -> Path:
        """The run's folder: ``out``, or ``runs/`` and the name."""
        return self.out or Path("runs") / self.name

    def to_dict(self) -> dict[str, Any]:
        """Return the resolved configuration as plain values."""
        return TypeAdapter(RunConfig).dump_python(self, mode="json")


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
    try:
        entries = yaml.safe_load(path.read_text()) or {}
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ConfigError(f"{path}: cannot read the configuration: {reason}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise ConfigError(f"{path}: not valid YAML{where}") from None
    if not isinstance(entries, dict):
        raise ConfigError(f"{path}: a configuration is a mapping of keys to values")
    _locate_data(entries, path)
    for key, value in (overrides or {}).items():
        _override(entries, key, value)
    return parse_config(entries, str(path))


def parse_config(entries: Mapping[str, Any], source: str = "configuration") -> RunConfig:
    """Check plain values and return the configuration."""
    try:
        return RunConfig.model_validate(dict(entries))
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(f"{source}: {explain(first, RunConfig)}") from None


def parse_override(text: str) -> tuple[str, Any]:
    """Read ``key=value`` of ``--set``; the value is YAML."""
    key, separator, value = text.partition("=")
    if not separator or not key.strip():
        raise ConfigError(f"--set '{text}': write it as key=value, like training.max_steps=1000")
    try:
        return key.strip(), _number(yaml.safe_load(value))
    except yaml.YAMLError:
        raise ConfigError(f"--set '{text}': the value is not valid YAML") from None


def _number(value: Any) -> Any:
    """Read 1e4 as a number, which YAML 1.1 takes for a word, and as a whole one if it is."""
    try:
        number = float(value) if isinstance(value, str) else value
    except ValueError:
        return value
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _locate_data(entries: dict[str, Any], path: Path) -> None:
    data = entries.get("data")
    named = data.get("path") if isinstance(data, dict) else None
    if not isinstance(named, str) or Path(named).exists():
        return
    for folder in path.resolve().parents:
        if (folder / named).exists():
            entries["data"] = {**entries["data"], "path": str(folder / named)}
            return


def _override(entries: dict[str, Any], key: str, value: Any) -> None:
    *sections, last = key.split(".")
    for section in sections:
        inner = entries.get(section)
        if inner is not None and not isinstance(inner, dict):
            raise ConfigError(f"'{key}': '{section}' is a value, not a section")
        entries[section] = dict(inner or {})
        entries = entries[section]
    entries[last] = value
