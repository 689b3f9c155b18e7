"""Terms of the ledger: as shipped, or as the workspace states them; and those under which something was entered."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from tiffin.capabilities.liability.domain.ledger_posting import CHARGED
from tiffin.capabilities.liability.domain.ledger_terms import PartyTerms, Terms, UnitTerms, read_terms
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.models.ledger import LedgerTerms
from tiffin.engines.ledger.counting import Span
from tiffin.kernel.errors import InvalidDefinition, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.dated import Entry, entries_of, in_force
from tiffin.runtime.workspace import Workspace

SHIPPED = Path(__file__).resolve().parents[1] / "ledger_parameters.yaml"
EVERYWHERE = "*"
_PARTS = ("source", "country", "party")
_POINTS = ("expire_days", "most", "per", "restored", "good_deliveries")
_MONEY = ("is_allowed", "expire_days", "most_minor", "share_bp", "per")
_TABLE: Any = LedgerTerms.__table__
_MOST = 10**12
_ADDING = text("insert into ledger_terms (digest, body) values (:digest, :body) on conflict do nothing")


def terms_on(workspace: Workspace, country: str, day: date) -> Terms:
    """Give the terms of a country that hold for what is entered on a day.

    Raises
    ------
    InvalidDefinition
        ``parameters/ledger.yaml`` of the workspace is not what it should be.
    """
    own = workspace.overlay("parameters") / "ledger.yaml"
    read = entries_of(SHIPPED, own, "terms", _PARTS, _stated)
    held = in_force(read, day, lambda one: (one[0], one[1].party))
    found = {party: held.get((country, party)) or held.get((EVERYWHERE, party)) for party in CHARGED}
    return Terms({party: one[1] for party, one in found.items() if one is not None})


def keep_terms(context: Context, terms: Terms) -> str:
    """Keep terms as they stand, so that whatever is entered under them can be read by them; gives their digest."""
    digest = terms.digest
    known = select(_TABLE.c.digest).where(_TABLE.c.digest == digest)
    if context.unit.execute(known).first() is None:
        context.unit.execute(_ADDING, {"digest": digest, "body": terms.body})
    return digest


def terms_by_digest(context: Context, digests: frozenset[str]) -> Mapping[str, Terms]:
    """Give the terms under which things were entered.

    Raises
    ------
    NotFound
        Somebody removed some.
    """
    rows = context.unit.execute(select(_TABLE).where(_TABLE.c.digest.in_(sorted(digests)))).all()
    found = {row.digest: read_terms(row.body) for row in rows}
    for missing in digests - found.keys():
        raise NotFound(
            Message(
                "The terms {digest} under which something was entered in the ledger are gone. `tiffin liability "
                "ledger check` tells what else is; restore the database from a backup.",
                digest=missing[:12],
            )
        )
    return found


def _stated(entry: Entry) -> tuple[str, PartyTerms]:
    country, party = entry.stated["country"], entry.stated["party"]
    if party not in [one.value for one in CHARGED] or not isinstance(country, str):
        raise _wrong(entry, f"a country or {EVERYWHERE!r}, and one of {', '.join(CHARGED)}", f"{country!r}, {party!r}")
    points = _part(entry, "points", _POINTS)
    money = _part(entry, "money", _MONEY)
    restored, good = points.pop("restored", 0), points.pop("good_deliveries", 0)
    if bool(restored) is not bool(good):
        raise _wrong(entry, "`restored` together with `good_deliveries`", f"{restored} and {good}")
    if "most_minor" in money:
        money["most"] = money.pop("most_minor")
    money.setdefault("is_allowed", False)
    return country, PartyTerms(Party(party), UnitTerms(**points), UnitTerms(**money), restored, good)


def _part(entry: Entry, name: str, known: tuple[str, ...]) -> dict[str, Any]:
    found = entry.stated.get(name, {})
    if not isinstance(found, dict) or set(found) - set(known):
        raise _wrong(entry, f"`{name}` with {', '.join(known)}", repr(found))
    for key, value in found.items():
        if not _is_sound(key, value):
            raise _wrong(entry, f"a sound value of `{key}` under `{name}`", repr(value))
    if bool(found.get("per")) is not any(key in found for key in ("most", "most_minor", "share_bp")):
        raise _wrong(entry, f"`per` together with what it caps under `{name}`", repr(found))
    return dict(found)


def _is_sound(key: str, value: object) -> bool:
    if key == "is_allowed":
        return isinstance(value, bool)
    if key == "per":
        return value in list(Span)
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST


def _wrong(entry: Entry, expected: str, found: str) -> InvalidDefinition:
    return InvalidDefinition(f"{entry.place}: {expected} was expected; found {found}.")
