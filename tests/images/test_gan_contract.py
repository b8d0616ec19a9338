"""What every image GAN must do, on 8 x 8 images and with tiny networks."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest
import yaml

from fatgan.adversarial.feed import ResidentFeed
from fatgan.adversarial.model import AdversarialModel
from fatgan.errors import ConfigError
from fatgan.images.gans import GANS, ImageGAN, load_gan, names, parse_gan
from fatgan.images.image_set import ImageSet

CONFIGS = Path(__file__).parents[2] / "configs" / "images"
SHAPE = (8, 8, 1)
BATCH = 16
TINY = {
    "networks.noise": 4,
    "training.batch": BATCH,
    "training.jit": False,
    "training.learning_rate": 1e-3,
}
SIZES = {
    "dense": {"networks.generator_layers": [8], "networks.critic_layers": [8, 8]},
    "convolutional": {"networks.filters": 4},
}


def tiny(name: str, **changes: object) -> ImageGAN:
    kind = load_gan(name).networks.name
    return load_gan(name, {**TINY, **SIZES[kind], **changes})


@pytest.fixture(scope="module")
def images() -> ImageSet:
    rows = np.random.default_rng(1).integers(0, 256, (64, *SHAPE))
    return ImageSet("noise", rows.astype(np.uint8))


def feed() -> ResidentFeed:
    rows = np.random.default_rng(2).uniform(-1, 1, (64, *SHAPE)).astype(np.float32)
    return ResidentFeed(rows, BATCH, seed=0)


def take(model: AdversarialModel, steps: int) -> dict[str, float]:
    rows, logs = feed(), {}
    for _ in range(steps):
        logs = model.train_step(rows.gather(rows.draw(model.step.value, model.critic_steps)))
    return {name: float(value) for name, value in logs.items()}


def weights(network: keras.Model) -> list[np.ndarray]:
    return [variable.numpy() for variable in network.trainable_variables]


every_gan = pytest.mark.parametrize("name", list(names()))


@every_gan
def test_each_phase_changes_every_weight_of_its_own_player_and_none_of_the_other(name):
    model = tiny(name).build(SHAPE)
    rows = feed()
    real = rows.gather(rows.draw(0, model.critic_steps)).at(0)
    noise, share = model.draws(0, BATCH)
    generator, critic = weights(model.generator), weights(model.critic)
    # twice: what starts at zero, behind what starts at zero, moves at the second step only
    for _ in range(2):
        model.critic_phase(real, noise[0], share[0])
    moved = weights(model.critic)
    assert all(map(np.array_equal, generator, weights(model.generator)))
    # the last weight is the bias of the scores, which a difference of scores does not see
    assert not any(map(np.array_equal, critic[:-1], moved[:-1]))
    for _ in range(2):
        model.generator_phase(real, noise[-1])
    assert not any(map(np.array_equal, generator, weights(model.generator)))
    assert all(map(np.array_equal, moved, weights(model.critic)))


@every_gan
def test_two_and_two_steps_are_four(name, tmp_path):
    whole, parts = (tiny(name).build(SHAPE) for _ in range(2))
    logs = take(whole, 4)
    take(parts, 2)
    parts.save(tmp_path / "state.keras")
    resumed = keras.models.load_model(tmp_path / "state.keras")
    again = take(resumed, 2)
    assert again == logs
    assert all(np.isfinite(value) for value in logs.values())
    for mine, other in zip(whole.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, other)


@every_gan
def test_equal_seeds_start_alike_and_others_do_not(name):
    first, second, other = (tiny(name, seed=seed).build(SHAPE) for seed in (1, 1, 2))
    pairs = zip(first.get_weights(), second.get_weights(), strict=True)
    assert all(np.array_equal(a, b) for a, b in pairs)
    assert not np.array_equal(weights(first.generator)[0], weights(other.generator)[0])


def test_the_evidence_of_clipping_is_the_share_of_weights_at_the_limit(images):
    config = tiny("wgan")
    model = config.build(SHAPE)
    shapes = [weight.shape for weight in model.critic.get_weights()]
    model.critic.set_weights([np.full(shape, -0.01) for shape in shapes])
    assert config.evidence(model, images) == {"share of weights at +-c": 1.0}
    model.critic.set_weights([np.full(shape, 0.004) for shape in shapes])
    assert config.evidence(model, images) == {"share of weights at +-c": 0.0}


def test_the_evidence_of_the_penalty_is_the_slope(images):
    config = tiny("wgan_gp")
    model = config.build(SHAPE)
    pixels = keras.Input(SHAPE)
    layer = keras.layers.Dense(1)
    model.critic = keras.Model(pixels, layer(keras.layers.Flatten()(pixels)))
    kernel = np.random.default_rng(3).normal(size=(64, 1))
    layer.set_weights([kernel, np.zeros(1)])
    found = config.evidence(model, images)
    # of a linear critic the slope is the length of its weights, everywhere
    assert found["slope between images, mean"] == pytest.approx(np.linalg.norm(kernel), rel=1e-5)
    assert found["slope between images, spread"] == pytest.approx(0, abs=1e-5)


def test_the_evidence_of_spectral_normalisation_is_a_largest_singular_value_of_one(images):
    config = tiny("sngan")
    model = config.build(SHAPE)
    take(model, 10)
    found = config.evidence(model, images)
    assert list(found) == ["largest singular value, layer 1", "largest singular value, layer 2"]
    assert all(value == pytest.approx(1, abs=0.1) for value in found.values())


def test_the_evidence_of_fishers_constraint_leaves_the_model_as_it_was(images):
    config = tiny("fisher_gan")
    model = config.build(SHAPE)
    last = model.critic.layers[-1]
    last.set_weights([np.zeros(last.kernel.shape), np.array([3.0])])
    before = model.get_weights()
    assert config.evidence(model, images) == {"constraint": pytest.approx(9.0)}
    assert all(map(np.array_equal, before, model.get_weights()))


def test_the_evidence_of_the_first_gan_is_the_size_of_its_gradients(images):
    config = tiny("gan")
    model = config.build(SHAPE)
    last = model.critic.layers[-1]
    # a critic that is sure that all is fake: D = sigmoid(-6) nearly everywhere
    last.set_weights([0.01 * last.kernel.numpy(), np.array([-6.0])])
    found = config.evidence(model, images)
    sure = 1 / (1 + np.exp(6.0))
    assert found["critic's mean D(fake)"] == pytest.approx(sure, rel=0.2)
    # the slopes in the score are D and 1 - D
    ratio = found["generator's gradient, minimax"] / found["generator's gradient, non-saturating"]
    assert ratio == pytest.approx(sure / (1 - sure), rel=0.2)


@every_gan
@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 3)])
def test_the_defaults_make_images_of_the_data(name, shape):
    config = load_gan(name)
    images = config.networks.generator(shape, 0)(np.zeros((2, config.networks.noise)))
    assert images.shape == (2, *shape)
    assert np.all(np.abs(images) <= 1)
    critic = config.networks.critic(shape, config.objective.outputs, 1)
    assert critic(images).shape == (2, config.objective.outputs)


@every_gan
def test_the_shipped_configuration_is_the_default(name):
    shipped = load_gan(CONFIGS / f"{name}.yaml")
    assert shipped == load_gan(name)
    assert parse_gan(yaml.safe_load(yaml.safe_dump(shipped.to_dict()))) == shipped


def test_each_shipped_configuration_has_its_gan():
    assert {path.stem for path in CONFIGS.glob("*.yaml")} == set(names())


def test_each_gan_says_in_a_line_what_it_is_and_where_it_is_from():
    for kind in GANS:
        first = (kind.__doc__ or "").splitlines()[0]
        assert "arXiv:" in first, kind


def test_a_setting_leaves_the_others_of_its_section_as_the_gan_has_them():
    changed = load_gan("wgan_gp", {"training.max_seconds": 7, "penalty.weight": 3})
    assert (changed.training.beta_1, changed.training.learning_rate) == (0, 5e-4)
    assert (changed.training.max_seconds, changed.penalty.weight) == (7, 3)
    assert changed.networks.critic_norm == "none"


@pytest.mark.parametrize(
    ("name", "changes", "said"),
    [
        ("dcgann", {}, "unknown GAN 'dcgann'; did you mean 'dcgan'"),
        ("dcgan", {"networks.filter": 3}, "unknown key 'networks.filter'; did you mean"),
        ("dcgan", {"training.batch": 1}, "'training.batch'"),
        ("f_gan", {"objective.divergence": "chi"}, "'objective.divergence'"),
    ],
)
def test_what_is_wrong_with_a_configuration_is_one_line(name, changes, said):
    with pytest.raises(ConfigError) as error:
        load_gan(name, changes)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_without_a_gan_says_which_there_are(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("seed: 1\n")
    with pytest.raises(ConfigError, match=r"mine\.yaml: 'gan' is missing; known: gan, dcgan"):
        load_gan(path)
