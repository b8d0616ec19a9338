"""The page of several event generators beside each other and beside data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from analysis.figures.overlay import draw_overlay
from analysis.figures.save import save
from analysis.figures.style import styled
from analysis.ranking import rank
from analysis.records import Record
from analysis.report.tables import SIGNS
from analysis.report.writing import embedded, render, write_together
from analysis.verdicts import equation
from fatgan.events import EventTable


def write_generators(
    tables: Mapping[str, EventTable],
    facts: Mapping[str, Mapping[str, str]],
    folder: str | Path,
    *,
    title: str,
    records: Mapping[str, list[Record]] | None = None,
) -> Path:
    """Write ``generators.html``, self-contained, with its figure; return the page's path.

    Parameters
    ----------
    tables
        Samples of one collision by their labels, two to five; the first is what the others are
        compared with.
    facts
        What is said of each sample, by its label: words by what they mean, like ``cross-section``.
    folder
        Made if it is not there.
    title
        Head of the page.
    records
        Scores of the others by their labels, as :func:`analysis.compare` returns them.

    Raises
    ------
    DataError
        One sample or more than five, or the folder cannot be written.
    """
    folder = Path(folder)
    reference = next(iter(tables))
    heads = list(dict.fromkeys(name for own in facts.values() for name in own))
    rows = {label: [facts[label].get(head, "") for head in heads] for label in tables}
    with styled():
        figure = save(draw_overlay(tables), folder, "generators")
    page = render(
        "generators.html",
        title=title,
        heads=heads,
        rows=rows,
        image=embedded("generators", figure),
        reference=reference,
        ranking=rank(records) if records else None,
        signs=SIGNS,
        equation=equation,
    )
    write_together(folder, {"generators.html": page})
    return folder / "generators.html"
