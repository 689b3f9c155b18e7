"""The library of policies, and what is proven of them, as plain values for programs and assistants."""

from datetime import date
from typing import Any

from tiffin.capabilities.policies.domain.plain import value_as_plain
from tiffin.capabilities.policies.domain.policy import Effective
from tiffin.capabilities.policies.service.library import list_policies
from tiffin.capabilities.policies.service.proving import prove
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import language_of, translate


def entries_as_plain(context: Context, on: date | None = None) -> list[dict[str, Any]]:
    """List every policy with what is in force on a day, today unless said, in the reader's language.

    Raises
    ------
    Forbidden
        The actor has no grant at all.
    """
    language = language_of(context.locale)
    return [
        {
            "name": one.name,
            "title": one.title.get(language) or one.title["en"],
            "question": one.question.get(language) or one.question["en"],
            "owner": one.owner,
            "since": one.since.isoformat() if one.since else None,
            "version": one.digest or None,
            "markets": list(one.markets),
            "cities": list(one.cities),
            "rows": one.rows,
            "worked_cases": one.worked_cases,
            "health": one.health.value,
            "fault": translate(context.locale, one.fault) if one.fault else None,
        }
        for one in list_policies(context, on)
    ]


def proof_as_plain(context: Context, found: Effective) -> dict[str, Any]:
    """Prove a policy in force; ``holds`` where it was proven and nothing is wrong, else each fault with a case."""
    proof = prove(context, found)
    return {
        "policy": found.name,
        "version": found.digest,
        "holds": proof.holds,
        "refused": translate(context.locale, proof.refused) if proof.refused else None,
        "is_cut": proof.is_cut,
        "findings": [
            {
                "heading": translate(context.locale, one.heading),
                "said": translate(context.locale, one.said),
                "example": translate(context.locale, one.example) if one.example else None,
                "rows": list(one.rows),
                "case": {name: value_as_plain(value) for name, value in one.case.items()},
                "other": {name: value_as_plain(value) for name, value in one.other.items()},
            }
            for one in proof.told
        ],
    }
