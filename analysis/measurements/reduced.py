r"""Reduced neutral-current cross-sections of a sample of events.

.. math::
    \sigma_r(x, Q^2) = \frac{d^2\sigma}{dx\,dQ^2}\,\frac{x\,Q^4}{2\pi\alpha^2 Y_+},
    \qquad Y_+ = 1 + (1 - y)^2,

which is F2 where neither the longitudinal structure function nor the Z matters (arXiv:1506.06042,
eq. 2). A sample of a known cross-section gives the cross-section of a bin, and a smooth reference
what :math:`\sigma_r` at the bin's point is where the bin has that cross-section:

.. math::
    \sigma_r(x_c, Q^2_c) = \sigma_\mathrm{bin} \Big/ \int_\mathrm{bin}
    \frac{2\pi\alpha^2 Y_+}{x\,Q^4}\,
    \frac{\sigma_r^\mathrm{ref}(x, Q^2)}{\sigma_r^\mathrm{ref}(x_c, Q^2_c)}\,dx\,dQ^2 .
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.measurements.bins import Bins
from analysis.measurements.counting import Counts
from fatgan.events import Collision

Array = NDArray[np.float64]

Coupling = Literal["fixed", "running"]
"""The alpha that is divided out: that of no momentum transfer, as HERA's data are defined, or the
one that runs, which leaves the structure functions of a generator whose coupling runs."""

ALPHA = 1 / 137.036
INVERSE_ALPHA_Z, Z_MASS = 127.918, 91.1876
"""1/alpha at the mass of the Z (GeV), as in Pythia 8."""
PB_GEV2 = 0.3893793721e9
"""(hbar c)^2 in pb GeV^2 (PDG 2024)."""
LEAST = 25
"""Events that the reference expects of a bin, below which an error says little about it."""

Reference = Callable[[Array, Array], Array]
"""A smooth sigma_r of x and Q2 (GeV^2), arrays of one shape."""


@dataclass(frozen=True)
class Prediction:
    """What a sample says of measured points.

    Parameters
    ----------
    label
        What one calls the sample.
    sigma_r, error
        Reduced cross-sections and their statistical errors, shape (n,).
    normalisation
        Relative error of the sample's total cross-section, common to all points.
    usable
        The points of which the sample covers the whole bin, where the reference expects at least
        :data:`LEAST` events of it, shape (n,).
    """

    label: str
    sigma_r: Array
    error: Array
    normalisation: float
    usable: NDArray[np.bool_]

    @property
    def covariance(self) -> Array:
        """All errors, shape (n, n)."""
        common = self.normalisation * self.sigma_r
        return np.diag(self.error**2) + np.outer(common, common)

    def select(self, rows: NDArray[np.bool_]) -> Prediction:
        """Return some of the points."""
        parts = self.sigma_r[rows], self.error[rows], self.normalisation, self.usable[rows]
        return Prediction(self.label, *parts)


def alpha(Q2: ArrayLike, coupling: Coupling = "running") -> Array:
    """Return the fine-structure constant at Q2 (GeV^2).

    It runs at one loop with five quarks and three leptons, which is Pythia 8's within 0.1 % of
    its square from 4 GeV^2 on.
    """
    Q2 = np.asarray(Q2, np.float64)
    if coupling == "fixed":
        return np.full(Q2.shape, ALPHA)
    return 1 / (INVERSE_ALPHA_Z + 20 / (9 * np.pi) * np.log(Z_MASS**2 / Q2))


def kernel(x: Array, Q2: Array, collision: Collision, coupling: Coupling = "fixed") -> Array:
    """Return d2sigma/dx dQ2 in pb/GeV^2 where sigma_r is 1."""
    y = Q2 / (x * collision.beams.two_kP)
    Y_plus = 1 + (1 - y) ** 2
    return 2 * np.pi * alpha(Q2, coupling) ** 2 * Y_plus / (x * Q2**2) * PB_GEV2


def bin_cross_sections(
    bins: Bins, collision: Collision, reference: Reference, coupling: Coupling = "fixed"
) -> Array:
    """Return the cross-sections of the bins in pb, shape (n,), if sigma_r is 1 at the points.

    The reference gives the shape of sigma_r within each bin. Bins outside the physical region
    have none.
    """
    nodes = bins.nodes(collision.beams.two_kP)
    shape = reference(nodes.x, nodes.Q2) / reference(bins.x, bins.Q2)[:, None]
    return np.sum(kernel(nodes.x, nodes.Q2, collision, coupling) * shape * nodes.weight, axis=1)


def predict(
    label: str,
    counts: Counts,
    sigma: tuple[float, float],
    bins: Bins,
    collision: Collision,
    reference: Reference,
    coupling: Coupling = "fixed",
) -> Prediction:
    """Return the reduced cross-sections of a sample that holds every event above an edge in Q2.

    Parameters
    ----------
    label
        What one calls the sample.
    counts
        Of the sample in the bins.
    sigma
        The cross-section of the sample's events, and its error, in pb.
    bins, collision
        Around the points, and the beams.
    reference
        The shape of sigma_r within a bin, and the number of events to expect.
    coupling
        See :data:`Coupling`.
    """
    total, error = sigma
    unit = bin_cross_sections(bins, collision, reference, coupling) * counts.total / total
    # expected ones: bins chosen by what was counted would be those that fluctuate upwards
    events = unit * reference(bins.x, bins.Q2) * counts.effective
    usable = (bins.Q2_low >= counts.Q2_min) & (events >= LEAST) & (counts.sums > 0)
    unit = np.where(usable, unit, np.inf)
    return Prediction(
        label, counts.sums / unit, np.sqrt(counts.squares) / unit, error / total, usable
    )
