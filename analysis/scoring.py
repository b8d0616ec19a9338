"""Score a sample against a reference: every score with its floor and its p-value."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analysis.comparison import Comparison, Events
from analysis.records import Record
from analysis.scores import DEFAULT, SCORES, Score
from analysis.threads import one_thread
from fatgan.errors import ConfigError, did_you_mean
from fatgan.events import Fiducial


def compare(
    reference: Events,
    sample: Events,
    *,
    truth: Events | None = None,
    fiducial: Fiducial | None = None,
    seed: int = 0,
    scores: Sequence[str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> list[Record]:
    """Score a sample against a reference, each score with its floor and p-value.

    Parameters and errors are those of :class:`Comparison`, and

    Parameters
    ----------
    scores
        Names from :data:`analysis.scores.SCORES`; those of :data:`analysis.scores.DEFAULT`
        when None.
    progress
        Called with the name of each score before it begins.

    Raises
    ------
    ConfigError
        For the name of a score that is not there.
    """
    chosen_scores(scores)  # first: a comparison takes time
    comparison = Comparison(reference, sample, truth=truth, fiducial=fiducial, seed=seed)
    return score(comparison, scores, progress)


def score(
    comparison: Comparison,
    scores: Sequence[str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> list[Record]:
    """Return the records of a comparison; arguments as for :func:`compare`."""
    chosen = chosen_scores(scores)
    found = {}
    with one_thread():
        comparison.begin({name for item in chosen for name in item.classifiers})
        for item in sorted(chosen, key=lambda item: bool(item.classifiers)):  # what must wait last
            if progress:
                progress(item.name)
            measured = item.measure(comparison)
            found[item.name] = [m.record(item.name, comparison.seed) for m in measured]
    return [record for item in chosen for record in found[item.name]]


def chosen_scores(names: Sequence[str] | None) -> tuple[Score, ...]:
    """Return scores by name, the default ones when None."""
    names = DEFAULT if names is None else names
    known = {score.name: score for score in SCORES}
    for name in names:
        if name not in known:
            raise ConfigError(f"no score '{name}'; {did_you_mean(name, known)}")
    return tuple(score for score in SCORES if score.name in names)
