"""Scores, figures and report of a model at several beam settings, in one folder."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from analysis.checks import single_collision
from analysis.comparison import Comparison
from analysis.figures.plane import draw_x_Q2
from analysis.figures.save import check_formats, save
from analysis.figures.spectra import draw_overview
from analysis.figures.style import styled
from analysis.samples import Sample
from analysis.scoring import score
from analysis.settings.energies import draw_energies
from analysis.settings.page import Figures, write_settings
from analysis.settings.pairs import SettingPair, check_pairs
from analysis.settings.records import SCORES, SettingRecord
from fatgan.events.bounds import is_physical, table_invariants

FIGURES = {"spectra": draw_overview, "x_Q2": draw_x_Q2}
"""Drawn at each setting."""
ENERGIES = "auc"


def steps(settings: int) -> int:
    """Return how many times :func:`validate_settings` calls its ``progress``."""
    return settings * (len(SCORES) + len(FIGURES)) + 1


def validate_settings(
    pairs: Sequence[SettingPair],
    folder: str | Path,
    *,
    seed: int = 0,
    labels: tuple[str, str] = ("data", "FAT-GAN"),
    title: str | None = None,
    context: Mapping[str, Any] | None = None,
    progress: Callable[[str], None] | None = None,
    formats: Sequence[str] = ("png",),
) -> list[SettingRecord]:
    """Compare samples with their references at several beam settings and write what is to be seen.

    Writes ``settings.json`` (the records), ``settings.md`` and ``report.html`` with one row per
    setting, ``figures/auc.png`` (areas against energy), and for the setting of each row
    ``figures/01_<label>_spectra.png`` and ``..._x_Q2.png`` into ``folder``. Rows are in the order
    of the energies.

    Parameters
    ----------
    pairs
        One per setting.
    folder
        Made if it is not there.
    seed
        Seed of everything drawn: splits, folds.
    labels
        Names of references and samples, for tables without one.
    title
        The head of the report.
    context
        What else a reader must know, as for :func:`analysis.write_report`.
    progress
        Called with the name of each step before it begins, :func:`steps` times.
    formats
        ``("png", "pdf")`` writes the figures as PDF, too; the PNGs of the report always are.

    Returns
    -------
    list of SettingRecord
        One per setting, as in ``settings.json``.

    Raises
    ------
    DataError
        If a pair cannot be compared, two share a label, or the folder cannot be written.
    ConfigError
        For a kind or a format that is not there.
    """
    check_pairs(pairs)
    folder = Path(folder)
    kinds = ("png", *(kind for kind in formats if kind != "png"))
    check_formats(kinds)
    say = progress or (lambda step: None)
    ordered = sorted(pairs, key=lambda pair: pair.sqrt_s)
    # all are checked before the first takes its time, and let go of one by one
    comparisons = deque(
        Comparison(pair.reference, pair.sample, seed=seed, labels=labels) for pair in ordered
    )
    records: list[SettingRecord] = []
    drawn: dict[str, dict[str, Path]] = {}
    for number, pair in enumerate(ordered, start=1):
        comparison = comparisons.popleft()
        records.append(_record(pair, comparison, say))
        for name, draw in FIGURES.items():
            say(f"{pair.label}: figure {name}")
            with styled():
                path = save(draw(comparison), folder / "figures", _file(number, pair, name), kinds)
            drawn.setdefault(pair.label, {})[name] = path
    say("figure of all settings")
    with styled():
        energies = save(draw_energies(records), folder / "figures", ENERGIES, kinds)
    write_settings(
        records,
        Figures(energies, drawn),
        folder,
        title=title or f"{labels[1]} at {len(pairs)} beam settings",
        context={"seed of the comparisons": seed, **(context or {})},
    )
    return records


def _record(pair: SettingPair, comparison: Comparison, say: Callable[[str], None]) -> SettingRecord:
    scores = score(comparison, SCORES, lambda name: say(f"{pair.label}: {name}"))
    n_reference, n_sample = comparison.sizes
    return SettingRecord(
        label=pair.label,
        sqrt_s=float(pair.sqrt_s),
        kind=pair.kind,
        lepton_pdg=single_collision(comparison.reference.rows, "reference").lepton_pdg,
        n_reference=n_reference,
        n_sample=n_sample,
        unphysical=_unphysical(comparison.sample),
        scores=tuple(scores),
    )


def _unphysical(sample: Sample) -> int:
    return sum(
        int(np.count_nonzero(~is_physical(table_invariants(table)))) for table in sample.chunks()
    )


def _file(number: int, pair: SettingPair, name: str) -> str:
    # the number keeps labels apart that differ only in signs which no file name may hold
    safe = "".join(letter if letter.isalnum() or letter in "+-." else "_" for letter in pair.label)
    return f"{number:02d}_{safe}_{name}"
