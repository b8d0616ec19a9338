"""Several samples: the nearer one comes first, and chance ranks nobody."""

import json

import pytest

from analysis import Record, compare, rank, write_ranking
from fatgan.errors import DataError


def record(sigmas, p_value, name="KS", n=100, spread=0.1):
    return Record(name, None, 1 + sigmas * (spread or 1), 0.1, 1.0, spread, n, n, 0, 0, p_value)


def test_what_a_score_cannot_tell_shares_the_best_ranks():
    ranking = rank(
        {
            "far": [record(90, 0.0), record(0, 0.5, "x")],
            "a": [record(2, 0.02), record(1, 0.3, "x")],
            "b": [record(0, 0.6), record(0, 0.5, "x")],
            "near": [record(40, 0.0), record(0, 0.5, "x")],
        }
    )
    assert ranking.labels == ("a", "b", "near", "far")
    assert [place.rank for place in ranking.places["KS"]] == [1.5, 1.5, 3, 4]
    assert [place.rank for place in ranking.places["x"]] == [2.5] * 4
    assert ranking.mean_ranks == (2, 2, 2.75, 3.25)
    assert [v.distinguishable for v in ranking.verdicts] == [False, False, True, True]
    assert ranking.equal_sizes


def test_counts_that_chance_never_raises_are_ranked_by_their_number():
    counts = {name: [record(k, 0.0, "bounds", spread=0)] for name, k in (("many", 9), ("few", 2))}
    ranking = rank(counts)
    assert ranking.labels == ("few", "many")
    assert [place.distance for place in ranking.places["bounds"]] == [2, 9]


def test_samples_without_common_scores_are_refused():
    with pytest.raises(DataError, match="'b' has other scores than 'a'"):
        rank({"a": [record(1, 0.1)], "b": [record(1, 0.1, "x")]})
    with pytest.raises(DataError, match="nothing to rank"):
        rank({})


def test_ripples_are_ranked_by_their_size(truth):
    """Harmonics a/2 at 5000 events, each known to 0.02, are 5 sigmas apart."""
    data, ripples = truth(5000, 1), (0.8, 0.45, 0.0, 0.2)
    samples = {str(a): truth(5000, 2 + i, ripple=a) for i, a in enumerate(ripples)}
    scores = ["phi harmonics", "edges"]
    ranking = rank({a: compare(data, sample, scores=scores) for a, sample in samples.items()})
    assert ranking.labels == ("0.0", "0.2", "0.45", "0.8")
    assert [place.rank for place in ranking.places["phi harmonics"]] == [1, 2, 3, 4]


def test_the_page_says_what_the_numbers_say(tmp_path):
    ranking = rank(
        {
            "<a> | b": [record(2, 0.02), record(0, 1.0)],
            "c": [record(40, 0.0, n=500), record(0, 1.0, n=500)],
        }
    )
    pages = {"<a> | b": "a b/report.html", "c": "c/report.html"}
    page = write_ranking(ranking, tmp_path, pages, reference_label="data").read_text()
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "ranking.json",
        "report.html",
        "report.md",
    ]
    assert "&lt;a&gt; | b" in page
    assert 'href="a%20b/report.html"' in page
    assert "not of one size" in page
    read = json.loads((tmp_path / "ranking.json").read_text(), parse_constant=pytest.fail)
    assert [sample["label"] for sample in read["samples"]] == ["<a> | b", "c"]
    assert read["scores"]["KS"]["c"]["rank"] == 2
    markdown = (tmp_path / "report.md").read_text()
    assert r"[\<a\> \| b](a%20b/report.html)" in markdown
    assert str(ranking.verdicts[1].passed) in markdown
