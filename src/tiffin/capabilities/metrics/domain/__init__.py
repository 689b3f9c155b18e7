"""Reading of metric definitions and worked examples; pure."""
