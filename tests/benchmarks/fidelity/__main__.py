"""The command: which cells to make."""

from __future__ import annotations

import argparse

from fidelity.plan import WHAT
from fidelity.samples import SETTINGS
from fidelity.study import SEEDS, study


def main() -> None:
    """Read the command line and run the study."""
    parser = argparse.ArgumentParser(prog="fidelity", description="The fidelity study.")
    beams = [setting.beams for setting in SETTINGS]
    parser.add_argument("--what", nargs="+", choices=list(WHAT), default=list(WHAT))
    parser.add_argument("--seeds", type=int, default=SEEDS, help="seeds 1 to this")
    parser.add_argument("--settings", nargs="+", choices=beams, default=beams)
    asked = parser.parse_args()
    study(what=asked.what, seeds=asked.seeds, settings=asked.settings)


if __name__ == "__main__":
    main()
