"""Fill the page and write it with its numbers."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from analysis.records import Record, to_json
from analysis.report.tables import count_rows, other_rows, spectrum_table
from analysis.verdicts import CLASSIFIER, FAIR_SIGMAS, POOR_SIGMAS, light, verdict
from fatgan.atomic import disk_named, replaced_on_success
from fatgan.errors import DataError

CAPTIONS = {
    "overview": "Spectra over their whole range, with the ratio to the reference. Grey bands and "
    "bars are statistical errors; triangles point at ratios outside the panel.",
    "x_Q2": "The x-Q² plane: both samples, contours at fixed fractions of the events, the ratio.",
    "correlations": "Pairs of observables, and the difference in units of its statistical error.",
}


def write_report(
    records: Sequence[Record],
    figures: Mapping[str, Path],
    folder: str | Path,
    *,
    title: str,
    reference_label: str,
    sample_label: str,
    context: Mapping[str, Any] | None = None,
) -> Path:
    """Write ``report.html`` and ``metrics.json`` into a folder and return the page's path.

    Parameters
    ----------
    records
        The scores, as :func:`analysis.compare` returns them.
    figures
        Name to PNG file, as :func:`analysis.draw_all` returns them; they are embedded.
    folder
        Made if it is not there. Both files are complete or not there at all.
    title, reference_label, sample_label
        Words for the heads of page and tables.
    context
        What else a reader must know: data file, checksum, seed, training time, versions. Nested
        values, like a configuration, are shown folded.

    Raises
    ------
    DataError
        If a figure is missing or not a PNG, or the folder cannot be written.
    """
    folder = Path(folder)
    context = dict(context or {})
    page = (
        Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
        .from_string(files("analysis.report").joinpath("report.html").read_text("utf-8"))
        .render(
            title=title,
            verdict=verdict(records),
            overall=_overall(records),
            reference=reference_label,
            sample=sample_label,
            limits=(FAIR_SIGMAS, POOR_SIGMAS),
            spectra=spectrum_table(records),
            others=other_rows(records),
            counts=count_rows(records),
            figures=[_embedded(n, p) for n, p in figures.items() if not n.startswith("spectrum_")],
            details=[_embedded(n, p) for n, p in figures.items() if n.startswith("spectrum_")],
            facts={k: v for k, v in context.items() if not isinstance(v, Mapping | list | tuple)},
            folded={
                key: json.dumps(value, indent=2, default=str, ensure_ascii=False)
                for key, value in context.items()
                if isinstance(value, Mapping | list | tuple)
            },
        )
    )
    for name, text in (("metrics.json", to_json(records)), ("report.html", page)):
        path = folder / name
        with replaced_on_success(path) as unfinished, disk_named(path):
            unfinished.write_text(text, "utf-8")
    return path


def _overall(records: Sequence[Record]) -> str:
    """Return the light of the classifier if there is one, else the worst of all."""
    lights = [light(r) for r in records if r.name == CLASSIFIER] or [light(r) for r in records]
    return next((level for level in ("poor", "fair") if level in lights), "good")


def _embedded(name: str, path: Path) -> dict[str, str]:
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise DataError(f"figure '{name}': {path}: {error.strerror or error}") from error
    if not content.startswith(b"\x89PNG"):
        raise DataError(f"figure '{name}': {path} is not a PNG; only PNGs go into a report")
    data = base64.b64encode(content).decode()
    caption = CAPTIONS.get(name, name.removeprefix("spectrum_"))
    return {"name": name, "caption": caption, "src": f"data:image/png;base64,{data}"}
