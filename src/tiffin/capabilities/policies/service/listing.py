"""The library of policies as plain values, for programs and assistants."""

from datetime import date
from typing import Any

from tiffin.capabilities.policies.service.library import list_policies
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import language_of, translate


def entries_as_plain(context: Context, on: date | None = None) -> list[dict[str, Any]]:
    """List every policy with what is in force on a day, today unless said, in the reader's language.

    Raises
    ------
    Forbidden
        The actor has no grant at all.
    """
    language = language_of(context.locale)
    return [
        {
            "name": one.name,
            "title": one.title.get(language) or one.title["en"],
            "question": one.question.get(language) or one.question["en"],
            "owner": one.owner,
            "since": one.since.isoformat() if one.since else None,
            "version": one.digest or None,
            "markets": list(one.markets),
            "cities": list(one.cities),
            "rows": one.rows,
            "worked_cases": one.worked_cases,
            "health": one.health.value,
            "fault": translate(context.locale, one.fault) if one.fault else None,
        }
        for one in list_policies(context, on)
    ]
