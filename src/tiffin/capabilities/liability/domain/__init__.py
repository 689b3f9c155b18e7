"""Incidents of orders, parties, shares, verdicts, penalties, appeals and disputes."""
