"""Targets and statistics (指标与数据): numerals, units, comparators, periods, roles, indicators."""
