"""The table over beam settings: one row of cells per setting, for page and Markdown alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from analysis.records import Record
from analysis.report.tables import sizes
from analysis.settings.records import SettingRecord
from analysis.verdicts import Light, light, plus_minus

HEADS = (
    "setting",
    "√s [GeV]",
    "kind",
    "events",
    "AUC (trees)",
    "AUC (network)",
    "worst χ²/ndf",
    "mean χ²/ndf",
    "x-Q² χ²/ndf",
    "unphysical",
)


class Cell(NamedTuple):
    """A text, what it is sorted by, how a score stands to its floor (None: no score), a note."""

    text: str
    key: float | str
    light: Light | None = None
    note: str = ""


def cells(setting: SettingRecord) -> list[Cell]:
    """Return the row of a setting, one cell per head."""
    worst = setting.worst_spectrum
    return [
        Cell(setting.label, setting.label),
        Cell(f"{setting.sqrt_s:.4g}", setting.sqrt_s),
        Cell(setting.kind, setting.kind),
        Cell(sizes(setting.n_reference, setting.n_sample), setting.n_sample),
        _area(setting.trees),
        _area(setting.network),
        Cell(f"{worst.value:.2f}", worst.value, light(worst), f"of {worst.observable}"),
        Cell(f"{setting.mean_chi2:.2f}", setting.mean_chi2),
        Cell(f"{setting.plane.value:.2f}", setting.plane.value, light(setting.plane)),
        Cell(f"{setting.unphysical:,}", setting.unphysical, "poor" if setting.unphysical else None),
    ]


def summary(settings: Sequence[SettingRecord]) -> list[str]:
    """Return the largest area of each kind of setting, and the unphysical events of all."""
    lines = []
    for kind in dict.fromkeys(setting.kind for setting in settings):
        own = [setting for setting in settings if setting.kind == kind]
        worst = max(own, key=lambda setting: max(setting.trees.value, setting.network.value))
        area = max(worst.trees, worst.network, key=lambda record: record.value)
        count = f"{len(own)} {kind} setting{'s' * (len(own) != 1)}"
        lines.append(f"{count}: AUC at most {plus_minus(area.value, area.error)} ({worst.label})")
    events = sum(setting.n_sample for setting in settings)
    broken = sum(setting.unphysical for setting in settings)
    return [*lines, f"unphysical events: {broken:,} of {events:,}"]


def _area(record: Record) -> Cell:
    floor = f"floor {plus_minus(record.floor, record.floor_error)}"
    return Cell(plus_minus(record.value, record.error), record.value, light(record), floor)
