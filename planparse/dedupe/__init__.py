"""Duplicate plans: exact, near, contained, and shared passages, each claim verified exactly."""
