"""Other packages on the same events: from a table of events to the table a peer generates.

Each peer learns, for the same seconds, either the plain momenta (``cartesian``: px, py, pz less
their means over their deviations) or what fatgan's own networks learn by default (``dis``). The
peer runs in its own environment and knows nothing of physics.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from peers.environment import HERE, PEERS, PeerError, python_of, reason

from fatgan import EventTable
from fatgan.representations import FeatureTransform, Settings

__all__ = ["FEATURES", "PEERS", "Prepared", "checksum", "generate", "prepared"]

FEATURES = ("cartesian", "dis")
SPARE = 1.25
"""So many events are drawn for each one wanted, to stand in for those that are no events."""
PATIENCE = 1800
"""Seconds that a script may take beyond its training."""

Features = NDArray[np.float32]
Decode = Callable[[Features], tuple[EventTable, NDArray[np.bool_]]]


class Prepared(NamedTuple):
    """Features of a table, shape (n, d), and the way back: events, and which of them to keep."""

    train: Features
    decode: Decode


def checksum(peer: str) -> str:
    """Return a checksum of what runs as a peer: its script, what scripts share, its packages."""
    names = (f"{peer}_peer.py", "common.py", f"{peer}.txt")
    texts = [(HERE / name).read_text(encoding="utf-8") for name in names]
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


def prepared(features: str, table: EventTable, seed: int) -> Prepared:
    """Return a table's features and the way back.

    From plain momenta every finite event is kept, unphysical ones too, for the scores to count:
    nobody tells a peer where physics ends. With fatgan's features unphysical events are drawn
    again, as :class:`fatgan.generator.sample.EventGenerator` does, and the azimuth is drawn.
    """
    return {"cartesian": _cartesian, "dis": _dis}[features](table, seed)


def generate(
    peer: str,
    features: str,
    table: EventTable,
    seconds: float,
    seed: int,
    events: int,
    folder: Path,
) -> tuple[EventTable | None, dict[str, Any]]:
    """Train a peer on a table, and return the events it makes with a report.

    Parameters
    ----------
    peer, features
        One of :data:`PEERS`, one of :data:`FEATURES`.
    seconds
        Of training; imports do not count.
    folder
        Where arrays and the report are kept.

    Returns
    -------
    table, report
        Up to ``events`` events; ``None`` when there are none. The report says ``failure`` (a
        line, or ``None``) and, where the peer ran: ``steps``, ``seconds`` of training, those
        before it (``preparation_seconds``) and after it (``sampling_seconds``), ``threads``,
        ``versions``, ``not_finite`` and ``redrawn`` (shares of what it drew).

    Raises
    ------
    PeerError
        The peer's environment cannot be made: that says nothing of the peer, and is no result.
    """
    python = python_of(peer)
    data = prepared(features, table, seed)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        drawn, report = _run(python, peer, data.train, seconds, seed, int(SPARE * events), folder)
    except PeerError as error:
        return None, {"failure": str(error)}
    finite = np.isfinite(drawn).all(axis=1)
    made, kept = data.decode(drawn[finite])
    report |= {
        "failure": None,
        "not_finite": float(np.mean(~finite)),
        "redrawn": float(np.mean(~kept)) if len(kept) else 0.0,
    }
    if not kept.any():
        return None, {**report, "failure": f"{peer}: it makes no event"}
    return made[kept][:events], report


def _run(
    python: Path,
    peer: str,
    train: Features,
    seconds: float,
    seed: int,
    events: int,
    folder: Path,
) -> tuple[Features, dict[str, Any]]:
    files = {name: folder / name for name in ("train.npy", "out.npy", "report.json")}
    np.save(files["train.npy"], train)
    options = {
        "train": files["train.npy"],
        "seconds": seconds,
        "seed": seed,
        "events": events,
        "out": files["out.npy"],
        "report": files["report.json"],
    }
    command = [str(python), str(HERE / f"{peer}_peer.py")]
    command += [f"--{name}={value}" for name, value in options.items()]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + PATIENCE)
    except subprocess.TimeoutExpired:
        raise PeerError(f"{peer}: it took over {seconds + PATIENCE:.0f} s") from None
    if done.returncode:
        raise PeerError(f"{peer}: it failed ({reason(done.stderr)})")
    return np.load(files["out.npy"]), json.loads(files["report.json"].read_text())


def _cartesian(table: EventTable, seed: int) -> Prepared:
    momenta = np.stack(table.momenta, axis=1)
    mean, deviation = momenta.mean(axis=0), momenta.std(axis=0)

    def decode(features: Features) -> tuple[EventTable, NDArray[np.bool_]]:
        px, py, pz = (mean + deviation * features.astype(np.float64)).T
        return EventTable(px, py, pz, table.collision), np.ones(len(px), bool)

    return Prepared(((momenta - mean) / deviation).astype(np.float32), decode)


def _dis(table: EventTable, seed: int) -> Prepared:
    transform = FeatureTransform.fit(table, Settings())

    def decode(features: Features) -> tuple[EventTable, NDArray[np.bool_]]:
        azimuth = np.random.default_rng(seed).uniform(-np.pi, np.pi, len(features))
        momenta, inside = transform.decode(features, azimuth if transform.draws_azimuth else None)
        made = EventTable(*momenta, table.collision.with_frame("electron"))
        return made.with_frame(table.collision.frame), inside

    return Prepared(transform.forward(table), decode)
