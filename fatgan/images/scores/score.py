"""One score of generated images, with its floor: the unit of what is written and printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class ImageScore:
    """A score of generated images.

    Attributes
    ----------
    name
        E.g. ``"Frechet distance"``; Inception's names (FID, KID, Inception Score) stand only
        where its features were used.
    value, error
        The score and its standard error.
    floor, floor_error
        The same score of as many real images: training against held-out ones, or held-out ones
        alone where the score looks at one sample. It is what a perfect generator reaches.
    better
        Which way is better.
    network
        Name of the feature network; empty if pixels were compared.
    n_generated, n_real
        Images that entered the value: generated ones, and the held-out ones they were compared
        with, 0 if none.
    """

    name: str
    value: float
    error: float
    floor: float
    floor_error: float
    better: Literal["higher", "lower"]
    network: str
    n_generated: int
    n_real: int

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, safe for JSON."""
        return asdict(self)


def table(scores: Iterable[ImageScore]) -> str:
    """Return the scores as a Markdown table, with the networks below it."""
    scores = list(scores)
    lines = [
        "| score | value | real images | better | generated / real |",
        "|---|---|---|---|---|",
    ]
    for score in scores:
        value = _with_error(score.value, score.error)
        floor = _with_error(score.floor, score.floor_error)
        real = f" / {score.n_real:,}" if score.n_real else ""
        sizes = f"{score.n_generated:,}{real}"
        lines.append(f"| {score.name} | {value} | {floor} | {score.better} | {sizes} |")
    networks = dict.fromkeys(score.network for score in scores if score.network)
    lines += [f"\nFeatures: {name}." for name in networks]
    return "\n".join(lines) + "\n"


def _with_error(value: float, error: float) -> str:
    # an error far below all digits shown says nothing
    return f"{value:.4g} ± {error if error > 1e-6 * abs(value) else 0:.2g}"
