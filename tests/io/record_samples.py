"""Events of particles with numbers that are known by hand, for the formats that hold records."""

from __future__ import annotations

import pytest

from fatgan.errors import FatganError
from fatgan.io import read

ELECTRON = (3.0, 4.0, -12.0, 13.0)
"""px, py, pz, E of a scattered electron; with beams of 18 x 275 GeV and the proton along +z its Q2
is 2 * 18 * (13 - 12) = 36 GeV^2 and its y is 1 - (13 + 12) / 36 = 11/36, up to masses."""
Q2, Y = 36.0, 11 / 36
LEPTON_BEAM, PROTON_BEAM = (0.0, 0.0, -18.0, 18.0), (0.0, 0.0, 274.9983993606, 275.0)


def turned(momentum):
    """The same with the other beam along +z: turned by pi about x."""
    px, py, pz, E = momentum
    return px, -py, -pz, E


def refusal(path, **keywords) -> str:
    """The one line with which a file is refused."""
    with pytest.raises(FatganError) as caught:
        read(path, **keywords)
    message = str(caught.value)
    assert "\n" not in message
    assert str(path) in message
    return message


def check_sample(table, frame="proton", n=2):
    """Hold a table against the electron of above."""
    assert len(table) == n
    assert table.collision.frame == frame
    assert table.collision.label == "18x275"
    px, py, pz, _ = ELECTRON if frame == "proton" else turned(ELECTRON)
    assert list(table["px"]) == [px] * n
    assert list(table["py"]) == [py] * n
    assert list(table["pz"]) == [pz] * n
    assert list(table["Q2"]) == pytest.approx([Q2] * n, rel=1e-6)
    assert list(table["y"]) == pytest.approx([Y] * n, rel=1e-4)
