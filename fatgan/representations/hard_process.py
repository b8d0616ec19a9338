r"""The sides that a generator's cuts on its hard process e q -> e q leave in a sample."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from fatgan.errors import ConfigError


@dataclass(frozen=True)
class HardProcess:
    r"""Smallest mass and transverse momentum of electron and struck quark.

    With quarks of mass :math:`m_q`, which slow rescaling (H. Georgi and H. D. Politzer, Phys. Rev.
    D 14 (1976) 1829) gives the momentum fraction :math:`\xi = x (1 + m_q^2/Q^2)`, the process has
    the mass :math:`\hat m^2 = \xi s` and the momentum :math:`\hat p_T^2 = Q^2 (1 - y)`, so that

    .. math:: y \le \min\left(\frac{Q^2 + m_q^2}{\hat m^2}, 1 - \frac{\hat p_T^2}{Q^2}\right).

    Heavier quarks than these go a little beyond, and their events are no worse for it: the sides
    say where most events end, not where none can be.

    Parameters
    ----------
    m_hat
        Smallest mass in GeV; 0 is no cut. Pythia's ``PhaseSpace:mHatMin`` is 4.
    pt_hat
        Smallest transverse momentum in GeV; 0 is no cut. Pythia's ``PhaseSpace:pTHatMin``, where
        masses are small, and at least its ``pTHatMinDiverge`` of 1.
    m_q
        Mass of the light quarks in GeV, in Pythia 0.33.
    """

    m_hat: float = 0.0
    pt_hat: float = 0.0
    m_q: float = 0.33

    def __post_init__(self) -> None:
        for name in ("m_hat", "pt_hat", "m_q"):
            if not 0 <= getattr(self, name) < np.inf:
                raise ConfigError(
                    f"representation.hard_process.{name} = {getattr(self, name)}: must be a "
                    "number of GeV, not below 0"
                )

    def y_high(self, Q2: Any, xp: Any = np) -> Any:
        """Return the largest y of most events at this Q2 (GeV^2), not above 1; also in the graph.

        Where no momentum is large enough it is not above 0.
        """
        high = 1 - self.pt_hat**2 / Q2
        if self.m_hat > 0:
            high = xp.minimum(high, (Q2 + self.m_q**2) / self.m_hat**2)
        return high
