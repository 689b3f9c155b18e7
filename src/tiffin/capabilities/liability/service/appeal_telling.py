"""Telling people of appeals: the party what was received and decided, and those who answer what nobody saw to."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from tiffin.capabilities.liability.domain.appeal_effects import Followed
from tiffin.capabilities.liability.models.appeals import AppealRecord
from tiffin.capabilities.liability.service.appeal_independence import those_who_answer
from tiffin.capabilities.scorecards.service.outbox import post
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark, translate
from tiffin.runtime.tables import ACCOUNTS
from tiffin.web.templating import render

KIND = "appeal"
OVERDUE = mark("Appeal {number} is overdue")
OVERDUE_BODY = mark(
    "The time in which appeal {number} had to be answered is over. Until somebody decides, nothing acts."
)
NOBODY = mark("Nobody may decide appeal {number}")
NOBODY_BODY = mark(
    "Every reviewer of this place judged the order, wrote the rule or decided before. Name another reviewer."
)


def tell_party(context: Context, record: AppealRecord, followed: Followed) -> None:
    """Give the party notice of what was received or decided."""


def tell_those_who_answer(context: Context, record: AppealRecord, followed: Followed) -> None:
    """Tell the stewards of the place what nobody saw to in time, or may see to."""
    texts = (NOBODY, NOBODY_BODY) if followed.action == "nobody_left" else (OVERDUE, OVERDUE_BODY)
    people = those_who_answer(context, country=record.country, city_id=record.city_id)
    address = f"/liability/appeals/{record.case_id}"
    key = f"appeal|{record.case_id}|{followed.action}|{context.now:%Y-%m-%d}"
    tell_people(context, people, key=key, texts=texts, values={"number": record.case_id}, address=address)


def tell_people(
    context: Context,
    people: Iterable[str],
    *,
    key: str,
    texts: tuple[str, str],
    values: Mapping[str, object],
    address: str,
) -> None:
    """Put a message into the outbox of each, in the language of his account, once under a key."""
    for name in people:
        found = context.unit.execute(select(ACCOUNTS.c.locale).where(ACCOUNTS.c.name == name)).scalar()
        locale = found or "en"
        subject, said = (translate(locale, text, **values) for text in texts)
        html = render("liability/appeal_message.html", locale, subject=subject, said=said, address=address)
        text = f"{said}\n\n{address}\n"
        post(context, key=f"{key}|{name}", recipient=name, kind=KIND, subject=subject, text=text, html=html)
