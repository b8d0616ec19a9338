"""Synthetic truth: what a DIS sample looks like, without a generator."""

import os

import numpy as np
import pytest

from fatgan.events import Collision, EventTable
from fatgan.events.kinematics import from_light_cone, light_cone_from_Q2_y

os.environ.setdefault("POT_BACKEND_DISABLE_TENSORFLOW", "1")  # POT would import it

COLLISION = Collision.parse("27.5x920")
EDGE = 4.0


def make_truth(n, seed, collision=COLLISION, ripple=0.0, edge=EDGE):
    """ln Q2 exponential above an edge, y log-uniform with x < 1, phi flat or rippled."""
    rng = np.random.default_rng(seed)
    beams = collision.beams
    ln_Q2 = np.log(edge) + rng.exponential(0.8, n)
    ln_Q2 = np.minimum(ln_Q2, np.log(0.9 * beams.two_kP))
    lowest = ln_Q2 - np.log(beams.two_kP)  # y = Q2 / (x s), x < 1
    y = np.exp(lowest + (np.log(0.99) - lowest) * rng.uniform(0.02, 1.0, n))
    pT, pz = from_light_cone(*light_cone_from_Q2_y(np.exp(ln_Q2), y, beams))
    phi = rng.uniform(-np.pi, np.pi, 2 * n)
    kept = rng.uniform(0, 1 + ripple, 2 * n) < 1 + ripple * np.cos(3 * phi)
    phi = phi[kept][:n]
    table = EventTable(pT * np.cos(phi), pT * np.sin(phi), pz, collision.with_frame("electron"))
    return table.with_frame(collision.frame)


@pytest.fixture(scope="session")
def truth():
    return make_truth


@pytest.fixture(scope="session")
def measured():
    """Measurements of one score, by name and observable."""
    from analysis.comparison import Comparison
    from analysis.scores import SCORES

    by_name = {score.name: score for score in SCORES}

    def measure(name, reference, sample, **options):
        found = by_name[name].measure(Comparison(reference, sample, **options))
        return {(m.name, m.observable): m for m in found}

    return measure


@pytest.fixture(scope="session")
def pair():
    """As many events as are exact in every score, a multiple of the length of blocks."""
    from analysis.comparison import Comparison

    return Comparison(make_truth(200, 1), make_truth(200, 2, edge=4.2), seed=5)


@pytest.fixture(scope="session")
def normals():
    """Features of normal laws of unit covariance, one of them shifted."""
    from analysis.comparison import Comparison
    from analysis.features import SMOOTH

    rng = np.random.default_rng(8)
    n, m, shift = 3000, 2000, np.linspace(-1.5, 2.0, len(SMOOTH))
    comparison = Comparison(make_truth(n, 1), make_truth(m, 2))
    features = rng.normal(size=(n, len(SMOOTH))), rng.normal(shift, size=(m, len(SMOOTH)))
    vars(comparison)["standardised"] = features
    return comparison, shift


@pytest.fixture(scope="session")
def validated(tmp_path_factory):
    """Folder, records and steps of one whole validation."""
    from analysis import validate

    folder = tmp_path_factory.mktemp("validate")
    steps = []
    records = validate(
        make_truth(1000, 1),
        make_truth(1200, 2),
        folder,
        truth=make_truth(1000, 3),
        labels=("truth <1>", "model"),
        context={"data": "events.root", "config": {"seed": 7}},
        progress=steps.append,
    )
    return folder, records, steps
