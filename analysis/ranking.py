"""Several samples against one reference: which is nearest, score by score and all in all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from analysis.records import Record
from analysis.verdicts import Family, Light, Verdict, departure, families, verdict
from fatgan.errors import DataError


@dataclass(frozen=True)
class Place:
    """What one score says of one sample.

    ``rank`` is 1 for the best; samples that share places share their mean, as 1.5. ``distance``
    is the mean over the score's records of the distance from the floor, in the floor's spreads.
    ``worst`` is the record with the smallest p-value.
    """

    rank: float
    p_value: float
    distance: float
    passes: bool
    light: Light
    worst: Record

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, safe for JSON."""
        return {
            "rank": self.rank,
            "p_value": self.p_value,
            "distance": self.distance,
            "passes": self.passes,
            "worst": self.worst.label,
            "value": self.worst.value,
            "error": self.worst.error,
        }


@dataclass(frozen=True)
class Ranking:
    """Places by score and sample.

    ``labels`` are the samples, the best first; ``mean_ranks`` and ``verdicts`` belong to them.
    ``places[score]`` holds one place per label, in their order.
    """

    labels: tuple[str, ...]
    mean_ranks: tuple[float, ...]
    verdicts: tuple[Verdict, ...]
    places: dict[str, tuple[Place, ...]]

    @property
    def equal_sizes(self) -> bool:
        """Whether all samples have as many events, without which ranks are not fair."""
        return len({(v.n_reference, v.n_sample) for v in self.verdicts}) == 1

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, safe for JSON: the content of ``ranking.json``."""
        samples = zip(self.labels, self.mean_ranks, self.verdicts, strict=True)
        return {
            "samples": [{"label": a, "mean_rank": rank, **asdict(v)} for a, rank, v in samples],
            "scores": {
                name: {
                    label: place.to_dict() for label, place in zip(self.labels, places, strict=True)
                }
                for name, places in self.places.items()
            },
        }


def rank(records: Mapping[str, Sequence[Record]]) -> Ranking:
    """Rank samples by their scores against the same reference.

    Within a score (with all its observables) samples that it cannot tell from the reference
    share the best places: what still differs between them is chance. The others follow by their
    distance from the floor in the floor's spreads, the mean over the score's records. p-values
    would not do: far from the floor all are 0. A count that chance never raises has no spread,
    and is taken as it is. The samples are put in the order of their mean rank over the scores,
    those of equal ones by their number of scores passed, then in the order given.

    Distances in units of what chance does grow with the number of events: samples should be of
    one size.

    Parameters
    ----------
    records
        Label of a sample to its records, as :func:`analysis.compare` returns them.

    Raises
    ------
    DataError
        Without samples or scores, or if the samples were not given the same scores.
    """
    found = {label: {f.name: f for f in families(own)} for label, own in records.items()}
    scores = [list(own) for own in found.values()]
    if not scores or not scores[0]:
        raise DataError("there is nothing to rank: no sample with scores")
    for label, own in zip(found, scores, strict=True):
        if own != scores[0]:
            raise DataError(f"'{label}' has other scores than '{next(iter(found))}': {own}")
    places = {name: _places([own[name] for own in found.values()]) for name in scores[0]}
    means = np.mean([[place.rank for place in row] for row in places.values()], axis=0)
    verdicts = [verdict(own) for own in records.values()]
    labels = list(found)
    order = sorted(range(len(labels)), key=lambda i: (means[i], -verdicts[i].passed, i))
    return Ranking(
        labels=tuple(labels[i] for i in order),
        mean_ranks=tuple(float(means[i]) for i in order),
        verdicts=tuple(verdicts[i] for i in order),
        places={name: tuple(row[i] for i in order) for name, row in places.items()},
    )


def _places(samples: list[Family]) -> list[Place]:
    """Return the places of samples within one score."""
    from scipy.stats import rankdata

    distances = [float(np.mean([_distance(r) for r in score.records])) for score in samples]
    keys = [
        0.0 if score.passes else distance
        for score, distance in zip(samples, distances, strict=True)
    ]
    return [
        Place(float(place), score.p_value, distance, score.passes, score.light, score.worst)
        for place, score, distance in zip(rankdata(keys), samples, distances, strict=True)
    ]


def _distance(record: Record) -> float:
    """Return the sigmas that speak against the sample, or the count where there is no spread."""
    sigmas = departure(record)
    return sigmas if np.isfinite(sigmas) else abs(record.value - record.floor)
