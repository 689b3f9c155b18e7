"""Definitions from and for other semantic layers: Open Semantic Interchange, dbt's semantic layer."""
