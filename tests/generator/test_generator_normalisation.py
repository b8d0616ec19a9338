"""The cross-section of a model's training sample."""

from __future__ import annotations

import numpy as np
import pytest
from truths import dis_truth

from fatgan.events import Collision, EventTable
from fatgan.generator.normalisation import cross_sections_of
from fatgan.io import ReadOptions, read, read_many, write
from fatgan.representations import FeatureTransform, Settings

BEAMS = Collision.parse("50x50")


def simulated(path, beams=BEAMS, sigma=100.0, seed=1):
    """A file as a simulation of 800 events leaves it."""
    origin = {"cross_section_pb": sigma, "cross_section_error_pb": 0.01, "events": 800}
    write(dis_truth(beams, 800, seed=seed), path, provenance=origin)
    return path


def sigma_of(table: EventTable) -> tuple[float, float] | None:
    transform = FeatureTransform.fit(table, Settings())
    found = cross_sections_of(table, transform)
    if found is None:
        return None
    sigma, error = found.sigma(np.zeros((1, 0)))
    return float(sigma[0]), float(error[0])


def test_a_cut_takes_its_share_however_it_came_about(tmp_path):
    cut = read(simulated(tmp_path / "whole.root"), cut="y < 0.2")
    kept = len(cut) / 800
    assert 0.5 < kept < 0.95
    sigma, error = sigma_of(cut)
    assert sigma == pytest.approx(100 * kept)
    assert error == pytest.approx(sigma * np.sqrt((1 - kept) / len(cut)), rel=1e-3)
    write(cut, tmp_path / "cut.root")
    assert sigma_of(read(tmp_path / "cut.root"))[0] == pytest.approx(sigma)


def test_rows_left_out_by_hand_leave_nothing_to_say(tmp_path):
    whole = read(simulated(tmp_path / "whole.root"))
    assert sigma_of(whole)[0] == pytest.approx(100)
    write(whole[whole["y"] < 0.2], tmp_path / "part.root")
    assert sigma_of(read(tmp_path / "part.root")) is None


def test_a_limit_does_not_make_the_cross_section_smaller(tmp_path):
    path = simulated(tmp_path / "whole.root")
    assert sigma_of(read(path, limit=100))[0] == pytest.approx(100)


def test_slices_of_one_beam_are_not_averaged(tmp_path):
    paths = [simulated(tmp_path / f"{sigma}.root", sigma=sigma) for sigma in (60.0, 40.0)]
    assert sigma_of(read_many([(path, ReadOptions()) for path in paths])) is None


@pytest.mark.parametrize("sigma", [float("inf"), 0.0, -1.0])
def test_what_is_no_cross_section_is_passed_over(tmp_path, sigma):
    assert sigma_of(read(simulated(tmp_path / "odd.root", sigma=sigma))) is None


def test_files_that_say_none_have_none(tmp_path):
    write(dis_truth(BEAMS, 800), tmp_path / "plain.root")
    assert sigma_of(read(tmp_path / "plain.root")) is None
