"""Policies: decision tables that operations people own."""
