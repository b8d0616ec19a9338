from __future__ import annotations

import pytest
from physical_events import dis_events

from fatgan.events import Collision, EventTable


@pytest.fixture(params=["27.5x920", "18x275", "50x50", "11x0"])
def collision(request: pytest.FixtureRequest) -> Collision:
    return Collision.parse(request.param)


@pytest.fixture
def events(collision: Collision) -> EventTable:
    return dis_events(collision, 2000)


@pytest.fixture
def hera_events() -> EventTable:
    return dis_events(Collision.parse("hera"), 1000, Q2_min=4.0)
