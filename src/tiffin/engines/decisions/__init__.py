"""Decisions: policies as decision tables in DMN, their expressions in FEEL, decided without running any Python text."""
