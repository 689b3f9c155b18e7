"""Whether an actor may be told a number as a whole: every row of its cities, every column that it reads."""

from collections.abc import Mapping
from functools import lru_cache

from tiffin.capabilities.metrics.domain.codec import canonical, decode
from tiffin.capabilities.metrics.domain.published import Published, read_body
from tiffin.capabilities.metrics.service.grounds import Ground
from tiffin.capabilities.metrics.service.library import Library
from tiffin.capabilities.metrics.service.policies import ground_for
from tiffin.capabilities.metrics.service.rebuilding import library_from
from tiffin.engines.metrics.definitions import Definitions
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.errors import Forbidden
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context

Cities = Mapping[str, tuple[str | None, str | None]]
"""Country and currency by city."""


def refuse_partial(context: Context, request: MetricRequest, library: Library, cities: Cities) -> None:
    """Refuse where the actor may be told only a part of a number.

    Raises
    ------
    Forbidden
        A city, a column or a small group is held back from him.
    """
    ground = ground_for(context, request, library)
    if ground.masked:
        raise Forbidden(
            Message(
                "You are not told {metrics}. Ask a steward for a grant that opens its columns.",
                metrics=", ".join(ground.masked),
            )
        )
    if ground.masks:
        raise Forbidden(
            Message(
                "You are told {dimensions} masked, and the number is about the values themselves. Ask a steward for a "
                "grant that opens them.",
                dimensions=", ".join(ground.masks),
            )
        )
    hidden = [city for city, (country, _) in cities.items() if not _covers(ground, city, country)]
    if hidden or ground.minimum_size > 1:
        raise Forbidden(
            Message(
                "No grant of yours covers the whole of {places}, which the number is about. "
                "Ask a steward for one, or limit the request to cities that you see whole.",
                places=", ".join(hidden) or Message("every group"),
            )
        )


def may_see(context: Context, entry: Published) -> bool:
    """Tell whether the actor may be told a published number."""
    try:
        refuse_partial(context, entry.request, library_of_entry(entry), entry.cities)
    except Forbidden:
        return False
    return True


def library_of_entry(entry: Published) -> Library:
    """Give the definitions that an entry was kept with."""
    return _built(canonical(entry.body["definitions"]))


@lru_cache(maxsize=64)
def _built(text: str) -> Library:
    return library_from(decode(Definitions, read_body(text)))


def _covers(ground: Ground, city: str, country: str | None) -> bool:
    scope = ground.scope
    return scope.is_everything or city in (scope.cities or ()) or country in (scope.countries or ())
