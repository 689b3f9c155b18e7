"""What is told of overdue incidents: a short message to each account to which one was escalated, in its language."""

from html import escape

from sqlalchemy import select

from tiffin.capabilities.cases.domain.registry import GUIDED
from tiffin.capabilities.cases.service.words import headline_of, word
from tiffin.capabilities.quality.service.escalating import Escalation, escalate_overdue, escalations
from tiffin.capabilities.scorecards.service.outbox import Posted, post
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import format_instant, mark, translate
from tiffin.runtime.models import Account

SUBJECT = mark("Overdue, {severity}: {headline}")
BODY = mark("{clock}: that was due {time}, and nobody did it. It waits at {address}")


def tell_overdue(context: Context) -> tuple[Posted, ...]:
    """Escalate what is overdue and put a message into the outbox of everybody to whom something was escalated.

    Returns
    -------
    tuple of Posted
        Messages that are new; of each deadline everybody gets one.
    """
    escalate_overdue(context)
    posted = [_tell(context, one, name) for one in escalations(context) for name in one.to if name]
    return tuple(one for one in posted if one.is_new)


def _tell(context: Context, one: Escalation, name: str) -> Posted:
    case = one.case.summary
    locale = context.session.scalar(select(Account.locale).where(Account.name == name)) or "en"
    headline = headline_of(one.case.text, one.case.values, locale)
    subject = translate(locale, SUBJECT, severity=word(case.severity, locale), headline=headline)
    address = GUIDED.get(case.case_type, "/cases/{case_id}").format(case_id=case.case_id)
    clock, due = translate(locale, one.clock), format_instant(one.due, locale)
    text = translate(locale, BODY, clock=clock, time=due, address=address)
    direction = "rtl" if locale == "ar" else "ltr"
    html = (
        f'<!doctype html><html lang="{locale.replace("_", "-")}" dir="{direction}"><meta charset="utf-8">'
        f"<title>{escape(subject)}</title><h1>{escape(subject)}</h1><p>{escape(text)}</p></html>"
    )
    key = f"incident|{case.case_id}|{one.sequence}"
    plain = f"{subject}\n\n{text}\n"
    return post(context, key=key, recipient=name, kind="incident", subject=subject, text=plain, html=html)
