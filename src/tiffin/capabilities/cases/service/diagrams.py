"""The documentation of all sorts of cases, written from their tables."""

from pathlib import Path

from tiffin.capabilities.cases.domain.registry import CASE_TYPES
from tiffin.engines.cases.drawing import document_of

DOCUMENT = Path("docs") / "cases.md"


def document() -> str:
    """Give what the documentation must say."""
    return document_of(CASE_TYPES.values())


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
