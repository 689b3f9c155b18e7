"""Publishing definitions: a second person's act that writes one metric's file, and what undoes it.

Two people who publish at once cannot lose one another's work: each publication has the metric's next number, which only
one of them gets, and a draft is refused when what is published is no longer what it began from.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from tiffin.capabilities.metrics.domain.drafts import (
    digest_of,
    formula_digests,
    merged,
    numbered,
    three_way,
)
from tiffin.capabilities.metrics.models import MetricDraft, MetricPublication
from tiffin.capabilities.metrics.service.authoring import (
    Draft,
    draft_row,
    find_draft,
    need_author,
    need_reader,
    need_second_person,
    note,
)
from tiffin.capabilities.metrics.service.authoring_texts import published_plain, read_text, text_of
from tiffin.capabilities.metrics.service.library import notice
from tiffin.capabilities.metrics.service.standards import publication_findings
from tiffin.capabilities.metrics.service.translations import remember_translations
from tiffin.capabilities.metrics.service.trial import check_text
from tiffin.kernel.drafts import Act, DraftState, following
from tiffin.kernel.errors import Conflict, FailedCheck, NotFound
from tiffin.kernel.merging import Difference
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context
from tiffin.runtime.definition_writing import put_file
from tiffin.runtime.definitions import read_yaml, without_lines
from tiffin.runtime.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Publication:
    """One publication of a metric."""

    publication_id: int
    metric: str
    number: int
    version: int
    since: date
    text: str
    authors: tuple[str, ...]
    published_at: datetime
    published_by: str
    takes_back: int | None


def differences(context: Context, draft: Draft) -> tuple[Difference, ...]:
    """List what differs between a draft, what it began from, and what is published now."""
    base = read_text(draft.base_text).plain if draft.base_text else {}
    theirs = published_plain(context.workspace, draft.metric) or {}
    return three_way(base, theirs, read_text(draft.text).plain)


def has_moved(context: Context, draft: Draft) -> bool:
    """Tell whether something else was published since the draft began."""
    return draft.is_open and _digest(draft.base_text) != _published_digest(context, draft.metric)


def rebase(context: Context, draft_id: int, *, mine: frozenset[str]) -> Draft:
    """Put a draft upon what is published now.

    Parameters
    ----------
    mine : frozenset of str
        Paths at which the draft's value is kept where both changed it; elsewhere the published one is taken.

    Raises
    ------
    Forbidden
        The actor may not write definitions.
    """
    need_author(context)
    row = draft_row(context, draft_id)
    base = read_text(row.base_text).plain if row.base_text else {}
    theirs = published_plain(context.workspace, row.metric)
    plain = merged(base, theirs or {}, read_text(row.text).plain, lambda item: item.path in mine)
    row.base_text = text_of(row.metric, theirs) if theirs is not None else ""
    row.text = text_of(row.metric, numbered(plain, theirs, today=context.now.date()))
    row.state = following(DraftState(row.state), Act.SAVE).value
    row.changed_at = context.now
    if context.actor.name not in row.authors:
        row.authors = [*row.authors, context.actor.name]
    note(context, row, Act.SAVE, "")
    return find_draft(context, draft_id)


def publish_draft(context: Context, draft_id: int, comment: str = "") -> Publication:
    """Publish a reviewed draft; the actor is its second person.

    Raises
    ------
    Forbidden
        The actor wrote on it, or is no steward.
    Conflict
        It is not under review, something else was published since it began, or somebody publishes the metric just now.
    FailedCheck
        The definition has problems, its worked example does not give its value, or a certified one misses a standard.
    """
    row = draft_row(context, draft_id)
    need_second_person(context, row)
    row.state = following(DraftState(row.state), Act.PUBLISH).value
    found = _publication(context, row.metric, draft=row)
    _refuse_moved(context, row)
    plain = numbered(read_text(row.text).plain, _base(row), today=context.now.date())
    _refuse_faulty(context, text_of(row.metric, plain))
    row.text, row.changed_at = text_of(row.metric, plain), context.now
    _write(context, found, plain)
    note(context, row, Act.PUBLISH, comment)
    return _told(found)


def take_back(context: Context, publication_id: int, comment: str = "") -> Publication:
    """Undo a publication: the former definition is published anew, under a number of its own.

    Two people agreed to the former text when it was published, or it was shipped; taking back is one steward's act.

    Raises
    ------
    NotFound
        There is no such publication.
    Conflict
        It is not the metric's last one, or nothing was published before it.
    """
    need_author(context)
    former = context.session.get(MetricPublication, publication_id)
    if former is None:
        raise NotFound(
            Message(
                "There is no publication number {number}. `tiffin metrics drafts --all` lists them.",
                number=publication_id,
            )
        )
    last = publications(context, former.metric)[0]
    if last.publication_id != publication_id:
        raise Conflict(f"{former.metric} was published again since, as number {last.number}. Take that one back first.")
    if not former.former_text:
        raise Conflict(
            f"Nothing was published of {former.metric} before, and others may rest on it now. Deprecate it instead."
        )
    present = published_plain(context.workspace, former.metric)
    restored = numbered(
        read_text(former.former_text).plain | {"since": context.now.date()}, present, today=context.now.date()
    )
    found = _publication(context, former.metric, takes_back=former)
    _refuse_faulty(context, text_of(former.metric, restored), with_standards=False)
    _write(context, found, restored)
    audit.record(
        context,
        action="metric_publication_taken_back",
        subject=former.metric,
        details={"publication": publication_id, "comment": comment[:1000]},
    )
    return _told(found)


def publications(context: Context, metric: str | None = None) -> tuple[Publication, ...]:
    """List publications, newest first."""
    need_reader(context)
    wanted = select(MetricPublication).order_by(MetricPublication.publication_id.desc())
    if metric is not None:
        wanted = wanted.where(MetricPublication.metric == metric)
    return tuple(_told(row) for row in context.session.scalars(wanted))


def broken_locks(context: Context) -> tuple[str, ...]:
    """Tell which published versions no longer say what they said when they were published."""
    found = []
    for row in context.session.scalars(select(MetricPublication).order_by(MetricPublication.publication_id)):
        plain = published_plain(context.workspace, row.metric)
        now = formula_digests(plain).get(row.version) if plain else None
        if now == row.formula_sha256:
            continue
        what = "is gone" if now is None else "computes something else now"
        found.append(
            f"{row.metric}, version {row.version}, published on {row.published_at:%Y-%m-%d} by {row.published_by}, "
            f"{what}: a published version never changes. Put its text back, and write a new version."
        )
    return tuple(dict.fromkeys(found))


def _publication(
    context: Context, metric: str, *, draft: MetricDraft | None = None, takes_back: MetricPublication | None = None
) -> MetricPublication:
    """Take the metric's next number; whoever publishes at the same moment waits here, and is then refused."""
    last = context.session.scalar(select(func.max(MetricPublication.number)).where(MetricPublication.metric == metric))
    row = MetricPublication(
        metric=metric,
        number=(last or 0) + 1,
        version=0,
        since=context.now.date(),
        formula_sha256="",
        text="",
        former_text="",
        draft_id=draft.draft_id if draft is not None else None,
        authors=list(draft.authors) if draft is not None else [context.actor.name],
        published_at=context.now,
        published_by=context.actor.name,
        takes_back=takes_back.publication_id if takes_back is not None else None,
    )
    context.session.add(row)
    try:
        context.session.flush()
    except IntegrityError as error:
        raise Conflict(
            Message(
                "Somebody else published {metric} at this moment. Look at what changed, and try again.", metric=metric
            )
        ) from error
    return row


def _refuse_moved(context: Context, row: MetricDraft) -> None:
    if _digest(row.base_text) != _published_digest(context, row.metric):
        raise Conflict(
            Message(
                "Something else was published of {metric} since this draft began. Its page shows the three texts side "
                "by side: put the draft upon what is published now, and submit it again.",
                metric=row.metric,
            )
        )


def _refuse_faulty(context: Context, text: str, *, with_standards: bool = True) -> None:
    checked = check_text(context, text)
    problems = [problem.message for problem in checked.problems]
    problems += [f"its worked example: {why}" for why in checked.example_failures]
    if with_standards and checked.metric is not None and checked.metric.tier == "certified":
        problems += [finding.message for finding in publication_findings(context, checked)]
    if problems:
        raise FailedCheck(f"It cannot be published so: {' '.join(map(_sentence, problems))}")


def _sentence(message: str) -> str:
    return f"{message[:1].upper()}{message[1:]}"


def _write(context: Context, row: MetricPublication, plain: dict[str, Any]) -> None:
    file = _file(context.workspace, row.metric)
    former = published_plain(context.workspace, row.metric)
    row.former_text = text_of(row.metric, former) if former is not None else ""
    row.text = text_of(row.metric, plain)
    row.version, row.since = int(plain["version"]), plain["since"]
    row.formula_sha256 = formula_digests(plain)[row.version]
    remember_translations(context, row.metric, former, plain)
    # The file is written before the unit ends, and put back should the unit fail: they stand or fall together.
    put_file(context, file, row.text, noticed=partial(notice, context.workspace))
    context.session.flush()


def _file(workspace: Workspace, metric: str) -> Path:
    """Give the file of a metric; one that holds other definitions too is not ours to rewrite."""
    folder = workspace.overlay("metrics")
    for path in sorted(folder.rglob("*.yaml")):
        content = without_lines(read_yaml(path))
        held = (content.get("metrics") or {}) if isinstance(content, dict) else {}
        if metric not in held:
            continue
        if len(held) > 1 or set(content) != {"metrics"}:
            raise Conflict(
                f"{metric} is defined in {path} together with other things, which publishing would have to rewrite. "
                f"Move it to a file of its own, {folder / f'{metric}.yaml'}, and try again."
            )
        return path
    return folder / f"{metric}.yaml"


def _base(row: MetricDraft) -> dict[str, Any] | None:
    return read_text(row.base_text).plain if row.base_text else None


def _digest(base_text: str) -> str:
    return digest_of(read_text(base_text).plain) if base_text else ""


def _published_digest(context: Context, metric: str) -> str:
    plain = published_plain(context.workspace, metric)
    return digest_of(plain) if plain is not None else ""


def _told(row: MetricPublication) -> Publication:
    return Publication(
        row.publication_id,
        row.metric,
        row.number,
        row.version,
        row.since,
        row.text,
        tuple(row.authors),
        row.published_at,
        row.published_by,
        row.takes_back,
    )
