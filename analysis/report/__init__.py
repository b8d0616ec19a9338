"""Reports: HTML pages without outside resources, the same in Markdown, and numbers in JSON."""

from analysis.report.page import write_report
from analysis.report.several import write_ranking

__all__ = ["write_ranking", "write_report"]
