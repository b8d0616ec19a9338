"""Reduced cross-sections of events whose structure function is known, and the law of the chi2."""

import numpy as np
import pytest
from scipy import integrate, stats

from analysis.measurements.agreement import between, shape_to_data, to_data
from analysis.measurements.bins import WIDEST, Bins
from analysis.measurements.comparing import Against, outcomes
from analysis.measurements.hera import Measurement
from analysis.measurements.reduced import ALPHA, PB_GEV2, Prediction, alpha, bin_cross_sections
from analysis.measurements.writing import write
from fatgan.errors import DataError
from fatgan.events import Collision, EventTable
from fatgan.events.kinematics import from_light_cone, light_cone_from_Q2_y

COLLISION = Collision.parse("27.5x920", lepton_pdg=-11)
LARGEST = COLLISION.beams.two_kP
Q2_MIN, X_MIN = 20.0, 1e-3
EVENTS = 60_000


def toy(x, Q2):
    """A structure function with the features of the proton's."""
    return 0.4 * x**-0.2 * (1 - x) ** 3 * (Q2 / 20) ** 0.1


def toy_events(n, seed):
    """Events of d2sigma/dx dQ2 with sigma_r = toy for Q2 > Q2_MIN and x > X_MIN: accept, reject."""
    rng = np.random.default_rng(seed)
    x, Q2 = np.empty(0), np.empty(0)
    while len(x) < n:
        tried = np.exp(rng.uniform(np.log(X_MIN), 0, 8 * n))
        scale = Q2_MIN / (1 - rng.uniform(0, 1 - Q2_MIN / LARGEST, 8 * n))
        y = scale / (tried * LARGEST)
        height = (1 + (1 - y) ** 2) * toy(tried, scale) * (y < 1)
        kept = rng.uniform(0, 2 * 0.4 * X_MIN**-0.2 * (LARGEST / 20) ** 0.1, 8 * n) < height
        x, Q2 = np.append(x, tried[kept]), np.append(Q2, scale[kept])
    x, Q2, phi = x[:n], Q2[:n], rng.uniform(-np.pi, np.pi, n)
    pT, pz = from_light_cone(*light_cone_from_Q2_y(Q2, Q2 / (x * LARGEST), COLLISION.beams))
    turned = COLLISION.with_frame("electron")
    return EventTable(pT * np.cos(phi), pT * np.sin(phi), pz, turned).with_frame("proton")


def toy_sigma():
    """The toy's cross-section in pb, by SciPy's quadrature and the formula written out."""

    def density(ln_x, ln_Q2):
        x, Q2 = np.exp(ln_x), np.exp(ln_Q2)
        y = Q2 / (x * LARGEST)
        return 2 * np.pi * ALPHA**2 * (1 + (1 - y) ** 2) / Q2 * toy(x, Q2) * PB_GEV2

    return integrate.dblquad(
        density,
        np.log(Q2_MIN),
        np.log(LARGEST),
        lambda v: max(np.log(X_MIN), v - np.log(LARGEST)),
        0.0,
        epsrel=1e-6,
    )[0]


def toy_data(seed=None):
    """Points with 1 % alone and 2 % together, smeared with a seed and exact without."""
    rows = [(x, Q2) for Q2 in (30.0, 40.0, 60.0, 90.0) for x in np.geomspace(4e-3, 0.4, 9)]
    x, Q2 = np.array(rows).T
    truth = toy(x, Q2)
    alone, together = 0.01 * truth, 0.02 * truth[:, None]
    values = truth
    if seed is not None:
        rng = np.random.default_rng(seed)
        values = truth + alone * rng.normal(size=len(x)) + together[:, 0] * rng.normal()
    # correlated errors are relative ones: stated for the measured value
    stated = together * (values / truth)[:, None]
    return Measurement("toy", COLLISION, x, Q2, Q2 / (x * LARGEST), values, alone, stated)


@pytest.fixture(scope="module")
def made():
    """The toy's own points, two independent samples, and what they say of them."""
    against, sigma = Against(toy_data()), (toy_sigma(), 0.0)
    counts = [against.count([toy_events(EVENTS, seed)]) for seed in (1, 2)]
    return against, [against.predict(f"{i}", c, sigma) for i, c in enumerate(counts)], counts


def test_the_toy_comes_back(made):
    against, predictions, _ = made
    for found in predictions:
        assert found.usable.sum() > 25
        agreement = to_data(toy_data(), found)
        pulls = (found.sigma_r - toy(against.data.x, against.data.Q2)) / found.error
        # false alarms 1e-4 on either side; errors are of counts of 25 and more
        limits = stats.chi2.ppf([1e-4, 1 - 1e-4], agreement.ndf)
        assert limits[0] < np.sum(pulls[found.usable] ** 2) < limits[1]
        assert abs(np.mean(pulls[found.usable])) < 3.9 / np.sqrt(agreement.ndf)


def test_samples_of_one_truth_agree_and_another_does_not(made):
    against, (one, two), counts = made
    agreement = between(two, one)
    assert 1e-4 < agreement.p_value < 1 - 1e-4
    more = against.predict("more", counts[1], (1.1 * toy_sigma(), 0.0))
    assert between(more, one).p_value < 1e-6
    # an error of normalisation as large as the difference takes it away
    unsure = against.predict("unsure", counts[1], (1.1 * toy_sigma(), 0.11 * toy_sigma()))
    assert between(unsure, one).p_value > 1e-4


def test_the_chi2_of_truth_against_data_made_from_it_follows_its_law():
    ideal = Prediction("truth", toy_data().sigma_r, np.zeros(36), 0.0, np.ones(36, dtype=bool))
    found = [to_data(toy_data(seed), ideal).chi2 for seed in range(200)]
    # false alarm 1e-3; the stated correlated errors follow the smeared values, a matter of 1e-4
    assert stats.kstest(found, stats.chi2(36).cdf).pvalue > 1e-3
    free = [shape_to_data(toy_data(seed), ideal) for seed in range(60)]
    assert stats.kstest([f.chi2 for f in free], stats.chi2(35).cdf).pvalue > 1e-3
    assert np.std([f.factor for f in free]) == pytest.approx(0.02, rel=0.4)  # 4 sigma


def test_a_factor_is_found():
    data = toy_data()
    half = Prediction("half", data.sigma_r / 2, np.zeros(36), 0.0, np.ones(36, dtype=bool))
    assert shape_to_data(data, half).factor == pytest.approx(2, rel=1e-3)
    assert shape_to_data(data, half).chi2 == pytest.approx(0, abs=1e-3)


def test_bins_surround_their_points_and_share_nothing():
    data = toy_data()
    bins = Bins(data.x, data.Q2)
    assert np.all((bins.x_low < data.x) & (data.x < bins.x_high))
    assert np.all(bins.x_high / data.x <= WIDEST * (1 + 1e-12))
    assert bins.index(data.x, data.Q2).tolist() == list(range(len(data)))
    rng = np.random.default_rng(3)
    x, Q2 = np.exp(rng.uniform(-6, 0, 5000)), np.exp(rng.uniform(3, 5, 5000))
    inside = (bins.x_low <= x[:, None]) & (x[:, None] < bins.x_high)
    inside &= (bins.Q2_low <= Q2[:, None]) & (Q2[:, None] < bins.Q2_high)
    assert inside.sum(axis=1).max() == 1
    expected = np.where(inside.any(axis=1), inside.argmax(axis=1), -1)
    assert bins.index(x, Q2).tolist() == expected.tolist()


def test_a_bin_across_y_of_one_is_integrated_where_events_are():
    bins = Bins([0.001], [0.001 * LARGEST])  # its point is at y = 1
    unit = bin_cross_sections(bins, COLLISION, lambda x, Q2: np.ones_like(x))

    def density(x, Q2):
        y = Q2 / (x * LARGEST)
        return 2 * np.pi * ALPHA**2 * (1 + (1 - y) ** 2) / (x * Q2**2) * PB_GEV2

    exact = integrate.dblquad(
        density,
        bins.Q2_low[0],
        bins.Q2_high[0],
        lambda Q2: max(bins.x_low[0], Q2 / LARGEST),
        bins.x_high[0],
        epsrel=1e-5,
    )[0]
    assert unit[0] == pytest.approx(exact, rel=2e-3)  # the corner at x_low


def test_weights_count_and_common_factors_of_them_do_not(made):
    against, (one, _), _ = made
    table = toy_events(EVENTS, 1)
    doubled = EventTable(*table.momenta, COLLISION, weights=np.full(len(table), 2.5))
    again = against.predict("doubled", against.count([doubled]), (toy_sigma(), 0.0))
    assert again.sigma_r == pytest.approx(one.sigma_r)
    assert again.error == pytest.approx(one.error)


def test_bins_are_chosen_by_what_is_expected_of_them(made):
    against, (one, two), counts = made
    assert one.usable.tolist() == two.usable.tolist()
    fewer = against.count([toy_events(EVENTS, 1)[: EVENTS // 20]])
    some = against.predict("fewer", fewer, (toy_sigma(), 0.0)).usable
    expected = counts[1].sums / 20
    assert 0 < some.sum() < one.usable.sum()
    # 25 within five errors of the count that stands for the expectation, and of the reference
    assert np.all(expected[some] > 18)
    assert np.all(expected[~some & one.usable] < 33)


def test_points_below_the_samples_edge_are_left_out(made):
    against, _, _ = made
    table = toy_events(EVENTS, 1)
    cut = against.count([table[table["Q2"] > 37]])
    usable = against.predict("cut", cut, (1.0, 0.0)).usable
    assert set(against.data.Q2[usable]) == {60.0, 90.0}


def test_the_running_coupling():
    assert 1 / alpha(0.0 + 91.1876**2) == pytest.approx(127.918)
    # (alpha / alpha(0))^2 of Pythia 8.317, from its coupSM.alphaEM
    pythia = {4.0: 1.0555910, 10.0: 1.0658175, 100.0: 1.0922244, 1e4: 1.1500453}
    for Q2, ratio in pythia.items():
        assert (alpha(Q2) / ALPHA) ** 2 == pytest.approx(ratio, rel=2e-3)
    assert alpha(10.0, "fixed") == ALPHA


def test_what_is_written_says_the_same(made, tmp_path):
    import csv
    import json

    against, predictions, _ = made
    found = write(tmp_path / "new", against.data, predictions, "fixed")
    assert [o.label for o in found] == ["0", "1"]
    content = json.loads((tmp_path / "new" / "hera.json").read_text())
    assert content["samples"][1]["to_first"]["chi2"] == pytest.approx(found[1].to_first.chi2)
    with (tmp_path / "new" / "hera.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(against.data)
    place = int(np.flatnonzero(predictions[0].usable)[0])
    assert float(rows[place]["sigma_r 0"]) == pytest.approx(predictions[0].sigma_r[place], 1e-4)
    assert (tmp_path / "new" / "hera.png").read_bytes().startswith(b"\x89PNG")


def test_nothing_in_common_is_refused(made):
    against, (one, _), counts = made
    counts[0].Q2_min, before = 1e4, counts[0].Q2_min
    none = against.predict("none", counts[0], (1.0, 0.0))
    counts[0].Q2_min = before
    with pytest.raises(DataError, match="0 of 36 measured points"):
        outcomes(against.data, [one, none])
    with pytest.raises(DataError, match="0 physical events"):
        against.count([])
