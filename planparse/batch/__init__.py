"""Many documents at a time: inputs in, tables out."""
