"""From noise to momenta as one TensorFlow graph: what an exported file holds.

The network works in float32 and everything after it in float64, as in Python. What
:class:`fatgan.representations.FeatureTransform` does in NumPy alone is here once more in tensors;
:mod:`fatgan.generator.export.check` holds each file to the Python generator before it appears.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import keras
import tensorflow as tf
from keras import ops

from fatgan.events import kinematics
from fatgan.events.bounds import PHYSICAL
from fatgan.events.kinematics import Beams
from fatgan.events.observables import to_electron_frame
from fatgan.generator.export.cut import passes_cut
from fatgan.generator.export.doubles import DOUBLES
from fatgan.generator.export.told import Columns, columns_of, scaled, told, told_of_beams
from fatgan.representations import FeatureTransform, Region
from fatgan.representations.conditions import EDGE
from fatgan.representations.decoding import _LARGE, _SHORT

OUTPUTS = ("px", "py", "pz", "E", "inside")
"""What the graph returns by name: GeV, float64 (n,), and bool (n,)."""

Momenta = tuple[Any, Any, Any]

_GAP = 1 - _SHORT
"""As a difference: onnxruntime drops a factor that single precision takes for 1."""


class EventGraph:
    """Makes events of standard normal numbers, without drawing any itself.

    Parameters
    ----------
    network
        (n, noise), or with conditions [(n, noise), (n, c)], -> (n, dimension).
    transform
        From its features to momenta.

    Attributes
    ----------
    noise
        How many standard normal numbers an event takes: the network's, and two more for a drawn
        azimuth. The direction of two normal numbers in their plane is uniform.
    columns
        The columns of the input ``conditions``, none where there is no such input.
    """

    def __init__(self, network: keras.Model, transform: FeatureTransform) -> None:
        self.network, self.transform = network, transform
        self._told_of_beams = told_of_beams(transform)
        self._width = int(network.inputs[0].shape[-1])
        self.noise = self._width + 2 * transform.draws_azimuth
        self.columns = told(transform)

    @property
    def signature(self) -> list[tf.TensorSpec]:
        """Names, shapes and types of the inputs, in order."""
        specs = [tf.TensorSpec((None, self.noise), tf.float32, name="noise")]
        if self.columns:
            shape = (None, len(self.columns))
            specs.append(tf.TensorSpec(shape, tf.float64, name="conditions"))
        return specs

    def function(self) -> tf.types.experimental.PolymorphicFunction:
        """Return the graph as a function of its inputs, by name."""
        if self.columns:

            def events(noise: tf.Tensor, conditions: tf.Tensor) -> dict[str, tf.Tensor]:
                return self(noise, conditions)

        else:

            def events(noise: tf.Tensor) -> dict[str, tf.Tensor]:  # type: ignore[misc]
                return self(noise)

        return tf.function(events, input_signature=self.signature, autograph=False)

    def __call__(self, noise: Any, conditions: Any = None) -> dict[str, Any]:
        """Return the events: :data:`OUTPUTS` by name, in the frame of the training.

        Parameters
        ----------
        noise
            Standard normal numbers, float32 (n, noise).
        conditions
            Columns in their own units, float64 (n, c).
        """
        first = ops.cast(noise[:, 0], "float64")
        columns = columns_of(self.transform, conditions)
        inputs = [noise[:, : self._width]]
        if self.transform.conditions is not None:
            inputs.append(ops.cast(scaled(self.transform, columns, first), "float32"))
        features = self.network(inputs[0] if len(inputs) == 1 else inputs, training=False)
        points = ops.cast(features, "float64")
        known = ops.logical_not(ops.any(ops.isnan(points), axis=-1))
        points = ops.where(known[:, None], points, ops.zeros_like(points))
        momenta = self._momenta(DOUBLES.clip(points, -_LARGE, _LARGE), columns, noise)
        inside = ops.logical_and(known, self.inside(momenta, columns))
        px, py, pz = to_electron_frame(*momenta, self.transform.collision)
        E = kinematics.energy(px, py, pz, DOUBLES)
        return dict(zip(OUTPUTS, (px, py, pz, E, inside), strict=True))

    def _momenta(self, points: Any, columns: Columns, noise: Any) -> Momenta:
        """Return electron-frame momenta of features (n, dimension)."""
        features = ops.unstack(points, self.transform.dimension, axis=-1)
        given = scaled(self._told_of_beams, columns, points[:, 0])
        px, py, pz = self._told_of_beams.momenta(features, DOUBLES, conditions=given)
        if not self.transform.draws_azimuth:
            return px, py, pz
        pair = ops.cast(noise[:, self._width :], "float64")
        # two zeros have no direction
        nowhere = ops.all(ops.equal(pair, 0), axis=-1)
        a, b = ops.where(nowhere, ops.ones_like(pair[:, 0]), pair[:, 0]), pair[:, 1]
        length = ops.sqrt(a * a + b * b)
        cosine, sine = a / length, b / length
        return px * cosine - py * sine, px * sine + py * cosine, pz

    def inside(self, momenta: Momenta, columns: Columns) -> Any:
        """Return which electron-frame momenta lie in the physical and fiducial region."""
        fiducial = self.transform.fiducial
        beams = Beams.of_energies(columns["Ee"], columns["Ep"], DOUBLES)
        values = kinematics.invariants(*kinematics.light_cone(*momenta, DOUBLES), beams)
        edge = columns.get(EDGE, fiducial.Q2_min)
        region = Region.of_beams(beams, edge, fiducial.W2_min, xp=DOUBLES)
        bounds = [bound(values) for bound in PHYSICAL.values()]
        bounds += [
            replace(fiducial, Q2_min=region.Q2_min).within_edges(values),
            region.Q2_high - values.Q2 > _GAP * region.Q2_high,
            values.W2 - fiducial.W2_min > _GAP * values.W2,
        ]
        if fiducial.cut is not None:
            turned = to_electron_frame(*momenta, self.transform.collision)
            bounds.append(passes_cut(fiducial.cut, turned, values, columns))
        inside = bounds[0]
        for bound in bounds[1:]:
            inside = ops.logical_and(inside, bound)
        return inside
