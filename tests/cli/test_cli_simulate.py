"""``fatgan simulate``: one sample by its options, or all of a configuration."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import fatgan as package

ONE = ("-n", 500, "--beams", "27.5x0", "--q2-min", 2)


@pytest.fixture
def design(tiny_entries, tmp_path) -> Path:
    """A configuration whose data are not there yet."""
    tiny_entries["data"] = {"path": str(tmp_path / "samples" / "*.root")}
    tiny_entries["simulation"] = {
        "beams": ["18x275", "27.5x0"],
        "events": 400,
        "q2_min": 2,
        "w2_min": 4,
        "folder": str(tmp_path / "samples"),
    }
    path = tmp_path / "design.yaml"
    path.write_text(yaml.safe_dump(tiny_entries))
    return path


def test_one_sample_with_edges(fatgan, tmp_path):
    pytest.importorskip("pythia8mc")
    path = tmp_path / "new" / "e.root"
    words = ("-o", path, "--w2-min", 5, "--pythia-cuts", "--lepton", -11, "--dtype", "float32")
    result = fatgan("simulate", *ONE, *words)
    assert result.status == 0, result.err
    assert "500 events" in result.out
    events = package.read(path)
    assert events["W2"].min() > 5 - 1e-3
    assert (events["Q2"] * (1 - events["y"])).min() > 1 - 1e-3
    assert events.collision.lepton_pdg == -11
    assert events.provenance["origin"]["cuts"] == "pythia"


def test_a_configuration_makes_its_samples_once(fatgan, design, tmp_path):
    pytest.importorskip("pythia8mc")
    first = fatgan("simulate", design, "--workers", 1)
    assert first.status == 0, first.err
    assert "400 events" in first.out
    assert "there already" not in first.out
    paths = sorted((tmp_path / "samples").iterdir())
    assert [path.name for path in paths] == ["e-_18x275.root", "e-_27.5x0.root"]
    words = ("--set", "simulation.beams=[18x275, 10x100]", "--workers", 1)
    again = fatgan("simulate", design, *words)
    assert again.status == 0, again.err
    kept, made = again.out.splitlines()
    assert kept.endswith("e-_18x275.root (there already)")
    assert made.endswith("e-_10x100.root")


def test_a_configuration_without_the_section(fatgan, tiny_config):
    assert "no section 'simulation'" in fatgan("simulate", tiny_config).complaint


def test_options_of_one_sample_beside_a_configuration(fatgan, design):
    complaint = fatgan("simulate", design, "--beams", "18x275", "-s", 3).complaint
    assert "--beams, --seed" in complaint
    assert "--set" in complaint


def test_what_is_missing_is_named(fatgan, tmp_path):
    complaint = fatgan("simulate", "-n", 5, "-o", tmp_path / "e.root").complaint
    assert "without --beams, --q2-min" in complaint
    assert "--set" in fatgan("simulate", *ONE, "-o", "e.root", "--set", "seed=1").complaint


def test_a_number_of_events_is_whole(fatgan, tmp_path):
    words = ("-n", "1.5", "--beams", "18x275", "--q2-min", 1, "-o", tmp_path / "e.root")
    result = fatgan("simulate", *words)
    assert result.status == 1
    assert "1.5 is not a whole number" in result.err
