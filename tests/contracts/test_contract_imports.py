"""The floors of the house: imports go down only, and TensorFlow is loaded late."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

FLOORS = [
    {"fatgan.cli"},
    {"fatgan.benchmark", "fatgan.demos", "fatgan.mceg"},
    {"fatgan.generator", "fatgan.images"},
    {"analysis", "fatgan.simulation"},
    {"fatgan.io", "fatgan.representations"},
    {"fatgan.adversarial", "fatgan.events"},
    {"fatgan.atomic", "fatgan.configuration", "fatgan.networks", "fatgan.progress"},
    {"fatgan.errors", "fatgan.silence", "fatgan.version"},
]
"""From the top; rooms of one floor do not know each other."""

ENGINE_MAY_USE = {
    f"fatgan.{room}" for room in ("atomic", "configuration", "errors", "progress", "version")
}

FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
FILES = sorted([*ROOT.glob("fatgan/**/*.py"), *ROOT.glob("analysis/**/*.py")])
QUICK = [
    "fatgan",
    "fatgan.events",
    "fatgan.io",
    "fatgan.representations",
    "fatgan.images.datasets",
    "fatgan.demos",
    "fatgan.mceg",
    "fatgan.cli",
    "analysis",
]


def room_of(module: str) -> str | None:
    """Return the room of a dotted name; the package itself and other packages have none."""
    parts = module.split(".")
    if parts[0] == "analysis":
        return "analysis"
    return ".".join(parts[:2]) if parts[0] == "fatgan" and len(parts) > 1 else None


def imported(path: Path) -> set[str]:
    """Return every module a file imports, also inside functions and for typing only."""
    modules = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            modules.add(node.module or "")
            if node.module == "fatgan":
                modules |= {f"fatgan.{alias.name}" for alias in node.names}
    return modules


def home(path: Path) -> str | None:
    return room_of(".".join(path.relative_to(ROOT).with_suffix("").parts))


def test_every_room_has_a_floor():
    rooms = {home(path) for path in FILES} - {None, "fatgan.__init__"}
    assert rooms == set(FLOOR)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_down_only(path):
    own = home(path)
    if own == "fatgan.__init__":  # the front door names rooms of all floors, lazily
        return
    for module in imported(path):
        room = room_of(module)
        if room in FLOOR and room != own:
            assert FLOOR[room] > FLOOR[own], f"{own} imports {module}"


def test_the_engine_knows_neither_physics_nor_images():
    for path in ROOT.glob("fatgan/adversarial/**/*.py"):
        rooms = {room_of(module) for module in imported(path)} - {None}
        assert rooms <= {"fatgan.adversarial", *ENGINE_MAY_USE}, path.name


def test_only_the_top_floors_know_the_analysis():
    for path in ROOT.glob("fatgan/**/*.py"):
        if "analysis" in {room_of(module) for module in imported(path)}:
            assert home(path) in {"fatgan.cli", "fatgan.benchmark", "fatgan.demos"}, path


@pytest.mark.parametrize("module", QUICK)
def test_importing_does_not_load_tensorflow(module):
    code = f"import {module}, sys; print(*[m for m in ('tensorflow', 'keras') if m in sys.modules])"
    command = [sys.executable, "-c", code]
    output = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert output.split() == []
