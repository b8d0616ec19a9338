"""``make image-gans``: train every image GAN, then write ``docs/IMAGE_GANS.md``.

It goes on where it was stopped: ``WHAT="dcgan wgan_gp"``, ``SEEDS`` and ``IMAGE_SECONDS`` choose.
Each seed has a process of its own, and they share the cores: TensorFlow makes little of a second
core with networks of this size, and two trainings of one core each make the most of two.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence

from journal import ROOT

from analysis.figures.save import save
from analysis.figures.style import styled
from fatgan.atomic import write_text
from fatgan.benchmark.figure import draw_convergence
from fatgan.benchmark.image_report import PANEL
from fatgan.benchmark.images import ImageStudy, run
from fatgan.benchmark.journal import Journal
from fatgan.images.gans import ImageGAN, names, parse_gan
from fatgan.images.judge import judge_of
from image_gans.keras_recipes import RECIPES
from image_gans.page import page
from image_gans.pictures import draw_samples

FOLDER = ROOT / "runs" / "image_gans"
PAGE = ROOT / "docs" / "IMAGE_GANS.md"


def contestants(seconds: float) -> dict[str, ImageGAN]:
    """Return all GANs, and after them the recipes of others, with this budget."""
    recipes = {recipe.gan: type(recipe) for recipe in RECIPES}
    found = {name: parse_gan({"gan": name}) for name in names()}
    found |= {name: kind() for name, kind in recipes.items()}
    return {
        name: config.model_copy(
            update={"training": config.training.model_copy(update={"max_seconds": seconds})}
        )
        for name, config in found.items()
    }


def main() -> None:
    """Train what is missing of what was asked for, then write the page from all that is there."""
    known = contestants(1)
    parser = argparse.ArgumentParser(prog="image_gans", description=__doc__)
    parser.add_argument("--what", nargs="+", choices=list(known), default=list(known))
    parser.add_argument("--seeds", type=int, default=2, help="seeds 1 to this")
    parser.add_argument("--seconds", type=float, default=600.0, help="of each training")
    parser.add_argument("--only", type=int, help="train this seed, in this process, and no more")
    asked = parser.parse_args()
    folder = FOLDER / f"{asked.seconds:g}"
    gans = contestants(asked.seconds)
    if asked.only is not None:
        study = ImageStudy({name: gans[name] for name in asked.what}, [asked.only])
        run(study, folder, f"cells-{asked.only}.jsonl")
        return
    # the feature network is trained once, before anybody needs it
    judge = judge_of(next(iter(gans.values())))
    side_by_side(range(1, asked.seeds + 1))
    done = [cell for path in sorted(folder.glob("cells-*.jsonl")) for cell in Journal(path).cells]
    # in the order of the list, whatever the order in which they were made
    cells = sorted(done, key=lambda cell: (list(gans).index(cell["name"]), cell["seed"]))
    write_text(PAGE, page(cells, judge, asked.seconds, folder))
    with styled():
        ours = [cell for cell in cells if cell["failure"] is None]
        save(draw_convergence(ours, [PANEL]), PAGE.parent, "image_gans_convergence")
    draw_samples(cells, folder, PAGE.parent / "image_gans.png")


def side_by_side(seeds: Sequence[int]) -> None:
    """Run this command for each seed at once, with an even share of the cores, and wait.

    Raises
    ------
    SystemExit
        One of them failed.
    """
    threads = str(max(1, (os.cpu_count() or 1) // len(seeds)))
    names = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS")
    environment = os.environ | dict.fromkeys(names, threads)
    command = [sys.executable, "-m", "image_gans", *sys.argv[1:], "--only"]
    running = [subprocess.Popen([*command, str(seed)], env=environment) for seed in seeds]
    failed = [seed for seed, one in zip(seeds, running, strict=True) if one.wait()]
    if failed:
        sys.exit(f"trainings of the seeds {failed} failed")


if __name__ == "__main__":
    main()
