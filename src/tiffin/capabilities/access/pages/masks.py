"""The page on which masks are looked at and changed: by class, by column, and what was changed before."""

from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from tiffin.capabilities.access.domain.masks import CHOICES, ChangeView, RuleKey, RuleView, mask_text
from tiffin.capabilities.access.service import masks as service
from tiffin.capabilities.access.service.kinds import CLASS_MEANINGS, CLASS_NAMES
from tiffin.capabilities.access.service.mask_examples import EXAMPLES, masked_examples
from tiffin.capabilities.access.service.mask_words import SHAPES, STATES, mask_word
from tiffin.capabilities.access.service.wording import ROLES
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Conflict, Forbidden, InvalidData
from tiffin.kernel.masks import Mask, Shape
from tiffin.runtime.actor import GUARDED, Role
from tiffin.runtime.context import Context
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter(prefix="/access/masks", include_in_schema=False)

CLASSES, COLUMNS, HISTORY = "classes", "columns", "history"


@router.get("")
def show_masks(
    request: Request, context: ContextDep, show: str = CLASSES, q: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """Show the masks that hold, by class or by column, or what was changed before."""
    return _page(request, context, show=show, q=q)


@router.post("")
def propose(
    request: Request,
    context: ContextDep,
    role: Annotated[Role, Form()],
    kind: Annotated[Classification, Form(alias="class")],
    shape: Annotated[Shape, Form()],
    mask: Annotated[str, Form(max_length=20)],
    reason: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Change a rule, or ask for a looser one; a refusal shows the page again and says why."""
    try:
        service.propose(context, RuleKey(role, kind, shape), mask, reason=reason)
    except (Conflict, InvalidData) as refusal:
        return _page(request, context, refused=refusal.said, status=refusal.http_status)
    return _to(f"rule-{role}-{kind}-{shape}")


@router.post("/decide")
def decide(
    request: Request, context: ContextDep, number: Annotated[int, Form()], answer: Annotated[str, Form(max_length=20)]
) -> Response:
    """Agree that values are shown more, or leave them as they are."""
    try:
        found = service.decide(context, number, agrees=answer == "agree")
    except (Conflict, Forbidden) as refusal:
        return _page(request, context, refused=refusal.said, status=refusal.http_status)
    return _to(f"rule-{found.key.role}-{found.key.kind}-{found.key.shape}")


def _page(
    request: Request,
    context: Context,
    *,
    show: str = CLASSES,
    q: str = "",
    refused: str = "",
    status: int = HTTPStatus.OK,
) -> Response:
    rules, changes = service.list_rules(context), service.list_changes(context)
    views: dict[str, Any] = {
        "columns": service.list_masked_columns(context, q) if show == COLUMNS else (),
        "masks": {(one.key.role, one.key.kind, one.key.shape): one.mask for one in rules},
    }
    return page(
        request,
        context,
        "access/masks.html",
        status=status,
        refused=refused,
        show=show if show in (COLUMNS, HISTORY) else CLASSES,
        q=q,
        rules={kind: [one for one in rules if one.key.kind is kind] for kind in GUARDED},
        waiting=[one.waiting for one in rules if one.waiting],
        changes=changes,
        undoable={one.change.number for one in rules if one.change},
        may_propose=context.actor.has_role_everywhere(Role.STEWARD),
        columns_total=len(service.list_masked_columns(context)),
        choices=CHOICES,
        looks=_looks(context, rules, changes),
        examples=EXAMPLES,
        mask_text=mask_text,
        mask_word=partial(mask_word, locale=context.locale),
        words={"roles": ROLES, "shapes": SHAPES, "states": STATES, "classes": CLASS_NAMES, "meanings": CLASS_MEANINGS},
        masked_roles=[role for role in Role if any(one.key.role is role for one in rules)],
        **views,
    )


def _looks(
    context: Context, rules: tuple[RuleView, ...], changes: tuple[ChangeView, ...]
) -> dict[tuple[Shape, Mask], str]:
    """Tell what the examples look like under every mask that the page names."""
    named = [(one.key.shape, one.mask) for one in rules]
    named += [(one.key.shape, mask) for one in changes for mask in (one.mask, one.former)]
    named += [(shape, mask) for shape, masks in CHOICES.items() for mask in masks]
    return dict(masked_examples(context, [(shape, mask) for shape, mask in named if mask is not None]))


def _to(anchor: str) -> RedirectResponse:
    return RedirectResponse(f"/access/masks#{anchor}", status_code=HTTPStatus.SEE_OTHER)
