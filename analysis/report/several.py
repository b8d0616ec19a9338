"""The report of several samples against one reference."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from analysis.ranking import Ranking
from analysis.report.markdown import ranking_markdown
from analysis.report.tables import SIGNS, sizes
from analysis.report.writing import render, to_json, write_together
from analysis.verdicts import equation, plus_minus, probability

UNEQUAL = (
    "The samples are not of one size: a score finds more in more events, so that ranks favour "
    "the smaller ones."
)


def write_ranking(
    ranking: Ranking, folder: str | Path, pages: Mapping[str, str], *, reference_label: str
) -> Path:
    """Write ``report.html``, ``report.md`` and ``ranking.json``; return the page's path.

    Parameters
    ----------
    ranking
        As :func:`analysis.rank` returns it.
    folder
        Made if it is not there. None of the files takes its place before all are complete.
    pages
        Label of a sample to the address of its own report, relative to the folder.
    reference_label
        What the samples were compared with.

    Raises
    ------
    DataError
        If the folder cannot be written.
    """
    folder = Path(folder)
    title = f"{len(ranking.labels)} samples against {reference_label}"
    notes = "" if ranking.equal_sizes else UNEQUAL
    page = render(
        "ranking.html",
        title=title,
        notes=notes,
        ranking=ranking,
        pages=pages,
        signs=SIGNS,
        sizes=sizes,
        plus_minus=plus_minus,
        probability=probability,
        equation=equation,
    )
    contents = {
        "ranking.json": to_json(ranking.to_dict()),
        "report.md": ranking_markdown(title, ranking, pages, notes),
        "report.html": page,
    }
    write_together(folder, contents)
    return folder / "report.html"
