"""The report over beam settings: a page, the same in Markdown, and its numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from analysis.figures import CAPTIONS
from analysis.report import markdown
from analysis.report.tables import SIGNS
from analysis.report.writing import embedded, render, to_json, write_together
from analysis.settings.pairs import KINDS
from analysis.settings.records import SettingRecord
from analysis.settings.table import HEADS, Cell, cells, summary

ENERGIES = (
    "Area under the ROC curve of two classifiers that try to tell the sample from the truth, "
    "against the centre-of-mass energy; 0.5 cannot. Settings of nearly one energy are drawn "
    "beside each other."
)
SPECTRA = f"spectra: {CAPTIONS['overview']}"
PLANE = f"x-Q²: {CAPTIONS['x_Q2']}"
PANELS = {"spectra": SPECTRA, "x_Q2": PLANE}
"""What the figures of each setting show."""


@dataclass(frozen=True)
class Figures:
    """PNG files: areas against energy, and by label of the setting and name of the figure."""

    energies: Path
    settings: Mapping[str, Mapping[str, Path]]


def write_settings(
    settings: Sequence[SettingRecord],
    figures: Figures,
    folder: str | Path,
    *,
    title: str,
    context: Mapping[str, Any],
) -> Path:
    """Write ``report.html``, ``settings.md`` and ``settings.json``; return the page's path.

    Parameters
    ----------
    settings
        Rows of the table, in their order.
    figures
        Embedded into the page, linked from the Markdown.
    folder
        Made if it is not there. None of the files takes its place before all are complete.
    title
        The head of page and Markdown.
    context
        What else a reader must know, by name.

    Raises
    ------
    DataError
        If the folder cannot be written.
    """
    folder = Path(folder)
    contents = {
        "settings.json": to_json([setting.to_dict() for setting in settings]),
        "settings.md": _markdown(settings, figures, folder, title, context),
        "report.html": _page(settings, figures, title, context),
    }
    write_together(folder, contents)
    return folder / "report.html"


def _page(
    settings: Sequence[SettingRecord], figures: Figures, title: str, context: Mapping[str, Any]
) -> str:
    return render(
        "settings.html",
        "analysis.settings",
        title=title,
        summary=summary(settings),
        heads=HEADS,
        rows=[(setting.label, cells(setting)) for setting in settings],
        kinds=KINDS,
        signs=SIGNS,
        energies=(ENERGIES, embedded("AUC", figures.energies)),
        panels={
            label: [(PANELS[name], embedded(name, path)) for name, path in own.items()]
            for label, own in figures.settings.items()
        },
        facts=context,
    )


def _markdown(
    settings: Sequence[SettingRecord],
    figures: Figures,
    folder: Path,
    title: str,
    context: Mapping[str, Any],
) -> str:
    rows = ([_in_one(cell) for cell in cells(setting)] for setting in settings)
    parts = [
        f"# {title}",
        "\n".join(f"- {line}" for line in summary(settings)),
        markdown.table(HEADS, rows),
        _linked("AUC against energy", figures.energies, folder),
        ENERGIES,
    ]
    for label, own in figures.settings.items():
        parts += [f"## {label}", *(_linked(name, path, folder) for name, path in own.items())]
    if context:
        facts = ([key, str(value)] for key, value in context.items())
        parts += ["## Where this comes from", markdown.table(("what", "value"), facts)]
    return "\n\n".join(parts) + "\n"


def _in_one(cell: Cell) -> str:
    sign = "" if cell.light is None else f"{SIGNS[cell.light]} "
    return f"{sign}{cell.text}" + (f" ({cell.note})" if cell.note else "")


def _linked(name: str, path: Path, folder: Path) -> str:
    return f"![{name}]({quote(path.relative_to(folder).as_posix())})"
