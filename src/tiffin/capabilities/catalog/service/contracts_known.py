"""What is known of the versions of contracts, and what the actor may do with them."""

from sqlalchemy import select

from tiffin.capabilities.catalog.domain.contracts import Answer, Consumer, Told, Version, in_the_way
from tiffin.capabilities.catalog.service import require_grant
from tiffin.capabilities.catalog.service.contracts import need_table
from tiffin.capabilities.catalog.service.contracts_consumers import accounts
from tiffin.capabilities.catalog.service.contracts_notice import read_notice
from tiffin.engines.contracts.versions import Version as Number
from tiffin.kernel.errors import Conflict, Forbidden, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.contracts.effect import VersionState
from tiffin.runtime.contracts.records import ContractConsumer, ContractVersion
from tiffin.runtime.teams import members_of


def may_steward(context: Context) -> bool:
    """Tell whether the actor may register, announce and put in force: a steward of everything."""
    return context.actor.has_role_everywhere(Role.STEWARD)


def list_versions(context: Context, table: str | None = None) -> tuple[Version, ...]:
    """List the registered versions, the newest first.

    Raises
    ------
    Forbidden
        The actor has no grant.
    """
    require_grant(context)
    wanted = select(ContractVersion).order_by(ContractVersion.table, ContractVersion.registered_at.desc())
    if table is not None:
        need_table(table)
        wanted = wanted.where(ContractVersion.table == table)
    known = accounts(context)
    found = [_view(context, row, known) for row in context.session.scalars(wanted)]
    return tuple(sorted(found, key=lambda one: (one.table, [-part for part in _parts(one.version)])))


def find_version(context: Context, table: str, version: str) -> Version:
    """Give one version with its consumers and their answers.

    Raises
    ------
    NotFound
        It is not registered here.
    """
    require_grant(context)
    return _view(context, version_row(context, table, version), accounts(context))


def version_text(context: Context, table: str, version: str) -> str:
    """Give the document of a registered version.

    Raises
    ------
    NotFound
        It is not registered here.
    """
    require_grant(context)
    return version_row(context, table, version).document


def hindrances(context: Context, version: Version) -> tuple[str, ...]:
    """Name the consumers without whose word the version does not take effect yet."""
    if not version.is_breaking or version.notice_ends_at is None:
        return ()
    silence = read_notice(context.workspace, context.now.date()).silence
    return tuple(in_the_way(version.consumers, version.notice_ends_at, now=context.now, silence=silence))


def may_answer(context: Context, row: ContractVersion, one: ContractConsumer, known: frozenset[str]) -> bool:
    """Tell whether the actor may answer for a consumer.

    An account answers for itself. For a team one of its own people does who did not make the version; for a team that
    nobody is known to belong to, and for whoever stayed silent until the notice was over, another steward.
    """
    if not context.actor.grants or row.state != VersionState.ANNOUNCED:
        return False
    if one.consumer == context.actor.name:
        return True
    if context.actor.name in (row.registered_by, row.announced_by):
        return False
    members = () if one.consumer in known else members_of(context, one.consumer)
    if context.actor.name in members:
        return True
    is_nobodys = one.consumer not in known and not members
    return (is_nobodys or one.escalated_at is not None) and may_steward(context)


def need_steward(context: Context) -> None:
    """Refuse whoever may not keep contracts.

    Raises
    ------
    Forbidden
        The actor is no steward of everything.
    """
    if not may_steward(context):
        raise Forbidden(
            Message(
                "Contracts are kept by stewards of all countries; {name} has no such grant. Ask an administrator for "
                "it.",
                name=context.actor.name,
            )
        )


def version_row(context: Context, table: str, version: str) -> ContractVersion:
    """Find the row of a registered version.

    Raises
    ------
    NotFound
        It is not registered here.
    """
    row = context.session.get(ContractVersion, (table, version))
    if row is None:
        raise NotFound(
            Message(
                "No version {version} of the contract of {table} is registered here. `tiffin contracts show {table}` "
                "names "
                "those that are.",
                version=version,
                table=table,
            )
        )
    return row


def need_state(row: ContractVersion, *wanted: VersionState) -> None:
    """Refuse what cannot be done with a version where it stands.

    Raises
    ------
    Conflict
        It stands elsewhere.
    """
    if row.state not in wanted:
        raise Conflict(
            Message(
                "Version {version} of the contract of {table} is {state}; this can be done while it is {wanted}.",
                version=row.version,
                table=row.table,
                state=row.state,
                wanted=" / ".join(wanted),
            )
        )


def _view(context: Context, row: ContractVersion, known: frozenset[str]) -> Version:
    consumers = tuple(
        Consumer(
            one.consumer,
            tuple(one.assets),
            one.told_at,
            Answer(one.answer) if one.answer else None,
            one.reason or "",
            one.answered_by or "",
            one.answered_at,
            one.escalated_at,
            may_answer(context, row, one, known),
        )
        for one in consumer_rows(context, row)
    )
    return Version(
        table=row.table,
        version=row.version,
        state=row.state,
        severity=row.severity,
        against=row.against,
        changes=tuple(Told(**change) for change in row.changes),
        registered_by=row.registered_by,
        registered_at=row.registered_at,
        announced_by=row.announced_by,
        announced_at=row.announced_at,
        notice_ends_at=row.notice_ends_at,
        in_force_by=row.in_force_by,
        in_force_at=row.in_force_at,
        consumers=consumers,
    )


def consumer_rows(context: Context, row: ContractVersion) -> tuple[ContractConsumer, ...]:
    """Give the rows of those who were told of a version."""
    wanted = select(ContractConsumer).where(
        ContractConsumer.table == row.table, ContractConsumer.version == row.version
    )
    return tuple(context.session.scalars(wanted.order_by(ContractConsumer.consumer)))


def _parts(version: str) -> tuple[int, int, int]:
    found = Number.parse(version)
    return found.major, found.minor, found.patch
