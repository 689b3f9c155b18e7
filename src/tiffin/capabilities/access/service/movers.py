"""Joiners, movers and leavers: the personnel file brought to the accounts, shown first and then applied."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from sqlalchemy import select, update

from tiffin.capabilities.access import service
from tiffin.capabilities.access.domain.moving import (
    COLUMNS,
    REQUIRED,
    Change,
    Fault,
    Move,
    Person,
    Standing,
    plan,
    read_people,
)
from tiffin.capabilities.access.domain.terms import Terms
from tiffin.capabilities.access.models.reviews import Employee
from tiffin.capabilities.access.service.granting import find_row, give, grants_of, take_back
from tiffin.capabilities.access.service.rules import birthrights, term_rules
from tiffin.kernel.errors import Forbidden
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import Role
from tiffin.runtime.auth import grant_of
from tiffin.runtime.context import Context
from tiffin.runtime.intake.csv_rows import csv_rows
from tiffin.runtime.intake.shape import LINE, Shape
from tiffin.runtime.intake.sources import find_sources
from tiffin.runtime.models import AccessToken, Account, AccountGrant

SHAPE = Shape([(name, name, name in REQUIRED) for name in COLUMNS], stated_in="the personnel file")


@dataclass(frozen=True, slots=True)
class Brought:
    """What a personnel file changes, or changed.

    Parameters
    ----------
    is_applied : bool
        False for a dry run: nothing was changed.
    """

    changes: tuple[Change, ...]
    faults: tuple[Fault, ...]
    is_applied: bool


def bring_people(context: Context, path: Path, *, is_applied: bool) -> Brought:
    """Bring the accounts to what a personnel file says, or only tell what that would change.

    Somebody whom the file does not name keeps what he has, as does whoever has a row that cannot be read.

    Raises
    ------
    Forbidden
        The actor is no administrator of everywhere.
    InvalidData
        The file cannot be read, or lacks columns.
    NotFound
        There is no such file.
    """
    if not context.actor.has_role_everywhere(Role.ADMIN):
        raise Forbidden(Message("{name} is no administrator of all countries.", name=context.actor.name))
    people, unreadable = read_people(_rows(path))
    known = {row.account: row.employee_id for row in context.session.scalars(select(Employee))}
    clashes = tuple(
        Fault(one.line, f"The account {one.account!r} is another employee's, {known[one.account]!r}.")
        for one in people
        if known.get(one.account, one.employee_id) != one.employee_id
    )
    lines = {one.line for one in clashes}
    clear = [one for one in people if one.line not in lines]
    changes, undoable = plan(clear, birthrights(context), lambda one: _standing(context, one), today=context.now.date())
    faults = tuple(sorted((*unreadable, *clashes, *undoable), key=lambda one: one.line))
    if is_applied:
        for change in changes:
            _apply(context, change)
        counts = {move.value: sum(one.move is move for one in changes) for move in Move}
        audit.record(context, action="people_brought", subject=path.name, details={**counts, "faults": len(faults)})
    return Brought(changes, faults, is_applied)


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    for source in find_sources([path]):
        rows = csv_rows(source, SHAPE)
        for batch in rows.batches:
            for row in batch.to_pylist():
                yield int(row.pop(LINE)), row
        for bad in rows.take_malformed():  # a row that has no columns lacks all that must be stated
            yield bad.line, {}


def _standing(context: Context, person: Person) -> Standing | None:
    account = context.session.scalar(select(Account).where(Account.name == person.account))
    if account is None:
        return None
    held = [row for row in grants_of(context, account) if row.revoked_at is None and row.expires_at > context.now]
    mine = {row.grant_id: grant_of(row) for row in held if row.source == _source(person)}
    return Standing(account.is_owner, account.disabled_at is not None, mine, len(held) - len(mine))


def _apply(context: Context, change: Change) -> None:
    person = change.person
    if change.is_new_account:
        service.add_account(context, person.account)
    if change.move is Move.LEAVES:
        _leave(context, person)
    if change.move in (Move.JOINS, Move.MOVES):
        account = find_row(context.session, person.account)
        for number in change.takes:
            take_back(context, context.session.get_one(AccountGrant, number), account)
        for grant in change.gives:
            until = context.now + term_rules(context).longest(grant)
            if person.ends_on:
                until = min(until, datetime.combine(person.ends_on, time.max, tzinfo=UTC))
            terms = Terms(f"Work as {person.job}", until, _owner(context, person), _source(person))
            give(context, account, grant, terms)
    if change.move is not Move.COMES_LATER:
        _remember(context, person)


def _leave(context: Context, person: Person) -> None:
    service.disable_account(context, person.account)
    account = find_row(context.session, person.account)
    for row in grants_of(context, account):
        if row.expires_at > context.now:
            take_back(context, row, account)
    live = (AccessToken.account_id == account.account_id, AccessToken.revoked_at.is_(None))
    ended = {"revoked_at": context.now, "revoked_by": context.actor.name}
    context.session.execute(update(AccessToken).where(*live).values(**ended))


def _owner(context: Context, person: Person) -> str | None:
    """Name who answers for what a job gives: the manager, by account or employee number, where he has an account."""
    if not person.manager:
        return None
    by_number = context.session.scalar(select(Employee.account).where(Employee.employee_id == person.manager))
    wanted = by_number or person.manager.strip().casefold()
    return context.session.scalar(select(Account.name).where(Account.name == wanted))


def _remember(context: Context, person: Person) -> None:
    said = {name: getattr(person, name) for name in Person.__slots__ if name != "line"}
    context.session.merge(Employee(**said, applied_at=context.now))
    context.session.flush()


def _source(person: Person) -> str:
    return f"job:{person.employee_id}"[:80]
