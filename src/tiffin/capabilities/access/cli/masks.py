"""The commands ``tiffin access masks …``: which masks hold, propose another, decide as the second person."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from tiffin.capabilities.access.domain.masks import ChangeView, RuleKey, RuleView, mask_text
from tiffin.capabilities.access.service import masks as service
from tiffin.capabilities.access.service.kinds import CLASS_NAMES
from tiffin.capabilities.access.service.mask_words import SHAPES, SHIPPED_REASONS, STATES, mask_word
from tiffin.capabilities.access.service.wording import ROLES
from tiffin.kernel.contract import Classification
from tiffin.kernel.masks import Mask, Shape
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, table_of


def register(app: typer.Typer) -> None:
    """Add the commands to ``tiffin access``, which asking for access makes."""
    group = typer.Typer(no_args_is_help=True, help="How guarded values are told masked: what holds, propose, decide.")
    group.command("list")(list_masks)
    group.command("propose")(propose)
    group.command("decide")(decide)
    for found in app.registered_groups:
        if found.name == "access" and found.typer_instance is not None:
            found.typer_instance.add_typer(group, name="masks")


def list_masks(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """Show the mask that holds for each role, class and kind of values, and why. JSON: {"rules", "changes"}."""
    with open_context(workspace, user=user) as context:
        found = {
            "rules": [_plain_rule(one) for one in service.list_rules(context)],
            "changes": [_plain(one) for one in service.list_changes(context)],
        }
        locale = context.locale
    emit(found, as_json=as_json, human=lambda told: _rules_table(told["rules"], locale))


def propose(  # noqa: PLR0913 - one parameter an option of the command
    role: Annotated[Role, typer.Argument(help="Role to which values are told.")],
    kind: Annotated[Classification, typer.Argument(metavar="CLASS", help="confidential, personal or special.")],
    shape: Annotated[Shape, typer.Argument(help="What values are: text, place or time.")],
    mask: Annotated[str, typer.Argument(help="hash, last_four, month, coarse:100 (cells to a degree) or closed.")],
    *,
    reason: Annotated[str, typer.Option(help="Why they shall be told so.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Change a mask at once where it is stricter; else ask a second person to agree. JSON: {"change": {...}}."""
    with open_context(workspace, user=user) as context:
        found = service.propose(context, RuleKey(role, kind, shape), mask, reason=reason)
        locale = context.locale
    emit({"change": _plain(found)}, as_json=as_json, human=lambda told: _changes_table([told["change"]], locale))


def decide(
    number: Annotated[int, typer.Argument(help="Number of the change, as `tiffin access masks list --json` shows it.")],
    *,
    no: Annotated[bool, typer.Option("--no", help="Leave values as they are; who asked takes it back so.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Agree, as the second person, that values are shown more; or not. JSON: {"change": {...}}."""
    with open_context(workspace, user=user) as context:
        found = service.decide(context, number, agrees=not no)
        locale = context.locale
    emit({"change": _plain(found)}, as_json=as_json, human=lambda told: _changes_table([told["change"]], locale))


def _plain_rule(one: RuleView) -> Mapping[str, Any]:
    return {
        **_plain_key(one.key),
        "mask": mask_text(one.mask),
        "why": one.why,
        "since": one.since,
        "change": one.change.number if one.change else None,
        "waiting": one.waiting.number if one.waiting else None,
        "holders": one.holders,
    }


def _plain(one: ChangeView) -> Mapping[str, Any]:
    return {
        "number": one.number,
        **_plain_key(one.key),
        "mask": mask_text(one.mask),
        "before": mask_text(one.former),
        "reason": one.reason,
        "state": one.state,
        "asked_by": one.asked_by,
        "asked_at": one.asked_at,
        "decided_by": one.decided_by,
        "decided_at": one.decided_at,
    }


def _plain_key(key: RuleKey) -> Mapping[str, Any]:
    return {"role": key.role, "class": key.kind, "shape": key.shape}


def _rules_table(rules: list[Mapping[str, Any]], locale: str) -> RenderableType:
    heads = (mark("For whom"), mark("Class"), mark("What values are"), mark("Mask"), mark("Why"), mark("Waiting"))
    return table_of(
        [translate(locale, text) for text in heads],
        [[*_about(one, locale), _why(one, locale), str(one["waiting"] or "")] for one in rules],
    )


def _changes_table(changes: list[Mapping[str, Any]], locale: str) -> RenderableType:
    heads = (mark("Number"), mark("For whom"), mark("Class"), mark("What values are"), mark("Mask"), mark("State"))
    return table_of(
        [translate(locale, text) for text in heads],
        [[str(one["number"]), *_about(one, locale), _state(one, locale)] for one in changes],
    )


def _state(one: Mapping[str, Any], locale: str) -> str:
    word = STATES[one["state"]]
    return translate(locale, word)


def _why(one: Mapping[str, Any], locale: str) -> str:
    told = one["why"]
    return translate(locale, told) if told in SHIPPED_REASONS else str(told)


def _about(one: Mapping[str, Any], locale: str) -> list[str]:
    mask = None if one["mask"] == mask_text(None) else Mask.parse(one["mask"])
    words = (ROLES[one["role"]], CLASS_NAMES[one["class"]], SHAPES[one["shape"]])
    return [*(translate(locale, word) for word in words), mask_word(mask, locale)]
