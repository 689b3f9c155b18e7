"""Policies as files of others: DMN models and spreadsheets."""
