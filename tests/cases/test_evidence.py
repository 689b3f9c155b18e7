"""Evidence of cases: kept by digest, sealed for its person, redacted, deleted in the end, and each look is told."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select, text

from tiffin.capabilities.cases import service
from tiffin.capabilities.cases.domain.case import NewCase
from tiffin.capabilities.cases.domain.media import MOST_BYTES
from tiffin.capabilities.cases.service.evidence import attach, delete_expired, evidence_of, read, redact
from tiffin.capabilities.cases.service.log_checking import check_log
from tiffin.kernel.errors import InvalidData, NotFound, WrongUse
from tiffin.runtime.context import Context
from tiffin.runtime.models import AuditEntry
from tiffin.runtime.people_tables import PEOPLE_KEYS
from tiffin.runtime.workspace import Workspace

PHOTO = b"\xff\xd8\xff\xe0 an open box"
RIDER = "p" * 32


@pytest.fixture
def opened(entering: Callable, an_incident: Callable[..., NewCase]) -> int:
    with entering() as context:
        return service.open_case(context, an_incident()).case_id


def test_a_file_is_kept_by_its_digest_and_each_look_is_told(
    entering: Callable, opened: int, workspace: Workspace
) -> None:
    with entering("ana") as context:
        added = attach(context, opened, PHOTO, "  The box\nfrom above ")
    with entering("ben") as context:
        found, content = read(context, added.evidence_id)
    with entering() as context:
        looks = context.session.scalars(select(AuditEntry).where(AuditEntry.action == "evidence_read")).all()
        trail = service.show_case(context, opened).trail
        assert check_log(context).faults == ()

    assert (content, found.media_type, found.title) == (PHOTO, "image/jpeg", "The box from above")
    assert [(one.actor, one.details["digest"]) for one in looks] == [("ben", sha256(PHOTO).hexdigest())]
    assert trail[-1].action == "attach"
    assert trail[-1].values["digest"] == {"hidden": added.digest}
    assert [path.read_bytes() for path in (workspace.state / "evidence").rglob("*.plain")] == [PHOTO]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"x" * (MOST_BYTES + 1), "11 megabytes"),
        (b"MZ\x90\x00 a program", "no picture"),
        (b"\xff\xfe\x00text", "no picture"),
        (b"PK\x03\x04 a folder", "no picture"),
    ],
)
def test_a_file_that_is_not_taken_is_refused_in_one_paragraph(
    entering: Callable, opened: int, content: bytes, told: str
) -> None:
    with entering() as context, pytest.raises(WrongUse, match=told) as refusal:
        attach(context, opened, content, "photo.jpg")
    assert "\n" not in str(refusal.value)


def test_readers_see_the_redacted_copy_and_the_original_only_for_a_reason(entering: Callable, opened: int) -> None:
    with entering() as context:
        added = attach(context, opened, b"Call 0501234567", "What he wrote")
        redact(context, added.evidence_id, b"Call ...", "a telephone number")
        assert read(context, added.evidence_id)[1] == b"Call ..."
        assert read(context, added.evidence_id, reason="appeal 7")[1] == b"Call 0501234567"
        [listed] = evidence_of(context, opened)
        with pytest.raises(WrongUse, match="reason"):
            redact(context, added.evidence_id, b"...", " ")
    assert listed.is_redacted


def test_what_is_of_a_person_is_sealed_and_lost_with_his_key(
    entering: Callable, opened: int, workspace: Workspace
) -> None:
    with entering() as context:
        added = attach(context, opened, PHOTO, "His bag", person=RIDER)
    files = [path.read_bytes() for path in (workspace.state / "evidence").rglob("*") if path.is_file()]
    with entering() as context:
        assert read(context, added.evidence_id)[1] == PHOTO
    assert all(b"open box" not in content for content in files)

    with entering() as context:
        context.unit.execute(PEOPLE_KEYS.delete())
    with entering() as context, pytest.raises(NotFound, match="erased"):
        read(context, added.evidence_id)


def test_a_file_that_was_exchanged_is_not_shown(entering: Callable, opened: int, workspace: Workspace) -> None:
    with entering() as context:
        added = attach(context, opened, PHOTO, "The box")
    next((workspace.state / "evidence").rglob("*.plain")).write_bytes(b"\xff\xd8\xff another box")

    with entering() as context, pytest.raises(InvalidData, match="digest differs"):
        read(context, added.evidence_id)


def test_files_are_deleted_at_the_end_of_their_time_and_their_digests_stay(
    entering: Callable, opened: int, an_incident: Callable, workspace: Workspace
) -> None:
    def keep(context: Context, number: int) -> int:
        return attach(context, number, PHOTO, "The box").evidence_id

    with entering() as context:
        first = keep(context, opened)
        kept_for = evidence_of(context, opened)[0].keep_until - context.now
        other = service.open_case(context, an_incident(key="b")).case_id
    with entering(now=context.now + timedelta(days=1)) as later:
        second = keep(later, other)
    with entering(now=context.now + kept_for) as later:
        assert delete_expired(later) == 1
        assert read(later, second)[1] == PHOTO
        with pytest.raises(NotFound, match="time has ended"):
            read(later, first)
    with entering(now=later.now + timedelta(days=1)) as later:
        assert delete_expired(later) == 1
        assert later.unit.execute(text("select count(*) from case_evidence where digest <> ''")).scalar_one() == 2
    assert not [path for path in (workspace.state / "evidence").rglob("*") if path.is_file()]
