"""What somebody was shown: counted by asset and page, and accounted for where it holds governed numbers."""

from collections.abc import Callable, Mapping
from datetime import date
from urllib.parse import parse_qsl

from fastapi import Request

from tiffin.runtime import audit
from tiffin.runtime.context import Context
from tiffin.runtime.showing import told_of
from tiffin.runtime.uses import note_views
from tiffin.web.subjects import PAGE, subjects_of


def note_shown(
    request: Request, context: Context, *, milliseconds: float, kept_days: Callable[[date], int] | None
) -> None:
    """Note what one request showed, once its work has ended well.

    A page counts as a use; a part that a script loads into an open page does not. Whatever read governed numbers leaves
    one entry in the trail, however many of them it drew, unless one tells of it already. It names assets, days, and
    places that were asked for, and the pattern of the address: no parameter, no condition.
    """
    parts = {name: str(value) for name, value in request.path_params.items()}
    pattern = pattern_of(request.url.path, parts)
    subjects: tuple[str, ...] = ()
    if request.method == "GET" and "hx-request" not in request.headers:
        subjects = subjects_of(pattern, parts, parse_qsl(request.url.query))
        note_views(context, subjects, milliseconds=milliseconds, kept_days=kept_days)
    own = [name for name in subjects if not name.startswith(f"{PAGE}:")]
    told = told_of(context, pattern, before=own)
    if told is not None:
        audit.record_shown(context, **told)


def pattern_of(path: str, parts: Mapping[str, str]) -> str:
    """Write a path as its route is written: with the names of its places instead of what stood there.

    Examples
    --------
    >>> pattern_of("/metrics/late_share/export.csv", {"name": "late_share", "kind": "csv"})
    '/metrics/{name}/export.{kind}'
    >>> pattern_of("/metrics/metrics", {"name": "metrics"})
    '/metrics/{name}'
    """
    segments = path.split("/")
    for name, value in reversed(list(parts.items())):
        for place in reversed(range(len(segments))):
            if segments[place] == value or segments[place].endswith(f".{value}"):
                segments[place] = segments[place].removesuffix(value) + f"{{{name}}}"
                break
    return "/".join(segments)
