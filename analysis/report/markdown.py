"""Reports in Markdown: the same verdict and tables as the page, with links to the figures."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from analysis.ranking import Place, Ranking
from analysis.report.tables import SIGNS, Cell, Tables
from analysis.verdicts import Verdict, equation, plus_minus


class Link(NamedTuple):
    """A figure to be linked."""

    name: str
    caption: str
    path: Path


def report_markdown(
    title: str,
    subtitle: str,
    outcome: Verdict,
    tables: Tables,
    figures: Sequence[Link],
    facts: Mapping[str, Any],
    folder: Path,
) -> str:
    """Return the report of one comparison, to be read in ``folder``."""
    parts = [f"# {_escaped(title)}", _escaped(subtitle), f"**{_escaped(str(outcome))}**"]
    if tables.families:
        rows = (
            [f.name, f"{f.sign} {f.p}", f.worst.name, f.worst.value, f.worst.floor, f.worst.events]
            for f in tables.families
        )
        heads = ("score", "p-value", "worst", "value", "floor", "events")
        parts += ["## Scores", table(heads, rows)]
    if tables.spectra.rows:
        names = ["observable", *(column.name for column in tables.spectra.columns)]
        rows = ([name, *map(_in_one, cells)] for name, cells in tables.spectra.rows)
        parts += ["## Scores of single observables", table(names, rows)]
    if tables.others:
        parts += ["## Other scores", table(_HEADS, map(_row, tables.others))]
    if tables.counts:
        parts += ["## Events out of bounds", table(_HEADS, map(_row, tables.counts))]
    if figures:
        parts.append("## Figures")
        parts += [f"![{_escaped(f.caption)}]({_relative(f.path, folder)})" for f in figures]
    if facts:
        rows = ([key, str(value)] for key, value in facts.items())
        parts += ["## Where this comes from", table(("what", "value"), rows)]
    return "\n\n".join(parts) + "\n"


def ranking_markdown(title: str, ranking: Ranking, pages: Mapping[str, str], notes: str) -> str:
    """Return the report of several samples; ``pages`` are the addresses of their own reports."""
    samples = zip(ranking.labels, ranking.mean_ranks, ranking.verdicts, strict=True)
    verdicts = [
        f"| [{_escaped(label)}]({quote(pages[label])}) | {mean:.3g} | {v.passed} of {v.scores} "
        f"| {_escaped(str(v))} |"
        for label, mean, v in samples
    ]
    rows = ([name, *map(_place, row)] for name, row in ranking.places.items())
    parts = [
        f"# {_escaped(title)}",
        _escaped(notes),
        "\n".join(["| sample | mean rank | passed | verdict |", "|---|---|---|---|", *verdicts]),
        "## Ranks by score",
        table(("score", *ranking.labels), rows),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of escaped cells."""
    lines = [heads, *rows]
    text = ["| " + " | ".join(map(_escaped, line)) + " |" for line in lines]
    return "\n".join([text[0], "|---" * len(heads) + "|", *text[1:]])


_HEADS = ("score", "value", "floor", "sigmas", "p-value", "events")


def _row(cell: Cell) -> list[str]:
    return [
        cell.name,
        cell.value,
        cell.floor,
        cell.sigmas,
        f"{cell.sign} {cell.p}",
        cell.events,
    ]


def _in_one(cell: Cell | None) -> str:
    return "" if cell is None else f"{cell.sign} {cell.value} (floor {cell.floor}, {cell.equation})"


def _place(place: Place) -> str:
    worst = f"{place.worst.label} {plus_minus(place.worst.value, place.worst.error)}"
    return f"{place.rank:g}: {SIGNS[place.light]} {equation(place.p_value)}; {worst}"


def _relative(path: Path, folder: Path) -> str:
    return quote(Path(os.path.relpath(path, folder)).as_posix())


def _escaped(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    for sign in "\\`*_[]<>|":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())
