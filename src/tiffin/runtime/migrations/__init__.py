"""The one history of the operational database's schema, shipped with the code that needs it."""

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008")
"""Every revision, oldest first; the last is what this code expects. A test holds this against the files."""
