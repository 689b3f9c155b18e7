"""How each dialect quotes names and texts: the one thing of SQL that a request adds to ready pieces.

SQLGlot quotes alike, and a test holds the two together; it takes a tenth of a second to start, which a request would
wait for.
"""


def quoted_name(name: str, dialect: str) -> str:
    """Quote an identifier."""
    mark = _MARKS[dialect]
    return f"{mark}{name.replace(mark, mark + mark)}{mark}"


def quoted_text(text: str, dialect: str) -> str:
    """Quote a text."""
    return f"'{text.translate(_ESCAPED[dialect])}'"


_MARKS = {"duckdb": '"', "spark": "`"}

_CONTROLS = {code: f"\\{code:03o}" for code in (*range(0x20), 0x7F)}
_NAMED = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x1a": "\\Z", "\\": "\\\\", "'": "\\'"}
_ESCAPED = {
    "duckdb": str.maketrans({"'": "''"}),
    "spark": _CONTROLS | str.maketrans(_NAMED),
}
