"""Scores, figures and report of one comparison, in one folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from analysis.comparison import compare
from analysis.figures import FIGURES, draw_all
from analysis.records import Record
from analysis.report import write_report
from analysis.scores import SCORES
from fatgan.events import EventTable, Fiducial


def steps() -> int:
    """Return how many times :func:`validate` calls its ``progress``."""
    return 2 * len(SCORES) + len(FIGURES)  # a score's value and its floor


def validate(
    reference: EventTable,
    sample: EventTable,
    folder: str | Path,
    *,
    truth: EventTable | None = None,
    fiducial: Fiducial | None = None,
    labels: tuple[str, str] = ("data", "FAT-GAN"),
    seed: int = 0,
    context: Mapping[str, Any] | None = None,
    progress: Callable[[str], None] | None = None,
) -> list[Record]:
    """Compare a sample with a reference and write all that is to be seen of it.

    Writes ``metrics.json``, ``report.html`` and ``figures/*.png`` into ``folder``. For
    ``truth``, ``fiducial`` and ``seed`` see :func:`analysis.compare`, for ``labels``
    :func:`analysis.draw_all`, for ``context`` :func:`analysis.write_report`. ``progress`` is
    called with the name of each step before it begins, :func:`steps` times.

    Returns
    -------
    list of Record
        The scores, as in ``metrics.json``.

    Raises
    ------
    DataError
        If the tables cannot be compared or the folder cannot be written.
    """
    folder = Path(folder)
    records = compare(
        reference, sample, truth=truth, fiducial=fiducial, seed=seed, progress=progress
    )
    figures = draw_all(reference, sample, folder / "figures", labels, progress=progress)
    facts = {
        "collision": str(reference.collision),
        f"{labels[0]} events": f"{len(reference):,}",
        f"{labels[1]} events": f"{len(sample):,}",
        "seed of the comparison": seed,
    }
    write_report(
        records,
        figures,
        folder,
        title=f"{labels[1]} against {labels[0]}",
        reference_label=f"{labels[0]} ({len(reference):,} events)",
        sample_label=f"{labels[1]} ({len(sample):,} events)",
        context={**facts, **(context or {})},
    )
    return records
