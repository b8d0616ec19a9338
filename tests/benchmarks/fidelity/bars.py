"""The bars: what the default configuration has to reach, and whether it does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from fatgan.benchmark.cell import Cell
from fatgan.benchmark.table import line
from fidelity.measures import (
    CHI2,
    MLP,
    PLANE,
    TREES,
    Measures,
    expected,
    harmonics,
    of_score,
    unphysical,
    worst,
)


class Bar(NamedTuple):
    """A limit to a measure of cells that had a budget; ``single``: for each seed, not the mean."""

    text: str
    budget: float
    limit: float
    measure: Callable[[Cell], Measures]
    single: bool = False


def _bars(budget: float, area: float) -> list[Bar]:
    return [
        Bar("AUC, boosted trees", budget, area, of_score(TREES)),
        Bar("AUC, MLP", budget, area, of_score(MLP)),
        Bar("1-D chi2/ndf, each observable", budget, 1.3, of_score(CHI2)),
        Bar("... in the mean over held-out samples", budget, 1.3, expected(CHI2)),
        Bar("x-Q2 chi2/ndf", budget, 1.3, of_score(PLANE)),
        Bar("... in the mean over held-out samples", budget, 1.3, expected(PLANE)),
        Bar("phi harmonic x sqrt(N), each", budget, 4.0, harmonics, single=True),
        Bar("unphysical events", budget, 0.0, unphysical, single=True),
    ]


BARS = (*_bars(120, 0.504), *_bars(300, 0.502))


def bar_table(ours: Sequence[Cell], floors: Sequence[Cell], due: dict[float, int]) -> str:
    """Return the table of the bars.

    Parameters
    ----------
    ours, floors
        Cells of the default configuration and of the training sample.
    due
        How many cells a budget must have.
    """
    heads = ["bar", "training", "at most", "worst measured", "where", "training sample", "holds"]
    lines = [line(heads), line(["---"] * len(heads))]
    for bar in BARS:
        own = [cell for cell in ours if cell["budget"] == bar.budget]
        found = worst(own, bar.measure, single=bar.single)
        chance = worst(floors, bar.measure, single=bar.single)
        texts = [bar.text, f"{bar.budget:g} s", f"{bar.limit:g}"]
        texts += [str(found.value), found.where] if found else ["–", "–"]
        texts.append(str(chance.value) if chance else "–")
        if found is None:
            holds = "not measured"
        else:
            failed = any(cell["failure"] is not None or cell.get("hopeless") for cell in own)
            holds = "yes" if found.value.mean <= bar.limit and not failed else "**no**"
            measured = sum(bool(bar.measure(cell)) for cell in own)
            if measured < due[bar.budget]:
                holds += f" ({measured} of {due[bar.budget]} cells)"
        lines.append(line([*texts, holds]))
    return "\n".join(lines)
