"""What a library's error says, in one line that can stand inside a sentence."""

import re

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_WITHIN = re.compile(r'(?:"exception_message":|\bdetails = )"(?P<text>(?:[^"\\]|\\.)*)"')
"""DuckDB's errors of asynchronous writes, and gRPC's."""


def reason(error: BaseException, *, lines: int = 1) -> str:
    r"""Give the first lines of an error's text as one, without colours, arrows and wrapping.

    Examples
    --------
    >>> reason(OSError("Generic error\n  \x1b[31m↳\x1b[0m No space left on device"), lines=2)
    'Generic error: No space left on device'
    """
    text = _COLOUR.sub("", str(error)) or type(error).__name__
    within = _WITHIN.search(text)
    if within:
        return within["text"].replace('\\"', '"')
    parts = [line.strip(" ↳\t") for line in text.splitlines()]
    found = ": ".join([part for part in parts if part][:lines])
    return found.partition(" SQLSTATE:")[0].rstrip(".;")
