"""Exported files: run by others than Python's generator, and there only if they are right."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from fatgan.adversarial.keys import host_generator
from fatgan.errors import ConfigError, DataError, MissingExtraError, ModelError
from fatgan.generator.blocks import BLOCK
from fatgan.generator.export import check, write
from fatgan.generator.export.write import export

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


@pytest.fixture(scope="module")
def onnx_file(tiny_run, tmp_path_factory):
    pytest.importorskip("tf2onnx", reason="ONNX's packages are not installed")
    path = tmp_path_factory.mktemp("export") / "model.onnx"
    return path, export(tiny_run.model, path)


@pytest.fixture(scope="module")
def saved_model(tiny_run, tmp_path_factory):
    path = tmp_path_factory.mktemp("export") / "model"
    export(tiny_run.model, path)
    return path


def test_100_000_events_of_onnxruntime_are_pythons(onnx_file):
    """Float64 after the network, so that small angles and E' near Ee are as exact as Python's."""
    _, agreement = onnx_file
    assert agreement.events == 100_000
    assert agreement.apart == 0
    # 1e-11 where both libraries round the network alike, some 1e-5 where they do not
    assert max(agreement.largest.values()) < 1e-4


def test_onnxruntime_makes_the_generators_own_events_of_a_seed(onnx_file, tiny_run):
    """The recipe of the documentation: the generator's noise, the azimuth as a direction."""
    runtime = pytest.importorskip("onnxruntime")
    draw = host_generator(7, "generate", 0, 0)
    normal = draw.standard_normal((BLOCK, 4), dtype=np.float32)
    azimuth = draw.uniform(-np.pi, np.pi, BLOCK)
    noise = np.column_stack([normal, np.cos(azimuth), np.sin(azimuth)]).astype(np.float32)
    session = runtime.InferenceSession(str(onnx_file[0]), providers=["CPUExecutionProvider"])
    px, py, pz, E, inside = session.run(None, {"noise": noise[:5000]})
    events = tiny_run.generator.generate(5000, seed=7)
    assert inside.mean() > 0.9
    for name, made in {"px": px, "py": py, "pz": pz, "E": E}.items():
        np.testing.assert_allclose(made[inside], events[name][inside], rtol=0, atol=3e-5)
    np.testing.assert_allclose(E[inside], events["E"][inside], rtol=1e-5)


def test_an_onnx_file_describes_itself(onnx_file, tiny_run):
    onnx = pytest.importorskip("onnx")
    model = onnx.load(onnx_file[0])
    entries = {entry.key: entry.value for entry in model.metadata_props}
    assert entries["model_checksum"] == tiny_run.generator.manifest["checksum"]
    assert json.loads(entries["config"])["name"] == "tiny"
    assert json.loads(entries["noise"])["count"] == 6
    assert json.loads(entries["columns"])["pz"] == "GeV"
    assert json.loads(entries["conditions"]) == []
    assert [output.name for output in model.graph.output] == ["px", "py", "pz", "E", "inside"]
    assert {(each.domain, each.version) for each in model.opset_import} >= {("", 17)}


def test_a_saved_model_describes_itself(saved_model):
    entries = json.loads((saved_model / "assets.extra" / "fatgan.json").read_text())
    assert entries["model"] == "tiny"
    assert entries["tensors"]["noise"] == "serving_default_noise:0"
    assert set(entries["tensors"]) == {"noise", "px", "py", "pz", "E", "inside"}
    # no weights of an optimizer, no class of Keras or of this package
    assert not (saved_model / "keras_metadata.pb").exists()
    assert tf.saved_model.contains_saved_model(saved_model)


def test_a_cpp_program_draws_events_through_tensorflows_c_api(saved_model, tiny_run, tmp_path):
    """Its own normal numbers make the same law: means of 20,000, off by 5 sigma once in 1e6."""
    compiler = shutil.which("g++")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("no g++ on Linux: the C++ example is not built")
    library = Path(tf.sysconfig.get_lib())
    parts = [library / "libtensorflow_cc.so.2", library / "libtensorflow_framework.so.2"]
    if not all(part.exists() for part in (*parts, library / "include/tensorflow/c/c_api.h")):
        pytest.skip("this TensorFlow comes without its C API")
    # the default linker takes ten seconds over a library of a gigabyte
    quick = ["-fuse-ld=gold"] if shutil.which("ld.gold") else []
    source, program = EXAMPLES / "sample_tensorflow.cpp", tmp_path / "sample"
    given = [source, "-o", program, f"-I{library / 'include'}", f"-Wl,-rpath,{library}"]
    subprocess.run([compiler, "-std=c++17", *quick, *given, *parts], check=True)
    command = [program, saved_model, "6", "20000"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    px, py, pz, E = np.array([line.split() for line in lines.splitlines()], dtype=np.float64).T
    assert len(px) == 20_000
    np.testing.assert_allclose(E, np.sqrt(px**2 + py**2 + pz**2 + 0.51099895e-3**2), rtol=1e-12)
    events = tiny_run.generator.generate(20_000, seed=1)
    pairs = {
        "E": (E, events["E"]),
        "ln pT": (np.log(np.hypot(px, py)), np.log(events["pT"])),
        "cos phi": (np.cos(np.arctan2(py, px)), np.cos(events["phi"])),
    }
    for name, (made, known) in pairs.items():
        sigma = np.sqrt((made.var() + known.var()) / 20_000)
        assert abs(made.mean() - known.mean()) < 5 * sigma, name


def test_a_cpp_program_draws_events_through_onnxruntime(onnx_file, tmp_path):
    root, compiler = os.environ.get("ONNXRUNTIME_ROOT"), shutil.which("g++")
    if root is None or compiler is None:
        pytest.skip("the wheel has no headers: set ONNXRUNTIME_ROOT to onnxruntime's C++ release")
    program, library = tmp_path / "sample", Path(root) / "lib"
    source = [EXAMPLES / "sample_onnx.cpp", "-o", program, f"-I{root}/include"]
    linked = [f"-L{library}", "-lonnxruntime", f"-Wl,-rpath,{library}"]
    subprocess.run([compiler, "-std=c++17", *source, *linked], check=True)
    done = subprocess.run([program, onnx_file[0], "50"], capture_output=True, text=True, check=True)
    assert len(done.stdout.splitlines()) == 50


@pytest.fixture
def not_written(monkeypatch):
    """Write an empty folder in the place of a SavedModel."""
    monkeypatch.setattr(write, "write_saved_model", lambda graph, entries, path: path.mkdir())


@pytest.mark.usefixtures("not_written")
def test_nothing_appears_if_the_events_differ(tiny_run, tmp_path, monkeypatch):
    def zeros(noise: np.ndarray) -> check.Made:
        nothing = dict.fromkeys(("px", "py", "pz", "E"), np.zeros(len(noise)))
        return {**nothing, "inside": np.ones(len(noise), dtype=bool)}

    monkeypatch.setattr(write, "open_saved_model", lambda path: zeros)
    with pytest.raises(ModelError, match=r"would not do: 100,000 of 100,000 events differ"):
        export(tiny_run.model, tmp_path / "model")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("not_written")
def test_a_saved_model_is_replaced_and_nothing_else(tiny_run, tmp_path, monkeypatch):
    monkeypatch.setattr(write, "open_saved_model", lambda path: None)
    monkeypatch.setattr(write, "compare", lambda graph, sample: check.Agreement(1, 0, {}))
    place = tmp_path / "model"
    place.mkdir()
    (place / "notes.txt").write_text("mine")
    with pytest.raises(DataError, match=r"model: exists and is no SavedModel"):
        export(tiny_run.model, place)
    (place / "saved_model.pb").write_text("an older one")
    export(tiny_run.model, place)
    assert list(tmp_path.iterdir()) == [place]
    assert list(place.iterdir()) == []


def test_a_missing_package_is_named_before_anything_is_made(tiny_run, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tf2onnx", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'fatgan\[onnx\]'"):
        export(tiny_run.model, tmp_path / "model.onnx")
    assert list(tmp_path.iterdir()) == []


def test_other_suffixes_are_refused(tiny_run, tmp_path):
    with pytest.raises(ConfigError, match=r"'\.pt' is no format of exported models.*\.onnx"):
        export(tiny_run.model, tmp_path / "model.pt")
