"""Scores, figures and report of one comparison, in one folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.comparison import Comparison, Events
from analysis.figures import FIGURES, draw_all
from analysis.figures.training import History
from analysis.records import Record
from analysis.report import write_report
from analysis.samples import Sample
from analysis.scoring import chosen_scores, score
from fatgan.events import Fiducial


def steps(scores: Sequence[str] | None = None, history: History | None = None) -> int:
    """Return how many times :func:`validate` calls its ``progress``; arguments as there."""
    return len(chosen_scores(scores)) + len(FIGURES) + (history is not None)


def validate(
    reference: Events,
    sample: Events,
    folder: str | Path,
    *,
    truth: Events | None = None,
    fiducial: Fiducial | None = None,
    labels: tuple[str, str] = ("data", "FAT-GAN"),
    seed: int = 0,
    context: Mapping[str, Any] | None = None,
    progress: Callable[[str], None] | None = None,
    scores: Sequence[str] | None = None,
    history: History | None = None,
    formats: Sequence[str] = ("png",),
) -> list[Record]:
    """Compare a sample with a reference and write all that is to be seen of it.

    Writes ``report.html``, ``report.md``, ``metrics.json``, ``verdict.json`` and
    ``figures/*.png`` into ``folder``. For ``reference`` to ``seed`` see :class:`Comparison`, for
    ``scores`` :func:`analysis.compare`, for ``context`` :func:`analysis.write_report`.

    Parameters
    ----------
    progress
        Called with the name of each step before it begins, :func:`steps` times.
    history
        What the training of the sample recorded, the entries of ``history.json``: adds a figure.
    formats
        ``("png", "pdf")`` writes the figures as PDF, too; the PNGs of the report always are.

    Returns
    -------
    list of Record
        The scores, as in ``metrics.json``.

    Raises
    ------
    DataError
        If the samples cannot be compared or the folder cannot be written.
    ConfigError
        For a score or a format that is not there.
    """
    folder = Path(folder)
    chosen_scores(scores)  # first: a comparison takes time
    comparison = Comparison(
        reference, sample, truth=truth, fiducial=fiducial, seed=seed, labels=labels
    )
    records = score(comparison, scores, progress)
    kinds = ("png", *(kind for kind in formats if kind != "png"))
    figures = draw_all(comparison, folder / "figures", kinds, progress, history)
    write_report(
        records,
        figures,
        folder,
        title=" against ".join(reversed(comparison.labels)),
        reference_label=_title(comparison.reference),
        sample_label=_title(comparison.sample),
        context={**_facts(comparison), **(context or {})},
    )
    return records


def _facts(comparison: Comparison) -> dict[str, Any]:
    """Return what a reader must know of the comparison itself."""
    facts: dict[str, Any] = {"collision": str(comparison.reference.collision)}
    sides = {"reference": comparison.reference, "sample": comparison.sample}
    if comparison.truth is not None:
        sides["further truth"] = comparison.truth
    for role, side in sides.items():
        held = "" if side.complete else f", {len(side.rows):,} of them drawn for what takes memory"
        weighted = "" if side.rows.weights is None else ", weighted"
        facts[role] = f"{_title(side)}{held}{weighted}"
    region = comparison.fiducial
    edges = [f"Q² ≥ {region.Q2_min:.6g} GeV²", f"W² ≥ {region.W2_min:.6g} GeV²"]
    cut = [] if region.cut is None else [region.cut]
    origin = "as declared" if comparison.declared else "as found in the reference"
    facts["region"] = f"{', '.join(edges + cut)} ({origin})"
    facts["seed of the comparison"] = comparison.seed
    return facts


def _title(side: Sample) -> str:
    return f"{side.label} ({side.total:,} events)"
