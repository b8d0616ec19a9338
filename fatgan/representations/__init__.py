"""From events to features and back: coordinates, scaling, azimuth, augmentation."""

from fatgan.representations.augmentation import AUGMENTATIONS
from fatgan.representations.conditions import Conditions
from fatgan.representations.coordinates import COORDINATES
from fatgan.representations.region import Region
from fatgan.representations.scaling import SCALINGS
from fatgan.representations.settings import Settings
from fatgan.representations.transform import FeatureTransform

__all__ = [
    "AUGMENTATIONS",
    "COORDINATES",
    "SCALINGS",
    "Conditions",
    "FeatureTransform",
    "Region",
    "Settings",
]
