"""Summaries of samples in cells: what 10^8 events come down to, in one pass at constant memory."""

from analysis.summaries.content import Content, permuted_shares
from analysis.summaries.grid import SPECTRA, Grid, SpectrumGrid
from analysis.summaries.summary import Harmonics, Summary, summarise

__all__ = [
    "SPECTRA",
    "Content",
    "Grid",
    "Harmonics",
    "SpectrumGrid",
    "Summary",
    "permuted_shares",
    "summarise",
]
