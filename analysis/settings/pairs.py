"""What the report over settings compares: one sample and its reference per beam setting."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from analysis.checks import single_collision
from analysis.comparison import Events
from fatgan.errors import ConfigError, DataError, did_you_mean
from fatgan.events import EventTable

Kind = Literal["trained", "interpolated", "extrapolated"]
KINDS: dict[Kind, str] = {
    "trained": "a setting of the training",
    "interpolated": "between settings of the training",
    "extrapolated": "beyond the settings of the training",
}
"""How a setting lies to those of the training."""


@dataclass(frozen=True)
class SettingPair:
    """A sample beside its reference at one beam setting.

    Parameters
    ----------
    label
        What tables and figures call the setting, as ``"e- 18x275"``; no two are the same.
    sqrt_s
        Centre-of-mass energy in GeV.
    kind
        How the setting lies to those of the training, a key of :data:`KINDS`.
    reference
        Held-out events of this setting alone.
    sample
        Events to judge, of the same beams.
    """

    label: str
    sqrt_s: float
    kind: Kind
    reference: Events
    sample: Events

    @classmethod
    def of(cls, kind: Kind, reference: Events, sample: Events) -> SettingPair:
        """Return a pair with label and energy of the reference's collision.

        Raises
        ------
        DataError
            If the reference is of several beam settings.
        """
        rows = reference if isinstance(reference, EventTable) else reference.rows
        collision = single_collision(rows, "reference")
        lepton = "e-" if collision.lepton_pdg > 0 else "e+"
        label = f"{lepton} {collision.label}"
        return cls(label, math.sqrt(collision.s), kind, reference, sample)


def check_pairs(pairs: Sequence[SettingPair]) -> None:
    """Refuse no pairs at all, labels that repeat, unknown kinds, energies that are not positive.

    Raises
    ------
    DataError
        For no pairs, or a label of two of them.
    ConfigError
        For a kind that is not in :data:`KINDS`, or an energy that is not a positive number.
    """
    if not pairs:
        raise DataError("there are no beam settings to report on; give at least one pair")
    labels = [pair.label for pair in pairs]
    for pair in pairs:
        if labels.count(pair.label) > 1:
            raise DataError(
                f"{labels.count(pair.label)} beam settings share the label '{pair.label}'; "
                "give each its own"
            )
        if pair.kind not in KINDS:
            raise ConfigError(
                f"beam setting '{pair.label}': kind '{pair.kind}' is unknown; "
                f"{did_you_mean(pair.kind, KINDS)}"
            )
        if not (math.isfinite(pair.sqrt_s) and pair.sqrt_s > 0):
            raise ConfigError(
                f"beam setting '{pair.label}': sqrt(s) is {pair.sqrt_s} GeV; "
                "it must be a positive number"
            )
