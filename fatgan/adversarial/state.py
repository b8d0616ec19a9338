"""The training state on disk, and what may have changed since when a training is resumed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fatgan.adversarial.bundle import read_model
from fatgan.adversarial.model import AdversarialModel
from fatgan.atomic import disk_named, write_text
from fatgan.errors import ModelError, TrainingError

History = list[dict[str, float]]
"""One entry per compiled call: step, seconds, the terms, and ``distance`` if it was measured."""

_BUDGET = ("max_steps", "max_seconds", "stop_at_floor")


class TrainingState:
    """The training state on disk: the whole model, and what it was trained with.

    Parameters
    ----------
    folder
        Where it is kept.
    fixed
        What a resumed training must find unchanged, as plain values: its configuration, and a
        checksum of its data. Of the section ``training`` the budget may change.
    """

    def __init__(self, folder: Path, fixed: Mapping[str, Any]) -> None:
        self.folder, self.model_path = folder, folder / "state.keras"
        self.best_path = folder / "best.npz"
        self._note = folder / "state.json"
        training = {k: v for k, v in fixed["training"].items() if k not in _BUDGET}
        self._fixed = {**fixed, "training": training}

    def note(self, seconds: float, history: History) -> None:
        """Write beside the checkpoint how it came about."""
        entries = {"seconds": seconds, "config": self._fixed, "history": history}
        write_text(self._note, json.dumps(entries))

    def forget(self) -> None:
        """Remove what another training has left in its place: this one does not go on from it."""
        for path in (self._note, self.best_path):
            with disk_named(path):
                path.unlink(missing_ok=True)

    def load(self) -> tuple[AdversarialModel, float, History]:
        """Return the model as it was saved, the seconds it had spent, and its history."""
        if not (self.model_path.exists() and self._note.exists()):
            raise TrainingError(f"{self.folder}: no checkpoint to resume; train without --resume")
        try:
            note = json.loads(self._note.read_text())
            seconds, history, fixed = float(note["seconds"]), list(note["history"]), note["config"]
        except (ValueError, KeyError, TypeError, OSError):
            raise ModelError(f"{self._note}: damaged; train without --resume") from None
        changed = sorted(_differences(fixed, self._fixed))
        if changed:
            raise TrainingError(
                f"{self.folder}: cannot resume: {', '.join(changed)} changed since; "
                "train without --resume, or into another --out"
            )
        model = read_model(self.model_path, compile=True)
        if not isinstance(model, AdversarialModel):
            raise ModelError(f"{self.model_path}: not a training state of fatgan")
        return model, seconds, history


def _differences(old: Any, new: Any, path: str = "") -> list[str]:
    """Return the dotted keys in which two nested mappings differ."""
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return [] if old == new else [path]
    keys = {*old, *new}
    inner = [_differences(old.get(k), new.get(k), f"{path}.{k}".lstrip(".")) for k in keys]
    return [name for names in inner for name in names]
