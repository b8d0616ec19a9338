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
    from analysis.comparison import compare
    from analysis.figures import draw_all
    from analysis.report import write_report
    from analysis.validation import validate
    from analysis.verdicts import verdict

__all__ = ["Record", "compare", "draw_all", "validate", "verdict", "write_report"]

_HOMES = {
    "compare": "analysis.comparison",
    "draw_all": "analysis.figures",
    "validate": "analysis.validation",
    "verdict": "analysis.verdicts",
    "write_report": "analysis.report",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'analysis' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
