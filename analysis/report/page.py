"""The report of one comparison: a page, the same in Markdown, and its numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from analysis.figures import CAPTIONS
from analysis.records import Record
from analysis.records import to_json as records_to_json
from analysis.report.markdown import Link, report_markdown
from analysis.report.tables import SIGNS, Tables
from analysis.report.writing import embedded, render, to_json, write_together
from analysis.verdicts import equation, verdict

FOLDED = "spectrum_"
"""Figures whose names begin so are shown when they are asked for."""


class Image(NamedTuple):
    """A figure inside the page."""

    name: str
    caption: str
    src: str


def write_report(
    records: Sequence[Record],
    figures: Mapping[str, Path],
    folder: str | Path,
    *,
    title: str,
    reference_label: str,
    sample_label: str,
    context: Mapping[str, Any] | None = None,
) -> Path:
    """Write a report into a folder and return the page's path.

    The files are ``report.html`` (self-contained), ``report.md``, ``metrics.json`` (the records)
    and ``verdict.json``. None takes its place before all are complete.

    Parameters
    ----------
    records
        The scores, as :func:`analysis.compare` returns them.
    figures
        Name to PNG file, as :func:`analysis.draw_all` returns them; embedded into the page,
        linked from the Markdown.
    folder
        Made if it is not there.
    title, reference_label, sample_label
        Words for the heads of page and tables.
    context
        What else a reader must know: data file, checksum, seed, training time, versions. Nested
        values, like a configuration, are shown folded.

    Raises
    ------
    DataError
        If a figure is missing or not a PNG, or the folder cannot be written.
    """
    folder = Path(folder)
    context = dict(context or {})
    outcome, tables = verdict(records), Tables.of(records)
    subtitle = f"{sample_label} against {reference_label}"
    facts = {k: v for k, v in context.items() if not isinstance(v, Mapping | list | tuple)}
    images = [_embedded(name, path) for name, path in figures.items()]
    page = render(
        "report.html",
        title=title,
        subtitle=subtitle,
        verdict=outcome,
        equation=equation,
        tables=tables,
        signs=SIGNS,
        figures=[image for image in images if not image.name.startswith(FOLDED)],
        details=[image for image in images if image.name.startswith(FOLDED)],
        facts=facts,
        folded={
            key: json.dumps(value, indent=2, default=str, ensure_ascii=False)
            for key, value in context.items()
            if key not in facts
        },
    )
    links = [Link(name, caption(name), path) for name, path in figures.items()]
    contents = {
        "metrics.json": records_to_json(records),
        "verdict.json": to_json(asdict(outcome)),
        "report.md": report_markdown(title, subtitle, outcome, tables, links, facts, folder),
        "report.html": page,
    }
    write_together(folder, contents)
    return folder / "report.html"


def caption(name: str) -> str:
    """Return the line under a figure, its name if there is none."""
    return CAPTIONS.get(name, name.removeprefix(FOLDED))


def _embedded(name: str, path: Path) -> Image:
    return Image(name, caption(name), embedded(name, path))
