"""The city's page as an e-mail to whoever asks for it, through the outbox of the house."""

import hashlib
from datetime import date

from tiffin.capabilities.balance import service
from tiffin.capabilities.balance.service.miss_cases import keep_and_watch, open_miss_case
from tiffin.capabilities.balance.service.page_city import page_in_text, page_view
from tiffin.capabilities.scorecards.service.outbox import Posted, post
from tiffin.runtime import audit
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import format_date, translate
from tiffin.web.templating import render

KIND = "daybook"


def send_city_page(context: Context, city_id: str, day: date) -> Posted:
    """Put the city's page of a day into the outbox for the actor himself; what says the same is put there once.

    Raises
    ------
    NotFound
        There is no such city, or it has no facts on that day.
    Forbidden
        The actor's grants do not cover the city.
    """
    book = service.daybook(context, city_id, day)
    keep_and_watch(context, book, service.days_of(context, city_id))
    shown = page_view(context, book)
    text = page_in_text(context, book, shown)
    name, written = translate(context.locale, book.city.name), format_date(day, context.locale, skeleton="yMMMEd")
    # What it says apart from the moment: after new facts, a decision or a case the same page is another message.
    said = hashlib.sha256(text.encode()).hexdigest()
    posted = post(
        context,
        key=f"daybook|{city_id}|{day}|{context.locale}|{said}",
        recipient=context.actor.name,
        kind=KIND,
        subject=translate(context.locale, "{city}, {day}: the day-book", city=name, day=written),
        text=text,
        html=render("balance/file.html", context.locale, **shown),
    )
    if posted.is_new:
        details = {"message": posted.message_id, "day": day.isoformat()}
        audit.record(context, action="daybook_sent", subject=city_id, details=details)
    return posted


def ask_a_person(context: Context, city_id: str, day: date, number: int) -> int:
    """Open a case of one episode of a day, and give its number.

    Raises
    ------
    NotFound
        There is no such city, day or episode.
    Forbidden
        The actor handles no cases of this city.
    """
    book = service.daybook(context, city_id, day)
    return open_miss_case(context, book, service.days_of(context, city_id), number)
