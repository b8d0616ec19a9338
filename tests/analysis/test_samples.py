"""Samples: in memory or streamed, the same events; rows are an unbiased draw."""

import functools
import logging
import tracemalloc

import numpy as np
import pytest
from scipy import stats

import fatgan
from analysis import Comparison, Sample, samples
from analysis.scores import SCORES
from fatgan.errors import DataError
from fatgan.events import EventTable, Fiducial
from fatgan.io import ReadOptions

BINNED = ("chi2/ndf", "KS", "x-Q2 chi2/ndf", "tails", "phi harmonics", "edges", "bounds")


@pytest.fixture
def small_chunks(monkeypatch):
    """Files come 250 entries at a time."""
    monkeypatch.setattr(samples, "iterate", functools.partial(samples.iterate, chunk=250))


@pytest.fixture(scope="module")
def files(truth, tmp_path_factory):
    """Reference and sample of 2,000 events each, the sample with weights and 8 unphysical rows."""
    folder = tmp_path_factory.mktemp("samples")
    reference, sample = truth(2000, 1), truth(2000, 2)
    px, py, pz = (column.copy() for column in sample.momenta)
    pz[::250] = 2000.0
    weights = np.random.default_rng(0).uniform(0.5, 1.5, 2000)
    sample = EventTable(px, py, pz, sample.collision, weights=weights)
    paths = folder / "reference.parquet", folder / "sample.parquet"
    for path, table in zip(paths, (reference, sample), strict=True):
        fatgan.write(table, path, dtype="float64")
    return paths


def momenta(tables):
    return np.concatenate([np.stack(table.momenta, axis=1) for table in tables])


def test_a_whole_file_is_what_read_gives(files):
    found, expected = Sample.from_file(files[0]), fatgan.read(files[0])
    assert found.complete
    assert (found.total, found.label) == (2000, "reference.parquet")
    assert np.array_equal(momenta([found.rows]), momenta([expected]))
    assert found.region == Fiducial.found(expected)
    assert [len(chunk) for chunk in found.chunks()] == [2000]


def test_a_stream_yields_every_event_at_each_pass(files, small_chunks):
    found = Sample.from_file(files[0], most=300)
    assert not found.complete
    assert (found.total, len(found.rows)) == (2000, 300)
    expected = fatgan.read(files[0])
    for _ in range(2):
        chunks = list(found.chunks())
        assert [len(chunk) for chunk in chunks] == [250] * 8
        assert np.array_equal(momenta(chunks), momenta([expected]))
    assert found.region == Fiducial.found(expected)
    other = found.with_frame("electron")
    assert np.array_equal(momenta(other.chunks()), momenta([expected.with_frame("electron")]))
    assert "2,000 events, 300 in memory" in repr(found)


def test_binned_scores_of_a_stream_are_those_of_the_whole(files, small_chunks, caplog):
    """In the same cells: these are made from the rows in memory."""
    whole, streamed = (
        Comparison(
            Sample.from_file(files[0], most=most),
            Sample.from_file(files[1], most=most, keep_unphysical=True),
            fiducial=Fiducial(4.0),
        )
        for most in (10_000, 400)
    )
    streamed.grid = whole.grid
    for score in (score for score in SCORES if score.name in BINNED):
        for a, b in zip(score.measure(whole), score.measure(streamed), strict=True):
            assert a[:2] == b[:2]
            assert a[2:4] == pytest.approx(b[2:4], rel=1e-9, abs=1e-12)
            assert a.law.p_value(a.value) == pytest.approx(b.law.p_value(b.value), abs=1e-9)
            assert (b.n_reference, b.n_sample) == (2000, 2000)


def test_rows_are_drawn_with_equal_chances(truth):
    """40 of 200 events, 600 times: chi2 of how often each came, false alarm 1e-4."""
    table = truth(200, 3)
    places = {value: place for place, value in enumerate(table["px"])}
    times = np.zeros(200)
    for seed in range(600):
        chunks = (table[start : start + 25] for start in range(0, 200, 25))
        rng = np.random.default_rng([seed, 2])
        rows, _, total = samples._drawn(chunks, 40, rng)
        drawn = [places[value] for value in rows["px"]]
        assert (len(set(drawn)), total) == (40, 200)
        assert drawn == sorted(drawn)  # in the order of the stream
        times[drawn] += 1
    variance = 600 * 0.2 * 0.8 * 200 / 199
    assert stats.chi2(199).sf(np.sum((times - 120) ** 2) / variance) > 1e-4


def test_draws_depend_on_the_seed_alone(files, small_chunks):
    first, again, other = (Sample.from_file(files[0], most=300, seed=s).rows for s in (1, 1, 2))
    assert np.array_equal(first["px"], again["px"])
    assert not np.array_equal(first["px"], other["px"])


def test_memory_does_not_grow_with_the_stream(truth):
    """Peak of what NumPy allocates, at 20 and at 80 chunks: within 15 %."""
    table = truth(2000, 4)

    def peak(number):
        chunks = (EventTable(*table.momenta, table.collision) for _ in range(number))
        tracemalloc.start()
        try:
            samples._drawn(chunks, 3000, np.random.default_rng(0))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(5)  # what is imported and cached once
    assert peak(80) == pytest.approx(peak(20), rel=0.15)


@pytest.mark.parametrize("most", [10_000, 400])
def test_unphysical_rows_are_kept_of_a_sample_and_dropped_of_a_reference(
    files, small_chunks, caplog, most
):
    with caplog.at_level(logging.WARNING, logger="fatgan"):
        judged = Sample.from_file(files[1], most=most, keep_unphysical=True)
    assert not caplog.records
    assert (judged.total, sum(map(len, judged.chunks()))) == (2000, 2000)
    with caplog.at_level(logging.WARNING, logger="fatgan"):
        held_out = Sample.from_file(files[1], most=most)
        assert [record.message for record in caplog.records] == [
            f"{files[1]}: dropped 8 of 2,000 rows as unphysical (8 fail x <= 1)"
        ]
        assert (held_out.total, sum(map(len, held_out.chunks()))) == (1992, 1992)
        assert len(caplog.records) == 1  # later passes say nothing
        expected = fatgan.read(files[1])
    assert np.array_equal(momenta(held_out.chunks()), momenta([expected]))
    assert len(held_out.rows.weights) == min(1992, most)


def test_a_file_of_rubbish_is_refused_as_read_refuses_it(truth, tmp_path, small_chunks):
    table = truth(1000, 5)
    px, py, pz = (column.copy() for column in table.momenta)
    pz[:50] = 2000.0
    path = tmp_path / "broken.parquet"
    fatgan.write(EventTable(px, py, pz, table.collision), path)
    for read in (fatgan.read, Sample.from_file, functools.partial(Sample.from_file, most=100)):
        with pytest.raises(DataError, match="50 of 1,000 rows are unphysical for"):
            read(path)
    assert Sample.from_file(path, keep_unphysical=True).total == 1000
    allowed = Sample.from_file(path, ReadOptions(max_unphysical=0.1))
    assert allowed.total == 950


def test_a_chunk_of_unphysical_rows_alone_is_dropped(truth, tmp_path, small_chunks):
    table = truth(251, 7)
    px, py, pz = (column.copy() for column in table.momenta)
    pz[250] = 2000.0
    path = tmp_path / "last.parquet"
    fatgan.write(EventTable(px, py, pz, table.collision), path)
    assert Sample.from_file(path).total == 250
    assert Sample.from_file(path, keep_unphysical=True).total == 251


def test_nan_in_any_chunk_is_refused(truth, tmp_path, small_chunks):
    table = truth(1000, 6)
    px, py, pz = (column.copy() for column in table.momenta)
    px[900] = np.nan
    path = tmp_path / "nan.parquet"
    fatgan.write(EventTable(px, py, pz, table.collision), path)
    for keep in (False, True):
        with pytest.raises(DataError, match="'px' is NaN or infinite in 1 of"):
            Sample.from_file(path, most=100, keep_unphysical=keep)


def test_a_cut_that_leaves_nothing_is_an_error(files):
    with pytest.raises(DataError, match=r"no event passes the cut 'Q2 > 1e9'"):
        Sample.from_file(files[0], ReadOptions(cut="Q2 > 1e9"))


def test_a_cut_is_the_region_of_a_stream(files, small_chunks):
    options = ReadOptions(cut="y < 0.5")
    found = Sample.from_file(files[0], options, most=100)
    assert found.region.cut == "y < 0.5"
    assert all(chunk["y"].max() < 0.5 for chunk in found.chunks())
