"""What a page shows, as it is noted when somebody sees it: an asset where it is one, else the page without whom."""

from collections.abc import Iterable, Mapping

ASSET_PAGES: Mapping[str, tuple[str, str]] = {
    "/metrics/{name}": ("metric", "{name}"),
    "/metrics/{name}/export.{kind}": ("metric", "{name}"),
    "/metrics/trees/{name}": ("tree", "{name}"),
    "/metrics/published/{reference}": ("published", "{reference}"),
    "/dashboards/{name}": ("dashboard", "{name}"),
    "/dashboards/{name}/file.html": ("dashboard", "{name}"),
    "/data/{name}": ("table", "{name}"),
    "/morning/{city_id}": ("report", "city_morning"),
    "/morning/{city_id}/file.html": ("report", "city_morning"),
    "/daybooks/{city_id}/{day}": ("report", "daybook"),
    "/daybooks/{city_id}/{day}/file": ("report", "daybook"),
}
"""By the pattern of an address, the kind and the name of the asset that it shows."""

PAGE = "page"
"""What stands in the place of a kind where a page shows no asset."""

NAMING = ("metric", "metrics")
"""Parameters of an address that name metrics, as pages and programs ask for numbers."""

LONGEST = 200


def subjects_of(pattern: str, parts: Mapping[str, str], asked: Iterable[tuple[str, str]] = ()) -> tuple[str, ...]:
    """Tell what one request shows.

    Parameters
    ----------
    pattern : str
        Of the address, as routes are written: ``/dashboards/{name}``.
    parts : mapping of str to str
        What stood in the places of the pattern.
    asked : iterable of (str, str)
        Parameters behind the question mark.

    Examples
    --------
    >>> subjects_of("/dashboards/{name}", {"name": "city_operations"})
    ('dashboard:city_operations',)
    >>> subjects_of("/cases/{case_id}", {"case_id": "7"})
    ('page:/cases/{case_id}',)
    >>> subjects_of("/explore", {}, [("metric", "late_share"), ("city_id", "riyadh")])
    ('page:/explore', 'metric:late_share')
    """
    kind, name = ASSET_PAGES.get(pattern, (PAGE, pattern))
    own = f"{kind}:{name.format(**parts) if kind != PAGE else name}"
    named = [
        f"metric:{one.strip()}"
        for key, value in asked
        if key in NAMING
        for one in value.split(",")
        if one.strip().isidentifier()
    ]
    return tuple(dict.fromkeys(text[:LONGEST] for text in (own, *named)))
