"""The 8 x 8 digits that come with scikit-learn."""

from __future__ import annotations

import numpy as np

from fatgan.images.datasets.named import NamedSet
from fatgan.images.datasets.selection import limited
from fatgan.images.image_set import ImageSet

_INK = 16
"""The largest value of a pixel: the number of fine pixels in it that were set."""


def _read(limit: int | None) -> ImageSet:
    from sklearn.datasets import load_digits  # a second, which other data sets need not wait for

    digits = load_digits()
    images = ImageSet(
        "digits8",
        np.rint(digits.images * (255 / _INK)).astype(np.uint8)[..., None],
        labels=digits.target.astype(np.int64),
        classes=tuple("0123456789"),
        provenance={
            "source": "scikit-learn: E. Alpaydin and C. Kaynak, Optical Recognition of "
            "Handwritten Digits, UCI Machine Learning Repository (test part), "
            "doi:10.24432/C50P49",
            "licence": "CC BY 4.0",
        },
    )
    return limited(images, limit)


DIGITS8 = NamedSet("digits8", "1,797 handwritten digits, 8 x 8, from scikit-learn", _read)
