"""The versions of a policy in the order of their days: what holds, what is to come, what was taken back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tiffin.capabilities.policies.domain.versions import Version
from tiffin.capabilities.policies.pages.where import place_name
from tiffin.capabilities.policies.service import ledger
from tiffin.capabilities.policies.service.ledger import Publication
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark, translate


class Standing(StrEnum):
    """What has become of a version."""

    NOW = "now"
    COMING = "coming"
    PAST = "past"
    UNDONE = "undone"


STANDINGS: Mapping[Standing, str] = {
    Standing.NOW: mark("in force"),
    Standing.COMING: mark("to come"),
    Standing.PAST: mark("no longer in force"),
    Standing.UNDONE: mark("taken back"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One version, of one or several places, that began to hold on a day.

    Parameters
    ----------
    publication : Publication or None
        How it came; None for a file that came with the product or was put into the workspace by hand.
    """

    since: date
    places: tuple[str, ...]
    standing: Standing
    digest: str
    publication: Publication | None = None

    @property
    def known_at(self) -> datetime | None:
        """The moment at which it was known, for one that was taken back."""
        return self.publication.published_at if self.publication is not None and self.is_undone else None

    @property
    def is_undone(self) -> bool:
        """Tell whether it was taken back."""
        return self.standing is Standing.UNDONE


def timeline(context: Context, policy: str, names: Mapping[str, str]) -> list[Entry]:
    """List the versions of a policy, those that begin last first."""
    every = ledger.every_version(context, policy)
    holding = {one.digest for one in ledger.texts_in_force(context, policy).values()}
    published = {one.number: one for one in ledger.publications(context, policy)}
    entries = _entries(context, every, holding, published, names)
    return sorted(entries, key=lambda one: (one.since, one.publication.number if one.publication else 0), reverse=True)


def _entries(
    context: Context,
    every: tuple[Version, ...],
    holding: set[str],
    published: Mapping[int, Publication],
    names: Mapping[str, str],
) -> Iterator[Entry]:
    together: dict[object, list[Version]] = {}
    for one in every:
        together.setdefault(one.publication or (one.place, one.from_date), []).append(one)
    for versions in together.values():
        first = versions[0]
        places = (_place(one.place, context.locale, names) for one in versions)
        standing = _standing(context, versions, holding)
        yield Entry(first.from_date, tuple(places), standing, first.digest, published.get(first.publication))


def _standing(context: Context, versions: list[Version], holding: set[str]) -> Standing:
    if not versions[0].is_known(context.now):
        return Standing.UNDONE
    if any(one.digest in holding for one in versions):
        return Standing.NOW
    return Standing.COMING if versions[0].from_date > context.now.date() else Standing.PAST


def _place(place: str, locale: str, names: Mapping[str, str]) -> str:
    return place_name(place, locale, names) if place else translate(locale, "All markets")
