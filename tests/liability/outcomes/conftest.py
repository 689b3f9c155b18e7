"""Verdicts that were given, posted and appealed, as in appeals' tests."""

from tests.liability.appeals.conftest import as_rider, entering, posted, reviewers, workspace

__all__ = ["as_rider", "entering", "posted", "reviewers", "workspace"]
