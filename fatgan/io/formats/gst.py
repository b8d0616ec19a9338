"""GENIE's summary tree ``gst``: one event a row, of which the electron beam's are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import DataError, SchemaError, did_you_mean
from fatgan.events.collision import Collision
from fatgan.events.kinematics import ELECTRON_MASS
from fatgan.io.formats.base import Columns, Format, Layout, is_number
from fatgan.io.formats.root import TTree
from fatgan.io.formats.root_keys import trees
from fatgan.io.several import SeveralBeams

_ROLES = {"px": "pxl", "py": "pyl", "pz": "pzl", "weight": "wght"}
_GEV = ("Ev", "El", "pxl", "pyl", "pzl", "pl", "W", "Ws", "pxv", "pyv", "pzv")
_CHECKED = ("neu", "em", "tgt", "Ev")
_FREE_PROTONS = (1000010010, 2212)
"""The targets that are protons: hydrogen as GENIE writes it, and the proton's own id."""
_PROBE = 1000
"""Events from which is told whether all have one beam energy."""


class Gst(Format):
    """Electrons scattered by GENIE on protons at rest, the beam along +z.

    Columns keep GENIE's names: the primary lepton's are px, py, pz, and ``wght`` is the weight.
    Where the beam energy ``Ev`` varies, each event has its own.
    """

    name = "gst"
    tree = "gst"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Tell by the name of the tree."""
        return head.startswith(b"root") and self.tree in trees(path)

    def layout(self, path: Path, tree: str | None) -> Layout:
        """Read the branches, and the beams of the first events."""
        if tree not in (None, self.tree):
            raise SchemaError(
                f"{path}: gst events are in tree 'gst', not '{tree}'; leave --tree out, or read "
                "another tree as it is with --format ttree"
            )
        plain = TTree().layout(path, self.tree)
        for name in (*_CHECKED, "pxl", "pyl", "pzl"):
            if not is_number(plain.columns.get(name, "")):
                raise _unusable(path, name, plain.columns)
        energies = {name: "GeV" for name in _GEV if name in plain.columns}
        squares = {name: "GeV^2" for name in ("Q2", "Q2s") if name in plain.columns}
        return replace(
            plain,
            format=self.name,
            collision=_beams(path),
            roles={role: own for role, own in _ROLES.items() if own in plain.columns},
            electron="the primary lepton: pxl, pyl, pzl",
            units=energies | squares,
        )

    def chunks(
        self, path: Path, tree: str | None, columns: Sequence[str], limit: int | None, chunk: int
    ) -> Iterator[Columns]:
        """Read these columns of events that are all of electrons on protons."""
        beams = _beams(path)
        names = list(dict.fromkeys([*columns, *_CHECKED]))
        start = 0
        for raw in TTree().chunks(path, self.tree, names, limit, chunk):
            _check(path, raw, start)
            if isinstance(beams, Collision):
                _check_beams(path, raw, start, beams)
            yield {name: raw[name] for name in columns}
            start += len(raw["neu"])


def _beams(path: Path) -> Collision | SeveralBeams | None:
    """Return the beams: one collision if the first events have one, none of an empty tree."""
    for raw in TTree().chunks(path, Gst.tree, _CHECKED, _PROBE, _PROBE):
        _check(path, raw, 0)
        energy, probe = raw["Ev"], raw["neu"]
        if (energy == energy[0]).all() and (probe == probe[0]).all():
            return Collision(float(energy[0]), 0.0, "electron", int(probe[0]))
        return SeveralBeams("electron", {"Ee": "Ev", "lepton": "neu"})
    return None


def _check(path: Path, raw: Columns, start: int) -> None:
    probe, target = raw["neu"], raw["tgt"]

    def other_target(i: int) -> str:
        return f"target {target[i]} is no free proton (nuclei are not supported)"

    energy = raw["Ev"]
    _refuse(path, ~(energy > ELECTRON_MASS), start, lambda i: f"beam energy Ev = {energy[i]:g} GeV")
    _refuse(path, np.abs(probe) != 11, start, lambda i: f"probe {probe[i]} is no electron")
    _refuse(path, ~raw["em"].astype(bool), start, lambda _: "not electromagnetic (em = 0)")
    _refuse(path, ~np.isin(target, _FREE_PROTONS), start, other_target)


def _check_beams(path: Path, raw: Columns, start: int, beams: Collision) -> None:
    energy, probe = raw["Ev"], raw["neu"]
    other = (energy != beams.electron_energy) | (probe != beams.lepton_pdg)

    def said(i: int) -> str:
        return (
            f"probe {probe[i]} of {energy[i]:g} GeV where the first {_PROBE:,} events have "
            f"{beams.lepton_pdg} of {beams.electron_energy:g} GeV"
        )

    _refuse(path, other, start, said)


def _refuse(path: Path, bad: NDArray[np.bool_], start: int, reason: Callable[[int], str]) -> None:
    """Raise on the first bad event, counted from 1, with how many there are beside it."""
    if bad.any():
        i = int(bad.argmax())
        raise DataError(
            f"{path}, tree 'gst', event {start + i + 1:,}: {reason(i)}, "
            f"as in {np.count_nonzero(bad):,} of {bad.size:,} events"
        )


def _unusable(path: Path, name: str, columns: Mapping[str, str]) -> SchemaError:
    held = columns.get(name)
    said = f"holds {held}, not one number per event" if held else did_you_mean(name, columns)
    kind = f"branch '{name}'" if held else f"no branch '{name}';"
    return SchemaError(f"{path}, tree 'gst': {kind} {said} (any tree: --format ttree)")
