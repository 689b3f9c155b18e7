"""Change how values are masked: a stricter mask holds at once, a looser one when a second person agrees.

A change that is put in force rewrites the grants that stand, in the same transaction. Grants are read anew at every
request, so that it holds from the next one on, at every door.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update

from tiffin.capabilities.access.domain.masks import (
    ChangeState,
    ChangeView,
    GuardedColumn,
    RuleKey,
    RuleView,
    is_looser_mask,
    mask_text,
    openness,
    read_mask,
    told_reason,
)
from tiffin.capabilities.access.models.masks import MaskChange
from tiffin.capabilities.access.service.rules import MaskRules, StatedMasks, stated_masks
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Conflict, Forbidden, NotFound
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.masks import Mask, Shape, shape_of_column
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import GUARDED, Role
from tiffin.runtime.classes import confirmed_classes, guarded_columns
from tiffin.runtime.context import Context
from tiffin.runtime.mask_key import mask_key
from tiffin.runtime.models import Account, AccountGrant

MASKED_ROLES = (Role.VIEWER, Role.ANALYST, Role.CITY_MANAGER)
"""Roles that may be told a class masked; the others work with the facts themselves, or are told none."""


def mask_rules(context: Context) -> MaskRules:
    """Give how each role is told each guarded class masked, as it holds now; what is closed is left out.

    Raises
    ------
    InvalidDefinition
        An entry of a file cannot be read.
    """
    stated = stated_masks(context)
    found = {key: dict(one.masks) for key, one in stated.items()}
    for key, change in _in_force(context, stated).items():
        masks = found.setdefault((key.role, key.kind), {})
        masks.pop(key.shape, None)
        if change.mask is not None:
            masks[key.shape] = change.mask
    return found


def list_rules(context: Context) -> tuple[RuleView, ...]:
    """List the rule for each class, role and shape of values, with why it holds and for whom.

    Raises
    ------
    Forbidden
        The actor is neither steward nor privacy officer of all countries.
    """
    _require_decider(context)
    stated, rules = stated_masks(context), mask_rules(context)
    changes, holders = _in_force(context, stated), _holders(context)
    waiting = {one.key: one for one in list_changes(context) if one.state is ChangeState.WAITING}
    roles = [*MASKED_ROLES, *(role for role in Role if role not in MASKED_ROLES and any(role in key for key in rules))]
    keys = [RuleKey(role, kind, shape) for kind in GUARDED for role in roles for shape in Shape]
    return tuple(
        _rule(key, rules, stated.get((key.role, key.kind)), changes.get(key), waiting.get(key), holders) for key in keys
    )


def list_changes(context: Context) -> tuple[ChangeView, ...]:
    """List every change that was asked for, the newest first.

    Raises
    ------
    Forbidden
        The actor is neither steward nor privacy officer of all countries.
    """
    _require_decider(context)
    return tuple(_view(row) for row in context.session.scalars(_ROWS.order_by(MaskChange.mask_change_id.desc())))


def list_masked_columns(context: Context, text: str = "") -> tuple[GuardedColumn, ...]:
    """List the governed columns whose name or table has a text in it, with their class in force.

    Raises
    ------
    Forbidden
        The actor is neither steward nor privacy officer of all countries.
    """
    _require_decider(context)
    wanted = text.strip().casefold()
    return tuple(
        GuardedColumn(table, name, kind, shape_of_column(TABLES[table].column(name)))
        for table, columns in sorted(guarded_columns(confirmed_classes(context)).items())
        for name, kind in columns.items()
        if wanted in f"{table}.{name}"
    )


def propose(context: Context, key: RuleKey, mask: str, *, reason: str) -> ChangeView:
    """Change a rule: at once where the mask shows less than the one that holds; else a second person has to agree.

    Raises
    ------
    Forbidden
        The actor is no steward of all countries.
    InvalidData
        The mask does not fit, or there is no reason.
    Conflict
        It holds already, another change of the rule waits, or nobody of the role can be told the class masked.
    """
    if not context.actor.has_role_everywhere(Role.STEWARD):
        raise Forbidden(
            Message(
                "Masks are changed by stewards of all countries; {name} is none. Ask one to do it.",
                name=context.actor.name,
            )
        )
    asked, told = read_mask(mask, key.shape), told_reason(reason)
    held = mask_rules(context).get((key.role, key.kind), {}).get(key.shape)
    waiting = _waiting(context, key)
    _check_asked(key, asked, held, is_waiting=bool(waiting))
    row = _new(context, key, asked, held, told)
    if is_looser_mask(asked, held):
        details = {"mask": mask_text(asked), "before": mask_text(held), "reason": told}
        audit.record(context, action="looser_mask_asked", subject=key.text, details=details)
        return _view(row)
    for one in waiting:
        _decide(context, one, ChangeState.OVERTAKEN)
    _settle(context, row)
    return _view(row)


def decide(context: Context, number: int, *, agrees: bool) -> ChangeView:
    """Agree, as the second person, that values are shown more; or leave them as they are.

    Whoever asked may take it back by not agreeing.

    Raises
    ------
    Forbidden
        The actor is neither steward nor privacy officer of all countries, or it is he who asked.
    NotFound
        There is no such change.
    Conflict
        It waits no more.
    """
    _require_decider(context)
    row = context.session.get(MaskChange, number)
    if row is None:
        raise NotFound(
            Message("There is no change {number} of a mask. `tiffin access masks list` shows them.", number=number)
        )
    is_own = row.asked_by == context.actor.name
    if agrees and is_own:
        raise Forbidden(Message("You asked for it yourself; that values are shown more needs a second person."))
    _claim(context, number)
    if agrees:
        _settle(context, row)
    else:
        _decide(context, row, ChangeState.WITHDRAWN if is_own else ChangeState.DECLINED)
        details = {"asked": mask_text(_mask(row.mask)), "by": row.asked_by}
        audit.record(context, action="mask_kept", subject=_key(row).text, details=details)
    return _view(row)


_ROWS = select(MaskChange)


def _in_force(context: Context, stated: Mapping[tuple[Role, Classification], StatedMasks]) -> dict[RuleKey, ChangeView]:
    """Give the last change of each rule that was put in force, but where a file says something from a later day."""
    rows = context.session.scalars(
        _ROWS.where(MaskChange.state == ChangeState.SETTLED).order_by(MaskChange.decided_at, MaskChange.mask_change_id)
    )
    found = {one.key: one for one in map(_view, rows)}
    days = {key: stated[key.role, key.kind].since for key in found if (key.role, key.kind) in stated}
    return {
        key: one
        for key, one in found.items()
        if one.decided_at and days.get(key, one.decided_at.date()) <= one.decided_at.date()
    }


def _rule(
    key: RuleKey,
    rules: MaskRules,
    stated: StatedMasks | None,
    change: ChangeView | None,
    waiting: ChangeView | None,
    holders: Mapping[tuple[Role, Classification], tuple[str, ...]],
) -> RuleView:
    why, since = (stated.source, stated.since) if stated and key.shape in stated.masks else ("", None)
    if change is not None and change.decided_at is not None:
        why, since = change.reason, change.decided_at.date()
    mask = rules.get((key.role, key.kind), {}).get(key.shape)
    return RuleView(key, mask, why, since, change, waiting, holders.get((key.role, key.kind), ()))


def _holders(context: Context) -> Mapping[tuple[Role, Classification], tuple[str, ...]]:
    found: dict[tuple[Role, Classification], set[str]] = {}
    for row, name in context.session.execute(_standing(context).add_columns(Account.name).join(Account)):
        for kind in row.masks:
            found.setdefault((Role(row.role), Classification(kind)), set()).add(name)
    return {key: tuple(sorted(names)) for key, names in found.items()}


def _standing(context: Context) -> Any:
    return select(AccountGrant).where(AccountGrant.revoked_at.is_(None), AccountGrant.expires_at > context.now)


def _check_asked(key: RuleKey, asked: Mask | None, held: Mask | None, *, is_waiting: bool) -> None:
    if asked == held:
        raise Conflict(Message("That mask holds already. Choose another, or leave it as it is."))
    if is_waiting and is_looser_mask(asked, held):
        raise Conflict(Message("A looser mask for the same values waits already. Decide on that one first."))
    if key.role not in MASKED_ROLES or key.kind not in GUARDED:
        raise Conflict(
            Message(
                "Masks are for confidential, personal and special columns and for the roles {roles}; others are told "
                "the values themselves, or nothing.",
                roles=", ".join(MASKED_ROLES),
            )
        )


def _new(context: Context, key: RuleKey, asked: Mask | None, held: Mask | None, reason: str) -> MaskChange:
    row = MaskChange(
        role=key.role.value,
        class_name=key.kind.value,
        shape=key.shape.value,
        mask=asked.text if asked else None,
        former=held.text if held else None,
        reason=reason,
        asked_at=context.now,
        asked_by=context.actor.name,
        state=ChangeState.WAITING.value,
    )
    context.session.add(row)
    context.session.flush()
    return row


def _waiting(context: Context, key: RuleKey) -> Sequence[MaskChange]:
    of_key = (MaskChange.role == key.role, MaskChange.class_name == key.kind, MaskChange.shape == key.shape)
    return context.session.scalars(_ROWS.where(*of_key, MaskChange.state == ChangeState.WAITING)).all()


def _claim(context: Context, number: int) -> None:
    """Take a change that waits for oneself: of two who decide at once the later finds that it waits no more."""
    still = (MaskChange.mask_change_id == number, MaskChange.state == ChangeState.WAITING)
    taken = update(MaskChange).where(*still).values(decided_by=context.actor.name).returning(MaskChange.mask_change_id)
    if context.session.scalar(taken) is None:
        raise Conflict(Message("Change {number} of a mask waits no more. Look at the page again.", number=number))


def _settle(context: Context, row: MaskChange) -> None:
    key, mask = _key(row), _mask(row.mask)
    held = mask_rules(context).get((key.role, key.kind), {}).get(key.shape)
    row.former = held.text if held else None
    _decide(context, row, ChangeState.SETTLED)
    if mask is not None:
        mask_key(context)
    changed = _rewrite(context, key, mask, is_looser=is_looser_mask(mask, held))
    details = {"mask": mask_text(mask), "before": mask_text(held), "reason": row.reason, "grants": changed}
    details |= {"asked_by": row.asked_by} if row.asked_by != context.actor.name else {}
    audit.record(context, action="mask_changed", subject=key.text, details=details)


def _decide(context: Context, row: MaskChange, state: ChangeState) -> None:
    row.state, row.decided_at, row.decided_by = state.value, context.now, context.actor.name
    context.session.flush()


def _rewrite(context: Context, key: RuleKey, mask: Mask | None, *, is_looser: bool) -> int:
    """Tell every standing grant how it masks now; one that shows less of old stays so, unless two people agreed."""
    changed = 0
    for row in context.session.scalars(_standing(context).where(AccountGrant.role == key.role.value)):
        if key.kind not in row.masks:
            continue
        masks = dict(row.masks[key.kind])
        own = _mask(masks.get(key.shape))
        new = mask if is_looser or openness(own) > openness(mask) else own
        masks.pop(key.shape.value, None)
        masks |= {key.shape.value: new.text} if new else {}
        row.masks = {**row.masks, key.kind.value: masks}
        changed += new != own
    context.session.flush()
    return changed


def _key(row: MaskChange) -> RuleKey:
    return RuleKey(Role(row.role), Classification(row.class_name), Shape(row.shape))


def _mask(text: str | None) -> Mask | None:
    return Mask.parse(text) if text else None


def _view(row: MaskChange) -> ChangeView:
    return ChangeView(
        number=row.mask_change_id,
        key=_key(row),
        mask=_mask(row.mask),
        former=_mask(row.former),
        reason=row.reason,
        asked_at=row.asked_at,
        asked_by=row.asked_by,
        state=ChangeState(row.state),
        decided_at=row.decided_at,
        decided_by=row.decided_by,
    )


def _require_decider(context: Context) -> None:
    if not context.actor.has_role_everywhere(Role.STEWARD, Role.PRIVACY_OFFICER):
        raise Forbidden(
            Message(
                "Masks are for stewards and privacy officers of all countries; {name} is neither. Ask one.",
                name=context.actor.name,
            )
        )
