"""The collisions of events from several beam settings, one per event."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fatgan.errors import DataError
from fatgan.events.collision import Collision, Frame, check_beams
from fatgan.events.columns import Array, column, frozen, rows_of, same_lengths
from fatgan.events.kinematics import PROTON_MASS, Beams


class _Beams(NamedTuple):
    """Beams by their energies: arrays of shape (k,), in the order of the fields.

    The lepton stands first with its sign turned, so that sorting puts e- before e+.
    """

    minus_lepton: NDArray[np.int64]
    electron: Array
    proton: Array

    def at(self, rows: Any) -> _Beams:
        return _Beams(*(values[rows] for values in self))

    def distinct(self) -> tuple[_Beams, NDArray[np.intp]]:
        """Return the distinct ones, sorted, and where each of the given ones is among them."""
        code = np.zeros(len(self.electron), np.intp)
        for values in self:
            known, rank = np.unique(values, return_inverse=True)
            code = code * len(known) + rank
        _, first, index = np.unique(code, return_index=True, return_inverse=True)
        return self.at(first), index


class Collisions:
    """The beams of events that are not all of one collision. Immutable.

    Parameters
    ----------
    electron_energy, proton_energy
        Total beam energies in GeV, shape (n,). A proton energy of 0 is a proton at rest.
    frame
        The beam that moves along +z in the columns of the table, the same for all events.
    lepton_pdg
        11 (e-) or -11 (e+): one number, or one per event.

    Raises
    ------
    ConfigError
        Energies below the mass, other leptons, an unknown frame; counted.
    DataError
        Lengths that differ.

    Examples
    --------
    >>> from fatgan.events import Collisions
    >>> print(Collisions([10, 50, 10], [10, 50, 10]))
    e- p, 2 settings, 10x10 to 50x50 GeV, proton along +z
    """

    def __init__(
        self,
        electron_energy: ArrayLike,
        proton_energy: ArrayLike,
        frame: Frame = "proton",
        lepton_pdg: ArrayLike = 11,
    ) -> None:
        electron = column("electron_energy", electron_energy)
        proton = column("proton_energy", proton_energy)
        lepton = np.asarray(lepton_pdg)
        lepton = np.full(len(electron), lepton) if lepton.ndim == 0 else lepton
        lepton = column("lepton_pdg", lepton)
        named = {"electron_energy": electron, "proton_energy": proton, "lepton_pdg": lepton}
        same_lengths({name: len(values) for name, values in named.items()})
        proton = np.where(proton == 0, PROTON_MASS, proton)
        check_beams(electron, proton, frame, lepton)
        # few settings, many events: the beams are kept once, and per event which ones they are
        self._beams, self._index = _Beams(-lepton.astype(np.int64), electron, proton).distinct()
        self._frame: Frame = frame

    @classmethod
    def repeat(cls, collision: Collision, n: int) -> Collisions:
        """Return n times the same collision."""
        one = _Beams(
            np.array([-collision.lepton_pdg], np.int64),
            np.array([collision.electron_energy], np.float64),
            np.array([collision.proton_energy], np.float64),
        )
        return cls._of(one, np.zeros(n, np.intp), collision.frame)

    @classmethod
    def concatenate(cls, parts: Sequence[Collisions]) -> Collisions:
        """Join in order; the frame is the first one's."""
        if not parts:
            raise DataError("there are no collisions to join")
        beams = _Beams(*(np.concatenate(v) for v in zip(*(p._beams for p in parts), strict=True)))
        distinct, place = beams.distinct()
        starts = np.cumsum([0, *(len(part._beams.electron) for part in parts)])
        index = [part._index + start for part, start in zip(parts, starts, strict=False)]
        return cls._of(distinct, place[np.concatenate(index)], parts[0].frame)

    @classmethod
    def _of(cls, beams: _Beams, index: NDArray[np.intp], frame: Frame) -> Collisions:
        new = cls.__new__(cls)
        new._beams, new._index, new._frame = beams, index, frame
        return new

    def __len__(self) -> int:
        return len(self._index)

    # like a table, no sequence of single collisions: settings() lists the distinct ones
    __iter__ = None

    def __getitem__(self, key: slice | NDArray[Any]) -> Collisions:
        """Return the collisions of a slice, mask or row numbers."""
        return self._of(self._beams, self._index[rows_of(key)], self._frame)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Collisions):
            return NotImplemented
        pairs = zip(self._per_event(), other._per_event(), strict=True)
        return self._frame == other._frame and all(np.array_equal(a, b) for a, b in pairs)

    __hash__ = None  # type: ignore[assignment]

    @property
    def electron_energy(self) -> Array:
        """Total energies of the electron beam in GeV, shape (n,)."""
        return frozen(self._beams.electron[self._index])

    @property
    def proton_energy(self) -> Array:
        """Total energies of the proton beam in GeV, shape (n,)."""
        return frozen(self._beams.proton[self._index])

    @property
    def lepton_pdg(self) -> NDArray[np.int64]:
        """11 (e-) or -11 (e+), shape (n,)."""
        return frozen(-self._beams.minus_lepton[self._index])

    @property
    def frame(self) -> Frame:
        """The beam that moves along +z."""
        return self._frame

    @property
    def beams(self) -> Beams:
        """Light-cone components of both beams with the electron along +z, each (n,)."""
        beams = Beams.of_energies(self._beams.electron, self._beams.proton)
        return Beams(*(frozen(component[self._index]) for component in beams))

    @property
    def s(self) -> Array:
        """Squared centre-of-mass energies in GeV^2, shape (n,)."""
        s: Array = Beams.of_energies(self._beams.electron, self._beams.proton).s
        return frozen(s[self._index])

    def settings(self) -> tuple[Collision, ...]:
        """Return the distinct collisions: e- before e+, then by rising Ee and Ep."""
        return tuple(self._setting(i) for i in self._present())

    def rows_by_setting(self) -> list[tuple[Collision, NDArray[np.intp]]]:
        """Return each distinct collision with the numbers of its rows, in their order."""
        order = np.argsort(self._index, kind="stable")
        ends = np.searchsorted(self._index[order], np.arange(len(self._beams.electron) + 1))
        return [(self._setting(i), order[ends[i] : ends[i + 1]]) for i in self._present()]

    def rows_of(self, collision: Collision) -> NDArray[np.bool_]:
        """Return which events are of this collision, in whatever frame, shape (n,)."""
        wanted = (-collision.lepton_pdg, collision.electron_energy, collision.proton_energy)
        pairs = zip(self._beams, wanted, strict=True)
        equal: NDArray[np.bool_] = np.logical_and.reduce([kept == one for kept, one in pairs])
        return equal[self._index]

    def with_frame(self, frame: Frame) -> Collisions:
        """Return the same collisions seen with the other beam along +z."""
        check_beams(self._beams.electron, self._beams.proton, frame, self._beams.minus_lepton)
        return self._of(self._beams, self._index, frame)

    @property
    def label(self) -> str:
        """``5 settings, 10x10 to 50x50``: how many, and those of the lowest and the highest s."""
        settings = sorted(self.settings(), key=lambda collision: collision.s)
        if not settings:
            return "no setting"
        if len(settings) == 1:
            return settings[0].label
        return f"{len(settings):,} settings, {settings[0].label} to {settings[-1].label}"

    def __str__(self) -> str:
        leptons = {-11: "e+", 11: "e-"}
        present = dict.fromkeys(collision.lepton_pdg for collision in self.settings())
        beam = "/".join(leptons[lepton] for lepton in present) or "e"
        return f"{beam} p, {self.label} GeV, {self.frame} along +z"

    def __repr__(self) -> str:
        return f"<Collisions: {len(self):,} events, {self}>"

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for a manifest; the energies themselves stand in columns."""
        return {"settings": len(self.settings()), "frame": self.frame}

    def _per_event(self) -> _Beams:
        return self._beams.at(self._index)

    def _present(self) -> NDArray[np.intp]:
        # the rows of a selection may lack some of the settings that it was made from
        return np.flatnonzero(np.bincount(self._index, minlength=len(self._beams.electron)))

    def _setting(self, i: int) -> Collision:
        return Collision(
            float(self._beams.electron[i]),
            float(self._beams.proton[i]),
            self._frame,
            -int(self._beams.minus_lepton[i]),
        )


AnyCollision = Collision | Collisions
"""What a table says of its beams: one collision for all events, or one for each."""


def join_collisions(parts: Sequence[tuple[AnyCollision, int]]) -> AnyCollision:
    """Join the collisions of so many events each, in order and in the frame of the first.

    One collision that all the events are of stays one.
    """
    first, _ = parts[0]
    if isinstance(first, Collision) and all(collision == first for collision, _ in parts):
        return first
    return Collisions.concatenate(
        [
            Collisions.repeat(collision, n) if isinstance(collision, Collision) else collision
            for collision, n in parts
        ]
    )
