"""Options that several commands share."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fatgan.errors import ConfigError

if TYPE_CHECKING:
    from fatgan.io import ReadOptions

EVENTS = "File of events, a folder of such files, or a pattern in quotes like 'run*/*.root'."
Beams = Annotated[
    str | None,
    typer.Option(
        help="Electron x proton beam energies in GeV, like 27.5x920 (11x0: a proton at rest), "
        "or HERA, EIC, JLab. Files written by fatgan state their own."
    ),
]
FrameOption = Annotated[
    str | None,
    typer.Option("--frame", help="Beam along +z: proton (HERA, EIC) or electron (fixed target)."),
]
Lepton = Annotated[
    int | None, typer.Option(help="Beam lepton: 11 (electron, the default) or -11 (positron).")
]
Tree = Annotated[str | None, typer.Option(help="Tree of a ROOT file.")]
Columns = Annotated[
    str | None,
    typer.Option(
        help="The file's own names: px=NAME,py=NAME,pz=NAME[,weight=NAME][,Ee=NAME,Ep=NAME]; any "
        "further one is a condition, like pol=NAME."
    ),
]
Cut = Annotated[str | None, typer.Option(help="Keep events like 'Q2 > 4 and y < 0.95'.")]
Limit = Annotated[int | None, typer.Option(help="Read at most this many entries.")]
UnitsOption = Annotated[
    str | None, typer.Option("--units", help="Units of the momenta: GeV or MeV.")
]
_FORMAT_READ = "Format to read, e.g. csv, where the content is taken for another."
InputFormat = Annotated[str | None, typer.Option("--input-format", help=_FORMAT_READ)]
ReadFormat = Annotated[str | None, typer.Option("--format", "--input-format", help=_FORMAT_READ)]
_NUMBER = typer.Option(
    "-n",
    "--number",
    metavar="N",
    help="Number of events, like 1000000 or 1e6.",
    callback=lambda n: _whole(n),
    parser=float,
)
Number = Annotated[int, _NUMBER]
NumberIfAny = Annotated[int | None, _NUMBER]
Seed = Annotated[int, typer.Option("-s", "--seed", help="Equal seeds, equal events.")]
_OUTPUT = typer.Option("-o", "--output", help="File to write; its suffix picks the format.")
Output = Annotated[Path, _OUTPUT]
OutputIfAny = Annotated[Path | None, _OUTPUT]
Format = Annotated[
    str | None, typer.Option("--format", help="Format instead of the suffix's: e.g. rntuple.")
]
Config = Annotated[Path, typer.Argument(help="Configuration (YAML).")]
Data = Annotated[Path | None, typer.Option(help="File to learn from, in place of the config's.")]
Out = Annotated[Path | None, typer.Option("--out", help="Folder of the run.")]
SeedOverride = Annotated[
    int | None, typer.Option("-s", "--seed", help="Seed, in place of the config's.")
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", help="Any key of the configuration: --set training.max_seconds=60."),
]


def given_reading(
    beams: str | None = None,
    frame: str | None = None,
    tree: str | None = None,
    columns: str | None = None,
    cut: str | None = None,
    limit: int | None = None,
    units: str | None = None,
    lepton: int | None = None,
    format: str | None = None,
) -> dict[str, Any]:
    """Return the reading options that were given, by the names they have in the configuration."""
    options: dict[str, Any] = {
        "beams": beams,
        "frame": frame,
        "tree": tree,
        "columns": column_map(columns),
        "cut": cut,
        "limit": limit,
        "units": units,
        "lepton": lepton,
        "format": format,
    }
    return {name: value for name, value in options.items() if value is not None}


def read_options(*args: Any, **kwargs: Any) -> ReadOptions:
    """Return the same as :class:`ReadOptions`; arguments as in :func:`given_reading`."""
    from fatgan.io import ReadOptions

    return ReadOptions(**given_reading(*args, **kwargs))


def column_map(text: str | None) -> dict[str, str] | None:
    """Read ``px=NAME,py=NAME``."""
    if text is None:
        return None
    pairs = [item.partition("=") for item in text.split(",") if item.strip()]
    for ours, separator, theirs in pairs:
        if not (separator and ours.strip() and theirs.strip()):
            raise ConfigError(f"--columns '{text}': write it as px=NAME,py=NAME,pz=NAME")
    return {ours.strip(): theirs.strip() for ours, _, theirs in pairs}


def numbers_by_name(texts: list[str] | None, option: str) -> dict[str, float]:
    """Read ``NAME=VALUE`` of an option that may be given several times."""
    found = {}
    for text in texts or []:
        name, _, value = text.partition("=")
        try:
            found[name.strip()] = float(value)
        except ValueError:
            raise ConfigError(f"{option} '{text}': write it as NAME=VALUE, a number") from None
    return found


def config_overrides(
    data: Path | None,
    out: Path | None,
    seed: int | None,
    reading: dict[str, Any],
    settings: list[str] | None,
) -> dict[str, Any]:
    """Return what the command line changes in a configuration, ``--set`` last."""
    from fatgan.configuration.reading import parse_override

    overrides: dict[str, Any] = {f"data.{name}": value for name, value in reading.items()}
    if data is not None:
        overrides["data.path"] = str(data)
    if out is not None:
        overrides["out"] = str(out)
    if seed is not None:
        overrides["seed"] = seed
    return overrides | dict(parse_override(text) for text in settings or [])


def _whole(number: float | None) -> int | None:
    """Accept 1e6 as well as 1000000; an option that is not given stays so."""
    if number is None:
        return None
    if not math.isfinite(number) or number != int(number) or number < 1:
        raise typer.BadParameter(f"{number:g} is not a whole number of at least 1")
    return int(number)
