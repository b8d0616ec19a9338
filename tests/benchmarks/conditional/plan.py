"""What is trained, where it is judged, and the bars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from journal import ROOT

from fatgan.events import EventTable
from fatgan.generator.config import RunConfig, load_config
from fatgan.io import read
from fatgan.simulation import SimulationConfig, simulate_design

EVENTS = 95_000
"""Held-out events of each setting, and as many generated ones."""
TRUTH_SEED = 4096
"""Of the held-out samples; the training's seed is 0."""
FOLDER = ROOT / "runs" / "conditional"


@dataclass(frozen=True)
class Case:
    """A configuration, the seconds of its training, and the largest area allowed by setting."""

    name: str
    seconds: float
    electrons: Mapping[str, float]
    positrons: Mapping[str, float] = field(default_factory=dict)

    @property
    def bars(self) -> dict[str, float]:
        """The largest mean area of the trees allowed, by the label of the setting."""
        return {f"e- {beams}": bar for beams, bar in self.electrons.items()} | {
            f"e+ {beams}": bar for beams, bar in self.positrons.items()
        }

    def config(self, seed: int) -> RunConfig:
        """Return the configuration of a seed, its run in the study's folder."""
        return load_config(
            ROOT / "configs" / f"{self.name}.yaml",
            {
                "seed": seed,
                "out": str(FOLDER / f"{self.name}-{seed}"),
                "training.max_seconds": self.seconds,
                # nothing is held out: the truth of the settings is of other seeds
                "data.held_out": 0,
            },
        )

    def samples(self) -> list[Path]:
        """Return the files of held-out truth, simulated like the training's where missing."""
        found = []
        for lepton, settings in ((11, self.electrons), (-11, self.positrons)):
            if not settings:
                continue
            learned = self.config(0).simulation
            if learned is None:
                raise ValueError(f"{self.name}: no section 'simulation'")
            design = SimulationConfig(
                **{
                    **learned.to_dict(),
                    "beams": tuple(settings),
                    "leptons": (lepton,),
                    "events": EVENTS,
                    "seed": TRUTH_SEED,
                    "folder": FOLDER / "truth" / self.name,
                }
            )
            found += [file.path for file in simulate_design(design)]
        return found

    def truth(self) -> list[EventTable]:
        """Return the held-out events of all settings, with the cut of the training."""
        cut = self.config(0).data.cut
        return [read(path, cut=cut) for path in self.samples()]


CASES = {
    case.name: case
    for case in (
        Case(
            "cfat_gan",
            180,
            {
                **{f"{e}x{e}": 0.505 for e in (10, 20, 30, 40, 50)},
                **{f"{e}x{e}": 0.506 for e in (15, 25, 35, 45)},
                **{f"{e}x{e}": 0.51 for e in (60, 70)},
                **{f"{e}x{e}": 0.52 for e in (80, 90)},
            },
        ),
        Case(
            "universal_dis",
            600,
            {"18x275": 0.51, "10x100": 0.51, "27.5x920": 0.51, "20x0": 0.51, "8x60": 0.51},
            {"40x700": 0.51},
        ),
    )
}
