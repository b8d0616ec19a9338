"""How far is a sample of events from another: scores with floors, figures, a report.

>>> import fatgan, analysis
>>> data, model = fatgan.read("data.root"), fatgan.read("events.root")  # doctest: +SKIP
>>> records = analysis.validate(data, model, "report")  # doctest: +SKIP

Nothing here needs a model or TensorFlow. Importing this package is quick: scikit-learn and
matplotlib are loaded when they are used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from analysis.records import Record

if TYPE_CHECKING:
    from analysis.comparison import Comparison
    from analysis.figures import draw_all
    from analysis.ranking import rank
    from analysis.report import write_ranking, write_report
    from analysis.samples import Sample
    from analysis.scoring import compare
    from analysis.settings import validate_settings
    from analysis.validation import validate
    from analysis.verdicts import verdict

__all__ = [
    "Comparison",
    "Record",
    "Sample",
    "compare",
    "draw_all",
    "rank",
    "validate",
    "validate_settings",
    "verdict",
    "write_ranking",
    "write_report",
]

_HOMES = {
    "Comparison": "analysis.comparison",
    "Sample": "analysis.samples",
    "compare": "analysis.scoring",
    "draw_all": "analysis.figures",
    "rank": "analysis.ranking",
    "validate": "analysis.validation",
    "validate_settings": "analysis.settings",
    "verdict": "analysis.verdicts",
    "write_ranking": "analysis.report",
    "write_report": "analysis.report",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'analysis' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
