"""Every kind of file is looked into; commands and pages of personal data open to officers alone."""

import gzip
import json
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pyarrow as pa
import pytest
from fastapi.testclient import TestClient
from pyarrow import parquet

from tiffin.app import create_app
from tiffin.capabilities.access import service
from tiffin.capabilities.access.domain.people_traces import Sought, cleaned_words, marks_of
from tiffin.capabilities.access.service.people_files import traces_in
from tiffin.cli import main
from tiffin.kernel.errors import WrongUse
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

WORDS = ("rider-77", "أحمد سالم", "王小明", "+966 50 123 4567")


def mail(folder: Path) -> Path:
    message = EmailMessage()
    message["Subject"] = "أحمد سالم"
    message.set_content("مرحبا أحمد سالم")
    path = folder / "m.eml"
    path.write_bytes(message.as_bytes())
    return path


def packed(folder: Path) -> Path:
    path = folder / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet.xml", "<c>王小明</c>" * 50)
    return path


def zipped(folder: Path) -> Path:
    path = folder / "log.gz"
    path.write_bytes(gzip.compress(b"x" * 5_000_000 + b' {"r": "rider-77"}'))
    return path


def columns(folder: Path) -> Path:
    path = folder / "p.parquet"
    nested = [{"who": ["rider-77"]}, {"who": ["rider-771"]}]
    parquet.write_table(pa.table({"n": nested, "lat": [24.71987, 1.0]}), path, compression="zstd")
    return path


def raw(folder: Path) -> Path:
    path = folder / "b.bin"
    path.write_bytes(b"\0\1xyz" + "王小明".encode("utf-16-le") + b"nora+9665012345670")
    return path


@pytest.mark.parametrize("make", [mail, packed, zipped, columns, raw])
def test_a_person_is_found_in_every_kind_of_file(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    path = make(tmp_path)

    assert traces_in(path, tmp_path, Sought(cleaned_words(WORDS)))
    assert not traces_in(path, tmp_path, Sought(cleaned_words(["rider-7", "nobody at all"])))


def test_a_number_is_found_among_numbers(tmp_path: Path) -> None:
    (found,) = traces_in(columns(tmp_path), tmp_path, Sought(("24.71987",)))

    assert (found.within, found.count) == ("lat", 1)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("saw rider-77.", "saw e-1."),
        ("rider-771 and xrider-77", "rider-771 and xrider-77"),
        ("?rows=rider_id%3Drider-77&a", "?rows=rider_id%3De-1&a"),
        ("لأحمد سالم", "لe-1-2"),
        ("客户王小明投诉", "客户e-1-3投诉"),
        ("call +966501234567", "call e-1-4"),
        (json.dumps("أحمد سالم"), '"e-1-2"'),
        (r'"\nrider-77"', r'"\ne-1"'),
    ],
)
def test_words_are_found_as_words_however_they_are_written(text: str, left: str) -> None:
    sought = Sought(cleaned_words(WORDS))

    assert sought.without(text, marks_of(sought.words, "e-1")) == left


@pytest.mark.parametrize("words", [[], ["ab"], ["  "]])
def test_words_that_stand_everywhere_are_refused(words: list[str]) -> None:
    with pytest.raises(WrongUse):
        cleaned_words(words)


@pytest.fixture
def root(workspace: Workspace) -> Path:
    with open_context(workspace.root) as context:
        for name in ("ana", "ben"):
            service.add_account(context, name)
            service.grant(context, name, Role.PRIVACY_OFFICER, countries=["*"], terms=service.Terms("tests"))
        service.add_account(context, "vic")
        service.grant(context, "vic", Role.STEWARD, countries=["*"], terms=service.Terms("tests"))
    (workspace.state / "note.txt").write_text("about rider-77", encoding="utf-8")
    return workspace.root


def run(capsys: pytest.CaptureFixture[str], root: Path, user: str, *arguments: str) -> tuple[int, str]:
    code = main(["people", *arguments, "--workspace", str(root), "--user", user, "--json"])
    return code, capsys.readouterr().out


def test_the_commands_find_ask_approve_and_look_through(
    capsys: pytest.CaptureFixture[str], root: Path, tmp_path: Path
) -> None:
    assert run(capsys, root, "vic", "find", "rider", "rider-77")[0] == 5
    assert run(capsys, root, "ana", "scan", "rider-77")[0] == 1
    code, told = run(capsys, root, "ana", "find", "rider", "rider-77")
    assert (code, json.loads(told)["is_forgotten"]) == (0, False)
    assert run(capsys, root, "ana", "export", "rider", "rider-77", str(root / "x.zip"))[0] == 2
    assert run(capsys, root, "ana", "export", "rider", "rider-77", str(tmp_path / "x.zip"))[0] == 0
    assert zipfile.is_zipfile(tmp_path / "x.zip")
    assert run(capsys, root, "ana", "ask-erasure", "rider", "rider-77", "--reason", "Own wish")[0] == 0
    assert run(capsys, root, "ana", "approve-erasure", "1")[0] == 5
    code, told = run(capsys, root, "ben", "texts", "1")
    assert (code, json.loads(told)) == (0, {"texts": [], "count": 0, "rows": 0})

    code, told = run(capsys, root, "ben", "approve-erasure", "1")

    assert (code, json.loads(told)["erasure"]["state"]) == (0, "erased")
    assert run(capsys, root, "ana", "scan", "rider-77")[0] == 0
    code, told = run(capsys, root, "ana", "erasures")
    assert [one["state"] for one in json.loads(told)["erasures"]] == ["erased"]


def test_the_pages_open_to_officers_alone_and_a_refusal_says_why(root: Path) -> None:
    app = create_app(root)

    def browser(name: str) -> TestClient:
        client = TestClient(app, follow_redirects=True)
        with open_context(root) as context:
            link = service.make_sign_in_link(context, name)
        client.get(f"/sign-in/{link}")
        return client

    steward, ana, ben = browser("vic"), browser("ana"), browser("ben")
    whom = {"kind": "rider", "identifier": "rider-77"}
    erasure = "/access/people/erasures/1"
    for path in ("/access/people", erasure, f"{erasure}/certificate.json", f"{erasure}/texts"):
        assert steward.get(path).status_code == 403
    for path in ("/access/people", "/access/people/export"):
        assert steward.post(path, data=whom).status_code == 403
    assert ana.post("/access/people", data={**whom, "identifier": "r"}).status_code == 400
    assert ana.post("/access/people/erasures", data={**whom, "also": "ben", "reason": "Law"}).status_code == 409
    made = ana.post("/access/people/erasures", data={**whom, "reason": "Law"})
    assert "rider-77" not in str(made.url)
    assert ana.post(made.url.path, data={"decision": "approve"}).status_code == 403
    assert ben.post(made.url.path, data={"decision": "refuse"}).status_code == 400

    assert "rider-77" not in ben.get(f"{made.url.path}/texts").text
    assert ben.post(made.url.path, data={"decision": "approve", "left_out": ["x"]}).status_code == 400

    done = ben.post(made.url.path, data={"decision": "approve"})

    assert done.status_code == 200
    certificate = ben.get(f"{made.url.path}/certificate.json")
    assert certificate.json()["state"] == "erased"
    assert "rider-77" not in certificate.text + ben.get(made.url.path).text
    export = ana.post("/access/people/export", data=whom)
    assert (export.headers["cache-control"], export.headers["content-type"]) == ("no-store", "application/zip")
