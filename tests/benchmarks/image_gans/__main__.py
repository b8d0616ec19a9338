"""``make image-gans``: train every image GAN, then write ``docs/IMAGE_GANS.md``.

It goes on where it was stopped: ``WHAT="dcgan wgan_gp"``, ``SEEDS`` and ``IMAGE_SECONDS`` choose.
"""

from __future__ import annotations

import argparse

from journal import ROOT

from analysis.figures.save import save
from analysis.figures.style import styled
from fatgan.atomic import write_text
from fatgan.benchmark.figure import draw_convergence
from fatgan.benchmark.image_report import PANEL
from fatgan.benchmark.images import ImageStudy, run
from fatgan.benchmark.journal import Journal
from fatgan.images.gans import ImageGAN, names, parse_gan
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
    """Run what is missing of what was asked for, then write the page from all that is there."""
    known = contestants(1)
    parser = argparse.ArgumentParser(prog="image_gans", description=__doc__)
    parser.add_argument("--what", nargs="+", choices=list(known), default=list(known))
    parser.add_argument("--seeds", type=int, default=2, help="seeds 1 to this")
    parser.add_argument("--seconds", type=float, default=300.0, help="of each training")
    asked = parser.parse_args()
    folder = FOLDER / f"{asked.seconds:g}"
    gans = contestants(asked.seconds)
    study = ImageStudy({name: gans[name] for name in asked.what}, range(1, asked.seeds + 1))
    _, judge = run(study, folder)
    done = Journal(folder / "cells.jsonl").cells
    # in the order of the list, whatever the order in which they were made
    cells = sorted(done, key=lambda cell: (list(gans).index(cell["name"]), cell["seed"]))
    write_text(PAGE, page(cells, judge, asked.seconds, folder))
    with styled():
        ours = [cell for cell in cells if cell["failure"] is None]
        save(draw_convergence(ours, [PANEL]), PAGE.parent, "image_gans_convergence")
    draw_samples(cells, folder, PAGE.parent / "image_gans.png")


if __name__ == "__main__":
    main()
