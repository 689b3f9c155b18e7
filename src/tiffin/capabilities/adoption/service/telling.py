"""Telling people what became of what they asked: a message in the outbox, in the language of their account."""

from sqlalchemy import select

from tiffin.capabilities.adoption.models import AdoptionItem
from tiffin.capabilities.adoption.service.words import word
from tiffin.capabilities.scorecards.service.outbox import post
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark, translate
from tiffin.runtime.tables import ACCOUNTS
from tiffin.web.templating import render

SUBJECT = mark("What you asked for: {state}")


def tell_author(context: Context, record: AdoptionItem, *, said: str, address: str) -> None:
    """Tell whoever opened an item what was decided and why; nobody is told what he did himself."""
    if record.author == context.actor.name:
        return
    locale = context.unit.execute(select(ACCOUNTS.c.locale).where(ACCOUNTS.c.name == record.author)).scalar()
    locale = locale or "en"
    state = word(record.state, locale)
    subject = translate(locale, SUBJECT, state=state)
    values = {"subject": subject, "headline": record.headline, "state": state, "said": said, "address": address}
    post(
        context,
        key=f"adoption|{record.item_id}|{record.version}",
        recipient=record.author,
        kind="adoption",
        subject=subject,
        text=f"{record.headline}\n\n{state}\n\n{said}\n\n{address}\n",
        html=render("adoption/message.html", locale, **values),
    )
