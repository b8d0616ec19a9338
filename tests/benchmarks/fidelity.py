"""The fidelity study: both objectives on every beam setting, several seeds, one table.

``make fidelity`` runs it, and goes on where it was stopped. Each cell trains a shipped config,
untouched but for the data path, the beams and the seed, and scores 100,000 generated events against
100,000 held-out ones. Results: ``configs/FIDELITY.md``.
"""

from __future__ import annotations

import argparse
import itertools
import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from journal import ROOT, Journal

FOLDER = ROOT / "runs" / "fidelity"
PAGE = ROOT / "configs" / "FIDELITY.md"
EVENTS = 200_000
SCORED = 100_000


class Setting(NamedTuple):
    """One sample to learn: the shipped one, or one to simulate."""

    beams: str
    q2_min: float
    path: Path | None = None

    @property
    def label(self) -> str:
        origin = "data/" if self.path else "simulated"
        return f"{self.beams}, Q2 > {self.q2_min:g} ({origin})"

    def file(self) -> Path:
        if self.path is not None:
            return self.path
        path = FOLDER / f"{self.beams}_q2_{self.q2_min:g}.root"
        if not path.exists():
            from fatgan import Collision, write
            from fatgan.simulation import simulate

            write(simulate(EVENTS, Collision.parse(self.beams), self.q2_min, 11), path)
        return path


SETTINGS = (
    Setting("27.5x920", 4.0, ROOT / "data" / "ep_nc_dis_27.5x920.root"),
    Setting("18x275", 1.0),
    Setting("50x50", 2.0),
)
CONFIGS = ("quickstart", "wgan_gp_mmd")


def cell(setting: Setting, config: str, seed: int) -> dict[str, Any]:
    """Train and score one cell of the table."""
    from analysis import compare
    from fatgan.generator.config import load_config
    from fatgan.generator.train import train

    overrides = {
        "data.path": str(setting.file()),
        "data.beams": setting.beams,
        "out": str(FOLDER / "run"),
        "seed": seed,
    }
    trained = train(load_config(ROOT / "configs" / f"{config}.yaml", overrides))
    sample = trained.generator.generate(SCORED, seed=seed)
    records = compare(
        trained.data.held_out[:SCORED],
        sample,
        truth=trained.data.training,
        fiducial=trained.generator.transform.fiducial,
        seed=seed,
    )
    training = trained.generator.manifest["training"]
    return {
        "steps": training["steps"],
        "seconds": training["seconds"],
        "redrawn": trained.generator.rejected_share(seed),
        "records": [record.to_dict() for record in records],
    }


def table(cells: Iterable[dict[str, Any]], command: str) -> str:
    """Return the page: a row per setting and configuration, means over the seeds."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for item in cells:
        groups.setdefault((item["setting"], item["config"]), []).append(item)
    lines = [
        "# Fidelity of the shipped configurations",
        "",
        f"Made by `{command}` on {os.cpu_count()} CPU cores; {SCORED:,} generated events against "
        f"{SCORED:,} held-out ones, mean over seeds with the standard deviation of a single seed. "
        "Floors are what samples of one truth give.",
        "",
        "| sample | config | seeds | training | AUC | floor | worst chi2/ndf | floor | "
        "worst harmonic / limit | unphysical | redrawn |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for (setting, config), items in groups.items():
        lines.append(_row(setting, config, items))
    return "\n".join(lines) + "\n"


def _row(setting: str, config: str, items: list[dict[str, Any]]) -> str:
    auc = [_pick(item, "C2ST") for item in items]
    chi2 = [max(_named(item, "chi2/ndf"), key=lambda r: r["value"]) for item in items]
    limit = 4 / np.sqrt(SCORED)
    ripple = max(r["value"] for item in items for r in _named(item, "phi harmonic")) / limit
    bad = sum(r["value"] for item in items for r in _named(item, "bound"))
    seconds = np.mean([item["seconds"] for item in items])
    steps = np.mean([item["steps"] for item in items])
    values = [r["value"] for r in auc]
    spread = np.std(values, ddof=1) if len(values) > 1 else float("nan")
    floor = np.mean([r["floor"] for r in auc])
    worst = np.mean([r["value"] for r in chi2])
    where = ", ".join(sorted({str(r["observable"]) for r in chi2}))
    return (
        f"| {setting} | {config} | {len(items)} | {seconds:.0f} s, {steps:,.0f} steps "
        f"| {np.mean(values):.4f} ± {spread:.4f} "
        f"| {floor:.4f} ± {np.mean([r['floor_error'] for r in auc]):.4f} "
        f"| {worst:.2f} ({where}) | {np.mean([r['floor'] for r in chi2]):.2f} "
        f"| {ripple:.2f} | {bad:.0f} "
        f"| {100 * np.mean([item['redrawn'] for item in items]):.2f} % |"
    )


def _named(item: dict[str, Any], start: str) -> list[dict[str, Any]]:
    return [r for r in item["records"] if r["name"].startswith(start)]


def _pick(item: dict[str, Any], start: str) -> dict[str, Any]:
    return _named(item, start)[0]


def main() -> None:
    """Run what is missing, then write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=2)
    seeds = range(1, parser.parse_args().seeds + 1)
    journal = Journal("fidelity")
    for seed, setting, config in itertools.product(seeds, SETTINGS, CONFIGS):
        key = {"setting": setting.label, "config": config, "seed": seed}
        make = partial(cell, setting, config, seed)
        journal.ensure(make, **key)
    order = [(setting.label, config) for setting in SETTINGS for config in CONFIGS]
    cells = sorted(journal.cells, key=lambda item: order.index((item["setting"], item["config"])))
    PAGE.write_text(table(cells, "make fidelity"))


if __name__ == "__main__":
    main()
