"""The page of the study: bars, tables, the headline, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from fatgan.benchmark.cell import Cell
from fidelity.bars import bar_table
from fidelity.headline import headline
from fidelity.plan import FLOOR, OURS, PUBLISHED, Job
from fidelity.samples import MORE, SETTINGS, Scale
from fidelity.tables import AREA, by_label, chi2_table, model_table, speed_table

ABOUT = """# Fidelity

Made by `make benchmark-fidelity` (`tests/benchmarks/fidelity/`) on {cores} CPU cores. Every model
has the same {training:,} simulated events of a setting (those of fatgan may take {selection:,} of
them to choose their checkpoint by, and learn the others), and its generated events are compared
with the {held_out:,} of another seed of the simulation that no training saw. `default` is
a configuration of nothing but its data.

Numbers are means over seeds ± the standard deviation of a single seed. A sample of {training:,}
events carries its own fluctuations, which a generator may learn: `{floor}` is
{held_out:,} events of the training sample itself against the held-out ones. *One truth* is what
the law of each score gives for two samples of one truth, ± its spread. `untrained` is the default
representation without a network: ln Q2 and u as the data have them, drawn independently of each
other. In these coordinates DIS nearly factorises, and the training has to find the rest.

Seconds of training include compilation and what chooses the checkpoint, and not imports. Packages
of others run as `tests/benchmarks/peers/` says, from their documentation: on the momenta,
standardised (`cartesian`), and on the features of our default representation (`dis`). CTGAN learns
200,000 of the events, and its seconds begin after a preparation of one to two minutes; the others
learn all of them.
`fat_gan_cart` is the published recipe with its batch of 16,000 and networks of 5 x 512.

"""
BARS_TEXT = """## The bars

`default` has to keep all of them. The worst measured is the largest mean over seeds, over settings
and observables; of the harmonics and of unphysical events the largest of any seed. The held-out
sample has fluctuations of its own, the same for all seeds, which move chi2/ndf of an observable
by 0.1 (one standard deviation); what it would be in the mean over such samples is measured with
{truth:,} generated and as many further simulated events, and scaled to the size of the bars. N is
the number of generated events, {held_out:,}; unphysical events are counted among {streamed:,}.

"""
HEADLINE_TEXT = """## Training time to an AUC of {area}

Seconds of training until boosted trees tell {snapshot:,} generated from as many held-out events
with an area of {area}, between snapshots along the logarithm of the time, compilation included.
`{published}` is the published recipe, `configs/published/fat_gan_cart.yaml`; `>` is the longest
training that did not get there.

"""
CHI2_TEXT = """In brackets what it would be in the mean over held-out samples; for the training
sample, that of a generator that copies its events at random.

"""
FIGURE_TEXT = """
## Convergence

{setting}. Lines are medians over the seeds, bands their range; a single point is the end of a
training of others, of which there are no snapshots.

![Convergence](../docs/convergence.png)
"""


def page(results: Sequence[tuple[Job, Cell | None]], scale: Scale) -> str:
    """Return the page of all cells that there could be, None for one that is not done."""
    cells = [cell for _, cell in results if cell is not None]
    sizes = {
        "training": scale.training,
        "selection": scale.selection,
        "held_out": scale.held_out,
        "streamed": scale.streamed,
        "snapshot": scale.snapshot,
        "truth": MORE * scale.held_out,
    }
    settings = {
        str(setting): [cell for cell in cells if cell["setting"] == setting.beams]
        for setting in SETTINGS
    }
    ours = [cell for cell in cells if cell["name"] == OURS]
    floors = [cell for cell in cells if cell["name"] == FLOOR]
    due = Counter(job.key["budget"] for job, _ in results if job.key["name"] == OURS)
    cores = " or ".join(map(str, sorted({cell["cores"] for cell in cells}))) or "no"
    parts = [ABOUT.format(**sizes, cores=cores, floor=FLOOR), BARS_TEXT.format(**sizes)]
    parts += [bar_table(ours, floors, due), "\n\n"]
    parts.append(HEADLINE_TEXT.format(**sizes, area=AREA, published=PUBLISHED))
    parts += [headline(settings), "\n"]
    for setting, own in settings.items():
        if own:
            both = filter(None, (model_table(own), speed_table(own)))
            parts += [f"\n## {setting}\n\n", "\n\n".join(both), "\n"]
    observed = {
        setting: by_label(cell for cell in own if cell["name"] in (OURS, FLOOR))
        for setting, own in settings.items()
    }
    parts.append(f"\n## chi2/ndf of each observable\n\n{CHI2_TEXT}{chi2_table(observed)}\n")
    if curves(cells):
        parts.append(FIGURE_TEXT.format(setting=SETTINGS[0]))
    return "".join([*parts, *_missing(results)])


def curves(cells: Sequence[Cell]) -> list[Cell]:
    """Return the cells of the figure, named as the rows are."""
    first = [cell for cell in cells if cell["setting"] == SETTINGS[0].beams and cell["snapshots"]]
    return [cell | {"name": name} for name, own in by_label(first).items() for cell in own]


def _missing(results: Sequence[tuple[Job, Cell | None]]) -> list[str]:
    whole = Counter(job.what for job, _ in results)
    left = Counter(job.what for job, cell in results if cell is None)
    lines = [f"- `{what}`: {count} of {whole[what]} cells\n" for what, count in left.items()]
    return ["\n## Not measured yet\n\n", *lines] if lines else []
