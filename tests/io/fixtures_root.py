"""Event records in ROOT files, in the layouts of the programs that write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import awkward
import numpy as np
import uproot
from samples import dis_events

from fatgan.events import Collision, EventTable
from fatgan.events.kinematics import (
    ELECTRON_MASS,
    PROTON_MASS,
    from_light_cone,
    light_cone_from_Q2_y,
)

FORMS = ("podio", "hepmc3_tree", "eictree")

EIC = Collision.parse("18x275")

Array = np.ndarray


@dataclass(frozen=True)
class Record:
    """Events as flat arrays of particles, with HepMC's status codes; the truth beside them."""

    truth: EventTable
    counts: Array
    pdg: Array
    status: Array
    px: Array
    py: Array
    pz: Array
    E: Array
    mass: Array

    def lists(self, values: Array) -> awkward.Array:
        return awkward.unflatten(values, self.counts)

    def first(self, n: int) -> Record:
        """Return the first n events."""
        flat = ("pdg", "status", "px", "py", "pz", "E", "mass")
        kept = {name: getattr(self, name)[: self.counts[:n].sum()] for name in flat}
        return replace(self, truth=self.truth[:n], counts=self.counts[:n], **kept)

    def changed(self, **arrays: Array) -> Record:
        return replace(self, **arrays)


def record(
    collision: Collision = EIC,
    n: int = 40,
    *,
    truth: EventTable | None = None,
    lepton_first: bool = True,
) -> Record:
    """Make events of both beams, photon, e', in every third an electron of a decay, and pions."""
    truth = dis_events(collision, n) if truth is None else truth
    rng = np.random.default_rng(0)
    up = 1.0 if collision.frame == "proton" else -1.0
    Ee, Ep = collision.electron_energy, collision.proton_energy
    k = (collision.lepton_pdg, 4, 0.0, 0.0, -up * np.sqrt(Ee**2 - ELECTRON_MASS**2), ELECTRON_MASS)
    P = (2212, 4, 0.0, 0.0, up * np.sqrt(Ep**2 - PROTON_MASS**2), PROTON_MASS)
    rows, counts = [], []
    for i in range(n):
        scattered = (collision.lepton_pdg, 1, truth["px"][i], truth["py"][i], truth["pz"][i])
        event = [k, P] if lepton_first else [P, k]
        event += [(22, 13, 0.0, 0.0, 1.0, 0.0), (*scattered, ELECTRON_MASS)]
        if i % 3 == 0:
            event.append((collision.lepton_pdg, 1, 0.01, 0.02, 0.03, ELECTRON_MASS))
        event += [(211, 1, *rng.normal(size=3), 0.13957) for _ in range(i % 4)]
        rows += event
        counts.append(len(event))
    columns = np.array(rows).T
    px, py, pz, mass = columns[2:]
    E = np.sqrt(px**2 + py**2 + pz**2 + mass**2)
    pdg, status = columns[:2].astype(np.int32)
    return Record(truth, np.array(counts), pdg, status, px, py, pz, E, mass)


def tree(path: Path, name: str, branches: Mapping[str, Any], beside: Iterable[str] = ()) -> Path:
    """Write a TTree of numbers and lists under these very names, and empty trees beside it."""
    with uproot.recreate(path) as file:
        # types, as uproot takes long to parse their names
        kinds = {key: awkward.Array(value).type.content for key, value in branches.items()}
        made = file.mktree(name, kinds, counter_name=lambda counted: f"n_{counted}")
        if len(next(iter(branches.values()))):
            made.extend(dict(branches))
        for other in beside:
            file.mktree(other, {"id": np.dtype("int32")})
    return path


def collection(events: Record, prefix: str, momentum: str = "float32") -> dict[str, Any]:
    lists = {
        "PDG": events.pdg,
        "generatorStatus": events.status,
        "mass": events.mass,
        **{f"momentum.{axis}": events.__dict__[f"p{axis}"].astype(momentum) for axis in "xyz"},
    }
    return {f"{prefix}.{key}": events.lists(values) for key, values in lists.items()}


def crossing(events: Record, speed: float = 0.0125) -> Record:
    """Boost all particles along x, so that the beams meet at an angle of twice this speed."""
    gamma = 1 / np.sqrt(1 - speed**2)
    E = gamma * (events.E + speed * events.px)
    return events.changed(px=gamma * (events.px + speed * events.E), E=E)


def with_secondaries(events: Record) -> Record:
    """Add to each event an electron of the detector simulation, behind all others."""
    ends = np.cumsum(events.counts)
    row = {"pdg": 11, "status": 0, "px": 9.0, "py": 0.0, "pz": 9.0, "E": 12.8, "mass": 0.000511}
    arrays = {key: np.insert(getattr(events, key), ends, value) for key, value in row.items()}
    return events.changed(counts=events.counts + 1, **arrays)


def podio(path: Path, branches: Mapping[str, Any], n: int = 40) -> Path:
    """Write a podio file, with branches around that nobody wants to read."""
    clusters = awkward.unflatten(np.zeros(2 * n, "float32"), np.full(n, 2))
    others = {"EcalClusters.energy": clusters}
    return tree(path, "events", {**others, **branches}, beside=["podio_metadata"])


def events_of(form: str, events: Record, path: Path) -> Path:
    """Write these events in one of the formats of records."""
    if form == "podio":
        return podio(path, collection(events, "MCParticles", "float64"), len(events.counts))
    if form == "eictree":
        return eic_tree(path, eic_branches(events))
    branches = hepmc_branches(events)
    return hepmc_tree(path, {k: v for k, v in branches.items() if not k.startswith("links")})


def podio_ntuple(path: Path, events: Record) -> Path:
    """Write the fields of podio's RNTuple backend: structures in lists."""
    momentum = awkward.zip({axis: events.lists(events.__dict__[f"p{axis}"]) for axis in "xyz"})
    particles = awkward.zip(
        {
            "PDG": events.lists(events.pdg),
            "generatorStatus": events.lists(events.status),
            "mass": events.lists(events.mass),
            "momentum": momentum,
        },
        depth_limit=2,
    )
    links = awkward.zip({"index": [[3]] * len(events.counts)})
    with uproot.recreate(path) as file:
        file["events"] = {"MCParticles": particles, "MCScatteredElectrons_objIdx": links}
        file["podio_metadata"] = {"id": np.zeros(1)}
    return path


def hepmc_branches(events: Record, *, unit: int = 1, prefix: str = "") -> dict[str, Any]:
    n = len(events.counts)
    scale = 1.0 if unit else 1e3
    momenta = {"m_v1": events.px, "m_v2": events.py, "m_v3": events.pz, "m_v4": events.E}
    begin = awkward.Array([[1, -1, -1, 2, 3]] * n)  # k -> e' gamma, P gamma ->
    finish = awkward.Array([[-1, 4, 3, -2, -2]] * n)
    branches = {
        "event_number": np.arange(n, dtype="int32"),
        "momentum_unit": np.full(n, unit, "int32"),
        "length_unit": np.zeros(n, "int32"),
        "particles.pid": events.lists(events.pdg),
        "particles.status": events.lists(events.status),
        "particles.mass": events.lists(events.mass * scale),
        **{f"particles.momentum.{key}": events.lists(v * scale) for key, v in momenta.items()},
        "weights": awkward.Array([[1.0 - 0.1 * i, 7.0] for i in range(n)]),
        "links1": awkward.values_astype(begin, "int32"),
        "links2": awkward.values_astype(finish, "int32"),
    }
    return {prefix + key: values for key, values in branches.items()}


def hepmc_tree(path: Path, branches: Mapping[str, Any]) -> Path:
    return tree(path, "hepmc3_tree", branches)


def eic_branches(events: Record, prefix: str = "") -> dict[str, Any]:
    codes = np.where(events.status == 1, 1, 21).astype("int32")
    lists = {
        "KS": codes,
        "id": events.pdg,
        "px": events.px,
        "py": events.py,
        "pz": events.pz,
        "E": events.E,
        "m": events.mass,
    }
    n = len(events.counts)
    return {
        f"{prefix}number": np.arange(n, dtype="int32"),
        f"{prefix}QSquared": np.array(events.truth["Q2"]),
        **{f"{prefix}particles.{key}": events.lists(values) for key, values in lists.items()},
    }


def eic_tree(path: Path, branches: Mapping[str, Any]) -> Path:
    return tree(path, "EICTree", branches)


def fixed_target(energy: float, n: int) -> EventTable:
    collision = Collision.parse(f"{energy}x0")
    rng = np.random.default_rng(0)
    x, y = rng.uniform(0.05, 0.8, n), rng.uniform(0.3, 0.9, n)
    Q2 = x * y * (collision.s - PROTON_MASS**2 - ELECTRON_MASS**2)
    pT, pz = from_light_cone(*light_cone_from_Q2_y(Q2, y, collision.beams))
    phi = rng.uniform(-np.pi, np.pi, n)
    return EventTable(pT * np.cos(phi), pT * np.sin(phi), pz, collision)


def gst_branches(energy: float = 11.0, n: int = 40, probe: int = 11) -> dict[str, Any]:
    truth = fixed_target(energy, n)
    return {
        "iev": np.arange(n, dtype="int32"),
        "neu": np.full(n, probe, "int32"),
        "tgt": np.full(n, 1000010010, "int32"),
        "hitnuc": np.full(n, 2212, "int32"),
        "em": np.ones(n, bool),
        "wght": np.linspace(-1, 2, n),
        "Q2": np.array(truth["Q2"]),
        "Ev": np.full(n, energy),
        "pxv": np.zeros(n),
        "pyv": np.zeros(n),
        "pzv": np.full(n, energy),
        "El": np.array(truth["E"]),
        "pxl": np.array(truth["px"]),
        "pyl": np.array(truth["py"]),
        "pzl": np.array(truth["pz"]),
        "pdgf": awkward.Array([[211, 2112]] * n),
    }


def gst(path: Path, branches: Mapping[str, Any]) -> Path:
    return tree(path, "gst", branches)
