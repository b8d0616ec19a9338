from __future__ import annotations

import numpy as np
import pytest
from samples import dis_events

from fatgan.events import EventTable
from fatgan.io import FORMATS, Format


@pytest.fixture
def table() -> EventTable:
    return dis_events().with_provenance(generator="test", seed=3)


@pytest.fixture
def momenta(table: EventTable) -> dict[str, np.ndarray]:
    return {name: np.array(table[name]) for name in ("px", "py", "pz")}


@pytest.fixture(params=[each for each in FORMATS if each.tabular], ids=lambda known: known.name)
def known(request: pytest.FixtureRequest) -> Format:
    return request.param
