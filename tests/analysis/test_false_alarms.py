"""What once cried wolf between samples of one truth, and does no more."""

import numpy as np
import pytest

from analysis import Sample, compare, verdict
from analysis.scores import SCORES
from analysis.scores.classifier import fold_correlation
from fatgan import write
from fatgan.events import EventTable


def reweighted(table, weights):
    return EventTable(*table.momenta, table.collision, weights=weights)


@pytest.mark.parametrize(("n", "m"), [(20, 20), (30, 30), (20, 600)])
def test_few_events_are_no_alarm(truth, n, m):
    """Trees of few events give one probability to all: ties must not fall to one side."""
    names = [score.name for score in SCORES]
    for seed in range(2):
        records = compare(truth(n, 10 + seed), truth(m, 20 + seed), seed=seed, scores=names)
        assert not verdict(records).distinguishable


LAWS = {
    "nearly one": lambda rng, n: rng.uniform(0.9, 1.1, n),
    "both signs": lambda rng, n: np.where(rng.random(n) < 0.3, -1.0, 1.0),
    "steep": lambda rng, n: rng.exponential(size=n),
}


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize(("n", "m"), [(8000, 500), (2000, 2000)])
def test_weighted_tails_and_edges_are_no_alarm(truth, law, n, m):
    """5 pairs of 24 records; false alarm 1e-5 x 120 where p-values are right."""
    for seed in range(5):
        weights = LAWS[law](np.random.default_rng(seed), m)
        sample = reweighted(truth(m, 200 + seed), weights)
        records = compare(truth(n, 100 + seed), sample, seed=seed, scores=["tails", "edges"])
        assert min(record.p_value for record in records) > 1e-5


def test_weights_that_nearly_cancel_give_an_area(truth):
    weights = np.where(np.random.default_rng(0).random(2000) < 0.49, -1.0, 1.0)
    assert 0 < weights.sum() < 100
    sample = reweighted(truth(2000, 2), weights)
    names = ["C2ST AUC", "C2ST AUC (MLP)", "C2ST weights"]
    assert min(r.p_value for r in compare(truth(200, 1), sample, scores=names)) > 1e-4


def test_negative_weights_take_away_what_a_classifier_would_see(truth):
    """Events of another law, added with weight 1 and again with -1, are not there."""
    reference, clean = truth(1500, 1), truth(1500, 2)
    other = [truth(700, seed, edge=60.0) for seed in (3, 4)]
    rows = EventTable.concatenate([clean, *other])
    signs = np.repeat([1.0, 1.0, -1.0], [1500, 700, 700])
    for weights, seen in ((signs, False), (np.abs(signs), True)):
        record = compare(reference, reweighted(rows, weights), scores=["C2ST AUC"])[0]
        assert (record.p_value < 1e-4) is seen


def test_unphysical_rows_of_the_truth_count_for_the_bounds(truth, tmp_path, caplog):
    """Both halves of one file hold as many; of the reference they are dropped, and remembered."""
    tables = []
    for seed in (1, 2):
        px, py, pz = (column.copy() for column in truth(3000, seed).momenta)
        pz[:9] = 3000.0  # more than the beams have
        tables.append(EventTable(px, py, pz, truth(1, 1).collision))
    paths = [tmp_path / f"{name}.parquet" for name in ("a", "b")]
    for table, path in zip(tables, paths, strict=True):
        write(table, path)
    reference = Sample.from_file(paths[0])
    sample = Sample.from_file(paths[1], keep_unphysical=True)
    assert "dropped 9 of 3,000" in caplog.text
    records = compare(reference, sample, scores=["bounds"])
    broken = next(r for r in records if r.name == "outside x <= 1")
    assert (broken.value, broken.p_value > 0.1) == (9, True)
    assert broken.floor == pytest.approx(9, rel=0.01)


def test_fold_correlation_falls_with_the_number_of_events():
    found = [fold_correlation(n) for n in (20, 2000, 20_000, 10**7)]
    assert found == pytest.approx([0.75, 0.75, 0.55, 0.35])
