"""``fatgan export``: what it writes, says and refuses."""

from __future__ import annotations

import pytest

from fatgan.generator.export import write
from fatgan.generator.export.check import Agreement


def test_the_deviation_from_python_is_said(fatgan, tmp_path, monkeypatch):
    asked = []

    def export(model, path):
        asked.append((model, path))
        return Agreement(100_000, 0, {"E": 3e-15, "theta": 6e-15})

    monkeypatch.setattr(write, "export", export)
    result = fatgan("export", tmp_path, "-o", tmp_path / "model.onnx")
    assert result.status == 0
    assert asked == [(tmp_path, tmp_path / "model.onnx")]
    assert "0 of 100,000 events differ" in result.out
    assert "E 3e-15, theta 6e-15" in result.out
    assert str(tmp_path / "model.onnx") in result.out


@pytest.mark.parametrize(
    ("name", "complaint"), [("model.pb", "is no format of exported models"), ("x", "not a model")]
)
def test_what_cannot_be_is_one_line(fatgan, tmp_path, name, complaint):
    assert complaint in fatgan("export", tmp_path, "-o", tmp_path / name).complaint
    assert list(tmp_path.iterdir()) == []
