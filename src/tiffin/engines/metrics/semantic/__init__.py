"""Metrics over a graph of entities, as dbt's semantic layer describes them: windows, offsets, conversions, spines."""
