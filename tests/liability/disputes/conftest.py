"""The verdict of appeals' tests, about which its parties do not agree."""

from tests.liability.appeals.conftest import entering, posted, reviewers, workspace

__all__ = ["entering", "posted", "reviewers", "workspace"]
