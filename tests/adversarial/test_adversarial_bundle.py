"""Model bundles: what is written is read, and what is damaged says so."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import keras
import numpy as np
import pytest

from fatgan.adversarial.bundle import NETWORK, read_network, write_bundle
from fatgan.adversarial.manifest import MANIFEST, SCHEMA, read_manifest
from fatgan.errors import ModelError
from fatgan.networks.mlp import mlp


@pytest.fixture(scope="module")
def network() -> keras.Model:
    return mlp(3, 2, layers=[8], seed=1)


@pytest.fixture
def bundle(network, tmp_path) -> Path:
    write_bundle(tmp_path / "runs" / "model", network, {"name": "first", "values": [1.5, None]})
    return tmp_path / "runs" / "model"


def test_what_is_written_is_read(bundle, network):
    assert read_manifest(bundle) == {"schema": SCHEMA, "name": "first", "values": [1.5, None]}
    noise = np.random.default_rng(1).normal(size=(10, 3)).astype("float32")
    np.testing.assert_array_equal(read_network(bundle)(noise), network(noise))


def test_only_json_and_keras_are_inside(bundle):
    assert sorted(path.name for path in bundle.iterdir()) == [NETWORK, MANIFEST]
    assert [path.name for path in bundle.parent.iterdir()] == [bundle.name]


def test_a_bundle_replaces_a_bundle(bundle, network):
    (bundle / "note.txt").write_text("of the old one")
    write_bundle(bundle, network, {"name": "second"})
    assert read_manifest(bundle)["name"] == "second"
    assert not (bundle / "note.txt").exists()


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_is_no_bundle_is_not_overwritten(tmp_path, network, kind):
    precious = tmp_path / "thesis"
    inside = precious / "chapter.tex" if kind == "folder" else precious
    inside.parent.mkdir(exist_ok=True)
    inside.write_text("x")
    with pytest.raises(ModelError, match="not a model bundle"):
        write_bundle(precious, network, {})
    assert inside.read_text() == "x"


@pytest.mark.parametrize("failure", ["network", "manifest"])
def test_a_write_that_fails_leaves_the_old_bundle_and_nothing_else(
    bundle, network, monkeypatch, failure
):
    manifest = {"name": "second"}
    if failure == "manifest":
        manifest["loss"] = float("nan")  # no JSON
    else:

        def save(path: Path) -> None:
            path.write_text("half")
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(network, "save", save, raising=False)
    with pytest.raises((ModelError, ValueError)):
        write_bundle(bundle, network, manifest)
    assert read_manifest(bundle)["name"] == "first"
    assert [path.name for path in bundle.parent.iterdir()] == [bundle.name]


def test_a_full_disk_is_one_line(bundle, network, monkeypatch):
    def save(path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(network, "save", save, raising=False)
    with pytest.raises(ModelError, match="cannot write the model: No space left"):
        write_bundle(bundle, network, {})


@pytest.mark.parametrize("schema", [SCHEMA + 1, 99])
def test_a_newer_schema_is_refused(bundle, schema):
    (bundle / MANIFEST).write_text(json.dumps({"schema": schema}))
    with pytest.raises(ModelError, match=f"schema {schema} is newer than {SCHEMA}.*upgrade"):
        read_manifest(bundle)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "3", "{}", '{"schema": "x"}', '{"schema": null}', "\xff\xfe"]
)
def test_a_damaged_manifest_is_refused(bundle, text):
    (bundle / MANIFEST).write_bytes(text.encode("latin-1"))
    with pytest.raises(ModelError, match="damaged"):
        read_manifest(bundle)


@pytest.mark.parametrize("place", ["missing", "empty", "file"])
def test_what_is_no_bundle_is_refused(tmp_path, place):
    path = tmp_path / "model"
    if place == "empty":
        path.mkdir()
    elif place == "file":
        path.write_text("x")
    with pytest.raises(ModelError, match="not a model bundle"):
        read_manifest(path)


@pytest.mark.parametrize("damage", ["missing", "empty", "truncated", "flipped", "other"])
def test_a_damaged_network_is_refused(bundle, damage):
    path = bundle / NETWORK
    content = path.read_bytes()
    middle = len(content) // 2
    damaged = {
        "missing": None,
        "empty": b"",
        "truncated": content[:middle],
        "flipped": content[:middle] + bytes(b ^ 255 for b in content[middle:-400]) + content[-400:],
        "other": b"PK not a zip",
    }[damage]
    path.unlink()
    if damaged is not None:
        path.write_bytes(damaged)
    with pytest.raises(ModelError, match="cannot load the network"):
        read_network(bundle)


def test_a_bundle_can_be_moved(bundle, tmp_path):
    shutil.move(bundle, tmp_path / "elsewhere")
    assert read_manifest(tmp_path / "elsewhere")["name"] == "first"
    assert read_network(tmp_path / "elsewhere").output_shape == (None, 2)
