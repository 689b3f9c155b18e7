"""The one history of the operational database's schema, shipped with the code that needs it."""

REVISIONS = tuple(f"{number:04}" for number in range(1, 42))
"""Every revision, oldest first; the last is what this code expects. A test holds this against the files."""
