"""The area under the ROC curve against the centre-of-mass energy, setting by setting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter
from numpy.typing import NDArray

from analysis.figures.style import GRID, REFERENCE, REFERENCE_FILL, SAMPLE, THIRD, short_label
from analysis.records import Record
from analysis.settings.pairs import Kind
from analysis.settings.records import SettingRecord

Array = NDArray[np.float64]

AREAS = (0.495, 0.53)
"""The axis of areas, which grows where points are outside."""
INSIDE, BEYOND = "#e4eff8", "#fdf0e2"
MARKERS: dict[Kind, str] = {"trained": "o", "interpolated": "s", "extrapolated": "^"}
CLASSIFIERS = {"trees": SAMPLE, "network": THIRD}
"""Names of the records of a setting, with their colours."""
MARGIN = 0.05
"""Of the axis, left and right of the outermost settings."""
POINT_GAP, LABEL_GAP = 0.013, 0.025
"""Of the axis: settings of nearly one energy are moved so far apart, and their names."""
SHIFT = 0.003
"""Of the axis: trees to the left of the setting, network to the right."""
WIDTH, HEIGHT = 10.5, 3.7
LEFT, RIGHT, BELOW = 0.9, 0.2, 1.42
"""Inches of the axes, and around them."""
LINE, LETTER = 0.3, 0.09
"""Inches above the axes: of the lines to the names, and of a letter of these."""
LONGEST_NAME = 20
FEW_DECADES = 1.3
"""Up to as many, every digit of the axis of energies is written."""
DIGITS = tuple(float(digit) for digit in range(1, 10))


def draw_energies(settings: Sequence[SettingRecord]) -> Figure:
    """Return the areas of both classifiers with errors and floor against sqrt(s), log axis.

    The region from the lowest to the highest energy of trained and interpolated settings is
    shaded blue, what is beyond it orange. Symbols tell how a setting lies to those of the
    training, which the energy alone does not; positrons have open symbols. The band is the
    floor: 0.5 with the spread between two samples of one truth.

    Parameters
    ----------
    settings
        One or more, in any order.
    """
    settings = sorted(settings, key=lambda setting: (setting.sqrt_s, -setting.lepton_pdg))
    axis = _EnergyAxis([setting.sqrt_s for setting in settings])
    places = spread(axis.places, _gap(POINT_GAP, len(settings)))
    names = [short_label(setting.label, LONGEST_NAME) for setting in settings]
    size = LEFT + WIDTH + RIGHT, BELOW + HEIGHT + LINE + LETTER * (1 + max(map(len, names)))
    figure = Figure(figsize=size)
    box = LEFT / size[0], BELOW / size[1], WIDTH / size[0], HEIGHT / size[1]
    ax = figure.add_axes(box)
    axis.apply(ax)
    _shade(ax, axis, settings, places)
    _draw_floor(ax, axis, settings, places)
    for shift, (name, colour) in zip((-SHIFT, SHIFT), CLASSIFIERS.items(), strict=True):
        for setting, place in zip(settings, places, strict=True):
            energy = axis.energy(place + shift)
            _draw_point(ax, energy, getattr(setting, name), colour, setting)
    _write(ax, axis, names, places)
    ax.set_ylim(*area_limits(settings))
    ax.set_ylabel("area under the ROC curve (AUC)")
    ax.yaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 2.5, 5, 10]))
    ax.grid(axis="y", linewidth=0.4, color=GRID)
    figure.legend(
        handles=_handles(settings),
        loc="lower center",
        bbox_to_anchor=(box[0] + box[2] / 2, 0.0),
        ncols=3,
        columnspacing=3,
        fontsize=10,
    )
    return figure


def area_limits(settings: Sequence[SettingRecord]) -> tuple[float, float]:
    """Return the ends of the axis of areas: 0.495 and 0.53, or what holds all points."""
    records = [getattr(setting, name) for setting in settings for name in CLASSIFIERS]
    low = min(min(r.value - r.error, r.floor - r.floor_error) for r in records)
    high = max(max(r.value + r.error, r.floor + r.floor_error) for r in records)
    headroom = 0.04 * (max(high, AREAS[1]) - min(low, AREAS[0]))
    return (
        AREAS[0] if low >= AREAS[0] else low - headroom,
        AREAS[1] if high <= AREAS[1] else high + headroom,
    )


def spread(places: Array, gap: float) -> Array:
    """Return increasing places, shape (n,), moved as little as can be to lie a gap apart.

    All stay between 0 and 1. "As little" is the smallest sum of squares, which an isotonic
    regression of what is left of the places once the gaps are taken off finds.
    """
    from scipy.optimize import isotonic_regression

    gaps = gap * np.arange(len(places))
    rising = isotonic_regression(places - gaps).x
    return np.clip(rising, 0.0, 1.0 - gaps[-1]) + gaps


class _EnergyAxis:
    """A logarithmic axis of energies: places from 0 to 1 along it, and energies in GeV."""

    def __init__(self, energies: Sequence[float]) -> None:
        low, high = np.log(min(energies)), np.log(max(energies))
        reach = max(high - low, np.log(2.0)) / (1 - 2 * MARGIN)
        self._low = (low + high - reach) / 2
        self._reach = reach
        self.places = (np.log(energies) - self._low) / reach

    def energy(self, place: float) -> float:
        return float(np.exp(self._low + self._reach * place))

    def apply(self, ax: Any) -> None:
        ax.set_xscale("log")
        ax.set_xlim(self.energy(0.0), self.energy(1.0))
        ax.set_xlabel(r"centre-of-mass energy $\sqrt{s}$ [GeV]")
        decades = self._reach / np.log(10.0)
        digits = (1.0, 2.0, 5.0) if decades > FEW_DECADES else DIGITS
        ax.xaxis.set_major_locator(LogLocator(subs=digits, numticks=30))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        ax.xaxis.set_minor_locator(LogLocator(subs=DIGITS, numticks=30))
        ax.xaxis.set_minor_formatter(NullFormatter())


def _gap(gap: float, number: int) -> float:
    return min(gap, (1 - 2 * MARGIN) / number)


def _shade(ax: Any, axis: _EnergyAxis, settings: Sequence[SettingRecord], places: Array) -> None:
    """Shade between the outermost trained and interpolated settings, and beyond."""
    ax.set_facecolor(BEYOND)
    inside = [p for p, s in zip(places, settings, strict=True) if s.kind != "extrapolated"]
    if inside:
        ends = axis.energy(min(inside) - 2.5 * SHIFT), axis.energy(max(inside) + 2.5 * SHIFT)
        ax.axvspan(*ends, color=INSIDE, linewidth=0, zorder=0)


def _draw_floor(
    ax: Any, axis: _EnergyAxis, settings: Sequence[SettingRecord], places: Array
) -> None:
    spreads = np.array([setting.trees.floor_error for setting in settings])
    floors = np.array([setting.trees.floor for setting in settings])
    energies = [axis.energy(place) for place in (0.0, *places, 1.0)]
    low, high = (np.pad(ends, 1, "edge") for ends in (floors - spreads, floors + spreads))
    ax.fill_between(energies, low, high, color=REFERENCE_FILL, linewidth=0, zorder=1)
    ax.plot(energies, np.pad(floors, 1, "edge"), color=REFERENCE, linewidth=0.8, zorder=1)


def _draw_point(ax: Any, energy: float, area: Record, colour: str, setting: SettingRecord) -> None:
    ax.errorbar(
        energy,
        area.value,
        area.error,
        fmt=MARKERS[setting.kind],
        color=colour,
        markerfacecolor=colour if setting.lepton_pdg > 0 else "white",
        markersize=6,
        elinewidth=1.1,
        zorder=3,
    )


def _write(ax: Any, axis: _EnergyAxis, names: Sequence[str], places: Array) -> None:
    """Write the settings' names above the axes, with lines down to their points."""
    above = spread(places, _gap(LABEL_GAP, len(names)))
    top = 1 + LINE / HEIGHT
    for name, place, name_place in zip(names, places, above, strict=True):
        energies = [axis.energy(p) for p in (place, place, name_place)]
        ax.plot(
            energies,
            [0.0, 1.0, top],
            transform=ax.get_xaxis_transform(),
            color="#8a949c",
            linewidth=0.5,
            clip_on=False,
            zorder=0.5,
        )
        ax.text(
            energies[-1],
            top + 0.01,
            name,
            transform=ax.get_xaxis_transform(),
            rotation=90,
            ha="center",
            va="bottom",
            fontsize=9,
        )


def _handles(settings: Sequence[SettingRecord]) -> list[Any]:
    """Return what stands in the legend, column by column."""

    def point(marker: str, face: str, label: str) -> Line2D:
        return Line2D(
            [], [], linestyle="", marker=marker, color=REFERENCE, markerfacecolor=face, label=label
        )

    positrons = any(setting.lepton_pdg < 0 for setting in settings)
    return [
        *(
            Line2D([], [], color=colour, linewidth=2.5, label=f"AUC, {name}")
            for name, colour in CLASSIFIERS.items()
        ),
        Patch(color=REFERENCE_FILL, label=r"floor: two samples of one truth, $\pm 1\sigma$"),
        *(point(marker, REFERENCE, f"{kind} setting") for kind, marker in MARKERS.items()),
        Patch(facecolor=INSIDE, edgecolor=GRID, label="lowest to highest energy of the training"),
        Patch(facecolor=BEYOND, edgecolor=GRID, label="beyond the energies of the training"),
        *([point("o", "white", "open symbols: positrons")] if positrons else []),
    ]
