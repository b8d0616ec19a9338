r"""Variational estimates of f-divergences (S. Nowozin et al., f-GAN, arXiv:1606.00709).

.. math::
    D_f(P\|Q) = \int q\, f(p/q)\, dx
              \ge \mathrm{E}_P[T(x)] - \mathrm{E}_Q[f^*(T(x))]

with P real, Q fake, and f* the convex conjugate of f; the bound is reached at T = f'(p/q). The
critic's score v is any number, and an output activation g_f takes it to the domain of f*:
T = g_f(v), rising in v (tables 2 and 6 there). Here are T and f*(T) as functions of v, in forms
that neither overflow nor lose digits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple

import numpy as np
from keras import ops

from fatgan.adversarial.objectives.expectation import expectation

_LN2 = float(np.log(2.0))
_STRAIGHT = 20.0
"""Where exponentials go on as straight lines. A score there says that a fake event is e^20 times
likelier to be real; in float32 the exponential of 89 would be infinite, and its slope useless for
a training long before."""


def _exp(x: Any) -> Any:
    """Return exp(x), and its tangent at 20 beyond, which is below it: convex, slopes bounded."""
    return ops.exp(ops.minimum(x, _STRAIGHT)) * (1 + ops.relu(x - _STRAIGHT))


class _Function(NamedTuple):
    """T = g_f(v), and f*(T), each as a function of the score v."""

    activation: Callable[[Any], Any]
    conjugate: Callable[[Any], Any]


_FUNCTIONS = {
    # f(u) = u ln u: int p ln(p/q)
    "kl": _Function(lambda v: v, lambda v: _exp(v - 1)),
    # -ln u: int q ln(q/p)
    "reverse_kl": _Function(lambda v: -_exp(-v), lambda v: v - 1),
    # u ln u - (u + 1) ln((u + 1)/2): twice the Jensen-Shannon divergence
    "js": _Function(lambda v: _LN2 - ops.softplus(-v), lambda v: ops.softplus(v) - _LN2),
    # (u - 1)^2: int (p - q)^2/q
    "pearson": _Function(lambda v: v, lambda v: v * v / 4 + v),
    # (sqrt(u) - 1)^2: int (sqrt(p) - sqrt(q))^2
    "squared_hellinger": _Function(lambda v: 1 - _exp(-v), lambda v: _exp(v) - 1),
    # |u - 1|/2: int |p - q|/2
    "total_variation": _Function(lambda v: ops.tanh(v) / 2, lambda v: ops.tanh(v) / 2),
}


@dataclass(frozen=True)
class FDivergence:
    """f-GAN: the critic raises a lower bound of an f-divergence, the generator lowers it.

    S. Nowozin et al. (arXiv:1606.00709). The generator maximises E[T(fake)], the paper's
    non-saturating trick (section 3.2), or minimises the bound itself if ``saturating``.

    Parameters
    ----------
    divergence
        Which one. ``js`` is the paper's, twice the Jensen-Shannon divergence: at most 2 ln 2.
    saturating
        Whether the generator minimises the bound.
    """

    name: Literal["f_divergence"] = "f_divergence"
    outputs: ClassVar[int] = 1
    compares: ClassVar[bool] = False
    divergence: Literal[
        "kl", "reverse_kl", "js", "pearson", "squared_hellinger", "total_variation"
    ] = "js"
    saturating: bool = False

    def bound(self, real: Any, fake: Any, weights: Any = None) -> Any:
        """Return E[T(real)] - E[f*(T(fake))], a lower bound of the divergence, from scores."""
        function = _FUNCTIONS[self.divergence]
        gain = expectation(function.activation(real), weights)
        return gain - ops.mean(function.conjugate(fake))

    def critic_loss(self, real: Any, fake: Any, weights: Any = None) -> Any:
        """Return -E[T(real)] + E[f*(T(fake))]."""
        return -self.bound(real, fake, weights)

    def generator_loss(self, real: Any, fake: Any, weights: Any = None) -> Any:
        """Return -E[T(fake)], or -E[f*(T(fake))]."""
        function = _FUNCTIONS[self.divergence]
        if self.saturating:
            return -ops.mean(function.conjugate(fake))
        return -ops.mean(function.activation(fake))
