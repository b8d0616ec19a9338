"""Each peer has an environment of its own: their packages cannot live in one.

``make peers`` makes them all; a study makes those it needs. What is pinned in ``<peer>.txt`` goes
into ``runs/peers/<peer>/venv``, once: a stamp holds the requirements it was made from.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parents[2] / "runs" / "peers"
PEERS = ("ctgan", "pidgan", "zuko")
PATIENCE = 1800
"""Seconds that pip may take."""


_FAILED: dict[Path, str] = {}
"""Environments that could not be made: what is out of reach is not tried twice in one run."""


class PeerError(Exception):
    """A peer that cannot be used here: one line that says why."""


def python_of(peer: str) -> Path:
    """Return the Python of a peer's environment, made when first asked for.

    Raises
    ------
    PeerError
        The environment cannot be made: its packages are out of reach, or have no build for this
        Python.
    """
    folder = FOLDER / peer / "venv"
    requirements, stamp = HERE / f"{peer}.txt", folder / "made-from.txt"
    wanted = requirements.read_text()
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if stamp.exists() and stamp.read_text() == wanted:
        return python
    if folder in _FAILED:
        raise PeerError(_FAILED[folder])
    if folder.exists():
        shutil.rmtree(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        _call(peer, [sys.executable, "-m", "venv", str(folder)])
        _call(peer, [str(python), "-m", "pip", "install", "--quiet", "-r", str(requirements)])
    except PeerError as error:
        _FAILED[folder] = str(error)
        raise
    stamp.write_text(wanted)
    return python


def _call(peer: str, command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PeerError(f"{peer}: its environment cannot be made ({error})") from error
    if done.returncode:
        raise PeerError(f"{peer}: its environment cannot be made ({reason(done.stderr)})")


def reason(stderr: str) -> str:
    """Return the line of a failed program's errors that says most: pip's first, or the last."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")]
    return (errors or lines[-1:] or ["it says nothing"])[0]


def main() -> None:
    """Make the environments, and say of each which Python it has or why it has none."""
    for peer in PEERS:
        try:
            print(f"{peer}: {python_of(peer)}", flush=True)
        except PeerError as error:
            print(f"skipped: {error}", flush=True)


if __name__ == "__main__":
    main()
