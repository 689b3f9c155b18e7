"""Notices: sent in the language of whom they are for, kept, and reproduced byte for byte.

Kept is which text was filled (the text itself under its digest, since what ships changes), the values as they were
written (`notice_values` says why) and the digest of the bytes that came of both. Filling is pure and needs no library
of languages, no clock and no time zone, so that the same bytes come of it in any process and in any year. What a
notice says names nobody but by the number of an order; to whom it went is a pseudonym beside it, so that a person can
be erased and the notice still be reproduced.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from tiffin.capabilities.cases.service.upserting import insert_into
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
from tiffin.runtime.party_accounts import locales_of_parties

_NOTICES: Any = Notice.__table__
_TEXTS: Any = KeptText.__table__
_SAME = ("kind", "subject", "party_kind", "party_id", "occasion")
# Made once: to make a statement takes longer than to run it.
_KNOWN = select(_NOTICES.c.notice_id, *(_NOTICES.c[name] for name in _SAME)).where(
    _NOTICES.c.subject.in_(bindparam("subjects", expanding=True))
)
_KEPT_TEXTS = select(_TEXTS.c.digest).where(_TEXTS.c.digest.in_(bindparam("digests", expanding=True)))
_ADDING: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Telling:
    """A notice that is to be sent about a verdict to one of its parties."""

    kind: str
    verdict: Verdict
    party: Party
    said: Told = field(default_factory=Told)


@dataclass(frozen=True, slots=True)
class _Occasion:
    """What is told once."""

    kind: str
    subject: str
    occasion: str
    who: PartyAccount


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
    return send_all(context, [Telling(kind, verdict, party, told or Told())])[0]


def send_all(context: Context, telling: Sequence[Telling]) -> list[int]:
    """Send notices, each as `send` does, in a few statements for all of them; gives the number of each.

    Raises
    ------
    NotFound, InvalidDefinition
        As `send`; then none of them is kept.
    """
    if not telling:
        return []
    occasions = [_occasion(one) for one in telling]
    numbers = _known(context, occasions)
    fresh = {at: one for at, one in zip(occasions, telling, strict=True) if at not in numbers}
    if fresh:
        locales = locales_of_parties(context.unit, [at.who for at in fresh])
        kept = [_filled(context, at, one, locales.get(at.who)) for at, one in fresh.items()]
        _keep_texts(context, [version for version, _ in kept])
        context.unit.session.execute(_adding(context), [row for _, row in kept])
        numbers = _known(context, occasions)
    return [numbers[at] for at in occasions]


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


def _occasion(one: Telling) -> _Occasion:
    party_id = party_id_of(one.verdict, one.party)
    if party_id is None:
        raise NotFound(
            Message("The facts name no {party} of this order, so that nobody can be told.", party=one.party.value)
        )
    who = PartyAccount(one.party.value, one.verdict.incident.city_id, party_id)
    return _Occasion(one.kind, one.verdict.verdict_id, one.said.occasion, who)


def _usual(market: Market, party: Party) -> str:
    """Choose the language of whoever has not chosen one: the first of his market."""
    spoken = market.rider_languages if party is Party.RIDER else market.languages
    return next((one for one in spoken if one in RIDER_LOCALES), "en")


def _known(context: Context, occasions: Sequence[_Occasion]) -> dict[_Occasion, int]:
    """Give the numbers of those occasions that were told."""
    places = {(at.kind, at.subject, at.occasion, at.who.kind, at.who.party_id): at for at in occasions}
    rows = context.unit.execute(_KNOWN, {"subjects": sorted({at.subject for at in occasions})})
    found = {(row.kind, row.subject, row.occasion, row.party_kind, row.party_id): row.notice_id for row in rows}
    return {at: found[place] for place, at in places.items() if place in found}


def _filled(
    context: Context, at: _Occasion, one: Telling, locale: str | None
) -> tuple[NoticeText, Mapping[str, object]]:
    """Give the text of a notice, and its row."""
    country = one.verdict.incident.country
    market = find_market(country, context.workspace.overlay("markets"))
    day, language = local_day(context, country, context.now), locale or _usual(market, one.party)
    version = text_on(one.kind, day, one.party.value, language)
    pieces = pieces_for(context, version, one.verdict, one.party, one.said)
    return version, {
        "kind": at.kind,
        "subject": at.subject,
        "occasion": at.occasion,
        "order_id": one.verdict.incident.order_id,
        "city_id": at.who.city_id,
        "party_kind": at.who.kind,
        "party_id": at.who.party_id,
        "locale": version.locale,
        "version": version.digest,
        "pieces": {name: piece.plain for name, piece in pieces.items()},
        "digest": digest_of(rendered(version, pieces)),
        "sent_at": context.now,
        "sent_by": context.actor.name,
    }


def _keep_texts(context: Context, versions: Sequence[NoticeText]) -> None:
    wanted = {one.digest: one for one in versions}
    known = {row.digest for row in context.unit.execute(_KEPT_TEXTS, {"digests": sorted(wanted)})}
    rows = [
        {
            "digest": digest,
            "kind": one.kind,
            "since": one.since.isoformat(),
            "audience": one.audience,
            "locale": one.locale,
            "text": one.text,
        }
        for digest, one in sorted(wanted.items())
        if digest not in known
    ]
    if rows:
        context.unit.session.execute(insert_into(context, _TEXTS).on_conflict_do_nothing(), rows)


def _adding(context: Context) -> Any:
    dialect = context.unit.engine.dialect.name
    if dialect not in _ADDING:  # another process may tell the same meanwhile
        _ADDING[dialect] = insert_into(context, _NOTICES).on_conflict_do_nothing(index_elements=_SAME)
    return _ADDING[dialect]


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
