"""What an action on a requirement says, read and checked before it is taken."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.adoption.domain.scoring import readiness
from tiffin.capabilities.adoption.domain.states import Kind
from tiffin.capabilities.adoption.models import AdoptionItem
from tiffin.capabilities.adoption.service.readiness import needs_met, read_needs
from tiffin.kernel.assets import AssetId
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.tables import ACCOUNTS

MOST_DAYS = 10_000
MOST_USERS = 1_000_000

Said = Mapping[str, Any]
Details = dict[str, Any]


def check_said(context: Context, record: AdoptionItem, action: str, said: Said) -> Details:
    """Give what an action changes in a requirement's details.

    Raises
    ------
    WrongUse
        What is said makes no sense.
    """
    check = _CHECKS.get(action)
    return check(context, record, said) if check else {}


def _estimate(context: Context, record: AdoptionItem, said: Said) -> Details:
    days = _number(str(said.get("effort_days", "")), most=MOST_DAYS)
    changed: Details = {"effort_days": days}
    if said.get("needs"):
        needs = read_needs(context, str(said["needs"]))
        met = needs_met(context, needs, record.details["ask"].get("cities") or ())
        changed |= {"needs": list(needs), "readiness": readiness(met)}
    return changed


def _merge(context: Context, record: AdoptionItem, said: Said) -> Details:
    text = str(said.get("into", "")).strip().lstrip("#")
    other = context.session.get(AdoptionItem, int(text)) if text.isdecimal() and len(text) < 10 else None  # noqa: PLR2004 - what fits a number of the database
    if other is None or other.kind != Kind.REQUIREMENT or other.item_id == record.item_id or other.state == "merged":
        raise WrongUse(
            Message(
                "'{number}' is no other requirement into which this one could be merged. Give the number of one that "
                "is not merged itself.",
                number=text,
            )
        )
    return {"merged_into": other.item_id}


def _deliver(context: Context, record: AdoptionItem, said: Said) -> Details:  # noqa: ARG001 - one shape for all checks
    named = [one for one in str(said.get("products", "")).replace(",", " ").split() if one]
    return {"products": [AssetId.parse(one).text for one in named]} if named else {}


def _launch(context: Context, record: AdoptionItem, said: Said) -> Details:  # noqa: ARG001 - one shape for all checks
    owner = str(said.get("owner", "")).strip()
    if owner and context.unit.execute(select(ACCOUNTS.c.name).where(ACCOUNTS.c.name == owner)).scalar() is None:
        raise WrongUse(Message("There is no account {name} that could own it. Name one that exists.", name=owner))
    target = int(_number(str(said.get("target_users", "")), most=MOST_USERS, least=1))
    launch = {
        "owner": owner,
        "target_users": target,
        "role": said.get("role", ""),
        "places": [one.upper() for one in str(said.get("places", "")).replace(",", " ").split()],
        "notes": said.get("notes", ""),
        "training": said.get("training", ""),
        "launched_at": context.now.isoformat(),
    }
    return {"launch": launch}


def _number(text: str, *, most: float, least: float = 0.0) -> float:
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not least <= found <= most:
        raise WrongUse(
            Message(
                "A number from {least} to {most} was expected, found '{text}'.",
                least=f"{least:g}",
                most=f"{most:g}",
                text=text,
            )
        )
    return found


_CHECKS: Mapping[str, Callable[[Context, AdoptionItem, Said], Details]] = {
    "estimate": _estimate,
    "merge": _merge,
    "deliver": _deliver,
    "launch": _launch,
}
