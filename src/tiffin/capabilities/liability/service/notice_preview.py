"""Each notice in each language with the values of one invented order, for those who answer for the wording."""

from dataclasses import dataclass
from datetime import date, timedelta

from tiffin.capabilities.liability.domain.incident import Incident, IncidentType
from tiffin.capabilities.liability.domain.notice_kinds import NOTICE_KINDS, RIGHT_TO_LEFT
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import DecidedBy, Verdict
from tiffin.capabilities.liability.service.notice_library import text_on, versions_of
from tiffin.capabilities.liability.service.notice_pieces import Told, pieces_for
from tiffin.capabilities.liability.service.notice_reasons import texts_in
from tiffin.capabilities.liability.service.notices import rendered
from tiffin.kernel.errors import Forbidden, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import ENDONYMS, RIDER_LOCALES
from tiffin.runtime.markets import find_market

LATE_MIN, POINTS, MONEY_MINOR, WAITED = 34, 3, 1250, timedelta(days=14)
EXAMPLE = "The order was packed poorly."
"""Reason of the preview, of which every language of riders has a translation."""


@dataclass(frozen=True, slots=True)
class KindOfNotice:
    """One kind of notice as the list shows it.

    Parameters
    ----------
    since : date
        Day of the version in force.
    """

    name: str
    since: date
    versions: int
    audiences: tuple[str, ...]
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """One notice in one language.

    Parameters
    ----------
    digest : str
        SHA-256 of the text that was filled.
    """

    locale: str
    endonym: str
    direction: str
    title: str
    body: str
    digest: str


def list_kinds(context: Context) -> tuple[KindOfNotice, ...]:
    """List the kinds of notices.

    Raises
    ------
    Forbidden
        The actor was granted nothing here.
    """
    _require_grant(context)
    return tuple(_kind(name, context.now.date()) for name in NOTICE_KINDS)


def preview(context: Context, kind: str, *, country: str, party: Party, locale: str) -> Preview:
    """Fill a notice with the values of an invented order of a country.

    Raises
    ------
    Forbidden
        The actor was granted nothing here.
    NotFound
        There is no such kind, country or language.
    """
    _require_grant(context)
    if locale not in RIDER_LOCALES:
        known = ", ".join(RIDER_LOCALES)
        raise NotFound(Message("Notices are in {locales}; not in {found}.", locales=known, found=locale))
    version = text_on(kind, context.now.date(), party.value, locale)
    verdict = _invented(context, country)
    told = Told(until=context.now + WAITED, points=POINTS, balance=1, money_minor=MONEY_MINOR)
    said = rendered(version, pieces_for(context, version, verdict, party, told))
    title, _, body = said.partition("\n\n")
    way = "rtl" if locale in RIGHT_TO_LEFT else "ltr"
    return Preview(locale, ENDONYMS[locale], way, title, body, version.digest)


def previews(context: Context, kind: str, *, country: str, party: Party) -> tuple[Preview, ...]:
    """Fill a notice in every language, side by side."""
    return tuple(preview(context, kind, country=country, party=party, locale=locale) for locale in RIDER_LOCALES)


def _require_grant(context: Context) -> None:
    if not context.actor.grants:
        raise Forbidden(Message("Texts of notices are shown to those who work here. Ask for access to a city."))


def _kind(name: str, today: date) -> KindOfNotice:
    versions = versions_of(name)
    held = next((one for one in reversed(versions) if one.since <= today), versions[-1])
    languages = tuple(code for code in RIDER_LOCALES if all(code in texts for texts in held.texts.values()))
    return KindOfNotice(name, held.since, len(versions), tuple(NOTICE_KINDS[name].values), languages)


def _invented(context: Context, country: str) -> Verdict:
    market = find_market(country, context.workspace.overlay("markets"))
    at = context.now - timedelta(hours=2)
    about = Incident("example", country, "A-1042", IncidentType.LATE, at, at.date(), at, "platform", "x", "x", "x")
    reasons = {locale: texts_in(locale)[EXAMPLE] for locale in RIDER_LOCALES if locale not in STATED} | STATED
    return Verdict(
        verdict_id=f"{about.key}|1",
        incident=about,
        shares=dict.fromkeys(Party, 7000),
        policy="verdict-condition",
        policy_version="",
        row="condition.packing",
        reason=reasons,
        confidence=1.0,
        decided_by=DecidedBy.POLICY,
        decided_at=at,
        currency=market.currency,
        facts={"delay_min": LATE_MIN},
    )


STATED = {
    "en": EXAMPLE,
    "ar": "لم يُغلَّف الطلب جيدًا.",
    "zh_Hans": "订单包装不当。",
    "zh_Hant": "訂單包裝不當。",
    "pt_BR": "O pedido foi mal embalado.",
}
"""The same reason in the languages in which policies state it themselves."""
