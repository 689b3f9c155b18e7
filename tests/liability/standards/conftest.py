"""Incidents of riders with the verdicts on them, in a workspace of their own."""

from tests.liability.appeals.conftest import as_rider, entering, posted, reviewers, workspace

__all__ = ["as_rider", "entering", "posted", "reviewers", "workspace"]
