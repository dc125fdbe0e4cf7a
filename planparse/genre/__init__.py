"""Whether a text is a Chinese work plan at all (语种与体裁): marks, never a filter."""
