"""What the report over settings says of one beam setting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.records import Record
from analysis.settings.pairs import Kind
from analysis.verdicts import worst_first

TREES, NETWORK = "C2ST AUC", "C2ST AUC (MLP)"
SPECTRUM, PLANE, BOUNDS = "chi2/ndf", "x-Q2 chi2/ndf", "bounds"
SCORES = (TREES, NETWORK, SPECTRUM, PLANE, BOUNDS)
"""The scores that every setting is given, names in :data:`analysis.scores.SCORES`."""


@dataclass(frozen=True)
class SettingRecord:
    """The scores of a sample at one beam setting: an entry of ``settings.json``.

    Parameters
    ----------
    label, sqrt_s, kind
        As in :class:`~analysis.settings.pairs.SettingPair`.
    lepton_pdg
        11 (e-) or -11 (e+).
    n_reference, n_sample
        Events of the comparison.
    unphysical
        Events of the sample that break a physical bound, each counted once.
    scores
        The records of :data:`SCORES`.
    """

    label: str
    sqrt_s: float
    kind: Kind
    lepton_pdg: int
    n_reference: int
    n_sample: int
    unphysical: int
    scores: tuple[Record, ...]

    @property
    def trees(self) -> Record:
        """The area under the ROC curve of gradient-boosted trees."""
        return self._of(TREES)[0]

    @property
    def network(self) -> Record:
        """The area under the ROC curve of a network."""
        return self._of(NETWORK)[0]

    @property
    def plane(self) -> Record:
        """chi2/ndf in the x-Q2 plane."""
        return self._of(PLANE)[0]

    @property
    def worst_spectrum(self) -> Record:
        """The chi2/ndf of the observable that agrees least."""
        return worst_first(self._of(SPECTRUM))[0]

    @property
    def mean_chi2(self) -> float:
        """The mean chi2/ndf of all observables, 1 between samples of one truth."""
        found = self._of(SPECTRUM)
        return sum(record.value for record in found) / len(found)

    def _of(self, score: str) -> list[Record]:
        return [record for record in self.scores if record.score == score]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, safe for JSON."""
        return {**vars(self), "scores": [record.to_dict() for record in self.scores]}

    @classmethod
    def from_dict(cls, entries: Mapping[str, Any]) -> SettingRecord:
        """Rebuild from plain values."""
        scores = tuple(Record.from_dict(record) for record in entries["scores"])
        return cls(**{**entries, "scores": scores})
