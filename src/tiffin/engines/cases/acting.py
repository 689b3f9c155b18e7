"""Whether an action may be taken now, and what is missing if not."""

from collections.abc import Collection, Mapping
from typing import Any

from tiffin.engines.cases.declaration import CaseType, Field, Transition
from tiffin.engines.cases.folding import Standing
from tiffin.kernel.errors import Conflict, Forbidden, WrongUse
from tiffin.kernel.messages import Message

PLATFORM = "platform"
"""Actor of what nobody did."""


def offered(case_type: CaseType, standing: Standing, *, actor: str, roles: Collection[str]) -> tuple[Transition, ...]:
    """List what somebody may do with a case as it stands."""
    found = case_type.actions_in(standing.state)
    return tuple(one for one in found if _may(one, roles) and not _is_barred(one, standing, actor))


def _is_barred(one: Transition, standing: Standing, actor: str) -> bool:
    return _is_same_pair_of_eyes(one, standing, actor) or _is_excluded(one, standing, actor)


def check_action(
    case_type: CaseType,
    standing: Standing,
    action: str,
    *,
    actor: str,
    roles: Collection[str],
    values: Mapping[str, Any],
) -> Transition:
    """Tell what an action of somebody does to a case as it stands.

    Raises
    ------
    Conflict
        It cannot be taken in this state.
    Forbidden
        The actor may not, or the same person may not do both.
    WrongUse
        A value is missing, unknown or not among the choices.
    """
    found = case_type.transition(action, standing.state)
    if found is None:
        known = sorted({one.action for one in case_type.actions_in(standing.state)})
        raise Conflict(
            Message(
                "'{action}' cannot be taken while the case is '{state}'. What can be done now: {known}.",
                action=action,
                state=standing.state,
                known=", ".join(known) or Message("nothing"),
            )
        )
    if not _may(found, roles):
        who = ", ".join(sorted(found.roles)) or "only the platform itself"
        raise Forbidden(f"{actor} may not take the action {action!r} on this case: that takes {who}.")
    if _is_same_pair_of_eyes(found, standing, actor):
        raise Forbidden(
            Message(
                "{name} took the action '{first}' and cannot also take '{second}': a second person has to look. "
                "Ask a colleague.",
                name=actor,
                first=found.four_eyes_with,
                second=action,
            )
        )
    if _is_excluded(found, standing, actor):
        raise Forbidden(
            Message(
                "{name} judged this before, or wrote the rule that did, and cannot also take the action '{action}': "
                "somebody who had no part in it has to decide. Leave it to a colleague.",
                name=actor,
                action=action,
            )
        )
    _check_values(found, values)
    return found


def _may(found: Transition, roles: Collection[str]) -> bool:
    if not found.roles:
        return PLATFORM in roles
    return bool(found.roles.intersection(roles))


def _is_same_pair_of_eyes(found: Transition, standing: Standing, actor: str) -> bool:
    return found.four_eyes_with is not None and standing.last_actor.get(found.four_eyes_with) == actor


def _is_excluded(found: Transition, standing: Standing, actor: str) -> bool:
    return found.is_independent and actor in standing.excluded


def _check_values(found: Transition, values: Mapping[str, Any]) -> None:
    if not found.roles:  # the platform writes what it found
        return
    known = {one.name: one for one in found.fields}
    for name in values:
        if name not in known:
            raise WrongUse(f"{found.action} says nothing of {name!r}; it takes {', '.join(known) or 'nothing'}.")
    for one in found.fields:
        _check_value(found.action, one, values.get(one.name))


def _check_value(action: str, wanted: Field, value: Any) -> None:
    if value is None or not str(value).strip():
        if wanted.is_required:
            raise WrongUse(f"{action} needs {wanted.name!r}. Say it and try again.")
        return
    if wanted.choices and value not in wanted.choices:
        raise WrongUse(f"{wanted.name} is one of {', '.join(wanted.choices)}; found {value!r}.")
