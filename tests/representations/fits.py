"""Fitted transforms for the tests of this folder, each made once."""

from __future__ import annotations

import functools

from truths import FRAMES, dis_truth

from fatgan.events import EventTable
from fatgan.representations import AUGMENTATIONS, COORDINATES, FeatureTransform, Settings
from fatgan.representations.augmentation import NEED_AZIMUTH

AZIMUTHS = ("uniform", "learned")


@functools.cache
def truth(frame: str) -> EventTable:
    return dis_truth(FRAMES[frame], 3000, seed=1)


def allowed(name: str, azimuth: str) -> tuple[str, ...]:
    """All augmentations that these coordinates can give."""
    known = azimuth == "learned" or not COORDINATES[name].polar
    return tuple(item for item in AUGMENTATIONS if known or item not in NEED_AZIMUTH)


@functools.cache
def fitted(frame: str, name: str, scaling: str, azimuth: str) -> FeatureTransform:
    settings = Settings(name, scaling, azimuth, allowed(name, azimuth))
    return FeatureTransform.fit(truth(frame), settings)
