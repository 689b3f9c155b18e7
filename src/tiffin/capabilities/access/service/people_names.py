"""By which words somebody is known here, beyond the one that an officer typed."""

from dataclasses import replace

from sqlalchemy import select

from tiffin.capabilities.access.domain.erasing import ACCOUNT, SoughtPerson
from tiffin.capabilities.access.models.reviews import Employee
from tiffin.capabilities.access.service.granting import find_row
from tiffin.kernel.errors import Conflict
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context

EMPLOYEE = "employee"


def known_as(context: Context, person: SoughtPerson) -> SoughtPerson:
    """Add what the personnel file calls him.

    Raises
    ------
    NotFound
        There is no such account.
    Conflict
        The account owns the workspace.
    WrongUse
        One of the words is too short.
    """
    told = SoughtPerson(person.kind, person.identifier.strip(), tuple(" ".join(word.split()) for word in person.words))
    if told.kind == ACCOUNT:
        account = find_row(context.session, told.identifier)
        if account.is_owner:
            raise Conflict(
                Message(
                    "{name} owns this workspace, so that this account cannot be erased: nobody could mend anything.",
                    name=account.name,
                )
            )
    more = (word for row in _rows(context, told) for word in _words(told, row))
    whole = replace(told, words=tuple(dict.fromkeys((*told.words, *more))))
    return replace(whole, words=whole.sought.words[1:])


def _rows(context: Context, person: SoughtPerson) -> list[Employee]:
    if person.kind not in (ACCOUNT, EMPLOYEE):
        return []
    column = Employee.account if person.kind == ACCOUNT else Employee.employee_id
    return [*context.session.scalars(select(Employee).where(column == person.identifier))]


def _words(person: SoughtPerson, row: Employee) -> tuple[str, ...]:
    return (row.employee_id, row.name) if person.kind == ACCOUNT else (row.name,)
