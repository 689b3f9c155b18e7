"""What a file is, as its content says and not as its name does: pictures, PDF and plain text; all else is refused."""

from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message

MOST_BYTES = 10 * 1024 * 1024
TEXT = "text/plain"

_BEGINNINGS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
)
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf", TEXT: "txt"}
_CONTROLS = frozenset(range(32)) - {9, 10, 12, 13}


def media_type_of(content: bytes) -> str:
    """Tell what a file is.

    Raises
    ------
    WrongUse
        It is empty, too large, or none of what is taken.

    Examples
    --------
    >>> media_type_of(b"%PDF-1.7 ...")
    'application/pdf'
    >>> media_type_of("The box was open.".encode())
    'text/plain'
    """
    if not content:
        raise WrongUse(Message("The file is empty, so that nothing was attached. Choose another one."))
    if len(content) > MOST_BYTES:
        raise WrongUse(
            Message(
                "The file has {found} megabytes, and {most} are taken. Make it smaller and attach it again.",
                found=-(-len(content) // (1024 * 1024)),
                most=MOST_BYTES // (1024 * 1024),
            )
        )
    for beginning, found in _BEGINNINGS:
        if content.startswith(beginning):
            return found
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if _is_text(content):
        return TEXT
    raise WrongUse(
        Message("The file is no picture (JPEG, PNG, WebP), no PDF and no plain text, so that it was not attached.")
    )


def file_name(evidence_id: int, media_type: str) -> str:
    """Name a file for whoever saves it; what its sender called it is not told to programs."""
    return f"evidence-{evidence_id}.{_ENDINGS[media_type]}"


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return _CONTROLS.isdisjoint(content)
