"""The report: one HTML page without outside resources, and its numbers in JSON."""

from analysis.report.page import write_report

__all__ = ["write_report"]
