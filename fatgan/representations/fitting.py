"""What training rows must be like before a transform is fitted to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import ConfigError, DataError
from fatgan.events import AnyCollision, Collision, Collisions, EventTable
from fatgan.events.beam_columns import beam_value
from fatgan.representations.augmentation import check_augmentation
from fatgan.representations.azimuth import is_uniform
from fatgan.representations.conditions import EDGE, ENERGIES, Conditions
from fatgan.representations.coordinates import coordinates_named
from fatgan.representations.settings import Settings

_BELOW = 0.01
"""Relative distance below its edge that the Q2 of a float32 file may have by rounding."""


def counting(table: EventTable) -> EventTable:
    """Return the events that count: of weight other than 0.

    Raises
    ------
    DataError
        Fewer than two.
    """
    if table.weights is not None and not table.weights.all():
        table = table[table.weights != 0]
    if len(table) < 2:
        raise DataError(f"{len(table)} training rows: a transform needs at least 2")
    return table


def joined(settings: Sequence[Collision]) -> AnyCollision:
    """Return a single collision, or several as one record with a row for each."""
    if len(settings) == 1:
        return settings[0]
    return Collisions(
        [setting.electron_energy for setting in settings],
        [setting.proton_energy for setting in settings],
        settings[0].frame,
        [setting.lepton_pdg for setting in settings],
    )


def check_conditions(table: EventTable, names: Sequence[str], settings: Settings) -> None:
    """Refuse beams that the conditions do not tell apart, and edges that the events do not keep.

    Raises
    ------
    ConfigError
        Several beams and no condition that says which; augmented features, which need both beam
        energies in the graph, without these.
    DataError
        Events far below their own Q2min.
    """
    beams = table.collision.settings()
    energies = {(item.electron_energy, item.proton_energy) for item in beams}
    if len(energies) > 1:
        if not set(ENERGIES) & set(names):
            raise ConfigError(
                f"the training rows are of {len(energies)} beam settings, and no condition says "
                "which; write condition: [Ee, Ep] or [s]"
            )
        if settings.augment and not {"Ee", "Ep"} <= set(names):
            raise ConfigError(
                "representation.augment needs both beam energies of each event; "
                "write condition: [Ee, Ep], or leave it out"
            )
    _check_told_apart(beams, names, settings.name)
    if EDGE in names:
        below = np.count_nonzero(table["Q2"] < table[EDGE] * (1 - _BELOW))
        if below:
            raise DataError(
                f"condition '{EDGE}': {below:,} of {len(table):,} events have a smaller Q2; "
                "it must be the edge of each event's own sample, in GeV^2"
            )


def _check_told_apart(beams: Sequence[Collision], names: Sequence[str], coordinates: str) -> None:
    """Refuse beams that differ where the network is not told of it.

    In ``dis`` coordinates the laws of the events know the energies through s alone.
    """
    if len({item.lepton_pdg for item in beams}) > 1 and "lepton" not in names:
        raise ConfigError(
            "the training rows are of e- and of e+, and no condition says which; add lepton to "
            "condition"
        )
    needed = ("s",) if coordinates == "dis" else ("Ee", "Ep")
    told = [name for name in names if name in ENERGIES]
    if len(beams) > 1 and told == ["s"] and coordinates != "dis":
        raise ConfigError(
            f"representation '{coordinates}' depends on both beam energies, which s does not tell; "
            "write condition: [Ee, Ep], or representation.name: dis"
        )
    apart, given = (
        {tuple(beam_value(name, item) for name in of) for item in beams} for of in (needed, told)
    )
    if len(given) < len(apart):
        raise ConfigError(
            f"the training rows are of {len(apart)} kinds of beams in {', '.join(needed)}, and "
            f"condition: [{', '.join(names)}] tells {len(given)} apart; write condition: [Ee, Ep]"
        )


def settled(settings: Settings, table: EventTable, conditions: Conditions | None) -> Settings:
    """Return the settings with the azimuth decided: uniform or learned.

    It is drawn if no harmonic of all rows is significant, nor one that a condition drives: that
    of a polarisation averages out over its signs.

    Raises
    ------
    ConfigError
        An augmentation that is unknown or needs an azimuth nobody learns.
    """
    azimuth, polar = settings.azimuth, coordinates_named(settings.name).polar
    if azimuth == "auto":
        columns: list[NDArray[np.float64] | None] = [table.weights]
        if conditions is not None:
            counts = 1.0 if table.weights is None else table.weights
            columns += [counts * column for column in conditions.forward(table).T]
        uniform = all(is_uniform(table["phi"], column) for column in columns)
        azimuth = "uniform" if uniform else "learned"
    check_augmentation(settings.augment, azimuth == "learned" or not polar)
    return replace(settings, azimuth=azimuth)
