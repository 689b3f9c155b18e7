"""The marketplace's facts, generated from their contracts."""
