"""Evidence of cases: files and texts kept by digest, sealed for their person, redacted, and deleted in the end."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select

from tiffin.capabilities.cases.domain.media import media_type_of
from tiffin.capabilities.cases.models import CaseEvidence, CaseRecord
from tiffin.capabilities.cases.service import act_common
from tiffin.engines.cases.declaration import ATTACH, REDACT
from tiffin.kernel.errors import InvalidData, InvalidDefinition, NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context
from tiffin.runtime.dated import Entry, entries_of, in_force
from tiffin.runtime.people_keys import add_keys, key_of
from tiffin.runtime.workspace import Workspace

SHIPPED = Path(__file__).resolve().parents[1] / "evidence.yaml"
EVERYWHERE = "*"
NONCE_BYTES, TITLE_LETTERS = 12, 200
LONGEST_DAYS = 3660


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file of a case as readers see it.

    Parameters
    ----------
    size : int
        Bytes.
    is_redacted : bool
        A redacted copy stands in its place; the original is shown only for a reason.
    is_gone : bool
        The file was deleted at the end of its time, or can be opened no more since its person was erased.
    """

    evidence_id: int
    case_id: int
    digest: str
    media_type: str
    size: int
    title: str
    added_at: datetime
    added_by: str
    keep_until: datetime
    is_redacted: bool = False
    is_gone: bool = False


def attach(context: Context, case_id: int, content: bytes, title: str, *, person: str | None = None) -> Evidence:
    """Add a file or a text to a case that the caller found the actor may add to.

    Parameters
    ----------
    person : str or None
        Pseudonym of whom it shows or tells: it is sealed under a key of his, and lost when he is erased.

    Raises
    ------
    NotFound
        There is no such case.
    WrongUse
        The file is empty, too large, or of a sort that is not taken.
    """
    record = _case(context, case_id)
    row = _stored(context, record, content, title, person)
    said = {"evidence": row.evidence_id, "digest": {"hidden": row.digest}, "title": row.title}
    act_common(context, record, ATTACH, said)
    audit.record(context, action="evidence_added", subject=str(row.evidence_id), details={"case": case_id})
    return _shown(row)


def redact(context: Context, evidence_id: int, content: bytes, reason: str) -> Evidence:
    """Put a copy without what readers must not see in the place of a file; the original stays, and is not shown.

    Raises
    ------
    NotFound
        There is no such evidence.
    WrongUse
        There is no reason, or the copy is no file that is taken.
    """
    if not reason.strip():
        raise WrongUse(Message("A redaction needs a reason. Say it and try again."))
    row = _row(context, evidence_id)
    record = _case(context, row.case_id)
    copy = _stored(context, record, content, row.title, row.person)
    row.redacted_by = copy.evidence_id
    context.session.flush()
    chained = {"by": {"hidden": copy.evidence_id}, "digest": {"hidden": copy.digest}}
    said = {"evidence": evidence_id, **chained, "reason": reason.strip()}
    act_common(context, record, REDACT, said)
    audit.record(context, action="evidence_redacted", subject=str(evidence_id), details={"case": row.case_id})
    return _shown(copy)


def evidence_of(context: Context, case_id: int) -> tuple[Evidence, ...]:
    """List the files of a case as readers see them: of a redacted one what stands in its place, the oldest first."""
    wanted = select(CaseEvidence).where(CaseEvidence.case_id == case_id).order_by(CaseEvidence.evidence_id)
    rows = context.session.scalars(wanted).all()
    copies = {row.redacted_by for row in rows if row.redacted_by}
    return tuple(_shown(row) for row in rows if row.evidence_id not in copies)


def case_of(context: Context, evidence_id: int) -> int:
    """Give the case to which evidence belongs.

    Raises
    ------
    NotFound
        There is no such evidence.
    """
    return _row(context, evidence_id).case_id


def read(context: Context, evidence_id: int, *, reason: str = "") -> tuple[Evidence, bytes]:
    """Give a file to a reader, and note that he read it; of a redacted one the copy, and for a reason the original.

    Raises
    ------
    NotFound
        There is no such evidence, or it is gone.
    InvalidData
        The file is not the one that was added.
    """
    row = _row(context, evidence_id)
    is_original = bool(reason.strip())
    while row.redacted_by and not is_original:
        row = _row(context, row.redacted_by)
    content = _opened(context, row)
    details = {"case": row.case_id, "digest": row.digest, "reason": reason.strip() or None}
    audit.record_read(context, action="evidence_read", subject=str(row.evidence_id), details=details)
    return _shown(row), content


def delete_expired(context: Context) -> int:
    """Delete the files whose time has ended; count them. Digests and the log stay."""
    wanted = select(CaseEvidence).where(CaseEvidence.keep_until <= context.now, CaseEvidence.gone_at.is_(None))
    rows = context.session.scalars(wanted).all()
    for row in rows:
        row.gone_at = context.now
        context.session.flush()
        if not _is_used(context, row):
            _path(context.workspace, row).unlink(missing_ok=True)
        audit.record(context, action="evidence_deleted", subject=str(row.evidence_id), details={"case": row.case_id})
    return len(rows)


def _stored(context: Context, record: CaseRecord, content: bytes, title: str, person: str | None) -> CaseEvidence:
    row = CaseEvidence(
        case_id=record.case_id,
        digest=sha256(content).hexdigest(),
        media_type=media_type_of(content),
        size=len(content),
        title=" ".join(title.split())[:TITLE_LETTERS] or "-",
        person=person,
        added_at=context.now,
        added_by=context.actor.name,
        keep_until=context.now + timedelta(days=_days_kept(context.workspace, record.country, context.now.date())),
    )
    path = _path(context.workspace, row)
    path.parent.mkdir(parents=True, exist_ok=True)
    # By digest and person: whoever dies between file and row leaves a file that the next one writes again.
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.write_bytes(_sealed(context, content, row))
    unfinished.replace(path)
    context.session.add(row)
    context.session.flush()
    return row


def _sealed(context: Context, content: bytes, row: CaseEvidence) -> bytes:
    if row.person is None:
        return content
    add_keys(context.unit, [row.person])
    key = key_of(context.unit, row.person)
    if key is None:
        raise NotFound(Message("This person was erased, so that nothing can be kept of him."))
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, row.digest.encode())


def _opened(context: Context, row: CaseEvidence) -> bytes:
    path, key = _path(context.workspace, row), key_of(context.unit, row.person) if row.person else None
    if row.gone_at is not None or not path.is_file() or (row.person and key is None):
        raise NotFound(Message("This file is gone: its time has ended, or its person was erased."))
    content = path.read_bytes()
    try:
        plain = (
            AESGCM(key).decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], row.digest.encode()) if key else content
        )
    except InvalidTag:
        plain = b""
    if sha256(plain).hexdigest() != row.digest:
        raise InvalidData(
            Message(
                "Evidence {number} is not the file that was added: its digest differs. Restore it from a backup.",
                number=row.evidence_id,
            )
        )
    return plain


def _is_used(context: Context, row: CaseEvidence) -> bool:
    """Tell whether the same file is kept for another case too."""
    same = (CaseEvidence.digest == row.digest) & CaseEvidence.gone_at.is_(None)
    others = select(CaseEvidence.evidence_id).where(same, CaseEvidence.person.is_not_distinct_from(row.person))
    return context.session.scalar(others.limit(1)) is not None


def _path(workspace: Workspace, row: CaseEvidence) -> Path:
    owner = sha256((row.person or "").encode()).hexdigest()[:16] if row.person else "plain"
    return workspace.state / "evidence" / row.digest[:2] / f"{row.digest}.{owner}"


def _row(context: Context, evidence_id: int) -> CaseEvidence:
    row = context.session.get(CaseEvidence, evidence_id)
    if row is None:
        raise NotFound(Message("There is no evidence {number} that you may see.", number=evidence_id))
    return row


def _case(context: Context, case_id: int) -> CaseRecord:
    record = context.session.get(CaseRecord, case_id)
    if record is None:
        raise NotFound(
            Message("There is no case {number}. `tiffin cases list` names those that you may see.", number=case_id)
        )
    return record


def _shown(row: CaseEvidence) -> Evidence:
    return Evidence(
        evidence_id=row.evidence_id,
        case_id=row.case_id,
        digest=row.digest,
        media_type=row.media_type,
        size=row.size,
        title=row.title,
        added_at=row.added_at,
        added_by=row.added_by,
        keep_until=row.keep_until,
        is_redacted=row.redacted_by is not None,
        is_gone=row.gone_at is not None,
    )


def _days_kept(workspace: Workspace, country: str | None, day: date) -> int:
    own = workspace.overlay("parameters") / "evidence.yaml"
    entries = entries_of(SHIPPED, own, "evidence", ("source", "days"), _kept)
    held: Mapping[str, tuple[str, int]] = in_force(entries, day, lambda one: one[0])
    return (held.get(country or EVERYWHERE) or held[EVERYWHERE])[1]


def _kept(entry: Entry) -> tuple[str, int]:
    days = entry.stated["days"]
    if not isinstance(days, int) or isinstance(days, bool) or not 0 < days <= LONGEST_DAYS:
        raise InvalidDefinition(
            Message(
                "{place}: evidence is kept for a whole number of days; found {found}.", place=entry.place, found=days
            )
        )
    return str(entry.stated.get("country", EVERYWHERE)), days
