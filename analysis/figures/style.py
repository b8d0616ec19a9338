"""One look for all figures: fonts, colours that colour-blind readers tell apart, labels."""

from __future__ import annotations

from contextlib import AbstractContextManager
from textwrap import fill
from typing import Any

import matplotlib as mpl

from analysis.samples import Sample
from fatgan.events import OBSERVABLES

REFERENCE = "#1a1a1a"
REFERENCE_FILL = "#d5d8dc"
SAMPLE = "#d55e00"  # vermillion of Okabe and Ito
THIRD = "#0072b2"  # their blue
# in few steps: easier to read off, and a palette of 256 colours holds them all
DENSITY = mpl.colormaps["cividis"].resampled(24)
DEVIATION = mpl.colormaps["RdBu_r"].resampled(21)
EMPTY = "#ededed"
GRID = "#bbbbbb"

_SETTINGS: dict[Any, Any] = {
    "font.size": 11,
    "font.family": "sans-serif",
    "mathtext.fontset": "dejavusans",
    "axes.labelsize": 12,
    "axes.titlesize": 11,
    "axes.linewidth": 0.8,
    "axes.axisbelow": True,
    "xtick.direction": "in",
    "ytick.direction": "in",
    "xtick.top": True,
    "ytick.right": True,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "legend.frameon": False,
    "legend.fontsize": 10.5,
    "figure.dpi": 110,
    "savefig.dpi": 110,
    "pdf.fonttype": 42,
}


def styled() -> AbstractContextManager[None]:
    """Return a context in which figures are drawn and saved with the house style."""
    return mpl.rc_context(_SETTINGS)


def axis_label(name: str) -> str:
    """Return ``$Q^2$ [GeV$^2$]``: the observable's symbol with its unit."""
    observable = OBSERVABLES[name]
    return observable.label + (f" [{observable.unit}]" if observable.unit else "")


def density_label(name: str) -> str:
    """Return the label of a normalised spectrum, with its unit."""
    observable = OBSERVABLES[name]
    symbol = observable.label.strip("$")
    unit = f" [{_inverse(observable.unit)}]" if observable.unit else ""
    return rf"$\frac{{1}}{{N}}\,\frac{{dN}}{{d{symbol}}}$" + unit


def sample_label(sample: Sample, width: int = 70) -> str:
    """Return ``data (200,000 events)``, over several lines beyond ``width`` letters.

    Of a sample that is not in memory as a whole, it says how many events are drawn of how many.
    """
    drawn = "" if sample.complete else f"{len(sample.rows):,} of "
    # a dollar sign in a file name begins no formula
    return fill(f"{sample.label} ({drawn}{sample.total:,} events)", width).replace("$", r"\$")


def short_label(label: str, width: int = 40) -> str:
    """Return a label of at most ``width`` letters."""
    return (label if len(label) <= width else label[: width - 1] + "…").replace("$", r"\$")


def ratio_label(labels: tuple[str, str]) -> str:
    """Return ``FAT-GAN / data``: what the ratios of reference and sample are."""
    return " / ".join(short_label(label, 18) for label in reversed(labels))


def _inverse(unit: str) -> str:
    base, square, _ = unit.partition("$^2$")
    return f"{base}$^{{-{2 if square else 1}}}$"
