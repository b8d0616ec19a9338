"""Write what samples say of a measurement: a table of agreements, the points, the figure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from analysis.figures.save import save
from analysis.figures.style import styled
from analysis.measurements.agreement import Agreement
from analysis.measurements.comparing import Outcome, outcomes
from analysis.measurements.figure import draw
from analysis.measurements.hera import Measurement
from analysis.measurements.reduced import Coupling, Prediction
from analysis.report.markdown import table
from analysis.report.writing import to_json, write_together

NAME = "hera"
HEADS = ("sample", "points", "chi2 / ndf to the data", "factor", "chi2 / ndf with the factor")


def write(
    folder: Path,
    data: Measurement,
    predictions: Sequence[Prediction],
    coupling: Coupling,
    formats: Sequence[str] = ("png",),
) -> list[Outcome]:
    """Write ``hera.json``, ``hera.md``, ``hera.csv`` and the figure; return what they say.

    Parameters
    ----------
    folder
        Made if it is not there.
    data
        The measurement.
    predictions
        Of the samples, at most five; ratios are taken to the first.
    coupling
        That of the predictions.
    formats
        Of the figure: any of ``png`` and ``pdf``.

    Raises
    ------
    DataError
        No point is covered by all samples, or the folder cannot be written.
    """
    found = outcomes(data, predictions)
    content = {
        "measurement": data.title,
        "alpha": coupling,
        "samples": [o.to_dict() for o in found],
    }
    pages = {
        f"{NAME}.json": to_json(content),
        f"{NAME}.md": f"# {data.title}\n\n" + agreement_table(found) + "\n",
        f"{NAME}.csv": points_csv(data, predictions),
    }
    write_together(folder, pages)
    with styled():
        save(draw(data, predictions), folder, NAME, formats)
    return found


def agreement_table(found: Sequence[Outcome]) -> str:
    """Return a row for each sample in Markdown."""
    rows = [
        [
            outcome.label,
            str(outcome.points),
            str(outcome.to_data),
            f"{outcome.shape.factor:.3f}",
            str(outcome.shape),
            "" if outcome.to_first is None else _with_p(outcome.to_first),
        ]
        for outcome in found
    ]
    return table((*HEADS, f"chi2 / ndf to {found[0].label}"), rows)


def points_csv(data: Measurement, predictions: Sequence[Prediction]) -> str:
    """Return the points and what each sample says of them; nothing where it does not cover one."""
    heads = ["Q2_GeV2", "x", "y", "sigma_r", "error"]
    columns = [data.Q2, data.x, data.y, data.sigma_r, data.error]
    for prediction in predictions:
        name = prediction.label.replace(",", " ")
        heads += [f"sigma_r {name}", f"error {name}"]
        for values in (prediction.sigma_r, prediction.error):
            columns.append(np.where(prediction.usable, values, np.nan))
    rows = np.stack(columns, axis=1)
    lines = [",".join("" if np.isnan(v) else f"{v:.6g}" for v in row) for row in rows]
    return "\n".join([",".join(heads), *lines]) + "\n"


def _with_p(agreement: Agreement) -> str:
    return f"{agreement} (p = {agreement.p_value:.2g})"
