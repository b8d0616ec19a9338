"""Sketches of flamingos, drawn by rule: a body, a curved neck, a bent beak and long legs.

All are drawn at once: a point is an array of shape (n, 2), a stroke of shape (n, points, 2). The
body's middle is the origin, its tail at positive x, and y points down; the legs are about 1 long.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import BSpline

from fatgan.images.datasets.named import NamedSet
from fatgan.images.datasets.selection import chosen
from fatgan.images.datasets.strokes import SPAN, rasterised
from fatgan.images.image_set import ImageSet

SIZE = 5_000
SEED = 1758
"""The year of Linnaeus' Phoenicopterus."""

Floats = NDArray[np.float64]


class Stroke(NamedTuple):
    """One stroke of every sketch, and which sketches have it."""

    points: Floats
    drawn: NDArray[np.bool_]


class Flock:
    """The strokes of ``n`` flamingos, each with a pose of its own."""

    def __init__(self, n: int, seed: int) -> None:
        self.n = n
        self.rng = np.random.default_rng(seed)
        self.length, self.depth = self.between(0.40, 0.60), self.between(0.22, 0.34)
        self.tilt = self.between(-0.35, 0.15)
        strokes = [*self._body(), *self._neck_and_head(), *self._legs()]
        self.drawn = np.stack([stroke.drawn for stroke in strokes], axis=1)
        self._ends = np.cumsum([stroke.points.shape[1] for stroke in strokes])[:-1]
        self._points = self._by_hand(np.concatenate([stroke.points for stroke in strokes], axis=1))

    def between(self, low: float, high: float) -> Floats:
        """Return one uniform number per flamingo."""
        return self.rng.uniform(low, high, self.n)

    def some(self, share: float) -> NDArray[np.bool_]:
        """Return which flamingos have something, ``share`` of them on average."""
        return self.rng.random(self.n) < share

    def sketch(self, number: int) -> list[Floats]:
        """Return the strokes of one flamingo in a square of 256 units, as QuickDraw's are."""
        strokes = np.split(self._points[number], self._ends)
        kept = [stroke for stroke, drawn in zip(strokes, self.drawn[number], strict=True) if drawn]
        corner = np.concatenate(kept).min(axis=0)
        extent = (np.concatenate(kept) - corner).max()
        return [(stroke - corner) * ((SPAN - 1) / extent) for stroke in kept]

    def _body(self) -> Iterator[Stroke]:
        # a hand seldom closes a loop where it began
        turns = self.between(0.96, 1.04)[:, None] * np.linspace(0, 2 * np.pi, 17)
        angle = self.between(0, 2 * np.pi)[:, None] + turns
        pointed = self.between(0, 0.35)[:, None]
        tail = 1 + pointed * np.exp((np.cos(angle) - 1) / 0.06)
        yield self._every(self._on_body(np.stack([tail * np.cos(angle), np.sin(angle)], axis=2)))
        wing = self._near([[-0.45, -0.1], [0.0, 0.75], [0.55, 0.35], [0.8, -0.1]], 0.06)
        yield Stroke(_curve(self._on_body(wing)), self.some(0.35))

    def _neck_and_head(self) -> Iterator[Stroke]:
        size = np.stack([self.between(0.14, 0.28), self.between(0.65, 1.05)], axis=1)[:, None]
        chest = self._on_body(np.array([[-0.9, -0.3]]))
        way = [[0.0, 0.0], [-1.0, 0.02], [-1.5, -0.28], [0.2, -0.5], [0.9, -0.78], [0.6, -1.1]]
        crown = [[-0.9, -1.18], [-1.5, -0.96]]
        neck = chest + self._near([*way, *crown], 0.08) * size
        yield self._every(_curve(neck))
        head, radius = neck[:, -1:], self.between(0.07, 0.12)[:, None, None]
        angle = self.between(0, 2 * np.pi)[:, None] + np.linspace(0, 2 * np.pi, 8)
        circle = np.stack([1.2 * np.cos(angle), np.sin(angle)], axis=2)
        yield Stroke(head + radius * circle, self.some(0.6))
        front = head + radius * [-0.9, -0.2]
        length = self.between(0.18, 0.34)[:, None, None]
        bend = front + length * self._near([[-0.35, 0.2]], 0.06)
        tip = bend + length * self._near([[0.05, 0.9]], 0.1)
        back = np.where(self.some(0.6)[:, None, None], head + radius * [0.0, 1.0], tip)
        yield self._every(np.concatenate([front, bend, tip, back], axis=1))

    def _legs(self) -> Iterator[Stroke]:
        ground, apart = self.between(0.85, 1.25), self.between(0.22, 0.42)
        hip = np.stack([self.between(-0.3, 0.1) * self.length, 0.93 * self.depth], axis=1)
        foot = np.stack([hip[:, 0] + self.between(-0.1, 0.1), self.depth + ground], axis=1)
        yield self._leg(hip, foot, self.some(1))
        yield self._foot(foot, self.some(0.75))
        pose = self.rng.random(self.n)
        two, bent = pose < 0.5, (pose >= 0.5) & (pose < 0.85)
        beside = np.stack([apart, np.zeros(self.n)], axis=1)
        other = foot + beside + np.stack([self.between(-0.05, 0.15), np.zeros(self.n)], axis=1)
        yield self._leg(hip + beside, other, two)
        yield self._foot(other, two & self.some(0.6))
        side = np.where(self.some(0.7), 1.0, -1.0)
        out, down = side * self.between(0.32, 0.5), self.between(0.25, 0.38) * ground
        knee = hip + np.stack([out, down], axis=1)
        back = np.stack([foot[:, 0], knee[:, 1] + self.between(0.1, 0.25)], axis=1)
        top = hip + np.stack([0.12 * side, np.zeros(self.n)], axis=1)
        yield Stroke(np.stack([top, knee, back], axis=1), bent)

    def _leg(self, hip: Floats, foot: Floats, drawn: NDArray[np.bool_]) -> Stroke:
        knee = (hip + foot) / 2 + self._near([[0.03, 0]], 0.02)[:, 0]
        return Stroke(np.stack([hip, knee, foot], axis=1), drawn)

    def _foot(self, ankle: Floats, drawn: NDArray[np.bool_]) -> Stroke:
        heel = np.where(self.some(0.5), 0.6, 0.0)
        toes = self.between(0.12, 0.24)[:, None]
        low = np.stack([heel, heel / 8], axis=1)
        return Stroke(np.stack([ankle + toes * [-1, 0.1], ankle, ankle + toes * low], 1), drawn)

    def _by_hand(self, points: Floats) -> Floats:
        """Return the sketches slanted, stretched, wavering and half of them mirrored."""
        waves = self.rng.uniform(4, 9, (self.n, 1, 2))
        phase = self.rng.uniform(0, 2 * np.pi, (self.n, 1, 2))
        wavering = points + 0.015 * np.sin(points[..., ::-1] * waves + phase)
        wavering += self.rng.normal(0, 0.006, points.shape)
        slant = np.tile(np.eye(2), (self.n, 1, 1)) + self.rng.normal(0, 0.06, (self.n, 2, 2))
        mirror = np.where(self.some(0.5), -1.0, 1.0) * self.between(0.9, 1.2)
        return (wavering @ slant) * np.stack([mirror, np.ones(self.n)], axis=1)[:, None]

    def _on_body(self, points: Floats) -> Floats:
        """Return points given in the body's half axes, tilted with it."""
        x, y = points[..., 0] * self.length[:, None], points[..., 1] * self.depth[:, None]
        cos, sin = np.cos(self.tilt)[:, None], np.sin(self.tilt)[:, None]
        return np.stack([x * cos - y * sin, x * sin + y * cos], axis=2)

    def _near(self, points: ArrayLike, width: float) -> Floats:
        middle = np.asarray(points, dtype=float)
        return middle + self.rng.normal(0, width, (self.n, *middle.shape))

    def _every(self, points: Floats) -> Stroke:
        return Stroke(points, np.ones(self.n, dtype=bool))


def _curve(control: Floats) -> Floats:
    """Return points on the clamped cubic B-splines of control points."""
    controls = control.shape[1]
    knots = np.concatenate([[0] * 3, np.linspace(0, 1, controls - 2), [1] * 3])
    basis = BSpline.design_matrix(np.linspace(0, 1, 2 * controls), knots, 3).toarray()
    return basis @ control


def _read(limit: int | None) -> ImageSet:
    flock = Flock(SIZE, SEED)
    images = [rasterised(flock.sketch(number)) for number in chosen(SIZE, limit)]
    return ImageSet(
        "flamingos",
        np.stack(images),
        labels=np.zeros(len(images), dtype=np.int64),
        classes=("flamingo",),
        provenance={
            "source": f"drawn by rule in fatgan with seed {SEED}; these are not QuickDraw's data",
            "licence": "BSD-3-Clause, as fatgan",
        },
    )


FLAMINGOS = NamedSet(
    "flamingos",
    "5,000 sketches of flamingos, 28 x 28, drawn by rule in the manner of QuickDraw's bitmaps",
    _read,
)
