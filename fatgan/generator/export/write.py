"""Write a model's events as ONNX or as a SavedModel; nothing appears unless it is right."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fatgan.adversarial.bundle import read_network
from fatgan.atomic import disk_named, replaced_on_success, swap_folder
from fatgan.errors import ConfigError, DataError
from fatgan.generator.export.check import Agreement, compare
from fatgan.generator.export.description import describe
from fatgan.generator.export.graph import EventGraph
from fatgan.generator.export.onnx import check_installed, open_onnx, write_onnx
from fatgan.generator.export.saved_model import MARK, open_saved_model, write_saved_model
from fatgan.generator.sample import load


def export(model: Path, path: Path) -> Agreement:
    """Write a model bundle as ``.onnx``, or as a SavedModel where the path has no suffix.

    Parameters
    ----------
    model
        The bundle's folder.
    path
        A file or a folder.

    Returns
    -------
    How the events of what was written compare with the Python generator's.

    Raises
    ------
    ConfigError
        Another suffix.
    ModelError
        No bundle, or the events differ.
    MissingExtraError
        ONNX's packages are not installed.
    DataError
        The place cannot be written, or something else is there.
    """
    if path.suffix not in (".onnx", ""):
        raise ConfigError(
            f"{path}: '{path.suffix}' is no format of exported models; name a file .onnx, or a "
            "folder without a suffix for TensorFlow's SavedModel"
        )
    if path.suffix:
        check_installed()
    generator = load(model)
    graph = EventGraph(read_network(model), generator.transform)
    description = describe(graph, generator.manifest)
    if path.suffix:
        with replaced_on_success(path) as unfinished:
            write_onnx(graph, description, unfinished)
            return compare(graph, open_onnx(unfinished))
    with _folder_on_success(path) as folder:
        write_saved_model(graph, description, folder)
        return compare(graph, open_saved_model(folder))


@contextmanager
def _folder_on_success(path: Path) -> Iterator[Path]:
    """Yield a hidden place beside ``path`` that takes its place if the block ends without an error.

    Raises
    ------
    DataError
        Something stands there that is no SavedModel, or the folder cannot be made.
    """
    if path.exists() and not (path / MARK).exists():
        raise DataError(f"{path}: exists and is no SavedModel; move it or name another folder")
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    with disk_named(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield unfinished
        with disk_named(path):
            swap_folder(unfinished, path)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
