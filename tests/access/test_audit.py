"""Who may look into the audit trail, what is found there, and what an auditor carries away."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from tiffin.app import create_app
from tiffin.capabilities.access import service
from tiffin.capabilities.access.domain.accounts import Limits
from tiffin.capabilities.access.domain.auditing import AuditSearch, ExportKind
from tiffin.capabilities.access.service import auditing, tokens
from tiffin.cli import main
from tiffin.kernel.errors import Forbidden, InvalidData, NotFound
from tiffin.runtime import audit
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.database import engine_for
from tiffin.runtime.workspace import Workspace

Acting = Callable[..., AbstractContextManager[Context]]
TERMS = service.Terms("yearly audit")
DAY = date(2026, 2, 20)


@pytest.fixture
def huda(acting: Acting) -> str:
    """Add an auditor of all countries."""
    with acting() as context:
        service.add_account(context, "huda", locale="ar")
        service.grant(context, "huda", Role.AUDITOR, countries=["*"], terms=TERMS)
    return "huda"


@pytest.fixture
def told(acting: Acting, huda: str, now: datetime) -> None:
    """Put some acts of three days on the trail."""
    with acting(now=now - timedelta(days=1)) as context:
        audit.record(context, action="facts_loaded", subject="orders", details={"file": "طلبات 100%.csv"}, actor="omar")
    with acting() as context:
        audit.record_read(context, action="rows_exported", subject="late_share", details={"rows": 12})
        audit.record(context, action="role_granted", subject="omar_k", actor=huda)


@pytest.fixture
def browser(workspace: Workspace, acting: Acting, huda: str) -> Iterator[TestClient]:
    """The auditor's browser."""
    with acting(now=None) as context:
        service.grant(context, huda, Role.AUDITOR, countries=["*"], terms=TERMS)
        link = service.make_sign_in_link(context, huda)
    with TestClient(create_app(workspace), follow_redirects=False) as client:
        client.get(f"/sign-in/{link}")
        yield client


def tamper(workspace: Workspace) -> None:
    with engine_for(workspace.database_url).begin() as connection:
        connection.execute(text("drop trigger audit_entries_stay_update"))
        connection.execute(text("update audit_entries set actor = 'eve' where entry_id = 2"))


def cut_off(workspace: Workspace) -> None:
    with engine_for(workspace.database_url).begin() as connection:
        connection.execute(text("drop trigger audit_entries_stay_delete"))
        connection.execute(text("drop trigger audit_head_stays"))
        connection.execute(text("delete from audit_entries"))
        connection.execute(text("delete from audit_head"))


def subjects(context: Context, **search: Any) -> list[str]:
    return [entry.subject for entry in auditing.search_audit(context, AuditSearch(**search))]


def test_an_auditor_reads_and_verifies_the_trail_and_does_nothing_else(acting: Acting, huda: str, nora: str) -> None:
    with acting(user=huda) as context:
        assert auditing.search_audit(context, AuditSearch(actor="root")) is not None
        assert auditing.verify_audit(context).is_whole
        assert context.actor.grants[0].opened == ()
    acts: tuple[Callable[[Context], object], ...] = (
        service.list_accounts,
        lambda context: service.add_account(context, "eve"),
        lambda context: service.grant(context, huda, Role.ADMIN, countries=["*"], terms=TERMS),
        lambda context: service.set_password(context, nora, "correct horse battery"),
        lambda context: tokens.revoke_token(context, 1),
    )
    for act in acts:
        with pytest.raises((Forbidden, NotFound)), acting(user=huda) as context:
            act(context)


def test_nobody_else_and_no_auditor_of_one_country_sees_the_trail(acting: Acting, nora: str) -> None:
    with acting() as context:
        service.add_account(context, "omar")
        service.grant(context, "omar", Role.AUDITOR, countries=["SA"], terms=TERMS)
    looks: tuple[Callable[[Context], object], ...] = (
        lambda context: auditing.search_audit(context, AuditSearch()),
        lambda context: auditing.find_entry(context, 1),
        lambda context: auditing.export_audit(context, AuditSearch(), ExportKind.CSV),
        auditing.verify_audit,
        auditing.trail_state,
    )
    for name in (nora, "omar"):
        for look in looks:
            with pytest.raises(Forbidden, match="neither auditor"), acting(user=name) as context:
                look(context)


def test_the_role_of_auditor_opens_no_guarded_columns(acting: Acting, nora: str) -> None:
    limits = Limits(opens=("personal",))

    with pytest.raises(InvalidData, match="opens no guarded"), acting() as context:
        service.grant(context, nora, Role.AUDITOR, countries=["*"], limits=limits, terms=TERMS)


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("search", "found"),
    [
        ({"actor": "omar"}, ["orders"]),
        ({"action": "rows_exported"}, ["late_share"]),
        ({"subject": "LATE"}, ["late_share"]),
        ({"subject": "_", "action": "role_granted"}, ["omar_k"]),
        ({"outcome": "read", "subject": "late"}, ["late_share"]),
        ({"until": DAY - timedelta(days=1)}, ["orders"]),
        ({"since": DAY, "until": DAY, "action": "facts_loaded"}, []),
        ({"text": "طلبات"}, ["orders"]),
        ({"text": "100%"}, ["orders"]),
        ({"text": "1%0"}, []),
        ({"text": "omar", "outcome": "done", "until": DAY - timedelta(days=1)}, ["orders"]),
        ({"actor": "nobody-at-all"}, []),
    ],
)
def test_entries_are_found_by_what_is_known_of_them(acting: Acting, search: dict, found: list[str]) -> None:
    with acting() as context:
        assert subjects(context, **search) == found


@pytest.mark.usefixtures("told")
def test_pages_follow_each_other_without_a_gap(acting: Acting, monkeypatch: pytest.MonkeyPatch) -> None:
    with acting() as context:
        numbers = [entry.entry_id for entry in auditing.search_audit(context, AuditSearch())]
    monkeypatch.setattr(auditing, "PAGE_SIZE", 2)
    paged, before = list[int](), numbers[0] + 1
    while True:
        with acting() as context:
            found = auditing.search_audit(context, AuditSearch(before=before))
        if not found:
            break
        paged += [entry.entry_id for entry in found]
        before = paged[-1]

    assert paged == numbers


def test_looking_verifying_and_exporting_are_on_the_trail(acting: Acting, huda: str) -> None:
    with acting(user=huda) as context:
        auditing.search_audit(context, AuditSearch(actor="nora", text="x"))
    with acting(user=huda) as context:
        auditing.verify_audit(context)
    with acting(user=huda) as context:
        auditing.export_audit(context, AuditSearch(), ExportKind.JSONL)
    with acting(user=huda) as context:
        auditing.find_entry(context, 1)

    with acting() as context:
        done = [(one.action, one.subject, one.outcome) for one in auditing.search_audit(context, AuditSearch(huda))]
    assert done == [
        ("audit_trail_read", "entry 1", "read"),
        ("audit_trail_exported", "all", "read"),
        ("audit_trail_verified", "all", "read"),
        ("audit_trail_read", "nora", "read"),
    ]


@pytest.mark.usefixtures("told")
def test_an_exported_trail_can_be_verified_without_tiffin(acting: Acting, huda: str) -> None:
    with acting(user=huda) as context:
        taken = auditing.export_audit(context, AuditSearch(), ExportKind.JSONL)
        *lines, closing = [json.loads(line) for line in b"".join(taken.parts).decode().splitlines()]

    digest = "0" * 64
    for line in lines:
        assert line["previous_digest"] == digest
        instant = line["at"].replace("T", " ").rstrip("Z")
        instant = instant if "." in instant else f"{instant}.000000"
        texts = "".join(f"{len(one.encode())}:{one}" for one in (line["subject"], json.dumps(line["details"])))
        whole = hashlib.sha256(f"{line['salt']}\n{texts}".encode()).hexdigest()
        values = [instant, *(line[name] for name in ("actor_code", "action", "outcome")), whole, line["pieces"]]
        told = "".join(f"{len(value.encode())}:{value}" for value in values)
        digest = hashlib.sha256(f"{digest}\n{line['entry_id']}\n{told}".encode()).hexdigest()
        assert line["digest"] == digest
    assert closing["anchor"] == taken.anchor.text == f"{len(lines)}:{digest}"
    assert taken.name == f"audit-{len(lines)}-{digest[:12]}.jsonl"


@pytest.mark.usefixtures("told")
def test_a_table_for_a_spreadsheet_holds_what_was_looked_for_and_no_formulas(acting: Acting) -> None:
    with acting() as context:
        audit.record(context, action="question_saved", subject="=1+1")
    with acting() as context:
        taken = auditing.export_audit(context, AuditSearch(action="question_saved"), ExportKind.CSV)
        head, *rows = csv.reader(io.StringIO(b"".join(taken.parts).decode()))

    assert "-part.csv" in taken.name
    assert head[:6] == ["entry_id", "at", "actor", "action", "subject", "outcome"]
    assert [row[4] for row in rows] == ["'=1+1"]


def test_the_command_verifies_against_an_anchor_and_fails_on_a_trail_that_was_tampered_with(
    workspace: Workspace, acting: Acting, huda: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with acting(now=None) as context:
        service.grant(context, huda, Role.AUDITOR, countries=["*"], terms=TERMS)

    def run(*words: str) -> tuple[int, str, str]:
        code = main(["audit", *words, "--workspace", str(workspace.root)])
        said = capsys.readouterr()
        return code, said.out, said.err

    code, out, _ = run("export", str(tmp_path), "--json", "--user", "huda")
    anchor = json.loads(out)["anchor"]
    assert (code, Path(json.loads(out)["file"]).is_file()) == (0, True)
    assert run("verify", "--anchor", anchor)[0] == 0
    assert json.loads(run("verify", "--json")[1])["is_whole"] is True
    assert "audit_trail_verified" in run("search", "VERIFIED")[1]
    assert run("search", "--since", "yesterday")[0] == 2
    assert run("verify", "--anchor", "7")[0] == 2

    tamper(workspace)
    code, out, err = run("verify")
    assert code == 1
    assert "Entry 2 was edited" in out
    assert "not as it was written" in err
    told = json.loads(run("verify", "--json")[1])
    assert [(fault["kind"], fault["entry_id"]) for fault in told["faults"]] == [("edited", 2)]

    cut_off(workspace)
    code, out, _ = run("verify", "--anchor", anchor)
    assert code == 1
    assert anchor in out


def test_the_page_searches_tells_the_chains_state_and_shows_an_entry(browser: TestClient) -> None:
    shown = browser.get("/access/audit", params={"action": "role_granted"})
    number = re.search(r'href="/access/audit/(\d+)"', shown.text)
    assert number
    entry = browser.get(f"/access/audit/{number[1]}")

    assert shown.status_code == entry.status_code == 200
    assert "Nobody has verified the chain yet" in shown.text
    assert "yearly audit" in entry.text
    assert "Digest of this entry" in entry.text
    assert browser.get("/access/audit/9999").status_code == 404
    assert browser.get("/access/audit?since=never&outcome=odd").status_code == 200
    assert browser.get("/access/accounts").status_code == 403
    assert 'href="/access/accounts"' not in shown.text


def test_the_button_verifies_and_tells_what_is_wrong_in_the_readers_language(
    browser: TestClient, workspace: Workspace
) -> None:
    whole = browser.post("/access/audit/verify", data={"anchor": ""})
    tamper(workspace)
    broken = browser.post("/access/audit/verify", data={"anchor": ""})
    again = browser.get("/access/audit")
    odd = browser.post("/access/audit/verify", data={"anchor": "7"})
    browser.cookies.set("tiffin_locale", "ar")
    arabic = browser.post("/access/audit/verify", data={"anchor": ""})

    assert "Verified just now" in whole.text
    assert "Entry 2 was edited" in broken.text
    assert "Faults: " in again.text
    assert "An anchor is a count" in odd.text
    assert 'dir="rtl"' in arabic.text
    assert "عُدِّل القيد" in arabic.text


def test_files_of_the_page_tell_where_the_trail_ended(browser: TestClient) -> None:
    lines = browser.get("/access/audit/export.jsonl")
    table = browser.get("/access/audit/export.csv?action=role_granted")

    anchor = lines.headers["tiffin-audit-anchor"]
    assert json.loads(lines.text.splitlines()[-1])["anchor"] == anchor
    assert anchor.partition(":")[2][:12] in lines.headers["content-disposition"]
    assert len(table.text.splitlines()) == 3
    assert browser.get("/access/audit/export.xml").status_code == 400


def test_programs_search_and_verify_over_http(browser: TestClient) -> None:
    found = browser.get("/api/access/audit", params={"subject": "huda", "action": "role_granted"}).json()["entries"]
    check = browser.post("/api/access/audit/verify").json()
    held = browser.post("/api/access/audit/verify", params={"anchor": check["anchor"]}).json()

    assert {entry["subject"] for entry in found} == {"huda"}
    assert check["is_whole"] is held["is_whole"] is True
    assert held["entries"] > check["entries"]
