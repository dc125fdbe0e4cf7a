"""Scores against gold annotation: precision, recall and F1 per layer."""
