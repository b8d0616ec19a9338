"""The report over beam settings: a model beside the truth at each, in one table and one figure."""

from analysis.settings.pairs import KINDS, Kind, SettingPair
from analysis.settings.records import SettingRecord
from analysis.settings.validation import steps, validate_settings

__all__ = ["KINDS", "Kind", "SettingPair", "SettingRecord", "steps", "validate_settings"]
