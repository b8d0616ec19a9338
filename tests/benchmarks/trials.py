"""The trials behind the default recipe: one change at a time, the same steps, one table.

``make trials`` runs what is missing and writes ``configs/TRIALS.md``. Trials learn 1,000,000
simulated events and are measured against 2,000,000 more, all of them apart from the samples of
``make benchmark-fidelity``: what was chosen here is not what is reported there. Budgets are steps,
so that a slow hour of the machine does not decide.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, partial
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
from expected import expected_chi2
from fidelity.samples import SETTINGS
from journal import ROOT, Journal
from simulated import EIC, HERA, SYMMETRIC, Setting, simulated

from fatgan import EventTable
from fatgan.adversarial.divergence import Divergence
from fatgan.atomic import write_text
from fatgan.benchmark.table import line
from fatgan.configuration.reading import parse_override
from fatgan.generator.config import load_config
from fatgan.generator.data import Split
from fatgan.generator.sample import EventGenerator
from fatgan.generator.train import train

FOLDER, PAGE = ROOT / "runs" / "trials", ROOT / "configs" / "TRIALS.md"
TRAINING, TRUTH = (1_000_000, 101), (2_000_000, 102)
"""Events and seed."""
MARK = "<!-- `make trials` writes what follows -->"
TEST = 200_000
"""Events a side at which chi2 is quoted: those of the bars."""


class Variant(NamedTuple):
    """A recipe: what differs from the defaults, as ``key=value``, its steps, and where tried."""

    name: str
    changes: str
    steps: int = 5000
    settings: tuple[Setting, ...] = (HERA,)
    seed: int = 1


SCHEDULE = "training.averaging=0.999 training.decay_to=0.01 "
"""The schedule of all trials but the last ones: it was the default before them."""
PAIRS = SCHEDULE + "objective.name=relativistic penalty.name=r1_r2 penalty.gamma="
WASSERSTEIN = SCHEDULE + "penalty.name=gradient_penalty penalty.target=0 penalty.weight="
LIPSCHITZ = SCHEDULE + "training.critic_steps=2 penalty.name=gradient_penalty penalty.weight="

VARIANTS = (
    Variant("untrained but for one step", PAIRS + "0.1", steps=1, settings=SETTINGS),
    Variant("relativistic, R1 + R2 0.1, no skip", PAIRS + "0.1 networks.skip=false"),
    Variant("relativistic, R1 + R2 1", PAIRS + "1"),
    Variant("relativistic, R1 + R2 0.1", PAIRS + "0.1", settings=(HERA, EIC)),
    Variant("relativistic, R1 + R2 0.01", PAIRS + "0.01", settings=SETTINGS),
    Variant("relativistic, R1 + R2 0.001", PAIRS + "0.001"),
    Variant("... 0.1, two noise numbers in place of four", PAIRS + "0.1 networks.noise=2"),
    Variant("... 0.1, batch 4,096", PAIRS + "0.1 training.batch=4096", steps=1800),
    Variant("... 0.1, learning rate 0.002", PAIRS + "0.1 training.learning_rate=0.002"),
    Variant("... 0.1, MMD weight 10", PAIRS + "0.1 mmd.weight=10"),
    Variant("... 0.01, no MMD", PAIRS + "0.01 mmd.weight=0"),
    Variant("... 0.01, Adam's beta_2 0.999", PAIRS + "0.01 training.beta_2=0.999"),
    Variant("... 0.01, averaging 0.9995", PAIRS + "0.01 training.averaging=0.9995"),
    Variant(
        "... 0.01, 3 x 32 networks",
        PAIRS + "0.01 networks.generator=[32,32,32] networks.critic=[32,32,32]",
        steps=7000,
    ),
    Variant("WGAN-GP, slope 1, weight 1, 2 critic steps", LIPSCHITZ + "1", steps=4000),
    Variant("... weight 0.1", LIPSCHITZ + "0.1", steps=4000, settings=(HERA, EIC)),
    Variant(
        "... weight 0.1, MMD weight 10, rate 0.002",
        LIPSCHITZ + "0.1 mmd.weight=10 training.learning_rate=0.002",
        steps=4000,
    ),
    Variant("WGAN-GP, slope 0, weight 1", WASSERSTEIN + "1"),
    Variant("... weight 0.3", WASSERSTEIN + "0.3", settings=(HERA, SYMMETRIC)),
    Variant("... weight 0.1", WASSERSTEIN + "0.1", settings=SETTINGS),
    Variant("... weight 0.01", WASSERSTEIN + "0.01"),
    Variant(
        "... weight 0.1, rate down to a tenth",
        WASSERSTEIN + "0.1 training.decay_to=0.1",
        settings=(SYMMETRIC,),
    ),
    Variant("... weight 0.1", WASSERSTEIN + "0.1", 15_000, (SYMMETRIC,), seed=2),
    Variant(
        "... weight 0.1, averaging 0.9997",
        WASSERSTEIN + "0.1 training.averaging=0.9997",
        15_000,
        (HERA,),
        seed=2,
    ),
    Variant("the default, as it came out", "", settings=SETTINGS),
    Variant("... with the relativistic objective", "objective.name=relativistic"),
)


@lru_cache(maxsize=1)
def samples(setting: Setting) -> tuple[EventTable, EventTable]:
    """Return training events and truth, simulated when first asked for."""
    return (
        simulated(setting, *TRAINING, FOLDER / f"{setting.beams}_train.parquet"),
        simulated(setting, *TRUTH, FOLDER / f"{setting.beams}_truth.parquet"),
    )


def plane(table: EventTable) -> np.ndarray:
    """Return ln Q2 and ln y, shape (n, 2): the electron but for its azimuth."""
    return np.stack([np.log(table["Q2"]), np.log(table["y"])], axis=1)


def score(generator: EventGenerator, training: EventTable, truth: EventTable) -> dict[str, Any]:
    """Return the divergence in 1024 cells of (ln Q2, ln y), and chi2/ndf as at 200,000 events.

    chi2/ndf is measured with all events; what is above 1 is scaled to the size of the bars.
    """
    sample = generator.generate(len(truth), seed=1)
    value, error = Divergence(plane(training), plane(truth)).measure([plane(sample)])  # type: ignore[misc]
    chi2 = expected_chi2(sample, truth, TEST)["chi2/ndf"]
    return {"divergence": value, "error": error, "chi2": chi2}


def trial(variant: Variant, setting: Setting) -> dict[str, Any]:
    """Train a variant and score 2,000,000 of its events."""
    training, truth = samples(setting)
    with TemporaryDirectory() as folder:
        entries: dict[str, Any] = {
            "data.path": "simulated",
            "data.selection": 0,
            "seed": variant.seed,
            "out": folder,
            "training.max_steps": variant.steps,
            "training.max_seconds": None,
            **dict(map(parse_override, variant.changes.split())),
        }
        config = load_config(ROOT / "configs" / "quickstart.yaml", entries)
        learned = train(config, progress=False, data=Split(training, truth[:2], truth[:0]))
        return score(learned.generator, training, truth)


def table(cells: Iterable[dict[str, Any]]) -> str:
    """Return one row per trial, in the order of the list."""
    heads = ["trial", "sample", "steps", "10^4 D", "sqrt(D)", "chi2/ndf, mean", "worst"]
    lines = [line(heads), line(["---"] * len(heads))]
    for cell in cells:
        worst = max(cell["chi2"], key=lambda name: cell["chi2"][name])
        value, error = cell["divergence"], cell["error"]
        texts = [cell["name"], cell["setting"], f"{cell['steps']:,}"]
        texts.append(f"{1e4 * value:.2f} ± {1e4 * error:.2f}")
        texts.append(f"{100 * np.sqrt(max(value, 0.0)):.1f} %")
        texts.append(f"{np.mean(list(cell['chi2'].values())):.3f}")
        lines.append(line([*texts, f"{cell['chi2'][worst]:.2f} ({worst})"]))
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run what is missing, then write the page: the text above the table stays as it is."""
    journal = Journal("trials")
    cells = []
    for variant in VARIANTS:
        for setting in variant.settings:
            key = {"name": variant.name, "setting": setting.beams, "steps": variant.steps}
            key |= {"changes": variant.changes, "seed": variant.seed}
            journal.ensure(partial(trial, variant, setting), **key)
            cells.append(journal.find(**key) or {})
    text, _, _ = PAGE.read_text().partition(MARK)
    write_text(PAGE, text + MARK + "\n\n" + table(cells))


if __name__ == "__main__":
    main()
