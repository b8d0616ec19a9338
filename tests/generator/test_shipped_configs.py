"""Configurations of events under configs/ load, find data and build; the published are so."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from truths import dis_truth

from fatgan.events import EventTable
from fatgan.generator.config import RunConfig, load_config
from fatgan.generator.event_gan import build
from fatgan.representations import FeatureTransform

CONFIGS = Path(__file__).parents[2] / "configs"
PUBLISHED = sorted((CONFIGS / "published").glob("*.yaml"))
SHIPPED = sorted([*CONFIGS.glob("*.yaml"), *PUBLISHED])
CONDITIONAL = [path for path in SHIPPED if path.stem in ("cfat_gan", "universal_dis")]
NAMES = {
    *("ds_gan", "fat_gan_cart", "fat_gan_spher", "gan"),
    *("lsgan", "mmd_gan", "wgan", "wgan_gp"),
}


def test_the_quickstart_and_the_published_models_are_there():
    assert CONFIGS / "quickstart.yaml" in SHIPPED
    assert {path.stem for path in PUBLISHED} == NAMES


@pytest.mark.parametrize("path", CONDITIONAL, ids=lambda path: path.stem)
def test_a_conditional_one_names_the_samples_that_it_makes(path, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    config = load_config(path)
    assert config.name == path.stem
    design = config.simulation
    made = design.samples()
    # as it stands in the file: a folder with these samples may be near
    pattern = yaml.safe_load(path.read_text())["data"]["path"]
    assert all(file.match(pattern) for file in made)
    tables = [dis_truth(sample.collision, 100, Q2_min=design.q2_min) for sample in made.values()]
    transform = FeatureTransform.fit(
        EventTable.concatenate(tables), config.representation, config.condition
    )
    model = build(config, transform)
    inputs = [tuple(each.shape) for each in model.generator.inputs]
    assert inputs == [(None, config.networks.noise), (None, len(config.condition))]


@pytest.mark.parametrize(
    "path", [path for path in SHIPPED if path not in CONDITIONAL], ids=lambda path: path.stem
)
def test_it_loads_and_builds(path, sample, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    config = load_config(path)
    assert config.name == path.stem
    assert config.data.path.exists()
    transform = FeatureTransform.fit(sample[:2000], config.representation)
    model = build(config, transform)
    assert model.generator.input_shape == (None, config.networks.noise)
    assert model.generator.output_shape == (None, transform.dimension)
    assert model.critic.input_shape == (None, transform.view_dimension)
    assert model.critic.output_shape == (None, config.objective.outputs)


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_it_holds_only_what_differs_from_the_defaults(path):
    """But names, which say what the model is."""
    defaults = RunConfig.model_validate({"data": {"path": "x"}}).to_dict()
    for section, entries in yaml.safe_load(path.read_text()).items():
        for key, value in entries.items() if isinstance(entries, dict) else ():
            same_choice = entries.get("name") in (None, defaults[section].get("name"))
            different = not same_choice or defaults[section].get(key) != value
            assert different or key == "name", f"{section}.{key}"


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_a_published_model_differs_in_what_its_name_says(path):
    """Networks, noise, dropout, scaling and schedule are those of FAT-GAN in all."""
    config, fat_gan = load_config(path), load_config(CONFIGS / "published" / "fat_gan_cart.yaml")
    assert config.networks == fat_gan.networks
    assert config.networks.critic == config.networks.generator == (512,) * 5
    assert (config.networks.noise, config.networks.dropout) == (100, 0.1)
    assert (config.representation.scaling, config.representation.azimuth) == ("standard", "learned")
    training = config.training
    assert (training.decay_to, training.averaging, training.max_steps) == (1, 0, 200_000)
    if path.stem in ("ds_gan", "fat_gan_cart", "fat_gan_spher", "wgan_gp"):
        assert training == fat_gan.training
        assert (config.objective, config.penalty) == (fat_gan.objective, fat_gan.penalty)
    if path.stem in NAMES - {"ds_gan", "fat_gan_spher"}:
        assert config.representation == fat_gan.representation


def test_the_critic_of_fat_gan_sees_the_published_features(sample):
    config = load_config(CONFIGS / "published" / "fat_gan_cart.yaml")
    transform = FeatureTransform.fit(sample[:2000], config.representation)
    assert transform.dimension == 3  # px, py, T
    assert config.representation.augment == ("pT", "E", "pz", "pz/pT")
    assert transform.view_dimension == 7
    assert not transform.draws_azimuth
