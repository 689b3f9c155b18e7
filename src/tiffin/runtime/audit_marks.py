"""What stands in the place of a text that was removed on request, and how the trail calls the removing."""

REMOVAL = "texts_removed"
"""The act in the trail; its details name the request and, by entry, the numbers of the pieces."""


def mark_of(request: int) -> str:
    """Give what stands in the place of what a request removed.

    Examples
    --------
    >>> mark_of(7)
    'erased-7'
    """
    return f"erased-{request}"


def is_mark(name: str, request: int) -> bool:
    """Tell whether a name is a mark of a request; several of one person are numbered.

    Examples
    --------
    >>> [is_mark(name, 7) for name in ("erased-7", "erased-7-2", "erased-71")]
    [True, True, False]
    """
    begun, _, rest = name.partition(mark_of(request))
    return not begun and (not rest or (rest[0] == "-" and rest[1:].isdecimal()))
