"""Players for images: shapes, starts, saving, and what their parts do."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from fatgan.errors import ConfigError
from fatgan.networks import convolutional, images_dense
from fatgan.networks.convolutional import grids

SMALL = (8, 8, 1)
NOISE = np.random.default_rng(1).normal(size=(6, 5)).astype("float32")
IMAGES = np.random.default_rng(2).uniform(-1, 1, (6, *SMALL)).astype("float32")


@pytest.mark.parametrize(
    ("side", "expected"),
    [
        (4, [4, 2]),
        (5, [5, 3]),
        (8, [8, 4]),
        (27, [27, 14, 7]),
        (28, [28, 14, 7]),
        (32, [32, 16, 8, 4]),
        (33, [33, 17, 9, 5]),
    ],
)
def test_stages_halve_down_to_a_small_grid(side, expected):
    assert grids((side, side, 1)) == [(size, size) for size in expected]


@pytest.mark.parametrize(
    "shape", [(4, 4, 1), (5, 5, 3), (8, 8, 1), (27, 27, 1), (28, 28, 1), (33, 18, 3)], ids=str
)
def test_players_of_any_size_meet(shape):
    made = convolutional.generator(shape, 5, filters=2)(NOISE)
    assert made.shape == (6, *shape)
    assert np.abs(made).max() <= 1
    assert convolutional.critic(shape, 3, filters=2)(made).shape == (6, 3)
    made = images_dense.generator(shape, 5, layers=(4,))(NOISE)
    assert made.shape == (6, *shape)
    assert np.abs(made).max() <= 1
    assert images_dense.critic(shape, 3, layers=(4,))(made).shape == (6, 3)


@pytest.mark.parametrize("shape", [(3, 8, 1), (28, 1, 1)], ids=str)
def test_images_of_a_few_pixels_are_refused(shape):
    with pytest.raises(ConfigError, match=f"{shape[0]} x {shape[1]} pixels are too small"):
        convolutional.generator(shape, 5)
    with pytest.raises(ConfigError, match="take dense networks"):
        convolutional.critic(shape)


def generators(seed: int = 0) -> dict[str, keras.Model]:
    make = convolutional.generator
    return {
        "batch": make(SMALL, 5, filters=4, seed=seed),
        "layer": make(SMALL, 5, filters=4, norm="layer", spread=None, seed=seed),
        "none": make((9, 9, 1), 5, filters=4, norm="none", spread=None, seed=seed),
        "dense": images_dense.generator(SMALL, 5, layers=(8, 8), seed=seed),
    }


def critics(seed: int = 0) -> dict[str, keras.Model]:
    def make(**options):
        return convolutional.critic(SMALL, filters=4, seed=seed, **options)

    return {
        "none": make(spread=None),
        "spectral": make(spectral=1, norm="layer"),
        "minibatch": make(norm="batch", minibatch=3),
        "dense": images_dense.critic(SMALL, layers=(8, 8), dropout=0.3, minibatch=3, seed=seed),
    }


def test_equal_seeds_give_equal_weights_and_others_others():
    for players in (generators, critics):
        for (kind, one), same, other in zip(
            players(1).items(), players(1).values(), players(2).values(), strict=True
        ):
            pairs = zip(one.get_weights(), same.get_weights(), other.get_weights(), strict=True)
            for a, b, c in pairs:
                np.testing.assert_array_equal(a, b)
                # biases and norms start at 0 or 1, whatever the seed
                assert a.ndim < 2 or np.all(a != c), kind


def test_weights_that_were_drawn_differ_from_each_other():
    """Each has a seed of its own: no two of one network start with the same numbers."""
    for network in (*generators().values(), *critics().values()):
        starts = [w.ravel()[:3].tolist() for w in network.get_weights() if w.ndim > 1]
        ratios = [tuple(np.round(np.array(start) / start[0], 4)) for start in starts]
        assert len(set(ratios)) == len(ratios)


def test_saved_players_are_the_same(tmp_path):
    """After a training call, which moves what norms and iterations remember."""
    cases = [(item, NOISE) for item in generators().values()]
    cases += [(item, IMAGES) for item in critics().values()]
    for number, (network, inputs) in enumerate(cases):
        network(inputs, training=True)
        path = tmp_path / f"{number}.keras"
        network.save(path)
        again = keras.models.load_model(path)
        np.testing.assert_array_equal(again(inputs), network(inputs))


def test_the_start_has_the_spread_that_is_asked():
    """Kernels of thousands of weights: normal(0, 0.02), or He's, within 5 %."""
    network = convolutional.generator((16, 16, 1), 64, filters=16)
    kernels = [w for w in network.get_weights() if w.size > 4000]
    assert len(kernels) == 2
    for kernel in kernels:
        assert kernel.std() == pytest.approx(0.02, rel=0.05)
    # height, width, outputs, inputs: 64 numbers make each of the first grid's pixels, and each
    # of the next one's is made of 2 x 2 taps of 32 channels
    network = convolutional.generator((16, 16, 1), 64, filters=16, spread=None)
    first, second = (w for w in network.get_weights() if w.size > 4000)
    assert first.std() == pytest.approx(np.sqrt(2 / 64), rel=0.05)
    assert second.std() == pytest.approx(np.sqrt(2 / (4 * 32)), rel=0.05)


def test_with_hes_start_the_signal_keeps_its_size():
    network = convolutional.generator((28, 28, 1), 32, filters=8, norm="none", spread=None)
    inner = keras.Model(network.input, network.layers[-2].output)
    noise = np.random.default_rng(3).normal(size=(50, 32)).astype("float32")
    assert 0.5 < np.asarray(inner(noise)).std() < 4


def test_layer_norm_scores_each_image_alone_and_batch_norm_does_not():
    for norm, alone in (("none", True), ("layer", True), ("batch", False)):
        network = convolutional.critic((16, 16, 1), filters=4, norm=norm, spread=0.2)
        images = np.random.default_rng(4).uniform(-1, 1, (6, 16, 16, 1)).astype("float32")
        whole = np.asarray(network(images, training=True))
        part = np.asarray(network(images[:3], training=True))
        assert np.allclose(part, whole[:3], atol=1e-4) == alone
