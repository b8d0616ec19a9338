"""What users' files and folders of images are read as."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
from image_samples import drawing, random_images, write_idx, write_pngs
from PIL import Image

from fatgan.images.datasets import load
from fatgan.images.datasets.strokes import rasterised
from fatgan.images.image_set import to_bytes, to_unit

LABELS = np.array([3, 1, 0, 2, 1, 3])


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize("labels_suffix", ["", ".gz"])
def test_idx_files_find_the_labels_beside_them(tmp_path, suffix, labels_suffix):
    images = random_images()
    path = write_idx(tmp_path / f"train-images-idx3-ubyte{suffix}", images[..., 0])
    write_idx(tmp_path / f"train-labels-idx1-ubyte{labels_suffix}", LABELS.astype(np.uint8))
    found = load(path)
    assert np.array_equal(found.images, images)
    assert np.array_equal(found.labels, LABELS)
    assert found.labels.dtype == np.int64
    assert found.provenance == {"source": str(path), "format": "idx"}


def test_an_idx_file_is_told_by_its_content_and_needs_no_labels(tmp_path):
    images = random_images()
    found = load(write_idx(tmp_path / "digits.bin", images[..., 0]))
    assert np.array_equal(found.images, images)
    assert found.labels is None


def test_a_folder_of_idx_files_gives_its_training_part(tmp_path):
    train, test = random_images(6), random_images(4, seed=1)
    write_idx(tmp_path / "train-images-idx3-ubyte.gz", train[..., 0])
    write_idx(tmp_path / "t10k-images-idx3-ubyte.gz", test[..., 0])
    assert np.array_equal(load(tmp_path).images, train)


@pytest.mark.parametrize("names", [("images", "labels"), ("x", "y"), ("x_train", "y_train")])
@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_npz_files_with_the_usual_names(tmp_path, names, save):
    images = random_images(channels=3)
    save(tmp_path / "f.npz", **{names[0]: images, names[1]: LABELS[:, None], "x_test": images[:2]})
    found = load(tmp_path / "f.npz")
    assert np.array_equal(found.images, images)
    assert np.array_equal(found.labels, LABELS)


@pytest.mark.parametrize("as_saved", [lambda x: x, lambda x: x[..., 0], np.asfortranarray])
def test_npy_files_of_every_layout(tmp_path, as_saved):
    images = random_images()
    np.save(tmp_path / "f.npy", as_saved(images))
    assert np.array_equal(load(tmp_path / "f.npy").images, images)


def test_quickdraw_bitmaps_are_rows_of_784(tmp_path):
    images = random_images(side=28)
    np.save(tmp_path / "flamingo.npy", images.reshape(-1, 784))
    found = load(tmp_path / "flamingo.npy")
    assert found.shape == (28, 28, 1)
    assert np.array_equal(found.images, images)


def test_npy_files_packed_by_gzip_are_unpacked(tmp_path):
    images = random_images()
    np.save(tmp_path / "f.npy", images)
    packed = tmp_path / "f.npy.gz"
    packed.write_bytes(gzip.compress((tmp_path / "f.npy").read_bytes()))
    assert np.array_equal(load(packed).images, images)


@pytest.mark.parametrize(
    "as_saved",
    [
        lambda x: (x / 255).astype(np.float32),
        lambda x: (x / 255).astype(np.float16),
        lambda x: to_unit(x),
        lambda x: x.astype(np.float64),
        lambda x: x.astype(">i4"),
        lambda x: x.astype(np.int64),
    ],
)
def test_numbers_of_every_unambiguous_range_come_back_as_the_same_bytes(tmp_path, as_saved):
    images = random_images()
    np.save(tmp_path / "f.npy", as_saved(images))
    assert np.array_equal(load(tmp_path / "f.npy").images, images)


def test_truth_values_are_black_and_white(tmp_path):
    images = random_images() > 100
    np.save(tmp_path / "f.npy", images)
    assert np.array_equal(load(tmp_path / "f.npy").images, np.where(images, 255, 0))


def test_what_networks_learn_comes_back_as_the_same_bytes():
    every = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1)
    assert np.array_equal(to_bytes(to_unit(every)), every)


@pytest.mark.parametrize("channels", [1, 3])
def test_a_folder_of_images_in_alphabetical_order(tmp_path, channels):
    images = random_images(channels=channels)
    write_pngs(tmp_path / "set", images)
    (tmp_path / "set" / "notes.txt").write_text("not an image")
    (tmp_path / "set" / ".hidden.png").write_text("not an image either")
    found = load(tmp_path / "set")
    assert np.array_equal(found.images, images)
    assert (found.name, found.labels, found.classes) == ("set", None, ())


def test_sub_folders_are_classes(tmp_path):
    images = random_images()
    write_pngs(tmp_path / "owl", images[:2])
    write_pngs(tmp_path / "flamingo", images[2:])
    (tmp_path / "empty").mkdir()
    found = load(str(tmp_path))
    assert found.classes == ("flamingo", "owl")
    assert np.array_equal(found.labels, [0] * 4 + [1] * 2)
    assert np.array_equal(found.images, np.concatenate([images[2:], images[:2]]))


def test_jpeg_files_are_read_as_pillow_reads_them(tmp_path):
    image = Image.fromarray(np.tile(np.arange(0, 160, 10, dtype=np.uint8), (16, 1)))
    image.save(tmp_path / "a.JPG", quality=95)
    expected = np.asarray(Image.open(tmp_path / "a.JPG"))
    assert np.array_equal(load(tmp_path).images[0, ..., 0], expected)


def test_drawings_become_centred_white_strokes_and_their_words_classes(tmp_path):
    line = [[[0, 255], [0, 0]]]
    lines = [drawing(line), drawing(line, recognised=False), drawing(line, word="bird")]
    (tmp_path / "f.ndjson").write_text("\n".join(lines) + "\n\n")
    found = load(tmp_path / "f.ndjson")
    assert found.classes == ("bird", "flamingo")
    assert found.labels.tolist() == [1, 0]
    assert found.provenance["left_out"] == 1
    image = found.images[0, ..., 0]
    # 255 units with a round pen of 16, on 304 units: 2.5 to 25.5 across, 13.3 to 14.7 down
    assert np.all(image[13:15, 4:24] > 180)
    assert not image[:12].any()
    assert not image[16:].any()
    assert not image[:, :1].any()
    assert not image[:, 27:].any()


@pytest.mark.parametrize("angle", np.linspace(0, np.pi, 7))
@pytest.mark.parametrize("length", [60.0, 120.0, 250.0])
def test_a_stroke_has_the_ink_of_a_round_pen_at_every_angle(angle, length):
    stroke = length * np.array([[0.0, 0.0], [abs(np.cos(angle)), np.sin(angle)]])
    ink = np.sum(rasterised([stroke]) / 255) * (304 / 28) ** 2
    area = 16 * length + np.pi * 8**2
    # a linear fall over the edge adds pi/12 pixels to the ends, and the grid moves 3 % about
    assert ink - np.pi / 12 * (304 / 28) ** 2 == pytest.approx(area, rel=0.04)


def test_a_stroke_of_one_point_is_a_dot_in_the_middle():
    dot = rasterised([np.array([[70.0, 200.0]])])[..., 0]
    # the four pixels round it are half a diagonal away from a pen of 8/304 of 28 pixels
    expected = 0.5 + 8 / 304 * 28 - np.sqrt(0.5)
    assert np.all(dot[13:15, 13:15] == np.rint(expected * 255))
    assert np.count_nonzero(dot) == 4


def test_a_drawing_is_drawn_alike_however_it_is_cut_into_strokes():
    corner = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 80.0]])
    assert np.array_equal(rasterised([corner]), rasterised([corner[:2], corner[1:], corner[:1]]))


def test_a_limit_takes_images_of_all_classes_from_a_sorted_file_and_the_same_each_time(tmp_path):
    labels = np.repeat(np.arange(4), 50)
    images = np.broadcast_to(labels[:, None, None] + 100, (200, 8, 8)).astype(np.uint8)
    np.savez(tmp_path / "f.npz", images=images, labels=labels)
    found = load(tmp_path / "f.npz", limit=40)
    assert len(found) == 40
    assert set(found.labels) == {0, 1, 2, 3}
    assert np.array_equal(found.images[:, 0, 0, 0], found.labels + 100)
    assert load(tmp_path / "f.npz", limit=40).sha256 == found.sha256
    assert len(load(tmp_path / "f.npz", limit=1000)) == 200


def test_a_limited_folder_or_file_of_drawings_opens_only_what_it_takes(tmp_path):
    images = random_images(20)
    write_pngs(tmp_path / "set", images)
    found = load(tmp_path / "set", limit=5)
    numbers = [np.flatnonzero((images == image).all(axis=(1, 2, 3)))[0] for image in found.images]
    assert len(numbers) == 5
    assert numbers == sorted(numbers)
    (tmp_path / "f.ndjson").write_text("\n".join([drawing([[[0, 9], [0, 9]]])] * 9))
    assert len(load(tmp_path / "f.ndjson", limit=4)) == 4
