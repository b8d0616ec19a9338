"""``fatgan simulate``: true events from Pythia 8, one sample or all of a configuration."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from fatgan.cli import options
from fatgan.cli.quiet import load_tensorflow
from fatgan.errors import ConfigError


def command(
    config: Annotated[
        Path | None,
        typer.Argument(help="Configuration (YAML) whose section 'simulation' says what to make."),
    ] = None,
    output: options.OutputIfAny = None,
    number: options.NumberIfAny = None,
    beams: Annotated[
        str | None, typer.Option(help="Electron x proton energies in GeV, or a preset.")
    ] = None,
    q2_min: Annotated[
        float | None, typer.Option("--q2-min", help="Lower edge in Q2, GeV^2.")
    ] = None,
    w2_min: Annotated[
        float | None, typer.Option("--w2-min", help="Lower edge in W2, GeV^2; 0 if not given.")
    ] = None,
    pythia_cuts: Annotated[
        bool | None,
        typer.Option("--pythia-cuts", help="Keep Pythia's own: x s > 16 and Q2 (1 - y) > 1 GeV^2."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option("-s", "--seed", help="Equal seeds, equal events; 0 if not given.")
    ] = None,
    frame: options.FrameOption = None,
    lepton: options.Lepton = None,
    workers: Annotated[int | None, typer.Option(help="Processes; all cores if not given.")] = None,
    dtype: Annotated[
        str | None, typer.Option(help="float64 (the default), or float32 for half the size.")
    ] = None,
    format_: options.Format = None,
    set_: options.Set = None,
) -> None:
    """Simulate neutral-current DIS with Pythia 8 (the extra 'pythia') and write its electrons.

    With CONFIG: all samples of its section 'simulation'; those that are there already are kept.
    Without: one sample, as -n, --beams, --q2-min and -o say.
    """
    given = {
        "-n": number,
        "--beams": beams,
        "--q2-min": q2_min,
        "-o": output,
        "--w2-min": w2_min,
        "--pythia-cuts": pythia_cuts,
        "--seed": seed,
        "--frame": frame,
        "--lepton": lepton,
        "--dtype": dtype,
        "--format": format_,
    }
    if config is not None:
        _refuse_options(config, [name for name, value in given.items() if value is not None])
        _design(config, set_, workers)
        return
    if set_:
        raise ConfigError("--set changes a configuration: name one")
    if number is None or beams is None or q2_min is None or output is None:
        missing = [name for name in list(given)[:4] if given[name] is None]
        raise ConfigError(
            f"nothing to simulate without {', '.join(missing)}; say -n, --beams, --q2-min and -o, "
            "or a configuration"
        )

    from fatgan.events import Collision
    from fatgan.io import write
    from fatgan.io.formats import to_write
    from fatgan.simulation import simulate

    to_write(output, format_)  # refused before any event is made
    collision = Collision.parse(beams, frame, 11 if lepton is None else lepton)  # type: ignore[arg-type]
    with _counted(number) as advance:
        table = simulate(
            number,
            collision,
            q2_min,
            seed or 0,
            workers=workers,
            cuts="pythia" if pythia_cuts else "none",
            w2_min=w2_min or 0.0,
            progress=advance,
        )
    write(table, output, dtype=dtype or "float64", format=format_)  # type: ignore[arg-type]
    typer.echo(f"{len(table):,} events: {output}")


def _refuse_options(config: Path, given: list[str]) -> None:
    if given:
        raise ConfigError(
            f"{', '.join(given)}: {config} says what to simulate; change it with --set, "
            "like --set simulation.events=1000"
        )


def _design(config: Path, settings: list[str] | None, workers: int | None) -> None:
    load_tensorflow()
    from fatgan.configuration.reading import parse_override
    from fatgan.generator.config import load_config
    from fatgan.simulation import simulate_design

    changes = dict(parse_override(text) for text in settings or [])
    design = load_config(config, changes).simulation
    if design is None:
        raise ConfigError(f"{config}: no section 'simulation', which would say what to simulate")
    with _counted(design.total) as advance:
        files = simulate_design(design, workers, advance)
    for file in files:
        kept = "" if file.made else " (there already)"
        typer.echo(f"{file.events:,} events: {file.path}{kept}")


@contextmanager
def _counted(total: int) -> Iterator[Callable[[int], None]]:
    """Show a bar; yield what is to be called with the number of events done since last time."""
    from fatgan.progress import bar

    done = 0
    with bar("simulating", total) as update:

        def advance(events: int) -> None:
            nonlocal done
            done += events
            update(done)

        yield advance
