"""The page of the study: areas by setting with their bars, cross-sections, what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.settings import SettingRecord
from conditional.plan import CASES, EVENTS, Case
from fatgan.benchmark.table import line, over_seeds

Cell = dict[str, Any]
WITHIN = 0.02
"""The bar of interpolated cross-sections."""

WHY = (
    "Two things of the representation carry these numbers. The quantile tables of the features "
    "follow the beams: fitted to the training's settings alone, they make normal variables of the "
    "truth at settings that were not learned, with Kolmogorov distances of at most 0.007 (95,000 "
    "events, of which chance makes 0.004) from 10x10 to 90x90 and at the six of the universal one; "
    "one table for all is off by 0.02 to 0.12. And Pythia's smallest mass of electron and quark, "
    "`mHatMin = 4`, is a side of the box: y m_hat^2 = Q2 + m_q^2 with the light quarks' mass of "
    "0.33 GeV. It is not x s = 16: at Q2 = 2 GeV^2 the events begin at x s = 15.2, and heavier "
    "quarks, 1 % of the events, below that. With one table and without the side the trees had "
    "areas of 0.507 to 0.510 at the learned energies of `cfat_gan` and 0.526 at 90x90 (one seed, "
    "20,000 steps); with the side alone 0.502 to 0.506, and 0.506 at 70x70 (another seed, 11,050 "
    "steps).",
)


def page(cells: Sequence[Cell]) -> str:
    """Return the page, in Markdown."""
    lines = [
        "# The conditional generators",
        "",
        "Made by `make conditional`: each shipped configuration is trained for its time; then "
        f"{EVENTS:,} generated events of each setting stand against as many that Pythia 8 made "
        "with another seed. Values are means over the seeds ± the standard deviation of one; in "
        "brackets is the spread that the area of one comparison of truth with truth has about 0.5. "
        "The machine's two cores were shared with other work.",
        "",
        *WHY,
        "",
    ]
    for name, case in CASES.items():
        own = [cell for cell in cells if cell["name"] == name]
        if own:
            lines += [*_case(case, own), ""]
    return "\n".join(lines)


def _case(case: Case, cells: Sequence[Cell]) -> list[str]:
    steps = ", ".join(f"{cell['steps']:,}" for cell in cells)
    looked = sum(cell["looked_at"] for cell in cells)
    bad = sum(cell["unphysical"] for cell in cells)
    heads = (
        "setting",
        "place",
        "bar",
        "AUC, trees",
        "AUC, network",
        "mean chi2/ndf",
        "x-Q2 chi2/ndf",
        "bar kept",
    )
    lines = [
        f"## `configs/{case.name}.yaml`, {case.seconds:g} s",
        "",
        f"{len(cells)} seed{'s' * (len(cells) > 1)}, {steps} steps. Unphysical, or below the Q2 "
        f"edge: {bad:,} of {looked:,} generated events.",
        "",
        line(heads),
        line(["---"] * len(heads)),
    ]
    by_label: dict[str, list[SettingRecord]] = {}
    for cell in cells:
        for entry in cell["records"]:
            record = SettingRecord.from_dict(entry)
            by_label.setdefault(record.label, []).append(record)
    for label, records in by_label.items():
        trees = over_seeds([record.trees.value for record in records])
        floor, bar = records[0].trees.floor_error, case.bars[label]
        lines.append(
            line(
                [
                    label,
                    records[0].kind,
                    f"{bar:g}",
                    f"{trees} ({floor:.4f})",
                    str(over_seeds([record.network.value for record in records])),
                    str(over_seeds([record.mean_chi2 for record in records])),
                    str(over_seeds([record.plane.value for record in records])),
                    "yes" if trees.mean <= bar else "**no**",
                ]
            )
        )
    return [*lines, "", f"![Areas](conditional_{case.name}.png)", "", *_cross_sections(cells[0])]


def _cross_sections(cell: Cell) -> list[str]:
    """Return the table of cross-sections, which depend on the training's samples alone."""
    heads = ("setting", "interpolated, pb", "simulated, pb", "ratio", f"within {WITHIN:.0%}")
    lines = [line(heads), line(["---"] * len(heads))]
    for entry in cell["cross_sections"]:
        ratio = entry["sigma"] / entry["truth"]
        lines.append(
            line(
                [
                    entry["label"],
                    f"{entry['sigma']:.5g} ± {entry['error']:.2g}",
                    f"{entry['truth']:.5g} ± {entry['truth_error']:.2g}",
                    f"{ratio:.4f}",
                    "yes" if abs(ratio - 1) <= WITHIN else "**no**",
                ]
            )
        )
    return lines
