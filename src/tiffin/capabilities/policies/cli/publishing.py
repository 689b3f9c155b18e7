"""The commands ``tiffin policies drafts|propose|publish|take-back|history``."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from tiffin.capabilities.policies.service.drafting import Draft, find_draft, list_drafts
from tiffin.capabilities.policies.service.drafting_proposing import propose as propose_draft
from tiffin.capabilities.policies.service.drafting_proposing import propose_files
from tiffin.capabilities.policies.service.drafting_rights import told_place
from tiffin.capabilities.policies.service.ledger import Publication, altered, publication_numbered, publications
from tiffin.capabilities.policies.service.publishing import publish_draft
from tiffin.capabilities.policies.service.publishing import take_back as take_publication_back
from tiffin.kernel.errors import NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import format_date, mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, say, table_of

PolicyArgument = Annotated[str, typer.Argument(help="Name of the policy, such as late-compensation.")]
CommentOption = Annotated[str, typer.Option("--comment", help="What the other person should know.")]
LateOption = Annotated[
    str, typer.Option("--late-reason", help="Why it shall hold from a day that is over; needed for such a day alone.")
]

_PROPOSED = mark("Draft {draft} of {policy} is proposed from {day} on. It waits for a second person: case {case}.")
_PUBLISHED = mark("{policy} is published as number {number} and holds from {day} on.")
_TAKEN_BACK = mark("Publication {number} of {policy} is taken back. What was in force before it is in force again.")


def register(policies: typer.Typer) -> None:
    """Add the commands to ``tiffin policies``."""
    policies.command("drafts")(drafts)
    policies.command("propose")(propose)
    policies.command("publish")(publish)
    policies.command("take-back")(take_back)
    policies.command("history")(history)


def drafts(
    policy: Annotated[str | None, typer.Argument(help="Only those of this policy.")] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Finished ones too.")] = False,
    user: UserOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the drafts of policies. JSON: {"drafts": [{"draft_id", "policy", "title", "state", "authors", ...}]}."""
    with open_context(workspace, user=user) as context:
        found = list_drafts(context, policy, everything=everything)
        locale = context.locale
    names = ("draft_id", "policy", "title", "state", "authors", "head", "from_date", "changed_at")
    payload = {"drafts": [{name: getattr(one, name) for name in names} | {"places": [*one.files]} for one in found]}
    emit(payload, as_json=as_json, human=lambda _: _drafts_told(found, locale))


def propose(  # noqa: PLR0913 - one parameter an option
    policy: PolicyArgument,
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Its files, named 2026-04-01.yaml, for a place 2026-04-01.KW.yaml, or parameters.yaml."),
    ] = None,
    *,
    draft: Annotated[int | None, typer.Option("--draft", help="A draft that is there, instead of files.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="First day, like 2026-04-01; else that of files.")] = None,
    comment: CommentOption = "",
    late_reason: LateOption = "",
    user: UserOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Propose a draft, or files as a new one, to a second person. JSON: {"draft", "policy", "from_date", "case"}."""
    if (draft is None) is (not files):
        raise WrongUse(Message("Name either files of the policy, or by --draft a draft that is there."))
    texts = {path.name: _text(path) for path in files or ()}
    with open_context(workspace, user=user) as context:
        day = _day(start)
        if draft is None:
            made = propose_files(context, policy, texts, from_date=day, comment=comment, late_reason=late_reason)
        else:
            _check_policy(policy, find_draft(context, draft))
            made = propose_draft(
                context, draft, from_date=day or context.now.date(), comment=comment, late_reason=late_reason
            )
        locale = context.locale
    payload = {
        "draft": made.draft_id,
        "policy": made.policy,
        "from_date": made.from_date,
        "case": made.case_id,
        "places": [*made.files],
    }
    emit(payload, as_json=as_json, human=lambda told: _said(_PROPOSED, told, locale))


def publish(
    draft: Annotated[int, typer.Argument(help="Number of a proposed draft; `tiffin policies drafts` lists them.")],
    *,
    seen: Annotated[
        int | None,
        typer.Option("--seen", help="The save that you read, `head` among the drafts; no other one is published then."),
    ] = None,
    comment: CommentOption = "",
    late_reason: LateOption = "",
    user: UserOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Publish a proposed draft as its second person. JSON: {"policy", "number", "from_date", "digests"}."""
    with open_context(workspace, user=user) as context:
        made = publish_draft(context, draft, comment=comment, late_reason=late_reason, seen=seen)
        locale = context.locale
    payload = {name: getattr(made, name) for name in ("policy", "number", "from_date", "digests")}
    emit(payload, as_json=as_json, human=lambda told: _said(_PUBLISHED, told, locale))


def take_back(
    policy: PolicyArgument,
    number: Annotated[int, typer.Argument(help="Of its publications; `tiffin policies history` lists them.")],
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why: whoever decided by it will ask.")],
    user: UserOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a publication back at once; what was in force before it is again. JSON: {"policy", "number", ...}."""
    with open_context(workspace, user=user) as context:
        found = publication_numbered(context, policy, number)
        made = take_publication_back(context, found.publication_id, reason)
        locale = context.locale
    payload = {name: getattr(made, name) for name in ("policy", "number", "taken_back_at", "taken_back_reason")}
    emit(payload, as_json=as_json, human=lambda told: translate(locale, _TAKEN_BACK, **told))


def history(
    policy: PolicyArgument,
    *,
    user: UserOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what was published of a policy, newest first, and which copies were altered since.

    JSON: {"policy", "publications": [{"number", "from_date", "digests", "published_at", ...}], "altered": [text]}.
    """
    with open_context(workspace, user=user) as context:
        found = publications(context, policy)
        changed = altered(context, policy)
        locale = context.locale
    payload = {"policy": policy, "publications": found, "altered": changed}
    emit(payload, as_json=as_json, human=lambda _: _history_told(found, locale))
    for one in () if as_json else changed:
        say(translate(locale, one.text, **one.values))


def _drafts_told(found: Sequence[Draft], locale: str) -> RenderableType:
    heads = (mark("Number"), mark("Policy"), mark("State"), mark("Written by"), mark("Title"))
    rows = [[str(one.draft_id), one.policy, one.state, ", ".join(one.authors), one.title] for one in found]
    return table_of([translate(locale, head) for head in heads], rows)


def _history_told(found: Sequence[Publication], locale: str) -> RenderableType:
    heads = (mark("Number"), mark("Holds from"), mark("Where"), mark("Written by"), mark("Published by"))
    columns = [translate(locale, head) for head in (*heads, mark("Taken back"))]
    return table_of(columns, [_row(one, locale) for one in found])


def _row(one: Publication, locale: str) -> list[str]:
    places = ", ".join(_place(place, locale) for place in one.digests)
    back = f"{format_date(one.taken_back_at.date(), locale)}: {one.taken_back_reason}" if one.taken_back_at else ""
    day, names = format_date(one.from_date, locale), ", ".join(one.authors)
    return [str(one.number), day, places, names, one.published_by, back]


def _place(place: str, locale: str) -> str:
    named = told_place(place)
    return translate(locale, named) if isinstance(named, Message) else named


def _said(text: str, payload: Mapping[str, Any], locale: str) -> str:
    return translate(locale, text, **payload, day=format_date(payload["from_date"], locale))


def _check_policy(policy: str, draft: Draft) -> None:
    if draft.policy != policy:
        raise WrongUse(
            Message(
                "Draft {number} is of {found} and not of {policy}.",
                number=draft.draft_id,
                found=draft.policy,
                policy=policy,
            )
        )


def _text(path: Path) -> str:
    if not path.is_file():
        raise NotFound(Message("A file was expected at {path}, and there is none.", path=str(path)))
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongUse(Message("{path} is no text in UTF-8.", path=str(path))) from error


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise WrongUse(Message("A day like 2026-03-31 was expected; found {found}.", found=str(text))) from None
