"""From events to features and back: coordinates, scaling, azimuth, augmentation."""

from fatgan.representations.augmentation import AUGMENTATIONS
from fatgan.representations.coordinates import COORDINATES
from fatgan.representations.scaling import SCALINGS
from fatgan.representations.transform import FeatureTransform, Settings

__all__ = ["AUGMENTATIONS", "COORDINATES", "SCALINGS", "FeatureTransform", "Settings"]
