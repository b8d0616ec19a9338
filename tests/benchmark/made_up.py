"""A record that was never measured, for tables that are tested without a training."""

from __future__ import annotations


def record(score: str, value: float, name: str = "", observable: str | None = None) -> dict:
    """A score of 10,000 events against as many, with a floor of 0.01 around what truth gives."""
    return {
        "name": name or score,
        "observable": observable,
        "value": value,
        "error": 0.1,
        "floor": 0.5 if "AUC" in score else 1.0 if "chi2" in score else 0.0,
        "floor_error": 0.01,
        "n_reference": 10_000,
        "n_sample": 10_000,
        "seed": 1,
        "score": score,
        "p_value": 0.5,
    }
