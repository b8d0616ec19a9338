from __future__ import annotations

import numpy as np
import pytest
from fits import AZIMUTHS, fitted, truth
from truths import FRAMES

from fatgan.events import EventTable
from fatgan.representations import COORDINATES, SCALINGS, FeatureTransform


@pytest.fixture(params=FRAMES)
def frame(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def events(frame: str) -> EventTable:
    return truth(frame)


@pytest.fixture(params=COORDINATES)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=SCALINGS)
def scaling(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=AZIMUTHS)
def azimuth(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def transform(frame: str, name: str, scaling: str, azimuth: str) -> FeatureTransform:
    return fitted(frame, name, scaling, azimuth)


@pytest.fixture
def angles(transform: FeatureTransform, events: EventTable) -> np.ndarray | None:
    """The drawn angles with which ``inverse`` gives the events back."""
    if not transform.draws_azimuth:
        return None
    px, py, _ = events.electron_frame()
    polar = COORDINATES[transform.settings.name].polar
    return np.arctan2(py, px) if polar else np.zeros(len(events))
