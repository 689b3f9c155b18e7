"""Telling people of appeals: the party what was received and decided, and those who answer what nobody saw to."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from tiffin.capabilities.cases.service import guided_case
from tiffin.capabilities.liability.domain.appeal_effects import Followed
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.models.appeals import AppealRecord
from tiffin.capabilities.liability.service.appeal_independence import those_who_answer
from tiffin.capabilities.liability.service.notice_pieces import Told
from tiffin.capabilities.liability.service.notices import send
from tiffin.capabilities.liability.service.verdicts import verdict_of
from tiffin.capabilities.scorecards.service.outbox import post
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark, translate
from tiffin.runtime.tables import ACCOUNTS
from tiffin.web.templating import render

KIND = "appeal"
PLAIN = "en"
"""Language under which the words of a person are kept, whatever he wrote in."""

_NOTICES: Mapping[str, tuple[str, str]] = {
    "acknowledge": ("appeal_acknowledged", "reply"),
    "ask_evidence": ("evidence_wanted", "answer_window"),
    "uphold": ("appeal_upheld", "second_window"),
    "vary": ("appeal_varied", "second_window"),
    "overturn": ("appeal_overturned", ""),
    "grant_by_silence": ("appeal_granted_by_silence", ""),
    "become_final": ("appeal_final", ""),
    "withdraw_appeal": ("appeal_withdrawn", ""),
    "lodge_second": ("second_instance_acknowledged", "second_reply"),
    "uphold_second": ("second_instance_upheld", ""),
    "vary_second": ("second_instance_varied", ""),
    "overturn_second": ("second_instance_overturned", ""),
}
"""By action, the kind of notice, and the clock of whose end it speaks."""

OVERDUE = mark("Appeal {number} is overdue")
OVERDUE_BODY = mark(
    "The time in which appeal {number} had to be answered is over. Until somebody decides, nothing acts."
)
NOBODY = mark("Nobody may decide appeal {number}")
NOBODY_BODY = mark(
    "Every reviewer of this place judged the order, wrote the rule or decided before. Name another reviewer."
)


def tell_party(context: Context, record: AppealRecord, followed: Followed) -> None:
    """Give the party notice of what was received, asked or decided, with the day on which what follows is over."""
    kind, clock = _NOTICES[followed.action]
    reason = str(followed.values.get("reason", ""))
    told = Told(
        until=guided_case(context, record.case_id).clocks.get(clock),
        reason={PLAIN: reason} if reason else {},
        occasion=f"{record.case_id}.{followed.sequence}",
    )
    send(context, kind, verdict_of(context, record.current_verdict_id), Party(record.party_kind), told)


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
