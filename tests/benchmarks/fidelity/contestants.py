"""What the study puts side by side: our models, those of others, and the training sample itself.

Beside them the representation without a network: how much of a score is its doing must be seen.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from expected import expected_chi2
from learner import recipe

from analysis import compare
from fatgan import EventTable
from fatgan.benchmark.cell import SCORES, Cell, Conditions, checksum, train_and_score
from fatgan.benchmark.snapshots import cheap_scores
from fatgan.benchmark.study import NO_LIMIT
from fatgan.events import Fiducial
from fatgan.generator.config import RunConfig, load_config, parse_config
from fatgan.generator.event_gan import build
from fatgan.generator.sample import EventGenerator, load
from fatgan.representations import FeatureTransform
from fidelity.counting import counted, in_the_mean, streamed
from fidelity.samples import Samples, Scale, Setting, samples, truth

Told = Callable[[float, str], None]

FLOOR, UNTRAINED = "training sample", "untrained"


@dataclass(frozen=True)
class Task:
    """What a contestant is given: events to learn, seconds to learn them in, a seed."""

    setting: Setting
    budget: float
    seed: int
    scale: Scale
    folder: Path

    @property
    def samples(self) -> Samples:
        """The events."""
        return samples(self.setting, self.scale, self.folder)

    @property
    def truth(self) -> EventTable:
        """Many more events, for what a score would be in the mean."""
        return truth(self.setting, self.scale, self.folder)


class Contestant(ABC):
    """A row of the table.

    Attributes
    ----------
    name, budget
        What the row is called, and its seconds of training.
    settings, seeds
        It takes part with so many of the settings and of the seeds.
    """

    name: str
    budget: float
    settings: int = 3
    seeds: int | None = None

    @abstractmethod
    def make(self, task: Task, told: Told) -> Cell:
        """Return the cell."""

    def fingerprint(self, task: Task) -> str:
        """Return what tells a cell that was made otherwise."""
        return f"{task.scale}, {task.budget:g} s"


@dataclass(frozen=True)
class TrainingSample(Contestant):
    """As many events of the training sample: what no generator that learned from it can beat."""

    name: str = FLOOR
    budget: float = 0.0

    def make(self, task: Task, told: Told) -> Cell:
        """Score rows of its own for each seed; what is expected is that of a copying generator."""
        training, held_out, _ = task.samples
        n = len(held_out)
        first = (task.seed - 1) * n % (len(training) - n + 1)
        sample = training[first : first + n]
        rng = np.random.default_rng(task.seed)
        copied = rng.integers(len(training), size=len(task.truth))
        return {
            **_scored(sample, held_out, Fiducial.found(training), task.seed),
            "expected": expected_chi2(training[copied], task.truth, n),
        }


@dataclass(frozen=True)
class Untrained(Contestant):
    """Our representation alone: every feature as the data have it, and independent of the others.

    What a training adds is what it is better by than this.
    """

    name: str = UNTRAINED
    budget: float = 0.0

    def make(self, task: Task, told: Told) -> Cell:
        """Generate with a network that is still the identity."""
        training, held_out, path = task.samples
        config = parse_config({"data": {"path": str(path)}})
        transform = FeatureTransform.fit(training, config.representation)
        generator = EventGenerator(build(config, transform).averaged, transform, {})
        sample = generator.generate(len(held_out), seed=task.seed)
        return {
            **_scored(sample, held_out, transform.fiducial, task.seed),
            **in_the_mean(generator, task.truth, len(held_out), task.seed),
        }

    def fingerprint(self, task: Task) -> str:
        """Add the default configuration."""
        return f"{super().fingerprint(task)}, {recipe()}"


@dataclass(frozen=True)
class Ours(Contestant):
    """A configuration of fatgan; without a file it is one of nothing but its data.

    ``slow`` is how many times fewer events are streamed; expectations need too many for it.
    """

    name: str
    budget: float
    config: Path | None = None
    settings: int = 3
    seeds: int | None = None
    slow: int = 1

    def make(self, task: Task, told: Told) -> Cell:
        """Train with snapshots, score, and stream."""
        config, samples, scale = self._config(task), task.samples, task.scale
        events = len(samples.held_out)
        data = config.data.model_copy(update={"path": samples.path})
        conditions = Conditions(
            name=self.name,
            seed=task.seed,
            config=config.model_copy(update={"data": data}),
            data=samples.split(min(scale.selection, config.data.selection)),
            events=events,
            snapshot_events=min(scale.snapshot, events),
        )
        cell = train_and_score(conditions, told)
        if cell["failure"] is None:
            told(1.0, f"{self.name}, seed {task.seed}, streaming")
            generator = load(config.folder / "model")
            cell |= streamed(generator, scale.streamed // self.slow, task.seed)
            if self.slow == 1 and "hopeless" not in cell:
                cell |= in_the_mean(generator, task.truth, events, task.seed)
        return cell

    def fingerprint(self, task: Task) -> str:
        """Add the configuration."""
        return checksum(self._config(task), task.setting.Q2_min, asdict(task.scale))

    def _config(self, task: Task) -> RunConfig:
        data = {"path": "training.parquet", "beams": task.setting.beams}
        training = {"max_steps": NO_LIMIT, "max_seconds": task.budget}
        out = task.folder / "runs" / f"{self.name}-{task.budget:g}-{task.setting.beams}-{task.seed}"
        entries = {"seed": task.seed, "out": str(out), "data": data, "training": training}
        if self.config is None:
            return parse_config(entries)
        flat = {f"training.{key}": value for key, value in training.items()}
        others = {key: value for key, value in entries.items() if key != "training"}
        return load_config(self.config, {**others, **flat})


@dataclass(frozen=True)
class Peer(Contestant):
    """A generator of others, on features of ours or on plain momenta."""

    peer: str
    features: str
    budget: float = 120.0
    settings: int = 1
    seeds: int | None = 1

    @property
    def name(self) -> str:  # type: ignore[override]
        """The peer and what it learns."""
        return f"{self.peer}, {self.features}"

    def make(self, task: Task, told: Told) -> Cell:
        """Have it learn and generate, and score that."""
        from peers.peers import SPARE, generate

        told(0.0, f"{self.name}, seed {task.seed}")
        training, held_out, _ = task.samples
        place = task.folder / "runs" / f"{self.peer}-{self.features}-{task.seed}"
        sample, report = generate(
            self.peer, self.features, training, task.budget, task.seed, len(held_out), place
        )
        if sample is None:
            return {"failure": report["failure"], "records": [], "snapshots": []}
        fiducial = Fiducial.found(training)
        kept = (1 - report["not_finite"]) * (1 - report["redrawn"])
        few = min(task.scale.snapshot, len(held_out))
        cheap = cheap_scores(held_out[:few], sample[:few], fiducial, task.seed)
        course = {"step": report["steps"], "seconds": report["seconds"]}
        return {
            **_scored(sample, held_out, fiducial, task.seed),
            **counted(sample, fiducial),
            "steps": report["steps"],
            "seconds": report["seconds"],
            "redrawn": report["redrawn"],
            "rate": SPARE * kept * len(held_out) / report["sampling_seconds"],
            "snapshots": [{**course, **cheap}],
        }

    def fingerprint(self, task: Task) -> str:
        """Add what runs as the peer."""
        from peers.peers import checksum as of_peer

        return f"{super().fingerprint(task)}, {of_peer(self.peer)[:12]}"


def _scored(sample: EventTable, held_out: EventTable, fiducial: Fiducial, seed: int) -> Cell:
    records = compare(held_out, sample, fiducial=fiducial, seed=seed, scores=SCORES)
    return {
        "failure": None,
        "records": [record.to_dict() for record in records],
        "snapshots": [],
    }
