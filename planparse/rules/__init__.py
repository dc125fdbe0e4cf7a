"""Knowledge as data: one rule a line, each with its own test."""
