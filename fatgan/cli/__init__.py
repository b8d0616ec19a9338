"""The command line: one file per command. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import logging
import sys
from typing import Annotated

import typer

from fatgan.cli import (
    benchmark,
    convert,
    demo,
    export,
    generate,
    image,
    inspect,
    measure,
    run,
    scan,
    simulate,
    train,
    validate,
)
from fatgan.errors import FatganError
from fatgan.version import __version__

app = typer.Typer(
    name="fatgan",
    help="Learn electron-proton scattering events from files and generate synthetic ones.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


# 2 is the status of `validate --check`; a wrong option is an error like any other
typer.BadParameter.__bases__[0].exit_code = 1  # type: ignore[attr-defined]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"fatgan {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


for module in (
    run,
    train,
    generate,
    export,
    validate,
    measure,
    scan,
    inspect,
    convert,
    simulate,
    benchmark,
    demo,
):
    app.command(name=module.__name__.rsplit(".", 1)[-1])(module.command)
app.add_typer(image.app)


def main() -> None:
    """Run the command line; what a user can mend ends in one line and exit status 1."""
    logging.basicConfig(format="fatgan: %(message)s", level=logging.WARNING)
    try:
        app()
    except FatganError as error:
        sys.stderr.write(f"fatgan: error: {' '.join(str(error).split())}\n")
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(1)
