"""The page of the amplification study: factors with their errors, and what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from quantile_cells import LINE, OBSERVABLES, PLANE, TAIL, TAILS, plane, size
from scipy import stats
from truth import EVENTS

MIDDLE = plane(PLANE[2])
"""The cells at which moments of a training are compared."""
CHANCE = 0.05
"""How often chance alone makes the generated events better or worse."""
TEXT = """# Amplification

Made by `make amplification` (`tests/benchmarks/amplification.py`), after A. Butter et al.,
arXiv:2008.06545: N simulated e-p events (27.5x920 GeV, Q2 > 4 GeV2) are learned for {seconds:g} s
(the default configuration; a tenth of the N chooses the checkpoint), and {generated:,} events are
generated. Which know the truth better, the N events or the generated ones? {truth:,} other
simulated events define quantile cells, which hold equal shares of the truth. The mean squared
relative deviation d of the cells' shares is (cells - 1) / n in the mean for n events of the
truth; hence generated events are worth N_eq = (cells - 1) / d of them, and

**amplification = N_eq / N**: above 1 the generated events are better than those that were learned.

Means over {seeds} disjoint training samples with the standard error of that mean. Better or worse
is said where the mean d is off by more than the {limit:.1f} errors that chance exceeds in
{chance:g} % with {seeds} samples (Student's t); of the rest neither can be said. The statistics of
the generated events and of the truth allow N_eq = {ceiling:,.0f} at most. The N events themselves,
measured alike, give {control:.2f} in the mean over all cells and N, where 1 is expected.
"""


class Factor(NamedTuple):
    """An amplification and its standard error."""

    value: float
    error: float

    def __str__(self) -> str:
        digits = 2 if self.value < 10 else 1
        return f"{self.value:.{digits}f} ± {self.error:.{digits}f}"


def factor(cells: Iterable[dict[str, Any]], name: str, stage: str = "result") -> Factor:
    """Return N_eq / N of cells of one N, from the mean deviation over the seeds."""
    taken = list(cells)
    found = np.array([cell[stage]["cells"][name] for cell in taken])
    value = (size(name) - 1) / (taken[0]["events"] * found.mean())
    spread = found.std(ddof=1) / np.sqrt(len(found)) if len(found) > 1 else np.nan
    return Factor(float(value), float(value * spread / found.mean()))


def limit(seeds: int) -> float:
    """Return the errors of a mean over seeds that chance exceeds in :data:`CHANCE`, two-sided."""
    return float(stats.t.isf(CHANCE / 2, seeds - 1))


def verdict(found: Factor, seeds: int) -> str:
    """Return whether generated events are better or worse than the learned ones, or neither."""
    # relative errors are those of the mean deviation, which Student's t holds for
    if not abs(found.value - 1) > limit(seeds) * found.error / found.value:
        return "neither"
    return "better" if found.value > 1 else "worse"


def by_size(cells: Iterable[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    """Return the cells of each N."""
    groups: dict[int, list[dict[str, Any]]] = {}
    for cell in cells:
        groups.setdefault(cell["events"], []).append(cell)
    return dict(sorted(groups.items()))


def page(
    cells: Sequence[dict[str, Any]], seconds: float, generated: int, moments: Sequence[str]
) -> str:
    """Return the page."""
    groups = by_size(cells)
    names = [*(plane(along) for along in PLANE), *OBSERVABLES]
    # deviations are averaged, whose mean has no bias, and not factors
    own = [1 / factor(items, name, "learned").value for items in groups.values() for name in names]
    seeds = min(len(items) for items in groups.values())
    lines = [
        TEXT.format(
            seconds=seconds,
            generated=generated,
            truth=EVENTS,
            seeds=seeds,
            limit=limit(seeds),
            chance=100 * CHANCE,
            ceiling=1 / (1 / generated + 1 / EVENTS),
            control=1 / np.mean(own),
        ),
        *(_said(events, items, names) for events, items in groups.items()),
        "![Amplification by cells and observables](amplification.png)\n",
        "## Cells in x and Q2\n",
        *_table("cells", groups, names[: len(PLANE)], factor, lambda n: f"{size(n):,}"),
        f"\n## {LINE} cells of one observable\n",
        *_table("observable", groups, OBSERVABLES, factor),
        f"\n## Rate beyond truth's {100 * (1 - TAIL):g} % quantile, generated / truth\n",
        "In brackets the statistical error of the N events themselves.\n",
        *_table("observable", groups, TAILS, _rate),
        f"\n## On the way of a training ({size(MIDDLE)} cells in x and Q2)\n",
        f"{_earlier(groups, moments)} The result is the checkpoint that the training chose.\n",
        *_table("moment", groups, [*moments, "result"], lambda c, s: factor(c, MIDDLE, s)),
    ]
    return "\n".join(lines) + "\n"


def _table(
    head: str,
    groups: dict[int, list[dict[str, Any]]],
    names: Sequence[str],
    of: Callable[[list[dict[str, Any]], str], object],
    label: Callable[[str], str] = str,
) -> list[str]:
    heads = [head, *(f"N = {events:,}" for events in groups)]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for name in names:
        row = [label(name), *(str(of(items, name)) for items in groups.values())]
        lines.append(f"| {' | '.join(row)} |")
    return lines


def _rate(cells: list[dict[str, Any]], name: str) -> str:
    rates = np.array([cell["result"]["tails"][name] for cell in cells])
    error = rates.std(ddof=1) / np.sqrt(len(rates)) if len(rates) > 1 else np.nan
    own = np.sqrt((1 - TAIL) / (TAIL * cells[0]["events"]))
    return f"{rates.mean():.2f} ± {error:.2f} ({own:.2f})"


def _said(events: int, cells: list[dict[str, Any]], names: list[str]) -> str:
    """Return a sentence: where generated events are better, worse, and neither."""
    sides: dict[str, list[str]] = {"better": [], "worse": [], "neither": []}
    for name in names:
        found = factor(cells, name)
        where = f"{size(name):,} x-Q2 cells" if name not in OBSERVABLES else name
        sides[verdict(found, len(cells))].append(f"{where} ({found.value:.2g})")
    told = {side: ", ".join(places) or "nowhere" for side, places in sides.items()}
    return (
        f"**N = {events:,}**: the generated events are better than the learned ones in "
        f"{told['better']}; worse in {told['worse']}; neither can be said of {told['neither']}.\n"
    )


def _earlier(groups: dict[int, list[dict[str, Any]]], moments: Sequence[str]) -> str:
    """Return a sentence on over-training: whether an earlier moment was better than the last."""
    better = []
    for events, items in groups.items():
        last = factor(items, MIDDLE, moments[-1])
        for moment in moments[:-1]:
            early = factor(items, MIDDLE, moment)
            # a training's moments are alike, which makes their difference surer than this
            most = limit(len(items)) * np.hypot(early.error, last.error)
            if early.value - last.value > most:
                better.append(f"{moment} at N = {events:,}")
    if not better:
        return (
            "Of no earlier moment can it be said that it was better than the end of the budget, "
            "by the same limit."
        )
    return f"Better than the end of the budget, beyond the same limit: {', '.join(better)}."
