"""What differs between two plans (差异比对): sections, passages, measures; shown side by side."""
