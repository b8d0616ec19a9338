"""The trials behind the default recipe: one change at a time, the same steps, one table.

``make trials`` runs what is missing and writes ``configs/TRIALS.md``. Trials learn 1,000,000
simulated events and are measured against 2,000,000 more, all of them apart from the samples of
``make benchmark-fidelity``: what was chosen here is not what is reported there. Budgets are steps,
so that a slow hour of the machine does not decide.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
from fidelity.samples import SETTINGS, Setting
from journal import ROOT

from analysis import compare
from fatgan import Collision, EventTable, read, write
from fatgan.adversarial.divergence import Divergence
from fatgan.generator.config import parse_config
from fatgan.generator.data import Split
from fatgan.generator.train import train
from fatgan.simulation import simulate

FOLDER, PAGE = ROOT / "runs" / "trials", ROOT / "configs" / "TRIALS.md"
TRAINING, TRUTH = (1_000_000, 101), (2_000_000, 102)
"""Events and seed."""
TEST = 200_000
"""Events a side at which chi2 is quoted: those of the bars."""


class Variant(NamedTuple):
    """A recipe: its steps, and what differs from the reference, as sections of a config."""

    steps: int
    changes: dict[str, Any]
    settings: tuple[Setting, ...] = SETTINGS[:1]


@lru_cache(maxsize=1)
def samples(setting: Setting) -> tuple[EventTable, EventTable]:
    """Return training events and truth, simulated when first asked for."""
    made = []
    for name, (n, seed) in (("train", TRAINING), ("truth", TRUTH)):
        path = FOLDER / f"{setting.beams}_{name}.parquet"
        if not path.exists():
            write(simulate(n, Collision.parse(setting.beams), setting.Q2_min, seed), path)
        made.append(read(path))
    return made[0], made[1]


def plane(table: EventTable) -> np.ndarray:
    """Return ln Q2 and ln y, shape (n, 2): the electron but for its azimuth."""
    return np.stack([np.log(table["Q2"]), np.log(table["y"])], axis=1)


def score(sample: EventTable, training: EventTable, truth: EventTable) -> dict[str, Any]:
    """Return the divergence in 1024 cells of (ln Q2, ln y), and chi2/ndf as at 200,000 events.

    chi2/ndf is measured with all events; what is above 1 is scaled to the size of the bars.
    """
    value, error = Divergence(plane(training), plane(truth)).measure([plane(sample)])  # type: ignore[misc]
    scale = TEST / 2 * (1 / len(sample) + 1 / len(truth))
    records = compare(truth, sample, scores=("chi2/ndf",))
    chi2 = {str(r.observable): 1 + scale * (r.value - 1) for r in records}
    return {"divergence": value, "error": error, "chi2": chi2}


def trial(variant: Variant, setting: Setting) -> dict[str, Any]:
    """Train a variant and score 2,000,000 of its events."""
    training, truth = samples(setting)
    with TemporaryDirectory() as folder:
        budget = {"max_steps": variant.steps, **variant.changes.get("training", {})}
        data = {"path": "simulated", "selection": 0}
        entries = {**variant.changes, "seed": 1, "out": folder, "data": data, "training": budget}
        learned = train(
            parse_config(entries), progress=False, data=Split(training, truth[:2], truth[:0])
        )
        made = learned.generator.generate(len(truth), seed=1)
    return {"steps": variant.steps, **score(made, training, truth)}


def page(cells: Iterable[dict[str, Any]]) -> str:
    """Return the table: one row per trial, in the order of the list."""
    lines = [
        "| trial | sample | steps | D | sqrt(D) | mean chi2/ndf | worst chi2/ndf |",
        "|---|---|---|---|---|---|---|",
    ]
    for cell in cells:
        worst = max(cell["chi2"], key=lambda name: cell["chi2"][name])
        rms = np.sqrt(max(cell["divergence"], 0.0))
        lines.append(
            f"| {cell['name']} | {cell['setting']} | {cell['steps']:,} "
            f"| {1e4 * cell['divergence']:.2f} ± {1e4 * cell['error']:.2f} | {100 * rms:.1f} % "
            f"| {np.mean(list(cell['chi2'].values())):.3f} | {cell['chi2'][worst]:.2f} ({worst}) |"
        )
    return "\n".join(lines) + "\n"
