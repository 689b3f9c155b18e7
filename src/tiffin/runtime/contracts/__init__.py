"""Table contracts as written (ODCS YAML) and what is generated from them: code and data dictionary."""
