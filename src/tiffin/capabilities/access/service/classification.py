"""Classify columns: detectors propose, people confirm; a looser class needs two of them.

A confirmed class of a table's column holds at once, in every path, where it is more guarded than the contract's.
Classes of a file's columns are kept for whoever writes its contract.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.access.domain.classification import (
    ColumnView,
    Holder,
    HolderView,
    check_not_below_contract,
    check_reason,
    is_looser,
    kept_findings,
    read_findings,
)
from tiffin.capabilities.access.models.classes import ColumnClass
from tiffin.engines.detection.detecting import detect_table
from tiffin.engines.detection.kinds import stricter
from tiffin.engines.detection.samples import ColumnProposal, Sample
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Conflict, Forbidden, NotFound
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import GUARDED, Role
from tiffin.runtime.context import Context
from tiffin.runtime.intake.sampling import sample_file
from tiffin.runtime.intake.sources import find_sources

ROWS = 1000
"""Rows of which a column's sample is made."""


def classify_table(context: Context, table: str) -> tuple[ColumnView, ...]:
    """Run the detectors over a sample of a table of the workspace, and keep what they propose.

    Raises
    ------
    Forbidden
        The actor is no steward of all countries.
    NotFound
        There is no such table.
    Conflict
        It has no rows yet.
    """
    _require_steward(context)
    if table not in TABLES:
        raise NotFound(Message("There is no table {table}. `tiffin tables` names them all.", table=table))
    columns = _table_sample(context, table)
    if not any(columns.values()):
        raise Conflict(
            Message("{table} has no rows yet, so that nothing can be seen in it. Load facts first.", table=table)
        )
    return _propose(context, Holder(table), columns)


def classify_file(context: Context, path: Path) -> tuple[ColumnView, ...]:
    """Run the detectors over a sample of a file that has no contract yet, and keep what they propose.

    Raises
    ------
    Forbidden
        The actor is no steward of all countries.
    NotFound
        There is no such file.
    InvalidData
        It cannot be read as a table, a sheet or JSON lines.
    """
    _require_steward(context)
    source = find_sources([path])[0]
    return _propose(context, Holder(Path(source.path).name, is_file=True), sample_file(source, rows=ROWS))


def list_holders(context: Context) -> tuple[HolderView, ...]:
    """List the tables and files that were looked at: those where something waits first.

    Raises
    ------
    Forbidden
        The actor is no steward of all countries.
    """
    _require_steward(context)
    found: dict[Holder, list[ColumnView]] = {}
    for row in context.session.scalars(select(ColumnClass).order_by(ColumnClass.column_class_id)):
        found.setdefault(Holder(row.holder, row.is_file), []).append(_view(row))
    views = (_summary(holder, columns) for holder, columns in found.items())
    return tuple(sorted(views, key=lambda one: (-one.asked_looser, -one.waiting, one.holder.is_file, one.holder.name)))


def columns_of(context: Context, holder: Holder) -> tuple[ColumnView, ...]:
    """Give the columns of a table or a file with what is proposed, confirmed and in force, in their order there.

    Raises
    ------
    Forbidden
        The actor is no steward of all countries.
    NotFound
        Nobody has looked at it yet.
    """
    _require_steward(context)
    return tuple(_view(row) for row in _rows(context, holder))


def confirm(context: Context, holder: Holder, column: str, chosen: Classification, *, reason: str = "") -> ColumnView:
    """Confirm a column's class: at once where it is as guarded as what holds, or more; else another has to agree.

    Raises
    ------
    Forbidden
        The actor is no steward of all countries.
    NotFound
        Nobody has looked at that column yet.
    InvalidData
        It is not what was proposed, and no reason is given.
    Conflict
        It is less guarded than the contract says.
    """
    _require_steward(context)
    row = _row(context, holder, column)
    view = _view(row)
    check_not_below_contract(view, chosen)
    told = check_reason(view, chosen, reason)
    if is_looser(view, chosen):
        _ask_looser(context, row, chosen, told)
    else:
        _settle(context, row, chosen, told, by=context.actor.name)
    return _view(row)


def confirm_all(context: Context, holder: Holder) -> int:
    """Confirm every column that nobody has confirmed: as proposed, or as the contract says where that is stricter.

    Raises
    ------
    Forbidden
        The actor is no steward of all countries.
    NotFound
        Nobody has looked at the table or file yet.
    """
    _require_steward(context)
    waiting = [row for row in _rows(context, holder) if row.confirmed is None]
    for row in waiting:
        view = _view(row)
        _settle(context, row, stricter(view.proposed, view.in_force), "", by=context.actor.name)
    return len(waiting)


def agree(context: Context, holder: Holder, column: str) -> ColumnView:
    """Agree, as the second person, that a column is guarded less.

    Raises
    ------
    Forbidden
        The actor is no steward of all countries, or it is he who asked.
    NotFound
        Nobody has looked at that column yet.
    Conflict
        Nobody asks for a looser class.
    """
    _require_steward(context)
    row = _asked(_row(context, holder, column))
    if row.looser_asked_by == context.actor.name:
        raise Forbidden(
            Message("You asked for it yourself; that {column} is guarded less needs a second person.", column=column)
        )
    chosen = Classification(str(row.looser))
    _settle(context, row, chosen, row.looser_reason or "", by=context.actor.name, asked_by=row.looser_asked_by)
    return _view(row)


def decline(context: Context, holder: Holder, column: str) -> ColumnView:
    """Leave a column as guarded as it is, though somebody asked for less; whoever asked may take it back so.

    Raises
    ------
    Forbidden
        The actor is no steward of all countries.
    NotFound
        Nobody has looked at that column yet.
    Conflict
        Nobody asks for a looser class.
    """
    _require_steward(context)
    row = _asked(_row(context, holder, column))
    details = {"asked": row.looser, "by": row.looser_asked_by}
    _forget_looser(row)
    audit.record(context, action="column_class_kept", subject=_subject(row), details=details)
    context.session.flush()
    return _view(row)


def _propose(context: Context, holder: Holder, columns: Mapping[str, Sequence[Any]]) -> tuple[ColumnView, ...]:
    samples = [Sample(name, values, holder.name) for name, values in columns.items()]
    known = {row.column_name: row for row in context.session.scalars(_of(holder))}
    for proposal, sample in zip(detect_table(samples), samples, strict=True):
        _keep(context, holder, proposal, sample, known.get(proposal.name))
    context.session.flush()
    audit.record(context, action="columns_classified", subject=holder.name, details={"columns": len(samples)})
    return columns_of(context, holder)


def _keep(context: Context, holder: Holder, proposal: ColumnProposal, sample: Sample, row: ColumnClass | None) -> None:
    if row is None:
        row = ColumnClass(holder=holder.name, is_file=holder.is_file, column_name=proposal.name)
        context.session.add(row)
    row.proposed = proposal.proposed.value
    row.findings = kept_findings(proposal, sample.values)
    row.filled = proposal.filled
    row.detected_at, row.detected_by = context.now, context.actor.name


def _table_sample(context: Context, table: str) -> Mapping[str, Sequence[Any]]:
    sampling = f"USING SAMPLE reservoir({ROWS} ROWS) REPEATABLE (1)" if context.warehouse.dialect == "duckdb" else ""
    found = context.warehouse.query_text(f"SELECT * FROM {table} {sampling or f'LIMIT {ROWS}'}")  # noqa: S608 - a contract's name
    return {name: found.column(name).to_pylist() for name in found.column_names}


def _settle(
    context: Context, row: ColumnClass, chosen: Classification, reason: str, *, by: str, asked_by: str | None = None
) -> None:
    before = _view(row).in_force
    row.confirmed, row.confirmed_at, row.confirmed_by, row.reason = chosen.value, context.now, by, reason or None
    _forget_looser(row)
    details = {"class": chosen.value, "before": before.value, "proposed": row.proposed, "reason": reason}
    details |= {"asked_by": asked_by} if asked_by else {}
    audit.record(context, action="column_class_confirmed", subject=_subject(row), details=details)
    context.session.flush()


def _ask_looser(context: Context, row: ColumnClass, chosen: Classification, reason: str) -> None:
    row.looser, row.looser_reason = chosen.value, reason
    row.looser_asked_at, row.looser_asked_by = context.now, context.actor.name
    details = {"class": chosen.value, "before": _view(row).in_force.value, "reason": reason}
    audit.record(context, action="looser_class_asked", subject=_subject(row), details=details)
    context.session.flush()


def _forget_looser(row: ColumnClass) -> None:
    row.looser = row.looser_reason = row.looser_asked_at = row.looser_asked_by = None


def _asked(row: ColumnClass) -> ColumnClass:
    if row.looser is None:
        raise Conflict(
            Message("Nobody asks that {column} be guarded less. Look at the page again.", column=row.column_name)
        )
    return row


def _subject(row: ColumnClass) -> str:
    return f"{row.holder}.{row.column_name}"


def _of(holder: Holder) -> Any:
    wanted = select(ColumnClass).where(ColumnClass.holder == holder.name, ColumnClass.is_file.is_(holder.is_file))
    return wanted.order_by(ColumnClass.column_class_id)


def _rows(context: Context, holder: Holder) -> Sequence[ColumnClass]:
    found = context.session.scalars(_of(holder)).all()
    if not found:
        raise NotFound(
            Message("Nobody has looked at {name} yet. `tiffin access classify {name}` does.", name=holder.name)
        )
    return found


def _row(context: Context, holder: Holder, column: str) -> ColumnClass:
    for row in _rows(context, holder):
        if row.column_name == column:
            return row
    raise NotFound(Message("{name} has no column {column} that was looked at.", name=holder.name, column=column))


def _summary(holder: Holder, columns: Sequence[ColumnView]) -> HolderView:
    return HolderView(
        holder=holder,
        columns=len(columns),
        waiting=sum(one.confirmed is None for one in columns),
        asked_looser=sum(one.looser is not None for one in columns),
        guarded=sum(one.in_force in GUARDED for one in columns),
        detected_at=max(one.detected_at for one in columns),
    )


def _view(row: ColumnClass) -> ColumnView:
    found, looks, about_person = read_findings(row.findings)
    return ColumnView(
        holder=Holder(row.holder, row.is_file),
        name=row.column_name,
        contract=_contract_class(row),
        proposed=Classification(row.proposed),
        found=found,
        looks=looks,
        filled=row.filled,
        about_person=about_person,
        detected_at=row.detected_at,
        detected_by=row.detected_by,
        confirmed=Classification(row.confirmed) if row.confirmed else None,
        confirmed_at=row.confirmed_at,
        confirmed_by=row.confirmed_by,
        reason=row.reason,
        looser=Classification(row.looser) if row.looser else None,
        looser_by=row.looser_asked_by,
        looser_reason=row.looser_reason,
    )


def _contract_class(row: ColumnClass) -> Classification | None:
    if row.is_file or row.holder not in TABLES or not TABLES[row.holder].has(row.column_name):
        return None
    return TABLES[row.holder].column(row.column_name).classification


def _require_steward(context: Context) -> None:
    if not context.actor.has_role_everywhere(Role.STEWARD):
        raise Forbidden(
            Message(
                "Columns are classified by stewards of all countries; {name} is none. Ask one to do it.",
                name=context.actor.name,
            )
        )
