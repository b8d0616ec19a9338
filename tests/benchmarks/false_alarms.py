"""The study of false alarms: truth against truth 200 times, every score, and the verdict.

``make false-alarms`` runs it, and goes on where it was stopped. Results go into
``docs/FALSE_ALARMS.md`` and ``docs/p_values.png``.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from journal import ROOT, Journal
from matplotlib.figure import Figure
from scipy import stats
from truth import truth

from analysis import compare, verdict
from analysis.figures.save import save
from analysis.figures.style import styled
from analysis.scores import DEFAULT, SCORES
from fatgan import EventTable

PAIRS = 200
SIZE = 8_000
COUNTS = ("bounds", "duplicates")
"""Scores of counts that truth never has: their p-value is 1 in nearly every pair."""
PAGE = ROOT / "docs" / "FALSE_ALARMS.md"
TEXT = """# False alarms

Made by `make false-alarms` (`tests/benchmarks/false_alarms.py`): {pairs} independent pairs of
{size:,} simulated events each (27.5x920 GeV, Q2 > 4 GeV2), with as many further events as
`truth`, every score there is. Between samples of one truth each p-value must be uniform: the
last column is the p-value of a Kolmogorov test of that for the score's measurement that obeys
it least; with {tests} measurements in all, chance brings the least of them to about
{expected:.4f}. Counts of events that truth has hardly any of (bounds, duplicates, copies) have
no uniform p-value: theirs is 1 in nearly every pair; those of tails, of about 20 events each, come
in steps.

**The verdict cried wolf in {alarms} of {pairs} pairs ({share:.1f} %)**; it is built for at most
1 %.

| score | measurements | p < 0.05 | p < 0.01 | least Kolmogorov p-value |
|---|---|---|---|---|
"""


def cell(pool: EventTable, pair: int) -> dict[str, Any]:
    """Return all p-values of one pair, and the verdict of the default scores."""
    rows = pool[3 * pair * SIZE : 3 * (pair + 1) * SIZE]
    names = [score.name for score in SCORES]
    parts = rows[:SIZE], rows[SIZE : 2 * SIZE], rows[2 * SIZE :]
    records = compare(*parts[:2], truth=parts[2], seed=pair, scores=names)
    said = verdict([record for record in records if record.score in DEFAULT])
    p_values = {f"{r.score}|{r.label}": r.p_value for r in records}
    return {"p_values": p_values, "distinguishable": said.distinguishable}


def page(cells: list[dict[str, Any]]) -> str:
    """Return the page."""
    columns = p_value_columns(cells)
    uniform = {key: stats.kstest(p, "uniform").pvalue for key, p in columns.items()}
    scores: dict[str, list[str]] = {}
    for key in columns:
        scores.setdefault(key.split("|")[0], []).append(key)
    tested = [key for key, p in columns.items() if not _is_count(p)]
    alarms = sum(item["distinguishable"] for item in cells)
    lines = [
        TEXT.format(
            pairs=len(cells),
            size=SIZE,
            tests=len(tested),
            expected=1 / (1 + len(tested)),
            alarms=alarms,
            share=100 * alarms / len(cells),
        ).rstrip("\n")
    ]
    for name, keys in scores.items():
        p = np.concatenate([columns[key] for key in keys])
        ks = [(uniform[key], key.split("|")[1]) for key in keys if key in tested]
        least = f"{min(ks)[0]:.3f} ({min(ks)[1]})" if ks else "counts"
        rates = " | ".join(f"{100 * np.mean(p < level):.1f} %" for level in (0.05, 0.01))
        lines.append(f"| {name} | {len(keys)} | {rates} | {least} |")
    lines.append("\n![p-values of truth against truth](p_values.png)")
    return "\n".join(lines) + "\n"


def p_value_columns(cells: list[dict[str, Any]]) -> dict[str, np.ndarray]:
    """Return the p-values of each measurement, one per pair."""
    return {key: np.array([c["p_values"][key] for c in cells]) for key in cells[0]["p_values"]}


def _is_count(p_values: np.ndarray) -> bool:
    return bool(np.mean(p_values == 1) > 0.2)


def draw(cells: list[dict[str, Any]]) -> Figure:
    """Return the distributions of the p-values, a line per measurement."""
    figure = Figure(figsize=(6.4, 4.8), layout="constrained")
    ax = figure.subplots()
    steps = np.arange(1, len(cells) + 1) / len(cells)
    for p in p_value_columns(cells).values():
        if not _is_count(p):
            ax.plot(np.sort(p), steps, color="#0072b2", alpha=0.25, linewidth=0.8)
    band = 1.63 / np.sqrt(len(cells))  # 99 % of Kolmogorov's law
    for shift in (-band, 0, band):
        ax.plot([0, 1], [shift, 1 + shift], "k--" if shift else "k-", linewidth=1)
    ax.set(xlim=(0, 1), ylim=(0, 1), xlabel="p-value", ylabel="share of pairs at or below")
    ax.set_title(f"truth against truth, {len(cells)} pairs; dashed: 99 % of one line")
    return figure


def main() -> None:
    """Run what is missing, then write the page and the figure."""
    journal = Journal("false_alarms")
    pool = truth()
    for pair in range(PAIRS):
        journal.ensure(partial(cell, pool, pair), pair=pair)
    PAGE.write_text(page(journal.cells))
    with styled():
        save(draw(journal.cells), PAGE.parent, "p_values")


if __name__ == "__main__":
    main()
