"""Which check is kept, when checks are made, and what a resumed training still knows."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from toys import gaussian_rows, same_weights, take_steps, toy_model

from fatgan.adversarial.callbacks import PLACES, KeepBest
from fatgan.adversarial.divergence import Distance, Divergence
from fatgan.adversarial.mmd import MMD
from fatgan.adversarial.selection import Check, Selection
from fatgan.errors import ModelError


class Network:
    """Weights that say which step they are of."""

    def __init__(self, step: int) -> None:
        self.weights = [np.full((2, 3), step, dtype="float32"), np.float32([step])]

    def get_weights(self) -> list[np.ndarray]:
        return self.weights

    def set_weights(self, weights: list[np.ndarray]) -> None:
        self.weights = weights

    @property
    def step(self) -> int:
        (step,) = {float(value) for values in self.weights for value in values.ravel()}
        return int(step)


def scripted(distances: list, path: Path, earlier: tuple = (), error: float = 0.01) -> Selection:
    """A selection whose next measurements are given; ``None`` for too few rows."""
    script = iter(distances)

    def measure(rows: object) -> Distance | None:
        value = next(script)
        return None if value is None else Distance(value, error)

    return Selection(SimpleNamespace(measure=measure, rows=500), lambda: (), path, earlier)


def checked(selection: Selection, steps: range) -> Selection:
    for step in steps:
        selection.check(Network(step), step)
    return selection


@pytest.mark.parametrize(
    ("distances", "kept"),
    [
        ([0.5, 0.2, 0.1], 3),
        ([0.5, 0.1, 0.2], 2),
        ([0.5, 0.1, 0.109], 3),  # no worse by more than the error: the later
        ([0.5, 0.1, 0.111], 2),
        ([0.1, 0.109, 0.118], 2),  # the measure is the least distance, not the one kept
        ([0.1, 0.5, 0.105, 0.3], 3),
        ([0.02, -0.03, 0.009], 3),  # nothing is nearer than the truth
        ([0.02, -0.03, 0.011], 2),
        ([None, 0.4, None], 2),
    ],
    ids=str,
)
def test_the_latest_check_within_an_error_of_the_least_is_kept(distances, kept, tmp_path):
    selection = checked(scripted(distances, tmp_path / "best.npz"), range(1, len(distances) + 1))
    network = Network(99)
    selection.apply(network)
    assert network.step == selection.best.step == kept
    assert selection.to_dict() == {
        "step": kept,
        "distance": distances[kept - 1],
        "error": 0.01,
        "rows": 500,
        "checks": len([value for value in distances if value is not None]),
    }


def test_without_a_measurement_the_last_weights_stay(tmp_path):
    selection = checked(scripted([None, None], tmp_path / "best.npz"), range(2))
    network = Network(99)
    selection.apply(network)
    assert network.step == 99
    assert selection.to_dict() == {}
    assert not selection.at_floor


@pytest.mark.parametrize("cut", range(6))
def test_an_interrupted_training_chooses_as_one_that_was_not(cut, tmp_path):
    """Interrupted after ``cut`` checks, and resumed from a checkpoint one check before."""
    distances = [0.3, 0.1, 0.106, 0.3, 0.108, 0.2]
    whole = checked(scripted(distances, tmp_path / "whole.npz"), range(6))
    first = checked(scripted(distances, tmp_path / "best.npz"), range(cut))
    known = max(cut - 1, 0)
    rest = scripted(distances[known:], tmp_path / "best.npz", first.checks[:known])
    rest.restore()
    checked(rest, range(known, 6))
    network = Network(99)
    rest.apply(network)
    assert network.step == whole.best.step == 4
    assert rest.to_dict() == whole.to_dict()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 half of a file", b"\x93NUMPY"])
def test_a_damaged_file_is_one_line(content, tmp_path):
    path = tmp_path / "best.npz"
    path.write_bytes(content)
    selection = scripted([], path)
    with pytest.raises(ModelError, match=r"best\.npz: damaged; train without --resume"):
        selection.restore()


def test_nothing_is_restored_where_nothing_was_kept(tmp_path):
    selection = scripted([], tmp_path / "best.npz")
    selection.restore()
    assert selection.best is None


@pytest.mark.parametrize(
    ("distances", "floor"),
    [
        ([0.009, -0.1, 0.0], True),
        ([0.0, 0.0], False),
        ([0.0, 0.0, 0.011], False),
        ([0.5, 0.0, 0.0, 0.0], True),
    ],
)
def test_the_floor_is_three_checks_below_their_errors(distances, floor, tmp_path):
    selection = checked(scripted(distances, tmp_path / "best.npz"), range(len(distances)))
    assert selection.at_floor is floor


def course(
    shares: np.ndarray, selection: Selection, *, end: float = 1.0, **options: bool
) -> list[float]:
    """Go through shares of a budget that ends at one of them; return those of the checks."""
    model = SimpleNamespace(step=0, stop_training=False, averaged=Network(0))
    made: list[Check] = []
    keep = KeepBest(selection, lambda: share, told=made.append, **options)
    keep.set_model(model)
    share = 0.0
    keep.on_train_begin()
    for model.step, share in enumerate(shares):
        model.stop_training = bool(share >= end)
        keep.on_train_batch_end(0)
        if model.stop_training:
            break
    return [shares[check.step] for check in made]


def test_checks_lie_evenly_after_the_first_tenth(tmp_path):
    selection = scripted([0.5] * 20, tmp_path / "best.npz")
    made = course(np.arange(1, 1001) / 1000, selection)
    np.testing.assert_allclose(made, PLACES, atol=1.1e-3)
    assert (made[0], made[-1], len(made)) == (0.1, 1.0, 20)


@pytest.mark.parametrize(
    ("shares", "expected"),
    [([0.3, 0.6, 1.2], [0.3, 0.6, 1.2]), ([0.05, 0.11, 0.12, 1.0], [0.11, 1.0]), ([1.0], [1.0])],
    ids=str,
)
def test_few_calls_are_few_checks_and_the_last_is_one(shares, expected, tmp_path):
    selection = scripted([0.5] * 5, tmp_path / "best.npz")
    assert course(np.array(shares), selection) == expected


def test_a_training_that_ends_between_two_places_is_checked(tmp_path):
    """As where the seconds run out while a callback between budget and this one takes its time."""
    selection = scripted([0.5] * 20, tmp_path / "best.npz")
    assert course(np.array([0.5, 0.51, 0.52]), selection, end=0.51) == [0.5, 0.51]


@pytest.mark.parametrize(("stop", "number"), [(True, 4), (False, 20)])
def test_a_training_at_the_floor_ends_if_asked_to(stop, number, tmp_path):
    selection = scripted([0.5] + [0.0] * 19, tmp_path / "best.npz")
    made = course(np.arange(1, 1001) / 1000, selection, stop_at_floor=stop)
    assert len(made) == number


def test_the_kept_generator_is_as_near_as_was_measured(tmp_path):
    """A real training: what is kept gives its distance again, also after a resume."""
    model, rows = toy_model(rate=1e-2, mmd=MMD(weight=0.0)), gaussian_rows(2500)
    noise = np.random.default_rng(5).normal(size=(2000, 3)).astype("float32")

    def draw() -> list[np.ndarray]:
        return [np.asarray(model.averaged(part)) for part in np.split(noise, 4)]

    divergence = Divergence(rows[:2000], rows[2000:])
    selection = Selection(divergence, draw, tmp_path / "best.npz")
    for _ in range(3):
        take_steps(model, rows[:2000], 4)
        selection.check(model.averaged, int(model.step))
    assert [check.step for check in selection.checks] == [4, 8, 12]
    least = min(check.distance for check in selection.checks)
    assert selection.checks[-1].distance < selection.checks[0].distance
    assert selection.best.distance <= least + selection.best.error
    take_steps(model, rows[:2000], 1)
    selection.apply(model.averaged)
    assert divergence.measure(draw()) == Distance(*selection.best[1:])
    again = Selection(divergence, draw, tmp_path / "best.npz", selection.checks)
    again.restore()
    other = toy_model().averaged
    again.apply(other)
    assert same_weights(other, model.averaged)
    assert again.to_dict() == selection.to_dict()
