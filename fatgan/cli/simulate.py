"""``fatgan simulate``: true events from Pythia 8."""

from __future__ import annotations

from typing import Annotated

import typer

from fatgan.cli import options


def command(
    output: options.Output,
    number: options.Number,
    beams: Annotated[str, typer.Option(help="Electron x proton energies in GeV, or a preset.")],
    q2_min: Annotated[float, typer.Option("--q2-min", help="Lower edge in Q2, GeV^2.")],
    seed: options.Seed = 0,
    frame: options.FrameOption = None,
    lepton: Annotated[int, typer.Option(help="11 (electron) or -11 (positron).")] = 11,
    workers: Annotated[int | None, typer.Option(help="Processes; all cores if not given.")] = None,
    dtype: Annotated[str, typer.Option(help="float64, or float32 for half the size.")] = "float64",
    format_: options.Format = None,
) -> None:
    """Simulate neutral-current DIS with Pythia 8 (the extra 'pythia') and write its electrons."""
    from fatgan.events import Collision
    from fatgan.io import write
    from fatgan.progress import bar
    from fatgan.simulation import simulate

    collision = Collision.parse(beams, frame, lepton)  # type: ignore[arg-type]
    done = 0
    with bar("simulating", number) as update:

        def advance(events: int) -> None:
            nonlocal done
            done += events
            update(done)

        table = simulate(number, collision, q2_min, seed, workers=workers, progress=advance)
    write(table, output, dtype=dtype, format=format_)  # type: ignore[arg-type]
    typer.echo(f"{len(table):,} events: {output}")
