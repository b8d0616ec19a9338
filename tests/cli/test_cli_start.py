"""The command line as such: help, version, speed of start, words for mistakes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from fatgan.version import __version__

COMMANDS = (
    "run",
    "train",
    "generate",
    "export",
    "validate",
    "measure",
    "scan",
    "benchmark",
    "inspect",
    "convert",
    "simulate",
    "image",
    "demo",
)


def test_version(fatgan):
    assert fatgan("--version").out.strip() == f"fatgan {__version__}"


def test_help_lists_every_command(fatgan):
    result = fatgan("--help")
    assert result.status == 0
    for name in COMMANDS:
        assert f" {name} " in result.out


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_explains_itself(fatgan, name):
    result = fatgan(name, "--help")
    assert result.status == 0
    assert "Usage:" in result.out
    assert f"fatgan {name}" in result.out


def test_help_loads_nothing_heavy():
    """--help answers at once because these stay unloaded."""
    code = (
        "import sys; sys.argv = ['fatgan', '--help']\n"
        "from fatgan.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "heavy = {'tensorflow', 'keras', 'pandas', 'sklearn', 'matplotlib', 'uproot', 'pydantic'}\n"
        "print('loaded:', sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "loaded: []"


def test_unknown_command_is_an_error(fatgan):
    assert fatgan("genrate").status == 1


@pytest.mark.parametrize("number", ["0", "-3", "1.5", "many"])
def test_a_number_of_events_is_a_positive_whole(fatgan, tmp_path, number):
    result = fatgan("generate", tmp_path, "-n", number, "-o", tmp_path / "x.root")
    assert result.status == 1
    assert "Traceback" not in result.err
    assert not (tmp_path / "x.root").exists()
