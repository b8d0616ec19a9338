"""Whether an exported file makes the events that Python makes of the same noise.

What follows the network is float64 on both sides and agrees to rounding. The network is float32,
and another library adds its products in another order: its features may differ by some units in
the last place. An event agrees if it lies where Python's would, were its features moved by as much.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from fatgan.errors import ModelError
from fatgan.events import BEAM_COLUMNS, Collision, Collisions, kinematics
from fatgan.events.observables import to_electron_frame
from fatgan.generator.export.graph import EventGraph
from fatgan.generator.export.told import columns_of
from fatgan.generator.target import Target
from fatgan.representations.conditions import EDGE

Array = NDArray[np.float64]
Made = dict[str, NDArray[Any]]
Momenta = tuple[Array, Array, Array]
Sampler = Callable[..., Made]
"""From ``noise=`` and, for a conditional model, ``conditions=`` to the outputs by name."""

EVENTS = 100_000
"""Events compared before a file appears."""
_FEATURES = 2.0**-20
"""Eight units in the last place of a float32 of order one: rounding over a few hundred terms."""
_MOMENTA = 1e-9
"""Relative rounding of float64, cancellations at small y included."""
_EDGE = 1e-15
"""Relative rounding of a momentum. A scaling that clips puts events exactly on an edge of the
region, and on which side of it they come to lie is a matter of rounding."""
_APART = 1e-4
"""The share of events that may differ by more, at kinks of the scaling: 10 of 100,000."""


@dataclass(frozen=True)
class Agreement:
    """How a file's events compare with Python's.

    Attributes
    ----------
    events, apart
        How many were compared, and how many differ by more than rounding.
    largest
        The largest deviation of each observable among events inside: of pT relative to E', of phi
        absolute, of the others relative.
    """

    events: int
    apart: int
    largest: dict[str, float]

    def __str__(self) -> str:
        largest = ", ".join(f"{name} {value:.0e}" for name, value in self.largest.items())
        count = f"{self.apart:,} of {self.events:,} events differ"
        return f"{count} from the Python generator's by more than rounding, at most: {largest}"


def compare(graph: EventGraph, sample: Sampler, events: int = EVENTS, seed: int = 0) -> Agreement:
    """Compare a file's events with those of the Python generator, event by event.

    Parameters
    ----------
    graph
        What was exported; its network and transform are the Python generator's.
    sample
        Runs the file.
    events
        How many.
    seed
        Of the noise and of the conditions.

    Raises
    ------
    ModelError
        More than one event in 10,000 differs by more than rounding.
    """
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((events, graph.noise), dtype=np.float32)
    target, columns = _asked(graph, events, rng)
    made = sample(noise=noise, conditions=columns) if graph.columns else sample(noise=noise)
    features = _features(graph, noise, target)
    ours, inside = _python(graph, features, noise, target)
    theirs = _observables(graph, (made["px"], made["py"], made["pz"]), target)
    step = _FEATURES * (1 + np.abs(features))
    moved = [_python(graph, features + sign * step, noise, target) for sign in (-1, 1)]
    apart = (made["inside"] != inside) & ~_on_an_edge(graph, made, columns)
    for _, mask in moved:
        apart &= mask == inside
    both, largest = inside & made["inside"], {}
    for name, value in ours.items():
        deviation, scale = np.abs(theirs[name] - value), _scale(name, ours)
        room = _MOMENTA * scale + np.max([np.abs(each[name] - value) for each, _ in moved], axis=0)
        # a deviation that is no number is none that is small
        apart |= both & ~(deviation <= room)
        largest[name] = float(np.max((deviation / scale)[both], initial=0.0))
    agreement = Agreement(events, int(np.count_nonzero(apart)), largest)
    if agreement.apart > _APART * events or not both.any():
        raise ModelError(
            f"the exported model would not do: {agreement} (with {both.sum():,} events inside the "
            "physical region); report it with the versions of onnxruntime and TensorFlow"
        )
    return agreement


def _asked(graph: EventGraph, n: int, rng: np.random.Generator) -> tuple[Target, Array]:
    """Return targets in the range of the training, and their columns (n, c).

    Of the beams half are settings of the training, half lie between two of them.
    """
    transform = graph.transform
    collision, given = transform.collision, {}
    if not isinstance(collision, Collision):
        settings = collision.settings()
        one, other = rng.integers(len(settings), size=(2, n))
        share = np.where(rng.random(n) < 0.5, 0.0, rng.random(n))
        energies = np.array([[s.electron_energy, s.proton_energy] for s in settings])
        Ee, Ep = np.exp((1 - share) * np.log(energies[one].T) + share * np.log(energies[other].T))
        lepton = np.array([s.lepton_pdg for s in settings])[one]
        collision = Collisions(Ee, np.maximum(Ep, kinematics.PROTON_MASS), collision.frame, lepton)
    for name in graph.columns:
        if name not in BEAM_COLUMNS and transform.conditions is not None:
            low, high = transform.conditions.ranges[name]
            # all beams reach the lowest edge
            given[name] = np.full(n, low) if name == EDGE else rng.uniform(low, high, n)
    target = Target(collision, given)
    columns = target.columns()
    rows = [np.broadcast_to(np.asarray(columns[name], np.float64), n) for name in graph.columns]
    return target, np.stack(rows, axis=1) if rows else np.empty((n, 0))


def _features(graph: EventGraph, noise: NDArray[np.float32], target: Target) -> Array:
    inputs = [noise[:, : int(graph.network.inputs[0].shape[-1])]]
    if graph.transform.conditions is not None:
        inputs.append(graph.transform.conditions.forward(target.columns(), len(noise)))
    tensors = [keras.ops.convert_to_tensor(each) for each in inputs]
    made = graph.network(tensors[0] if len(tensors) == 1 else tensors, training=False)
    return np.asarray(keras.ops.convert_to_numpy(made), dtype=np.float64)


def _python(
    graph: EventGraph, features: Array, noise: NDArray[np.float32], target: Target
) -> tuple[dict[str, Array], NDArray[np.bool_]]:
    """Return the observables of the Python generator's events, and which are inside."""
    pair = noise[:, -2:].astype(np.float64)
    azimuth = np.arctan2(pair[:, 1], pair[:, 0]) if graph.transform.draws_azimuth else None
    momenta, inside = graph.transform.decode(features, azimuth, target.collision, target.conditions)
    turned = to_electron_frame(*momenta, target.collision)
    return _observables(graph, turned, target), inside


def _on_an_edge(graph: EventGraph, made: Made, columns: Array) -> NDArray[np.bool_]:
    """Return the events that rounding alone puts inside or outside the region."""
    px, py, pz = to_electron_frame(made["px"], made["py"], made["pz"], graph.transform.collision)
    beams = columns_of(graph.transform, keras.ops.convert_to_tensor(columns))
    smaller, larger = (
        np.asarray(graph.inside((px * factor, py * factor, pz * factor), beams))
        for factor in (1 - _EDGE, 1 + _EDGE)
    )
    return smaller != larger


def _observables(graph: EventGraph, momenta: Momenta, target: Target) -> dict[str, Array]:
    """Return what is compared, also where cancellations are, of momenta in the file's frame."""
    px, py, pz = to_electron_frame(*momenta, graph.transform.collision)
    values = kinematics.invariants(*kinematics.light_cone(px, py, pz), target.collision.beams)
    pT = np.hypot(px, py)
    return {
        "E": kinematics.energy(px, py, pz),
        "pT": pT,
        "theta": np.arctan2(pT, pz),
        "phi": np.arctan2(py, px),
        "Q2": values.Q2,
        "y": values.y,
    }


def _scale(name: str, ours: dict[str, Array]) -> Array:
    """Return what deviations of an observable are measured by, shape (n,)."""
    if name == "phi":
        return np.ones_like(ours["phi"])
    # straight back along the beam pT is a difference, and nothing but rounding
    return ours["E" if name == "pT" else name]
