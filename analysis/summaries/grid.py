"""The cells in which a comparison counts events, made once from rows of both sides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.summaries.columns import column
from fatgan.errors import DataError
from fatgan.events import EventTable

Array = NDArray[np.float64]

SPECTRA = ("px", "py", "pz", "E", "pT", "theta", "phi", "x", "Q2", "y", "W")
"""The observables that scores and figures go through, in the order of the report."""
CELLS = 4000
"""Cells per spectrum. Distances between cumulative distributions are exact up to as many events
and miss what lies within a cell above: a few 10^-4 of the events."""
BINS = 50
EVENTS_PER_BIN = 10
WEIGHTED_PER_BIN = 50
"""Fewer bins are made when the smaller sample has fewer events than this in each; where they
have weights, effective ones: a bin's own events must tell their variance."""
TAIL = 0.001
TAIL_EVENTS = 20
"""A tail is the outermost 0.1 % of the reference, and no fewer events than these."""
SLICES = 15


@dataclass(frozen=True)
class SpectrumGrid:
    """Cells of one observable.

    ``edges`` are the inner edges of the cells; ``bins`` and ``tails`` are the numbers of the
    cells with which bins of equal reference population, and below, between and above the
    tails, begin. ``lowest`` stands in for values that are not there.
    """

    name: str
    edges: Array
    bins: NDArray[np.intp]
    tails: NDArray[np.intp]
    lowest: float

    def values(self, table: EventTable) -> Array:
        """Return the observable's finite values, in ln where steep, shape (n,)."""
        values = column(self.name, table)
        return np.where(np.isfinite(values), values, self.lowest)


@dataclass(frozen=True)
class Grid:
    """Cells of all spectra and of the x-Q2 plane: slices in Q2, each cut in x."""

    spectra: dict[str, SpectrumGrid]
    slices: Array
    cuts: tuple[Array, ...]

    @classmethod
    def of(cls, reference: EventTable, sample: EventTable, sizes: tuple[float, float]) -> Grid:
        """Make cells from rows of both sides, for samples of the given (effective) sizes."""
        spectra = {name: _spectrum(name, reference, sample, sizes) for name in SPECTRA}
        Q2, x = (spectra[name].values(reference) for name in ("Q2", "x"))
        weighted = _weighted(reference) or _weighted(sample)
        side = max(2, int(bin_number(*sizes, SLICES**2, weighted=weighted) ** 0.5))
        weights = reference.weights
        slices = equal_population_edges(Q2, side, weights)
        places = np.searchsorted(slices, Q2, side="right")
        cuts = []
        for index in range(len(slices) + 1):
            inside = places == index
            part = None if weights is None else weights[inside]
            cuts.append(
                equal_population_edges(x[inside], side, part) if inside.any() else np.empty(0)
            )
        return cls(spectra, slices, tuple(cuts))

    def plane_cells(self, table: EventTable) -> tuple[NDArray[np.intp], int]:
        """Return the number of each event's cell in the x-Q2 plane, and how many there are."""
        Q2, x = (self.spectra[name].values(table) for name in ("Q2", "x"))
        places = np.searchsorted(self.slices, Q2, side="right")
        cells = np.empty(len(table), dtype=np.intp)
        first = 0
        for index, cuts in enumerate(self.cuts):
            inside = places == index
            cells[inside] = first + np.searchsorted(cuts, x[inside], side="right")
            first += len(cuts) + 1
        return cells, first


def _spectrum(
    name: str, reference: EventTable, sample: EventTable, sizes: tuple[float, float]
) -> SpectrumGrid:
    a, b = column(name, reference), column(name, sample)
    finite = np.isfinite(a)
    if not finite.any():
        raise DataError(f"observable '{name}' has no value in any of {len(a):,} reference events")
    lowest = float(a[finite].min())
    a, b = (np.where(np.isfinite(c), c, lowest) for c in (a, b))
    weighted = _weighted(reference) or _weighted(sample)
    number = bin_number(*sizes, BINS, weighted=weighted)
    bins = equal_population_edges(a, number, reference.weights)
    share = max(TAIL, TAIL_EVENTS / len(a))
    ends = np.array([share, 1 - share])
    tails = np.unique(quantiles(np.sort(a), ends)) if share < 0.5 else np.empty(0)
    edges = np.unique(np.concatenate([_fine(np.concatenate([a, b])), bins, tails]))
    return SpectrumGrid(name, edges, _begin(edges, bins), _begin(edges, tails), lowest)


def _begin(edges: Array, coarse: Array) -> NDArray[np.intp]:
    """Return the numbers of the cells that begin at the coarse edges, after a first 0."""
    return np.append(0, np.searchsorted(edges, coarse) + 1).astype(np.intp)


def _fine(values: Array) -> Array:
    """Return the inner edges of cells of equal population; a value that repeats has its own."""
    distinct = np.unique(values)
    if len(distinct) <= CELLS:
        return distinct[1:]
    return equal_population_edges(values, CELLS)


def quantiles(ordered: Array, steps: Array) -> Array:
    """Return NumPy's linear quantiles of a sorted column, without ordering it once more."""
    places = steps * (len(ordered) - 1)
    below = places.astype(np.intp)
    above = np.minimum(below + 1, len(ordered) - 1)
    return ordered[below] + (places - below) * (ordered[above] - ordered[below])


def _weighted(table: EventTable) -> bool:
    return table.weights is not None and bool(np.ptp(table.weights) > 0)


def bin_number(n: float, m: float, most: int, *, weighted: bool = False) -> int:
    """Return how many bins two samples can fill, at least 2."""
    least = WEIGHTED_PER_BIN if weighted else EVENTS_PER_BIN
    return max(2, min(most, int(min(n, m) / least)))


def equal_population_edges(values: Array, bins: int, weights: Array | None = None) -> Array:
    """Return the inner edges, at most shape (bins - 1,) plus one per repeated value.

    A bin holds its left edge and not its right one. Weights enter with their moduli.
    """
    steps = np.linspace(0, 1, bins + 1)[1:-1]
    if weights is None or not np.any(weights):
        edges = quantiles(np.sort(values), steps)
    else:
        edges = np.quantile(values, steps, weights=np.abs(weights), method="inverted_cdf")
    repeated = edges[1:][np.diff(edges) == 0]
    if values.min() == values.max():
        repeated = edges
    return np.unique(np.concatenate([edges, np.nextafter(repeated, np.inf)]))
