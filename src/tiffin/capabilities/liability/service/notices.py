"""Notices: sent in the language of whom they are for, kept, and reproduced byte for byte.

Kept is which text was filled (the text itself under its digest, since what ships changes), the values as they were
written (`notice_values` says why) and the digest of the bytes that came of both. Filling is pure and needs no library
of languages, no clock and no time zone, so that the same bytes come of it in any process and in any year. What a
notice says names nobody but by the number of an order; to whom it went is a pseudonym beside it, so that a person can
be erased and the notice still be reproduced.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tiffin.capabilities.liability.domain.appeals import party_id_of
from tiffin.capabilities.liability.domain.notice_kinds import RIGHT_TO_LEFT
from tiffin.capabilities.liability.domain.notice_text import Piece, fill, piece_from
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.models.notices import Notice, NoticeRead
from tiffin.capabilities.liability.models.notices import NoticeText as KeptText
from tiffin.capabilities.liability.service.appeal_rules import local_day
from tiffin.capabilities.liability.service.notice_library import NoticeText, digest_of, parsed, text_on
from tiffin.capabilities.liability.service.notice_pieces import Told, pieces_for
from tiffin.kernel.errors import InvalidData, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import Party as PartyAccount
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import RIDER_LOCALES
from tiffin.runtime.markets import Market, find_market
from tiffin.runtime.party_accounts import locale_of_party


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice as its reader sees it.

    Parameters
    ----------
    title, body : str
        The first paragraph and the others.
    version : str
        Digest of the text that was filled.
    """

    notice_id: int
    kind: str
    subject: str
    order_id: str
    party: PartyAccount
    locale: str
    sent_at: datetime
    title: str
    body: str
    version: str
    digest: str
    read_at: datetime | None


def send(context: Context, kind: str, verdict: Verdict, party: Party, told: Told | None = None) -> int:
    """Send a notice about a verdict to one of its parties; the same occasion is told once, and then gives its number.

    Raises
    ------
    NotFound
        There is no such kind, or the facts name nobody in that part.
    InvalidDefinition
        Its text is not whole.
    """
    said = told or Told()
    who = _recipient(verdict, party)
    known = _known(context, kind, verdict.verdict_id, who, said.occasion)
    if known is not None:
        return known
    market = find_market(verdict.incident.country, context.workspace.overlay("markets"))
    locale = locale_of_party(context.session, who) or _usual(market, party)
    version = text_on(kind, local_day(context, verdict.incident.country, context.now), party.value, locale)
    pieces = pieces_for(context, version, verdict, party, said)
    return _keep(context, version, pieces, verdict, who, said.occasion)


def rendered(version: NoticeText, pieces: Mapping[str, Piece]) -> str:
    """Fill a text."""
    return fill(parsed(version.text), pieces, is_right_to_left=version.locale in RIGHT_TO_LEFT)


def text_of(context: Context, notice_id: int) -> str:
    """Reproduce a notice byte for byte, whoever asks: a page decides for itself who may.

    Raises
    ------
    NotFound
        There is none of that number.
    InvalidData
        What came of it is not what was sent: text, values or digest were changed in the database.
    """
    row = _row(context, notice_id)
    kept = context.session.get_one(KeptText, row.version)
    pieces = {name: piece_from(plain) for name, plain in row.pieces.items()}
    again = fill(parsed(kept.text), pieces, is_right_to_left=row.locale in RIGHT_TO_LEFT)
    if digest_of(kept.text) != row.version or digest_of(again) != row.digest:
        raise InvalidData(
            Message("Notice {number} is not what was sent: its record was changed since.", number=notice_id)
        )
    return again


def notices_of(context: Context, party: PartyAccount, *, limit: int = 100) -> tuple[NoticeView, ...]:
    """List the notices of a party, the newest first; whoever calls has checked whose they are."""
    own = (Notice.city_id == party.city_id, Notice.party_kind == party.kind, Notice.party_id == party.party_id)
    wanted = select(Notice, NoticeRead).outerjoin(NoticeRead, NoticeRead.notice_id == Notice.notice_id).where(*own)
    rows = context.session.execute(wanted.order_by(Notice.notice_id.desc()).limit(limit)).all()
    return tuple(_view(context, row, read) for row, read in rows)


def own_notice(context: Context, notice_id: int) -> NoticeView:
    """Give a notice to whom it was sent, and note that he opened it.

    Raises
    ------
    NotFound
        There is none of that number that was sent to the actor.
    """
    row, party = context.session.get(Notice, notice_id), context.actor.party
    if (
        row is None
        or party is None
        or (row.party_kind, row.city_id, row.party_id)
        != (
            party.kind,
            party.city_id,
            party.party_id,
        )
    ):
        raise _no_notice(notice_id)
    read = context.session.get(NoticeRead, notice_id)
    if read is None:
        read = NoticeRead(notice_id=notice_id, read_at=context.now)
        context.session.add(read)
    return _view(context, row, read)


def notices_about(context: Context, verdict_id: str) -> tuple[NoticeView, ...]:
    """List the notices about a verdict, the oldest first; whoever calls has checked who may see it."""
    rows = context.session.scalars(select(Notice).where(Notice.subject == verdict_id).order_by(Notice.notice_id))
    return tuple(_view(context, row, context.session.get(NoticeRead, row.notice_id)) for row in rows)


def _recipient(verdict: Verdict, party: Party) -> PartyAccount:
    party_id = party_id_of(verdict, party)
    if party_id is None:
        raise NotFound(
            Message("The facts name no {party} of this order, so that nobody can be told.", party=party.value)
        )
    return PartyAccount(party.value, verdict.incident.city_id, party_id)


def _usual(market: Market, party: Party) -> str:
    """Choose the language of whoever has not chosen one: the first of his market."""
    spoken = market.rider_languages if party is Party.RIDER else market.languages
    return next((one for one in spoken if one in RIDER_LOCALES), "en")


def _known(context: Context, kind: str, subject: str, who: PartyAccount, occasion: str) -> int | None:
    same = (Notice.kind == kind, Notice.subject == subject, Notice.occasion == occasion)
    own = (Notice.party_kind == who.kind, Notice.party_id == who.party_id)
    return context.session.scalar(select(Notice.notice_id).where(*same, *own))


def _keep(
    context: Context,
    version: NoticeText,
    pieces: Mapping[str, Piece],
    verdict: Verdict,
    who: PartyAccount,
    occasion: str,
) -> int:
    _keep_text(context, version)
    row = Notice(
        kind=version.kind,
        subject=verdict.verdict_id,
        occasion=occasion,
        order_id=verdict.incident.order_id,
        city_id=who.city_id,
        party_kind=who.kind,
        party_id=who.party_id,
        locale=version.locale,
        version=version.digest,
        pieces={name: piece.plain for name, piece in pieces.items()},
        digest=digest_of(rendered(version, pieces)),
        sent_at=context.now,
        sent_by=context.actor.name,
    )
    try:
        with context.session.begin_nested():
            context.session.add(row)
    except IntegrityError:  # another process told it meanwhile
        told = _known(context, version.kind, verdict.verdict_id, who, occasion)
        if told is None:
            raise
        return told
    return row.notice_id


def _keep_text(context: Context, version: NoticeText) -> None:
    if context.session.get(KeptText, version.digest) is not None:
        return
    said = {"kind": version.kind, "since": version.since.isoformat(), "audience": version.audience}
    row = KeptText(digest=version.digest, locale=version.locale, text=version.text, **said)
    try:
        with context.session.begin_nested():
            context.session.add(row)
    except IntegrityError:  # another process kept the same text meanwhile
        return


def _row(context: Context, notice_id: int) -> Notice:
    row = context.session.get(Notice, notice_id)
    if row is None:
        raise _no_notice(notice_id)
    return row


def _view(context: Context, row: Notice, read: NoticeRead | None) -> NoticeView:
    title, _, body = text_of(context, row.notice_id).partition("\n\n")
    return NoticeView(
        notice_id=row.notice_id,
        kind=row.kind,
        subject=row.subject,
        order_id=row.order_id,
        party=PartyAccount(row.party_kind, row.city_id, row.party_id),
        locale=row.locale,
        sent_at=row.sent_at,
        title=title,
        body=body,
        version=row.version,
        digest=row.digest,
        read_at=read.read_at if read else None,
    )


def _no_notice(notice_id: int) -> NotFound:
    return NotFound(Message("There is no notice {number} that was sent to you.", number=notice_id))
