"""The tables of the page: rows of cells, means over seeds with the deviation of a single seed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from fatgan.benchmark.cell import Cell
from fatgan.benchmark.table import Value, floor, line
from fidelity.measures import (
    CHI2,
    MLP,
    PLANE,
    TREES,
    expected,
    harmonics,
    mean_of,
    of_score,
    time_to,
    worst,
)

Groups = dict[str, list[Cell]]

AREA = 0.55
NONE = "–"
NUMBERS: dict[str, Callable[[Cell], float]] = {
    "AUC, trees": lambda cell: of_score(TREES)(cell)[""],
    "AUC, MLP": lambda cell: of_score(MLP)(cell)[""],
    "chi2/ndf, mean": lambda cell: float(np.mean(list(of_score(CHI2)(cell).values()))),
    "x-Q2 chi2/ndf": lambda cell: of_score(PLANE)(cell)[""],
}
"""What is quoted of every cell with scores."""
LAWS = dict(zip(NUMBERS, (TREES, MLP, CHI2, PLANE), strict=True))


def by_label(cells: Iterable[Cell]) -> Groups:
    """Return the seeds of each model and budget, in the order in which they come."""
    groups: Groups = {}
    for cell in cells:
        groups.setdefault(label(cell), []).append(cell)
    return groups


def label(cell: Cell) -> str:
    """Return ``default, 120 s``: a model's name and budget, and its device unless a CPU."""
    budget = f", {cell['budget']:,g} s" if cell["budget"] else ""
    device = f" on a {cell['device']}" if cell.get("device", "CPU") != "CPU" else ""
    return f"{cell['name']}{budget}{device}"


def model_table(cells: Sequence[Cell]) -> str:
    """Return a row per model of one setting, with the law of samples of one truth on top."""
    heads = ["model", "seeds", *NUMBERS, "chi2/ndf, worst", "phi harmonic x sqrt(N), largest"]
    lines = [line([*heads, f"to AUC {AREA}"]), line(["---"] * (len(heads) + 1))]
    law = floor(cells)
    if law is not None:
        texts = [str(law.values[score]) for score in LAWS.values()]
        lines.append(line(["*one truth*", "", *texts, "", "", ""]))
    for name, own in by_label(cells).items():
        done = [cell for cell in own if cell["failure"] is None]
        counted = f"{len(done)} of {len(own)}" if len(done) < len(own) else str(len(done))
        chi2, ripple = worst(done, of_score(CHI2)), worst(done, harmonics, single=True)
        texts = [_text(mean_of(done, measure)) for measure in NUMBERS.values()]
        texts.append(f"{chi2.value} ({chi2.where.split()[0]})" if chi2 else NONE)
        texts.append(f"{ripple.value.mean:.2f}" if ripple else NONE)
        lines.append(line([name, counted, *texts, time_to(own, AREA)]))
    return "\n".join([*lines, *failures(cells)])


def failures(cells: Iterable[Cell]) -> list[str]:
    """Return a line for each cell without scores."""
    failed = [cell for cell in cells if cell["failure"] is not None]
    if not failed:
        return []
    return ["", *(f"- {label(cell)}, seed {cell['seed']}: {cell['failure']}" for cell in failed)]


def chi2_table(settings: dict[str, Groups]) -> str:
    """Return chi2/ndf per observable: a column for each setting and each of its groups.

    In brackets what it would be in the mean over held-out samples.
    """
    columns = {
        f"{setting}: {name}": cells
        for setting, groups in settings.items()
        for name, cells in groups.items()
    }
    scored = {name: [c for c in cells if c["failure"] is None] for name, cells in columns.items()}
    first = next((cells[0] for cells in scored.values() if cells), None)
    lines = [line(["observable", *columns]), line(["---"] * (len(columns) + 1))]
    for name in of_score(CHI2)(first) if first else ():
        texts = []
        for cells in scored.values():
            value = mean_of(cells, lambda cell, name=name: of_score(CHI2)(cell)[name])
            over = mean_of(cells, lambda cell, name=name: expected(CHI2)(cell).get(name))
            texts.append(_text(value) + (f" ({over.mean:.2f})" if over else ""))
        lines.append(line([name, *texts]))
    return "\n".join(lines)


def speed_table(cells: Sequence[Cell]) -> str:
    """Return a row per model of one setting: speed, and events outside what is physical."""
    trained = [cell for cell in cells if cell["budget"]]
    if not trained:
        return ""
    heads = ["model", "steps", "training [s]", "events/s", "redrawn"]
    heads += ["unphysical", "below the edges", "of"]
    lines = [line(heads), line(["---"] * len(heads))]
    for name, own in by_label(trained).items():
        values = {
            entry: mean_of(own, lambda cell, entry=entry: cell.get(entry))
            for entry in ("steps", "seconds", "rate", "redrawn", "unphysical", "outside")
        }
        redrawn = values.pop("redrawn")
        texts = [NONE if value is None else f"{value.mean:,.0f}" for value in values.values()]
        texts.insert(3, NONE if redrawn is None else f"{100 * redrawn.mean:.2f} %")
        events = {cell["streamed"] for cell in own if "streamed" in cell}
        lines.append(line([name, *texts, f"{max(events):,}" if events else NONE]))
    return "\n".join(lines)


def _text(value: Value | None) -> str:
    return NONE if value is None else str(value)
