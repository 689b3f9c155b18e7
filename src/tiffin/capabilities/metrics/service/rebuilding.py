"""Libraries read anew from definitions: of another date, in one currency, or as a published number was kept with."""

from collections.abc import Sequence

from tiffin.capabilities.metrics.service.library import Library, fragments_of, known_tables
from tiffin.engines.metrics.building import build_model
from tiffin.engines.metrics.compiling.converting import converted
from tiffin.engines.metrics.compiling.currencies import Factors, with_one_currency
from tiffin.engines.metrics.definitions import Definitions
from tiffin.engines.metrics.versions import definitions_for
from tiffin.kernel.errors import InvalidDefinition


def library_converted(library: Library, metrics: Sequence[str], factors: Factors) -> Library:
    """Build definitions in which all money is converted."""
    return library_from(converted(definitions_for(library.model, metrics), factors), one_currency=True)


def library_from(definitions: Definitions, *, one_currency: bool = False) -> Library:
    """Build definitions that are known to be sound, such as those that a published number was kept with.

    Raises
    ------
    InvalidDefinition
        They no longer fit the tables.
    """
    model, problems = build_model(definitions, known_tables())
    if problems:
        raise InvalidDefinition(f"These definitions no longer fit the tables: {problems[0]}")
    model = with_one_currency(model) if one_currency else model
    return Library(model, (), fragments_of(model))
