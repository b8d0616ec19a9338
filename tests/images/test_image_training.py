"""An image GAN from a configuration to files, and what goes wrong on the way."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from fatgan.errors import ConfigError, DataError, ModelError, TrainingError
from fatgan.images.export import write_images
from fatgan.images.gallery import grid
from fatgan.images.gans import load_gan, parse_gan
from fatgan.images.image_set import ImageSet, to_bytes, to_unit
from fatgan.images.sample import load
from fatgan.images.train import read_split, train

TINY = {
    "data.source": "digits8",
    "data.limit": 320,
    "data.held_out": 64,
    "networks.noise": 4,
    "networks.generator_layers": [16],
    "networks.critic_layers": [16, 16],
    "training.batch": 64,
    "training.jit": False,
    "training.max_steps": 8,
    "training.steps_per_call": 2,
    "training.max_seconds": None,
    "grid": 9,
}


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    out = tmp_path_factory.mktemp("gan") / "run"
    return train(load_gan("gan", {**TINY, "out": str(out)}), progress=False)


def test_a_run_leaves_model_grids_animation_and_history(trained):
    folder = trained.folder
    # 256 images to learn, of 64 a batch: 4 steps an epoch, 2 epochs
    grids = sorted(path.name for path in (folder / "samples").iterdir())
    assert grids == ["epoch_0001.png", "epoch_0002.png"]
    with Image.open(folder / "training.gif") as animation:
        assert animation.n_frames == 2
    with Image.open(folder / "interpolation.png") as walk:
        assert walk.width > 500
    history = json.loads((folder / "history.json").read_text())
    assert [entry["step"] for entry in history] == [2, 4, 6, 8]
    manifest = json.loads((trained.model / "manifest.json").read_text())
    assert manifest["kind"] == "images"
    assert manifest["shape"] == [8, 8, 1]
    assert (manifest["data"]["images"], manifest["data"]["held_out"]) == (256, 64)
    assert manifest["training"]["evidence"] == trained.evidence


def test_the_images_of_a_seed_begin_with_those_of_a_smaller_sample(trained):
    generator = load(trained.model)
    few, many = generator.generate(5, seed=3), generator.generate(300, seed=3)
    np.testing.assert_array_equal(few.images, many.images[:5])
    assert many.shape == (8, 8, 1)
    assert many.images.dtype == np.uint8
    assert not np.array_equal(few.images, generator.generate(5, seed=4).images)


def test_held_out_images_are_the_same_for_all_seeds_and_never_learned(trained):
    other = read_split(load_gan("gan", {**TINY, "seed": 9}))
    np.testing.assert_array_equal(other.held_out.images, trained.data.held_out.images)
    learned = {image.tobytes() for image in trained.data.training.images}
    assert not learned & {image.tobytes() for image in trained.data.held_out.images}


def test_a_resumed_training_ends_as_one_that_was_not_stopped(trained, tmp_path):
    out = {"out": str(tmp_path / "run")}
    train(load_gan("gan", {**TINY, **out, "training.max_steps": 4}), progress=False)
    config = load_gan("gan", {**TINY, **out})
    resumed = train(config, resume=True, progress=False)
    # the schedule of the rate depends on the budget; here it does not fall
    assert config.training.decay_to == 1
    checksum = trained.generator.manifest["checksum"]
    assert resumed.generator.manifest["checksum"] == checksum
    assert len(list((tmp_path / "run" / "samples").iterdir())) == 2
    with pytest.raises(TrainingError, match=r"networks\.noise changed since"):
        train(load_gan("gan", {**TINY, **out, "networks.noise": 5}), resume=True, progress=False)


def test_an_interrupted_training_shows_each_epoch_once(trained, tmp_path):
    config = load_gan("gan", {**TINY, "out": str(tmp_path / "run")})

    def interrupt(moment):
        if moment.step == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(config, progress=False, observe=interrupt)
    # as if the checkpoint were older than the grids: those of epochs to come again are removed
    stray = tmp_path / "run" / "samples" / "epoch_0009.png"
    stray.write_bytes((tmp_path / "run" / "samples" / "epoch_0001.png").read_bytes())
    resumed = train(config, resume=True, progress=False)
    grids = sorted(path.name for path in (tmp_path / "run" / "samples").iterdir())
    assert grids == ["epoch_0001.png", "epoch_0002.png"]
    with Image.open(tmp_path / "run" / "training.gif") as animation:
        assert animation.n_frames == 2
    assert resumed.generator.manifest["checksum"] == trained.generator.manifest["checksum"]


def test_too_few_images_and_settings_of_events_are_refused():
    with pytest.raises(DataError, match="4 images are too few: 5 or more"):
        read_split(load_gan("gan", {**TINY, "data.limit": 4}))
    with pytest.raises(ConfigError, match="stop_at_floor is for events"):
        load_gan("gan", {"training.stop_at_floor": True})
    with pytest.raises(ConfigError, match="unknown GAN"):
        parse_gan({"gan": ["dcgan"]})


def test_bundles_of_events_and_images_are_not_mistaken(trained, tiny_run):
    from fatgan.generator.sample import load as load_events

    with pytest.raises(ModelError, match="a model of images; use: fatgan image sample"):
        load_events(trained.model)
    with pytest.raises(ModelError, match="not a model of images; events come from"):
        load(tiny_run.model)


def test_images_are_written_as_the_suffix_says(trained, tmp_path):
    images = trained.generator.generate(10, seed=1)
    with np.load(write_images(images, tmp_path / "a.npz")) as file:
        np.testing.assert_array_equal(file["images"], images.images)
        origin = json.loads(str(file["provenance"]))
    assert origin["model_checksum"] == trained.generator.manifest["checksum"]
    np.testing.assert_array_equal(np.load(write_images(images, tmp_path / "a.npy")), images.images)
    with Image.open(write_images(images, tmp_path / "a.png")) as picture:
        assert picture.mode == "L"
    for suffix in (".txt", ".psd"):  # Pillow reads the second, and does not write it
        with pytest.raises(DataError, match="no picture has this suffix"):
            write_images(images, tmp_path / f"a{suffix}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.npy", "a.npz", "a.png"]


def test_a_grid_holds_every_image_where_it_belongs():
    rows = np.random.default_rng(3).integers(0, 256, (7, 30, 20, 3)).astype(np.uint8)
    sheet = np.asarray(grid(rows, columns=3))
    factor = sheet.shape[1] // (3 * 22 + 2)
    small = sheet[factor // 2 :: factor, factor // 2 :: factor]
    for number, image in enumerate(rows):
        top, left = 2 + 32 * (number // 3), 2 + 22 * (number % 3)
        np.testing.assert_array_equal(small[top : top + 30, left : left + 20], image)


def test_bytes_and_numbers_go_round():
    every = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1)
    np.testing.assert_array_equal(to_bytes(to_unit(every)), every)
    assert to_unit(every).min() == -1
    assert to_unit(every).max() == 1
    assert to_bytes(np.array([-9.0, 9.0])).tolist() == [0, 255]


@pytest.mark.parametrize(
    ("images", "labels", "said"),
    [
        (np.zeros((2, 8, 8, 1)), None, "float64"),
        (np.zeros((2, 8, 8), np.uint8), None, r"shape \(2, 8, 8\)"),
        (np.zeros((2, 8, 8, 2), np.uint8), None, "1 or 3 channels"),
        (np.zeros((0, 8, 8, 1), np.uint8), None, "no image in it"),
        (np.zeros((2, 8, 8, 1), np.uint8), np.zeros(3, np.int64), "2 images and labels"),
    ],
)
def test_what_is_no_set_of_images_is_refused(images, labels, said):
    with pytest.raises(DataError, match=said):
        ImageSet("mine", images, labels)


def test_too_few_images_to_hold_out(trained):
    with pytest.raises(DataError, match="too few to hold out 63"):
        trained.data.held_out.split(63, seed=1)
