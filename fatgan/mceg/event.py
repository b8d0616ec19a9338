"""One event as arrays over its particles, under the names that chromo gives them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import DataError, MissingExtraError
from fatgan.events.collision import Collision
from fatgan.io.records.topology import HADRONS, LEPTON, PHOTON, PROTON, SCATTERED

if TYPE_CHECKING:
    import pyhepmc

Array = NDArray[np.float64]
Ids = NDArray[np.int32]


@dataclass(frozen=True)
class Run:
    """What all events of a generator share.

    Parameters
    ----------
    generator
        Its name and version.
    kin
        The beams and the frame.
    header
        What a HepMC3 file shall keep of it, one line of JSON.
    cross_section
        Value and error in pb, or None.
    """

    generator: tuple[str, str]
    kin: Collision
    header: str
    cross_section: tuple[float, float] | None

    @cached_property
    def info(self) -> pyhepmc.GenRunInfo:
        """The same for HepMC3."""
        from fatgan.io.records.hepmc_sink import ATTRIBUTE, UNWEIGHTED

        pyhepmc = _pyhepmc()
        info = pyhepmc.GenRunInfo()
        info.tools = [(*self.generator, "")]
        info.weight_names = [UNWEIGHTED]
        info.attributes[ATTRIBUTE] = self.header
        return info


class Event:
    """The particles of an event, or some of them: arrays of shape (k,), momenta in GeV.

    A whole event holds both beams, the virtual photon, the scattered lepton and the hadronic
    system, in this order. Its arrays are its own: keeping one event keeps no others.

    Attributes
    ----------
    pid, status
        Ids of the Particle Data Group (90: the hadronic system), and HepMC3's status codes: 4 is a
        beam, 1 is final, 13 is the photon.
    mothers
        Numbers of the first and the last parent, shape (k, 2), -1 for none; None if filtered.
    kin
        The beams: a :class:`fatgan.Collision`.
    nevent
        Number of the event among those of its seed, from 0.
    weight
        1: generated events count once.
    Q2, x, y, W2
        Invariants of the scattered lepton, with exact masses (Q2, W2 in GeV^2).
    """

    __slots__ = ("_invariants", "_values", "mothers", "nevent", "pid", "run", "status")

    weight = 1.0

    def __init__(
        self,
        run: Run,
        nevent: int,
        pid: Ids,
        status: Ids,
        mothers: Ids | None,
        values: Array,
        invariants: Array,
    ) -> None:
        self.run, self.nevent = run, nevent
        self.pid, self.status, self.mothers = pid, status, mothers
        self._values, self._invariants = values, invariants

    def __len__(self) -> int:
        return len(self.pid)

    def __repr__(self) -> str:
        return f"<Event {self.nevent}: {len(self)} particles, {self.kin}>"

    def __getitem__(self, key: slice | NDArray[Any]) -> Event:
        """Return the event with these particles only: a slice, a mask or their numbers."""
        return Event(
            self.run,
            self.nevent,
            self.pid[key],
            self.status[key],
            None,
            self._values[:, key],
            self._invariants,
        )

    def final_state(self) -> Event:
        """Return the event with its final particles only (status 1)."""
        return self[self.status == 1]

    @property
    def kin(self) -> Collision:
        """The beams and the frame."""
        return self.run.kin

    @property
    def generator(self) -> tuple[str, str]:
        """Name and version of the generator."""
        return self.run.generator

    @property
    def px(self) -> Array:
        """Momentum in GeV, (k,)."""
        return self._values[0]

    @property
    def py(self) -> Array:
        """Momentum in GeV, (k,)."""
        return self._values[1]

    @property
    def pz(self) -> Array:
        """Momentum in GeV, (k,)."""
        return self._values[2]

    @property
    def en(self) -> Array:
        """Energy in GeV, (k,)."""
        return self._values[3]

    @property
    def m(self) -> Array:
        """Mass in GeV, negative for the space-like photon, (k,)."""
        return self._values[4]

    @property
    def pt(self) -> Array:
        """Transverse momentum in GeV, (k,)."""
        return np.hypot(self.px, self.py)

    @property
    def theta(self) -> Array:
        """Angle to +z in radians, (k,)."""
        return np.arctan2(self.pt, self.pz)

    @property
    def phi(self) -> Array:
        """Azimuth in radians, (k,)."""
        return np.arctan2(self.py, self.px)

    @property
    def eta(self) -> Array:
        """Pseudorapidity, infinite along the beams, (k,)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.arcsinh(self.pz / self.pt)

    @property
    def Q2(self) -> float:
        """-q.q in GeV^2."""
        return float(self._invariants[0])

    @property
    def x(self) -> float:
        """Bjorken's x."""
        return float(self._invariants[1])

    @property
    def y(self) -> float:
        """The inelasticity."""
        return float(self._invariants[2])

    @property
    def W2(self) -> float:
        """Squared mass of the hadronic system in GeV^2."""
        return float(self._invariants[3])

    def to_hepmc3(self, genevent: pyhepmc.GenEvent | None = None) -> pyhepmc.GenEvent:
        """Return the event as HepMC3 has it: what ``fatgan generate -o events.hepmc`` writes.

        Parameters
        ----------
        genevent
            An event to fill anew; by default a new one.

        Raises
        ------
        DataError
            The event is filtered: vertices take all its particles.
        MissingExtraError
            pyhepmc is not installed.
        """
        if self.mothers is None:
            raise DataError(
                "a filtered event has no vertices: call to_hepmc3 before final_state, and select "
                "particles of status 1 there"
            )
        pyhepmc = _pyhepmc()
        event = pyhepmc.GenEvent() if genevent is None else genevent
        event.clear()
        event.set_units(pyhepmc.Units.GEV, pyhepmc.Units.MM)
        event.run_info, event.event_number = self.run.info, self.nevent
        rows = zip(self._values.T.tolist(), self.pid.tolist(), self.status.tolist(), strict=True)
        particles = []
        for (*momentum, mass), pid, status in rows:
            particle = pyhepmc.GenParticle(momentum, pid, status)
            particle.generated_mass = mass
            particles.append(particle)
        for parents, children in (
            ([LEPTON], [PHOTON, SCATTERED]),
            ([PHOTON, PROTON], [HADRONS]),
        ):
            vertex = pyhepmc.GenVertex()
            for place in parents:
                vertex.add_particle_in(particles[place])
            for place in children:
                vertex.add_particle_out(particles[place])
            event.add_vertex(vertex)
        event.weights = [self.weight]
        if self.run.cross_section is not None:
            cross_section = pyhepmc.GenCrossSection()
            cross_section.set_cross_section(*self.run.cross_section, -1, -1)
            event.cross_section = cross_section
        return event


def _pyhepmc() -> Any:
    try:
        import pyhepmc
    except ImportError:
        raise MissingExtraError("pyhepmc", "hepmc") from None
    return pyhepmc
