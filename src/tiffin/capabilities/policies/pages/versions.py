"""Versions that can be chosen: what holds from a day on, or a draft."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from tiffin.capabilities.policies.domain.policy import Effective, PolicyVersion
from tiffin.capabilities.policies.pages.shown import found_on
from tiffin.capabilities.policies.pages.tables import versions_in
from tiffin.capabilities.policies.pages.where import Where
from tiffin.capabilities.policies.service import drafting, library
from tiffin.capabilities.policies.service.drafting_rights import may_read_drafts
from tiffin.kernel.errors import InvalidData, TiffinError
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import format_date, isolate, translate

DRAFT = "draft-"
TODAY = "today"


def choosable(context: Context, name: str) -> list[tuple[str, str]]:
    """List the versions of a policy that can be chosen: today's, each day on which something changes, open drafts."""
    days = library.find(context, name).turning_points
    found = [(TODAY, translate(context.locale, "What holds today"))]
    found += [(day.isoformat(), _from(day, context.locale)) for day in reversed(days)]
    if may_read_drafts(context):
        found += [
            (f"{DRAFT}{one.draft_id}", _draft(one, context.locale)) for one in drafting.list_drafts(context, name)
        ]
    return found


def draft_in(reference: str) -> int | None:
    """Give the number of the draft that a reference names; None where it names a day.

    Raises
    ------
    InvalidData
        It names neither.
    """
    if not reference.startswith(DRAFT):
        return None
    number = reference.removeprefix(DRAFT)
    if not number.isdecimal():
        raise InvalidData(Message("There is no version '{version}'. Choose one of the list.", version=reference))
    return int(number)


def day_in(context: Context, reference: str) -> date:
    """Give the day of which a reference names the version; today for drafts.

    Raises
    ------
    InvalidData
        It names neither a day nor a draft.
    """
    if reference in (TODAY, "") or draft_in(reference) is not None:
        return context.now.date()
    try:
        return date.fromisoformat(reference)
    except ValueError:
        raise InvalidData(
            Message("There is no version '{version}'. Choose one of the list.", version=reference)
        ) from None


def version_of(
    context: Context, name: str, reference: str, where: Where
) -> tuple[Effective | None, Iterable[PolicyVersion], TiffinError | None]:
    """Give a chosen version with the files that it is made of; or why there is none."""
    draft = draft_in(reference)
    here = replace(where, on=day_in(context, reference))
    found, refusal = found_on(context, name, here, draft=draft)
    if found is None or draft is None:
        return found, library.find(context, name).versions, refusal
    return found, versions_in(name, drafting.draft_texts(context, draft), here), None


def _from(day: date, locale: str) -> str:
    return translate(locale, "from {day}", day=format_date(day, locale))


def _draft(one: drafting.Draft, locale: str) -> str:
    return isolate(one.title) if one.title else translate(locale, "Draft {number}", number=one.draft_id)
