"""What must hold before a policy is published: it can be read, and worked cases, proof and SQL find nothing."""

from collections.abc import Iterator
from datetime import date

from tiffin.capabilities.policies.domain.policy import Effective
from tiffin.capabilities.policies.service.ledger import Publication
from tiffin.capabilities.policies.service.library import check_cases, find, in_force
from tiffin.capabilities.policies.service.proving import prove
from tiffin.capabilities.policies.service.pushing import refused_by_sql
from tiffin.kernel.errors import Conflict, FailedCheck, InvalidDefinition, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context


def refuse_unsound(context: Context, policy: str, *, since: date) -> None:
    """Refuse what was just published, within the same unit of work, if it is not sound on every day from one on.

    A later version of a place, or a parameter, may begin to hold after that day: what is in force from then on is made
    of both, and has to be sound too.

    Raises
    ------
    FailedCheck
        A worked case comes out otherwise, or the proof finds a fault.
    InvalidDefinition
        A file cannot be read, or they do not fit together.
    """
    later = (day for day in find(context, policy).turning_points if day > since)
    for day in (since, *later):
        faults = tuple(_faults(context, in_force(context, policy, day)))
        if faults:
            raise FailedCheck(
                Message(
                    "It cannot be published so: what would be in force on {day} has {count} faults. The first: {fault}",
                    day=day.isoformat(),
                    count=len(faults),
                    fault=faults[0],
                )
            )


def refuse_unreadable(context: Context, found: Publication) -> None:
    """Refuse the taking back of a publication, within the same unit of work, upon which others rest.

    Raises
    ------
    Conflict
        What would be in force without it on one of its days cannot be read: an overlay overrides a row that it brought.
    """
    later = (day for day in find(context, found.policy).turning_points if day > found.from_date)
    for day in (found.from_date, *later):
        try:
            in_force(context, found.policy, day)
        except NotFound:  # nothing was in force before it, and nothing is again
            continue
        except InvalidDefinition as error:
            raise Conflict(
                Message(
                    "Publication {number} of {policy} cannot be taken back alone, since others rest on it: what would "
                    "be in force on {day} cannot be read. {fault} Take those back first.",
                    number=found.number,
                    policy=found.policy,
                    day=day.isoformat(),
                    fault=error.said,
                )
            ) from error


def _faults(context: Context, found: Effective) -> Iterator[str]:
    yield from (wrong.reason for wrong in check_cases(found))
    proof = prove(context, found)
    yield from (one.said for one in proof.told)
    yield from (said for said in (proof.refused, refused_by_sql(found)) if said)
