"""How sure a day-book is of a first cause, in words, and what that cause is likely to have taken."""

from collections.abc import Mapping

from tiffin.capabilities.balance.domain.daybook import EpisodeStory
from tiffin.capabilities.balance.domain.sureness import Sureness
from tiffin.runtime.i18n import format_percent, mark, translate

SURENESS: Mapping[Sureness, str] = {
    Sureness.SURE: mark("That this cause comes first is sure."),
    Sureness.LIKELY: mark("That this cause comes first is likely."),
    Sureness.OPEN: mark("Which cause comes first is open."),
}


def sureness_sentence(story: EpisodeStory, locale: str) -> str:
    """Say how sure the first cause is."""
    return translate(locale, SURENESS[story.sureness])


def confidence_view(story: EpisodeStory, locale: str) -> Mapping[str, str] | None:
    """Give the chance that the first cause comes first and its likely share; None where none explains anything."""
    if story.first_cause is None:
        return None
    return {
        "chance": format_percent(story.confidence, locale, decimals=0),
        "share": format_percent(min(story.likely[story.first_cause], 1.0), locale, decimals=0),
    }
