"""Appeals and rows by command."""

import json
from datetime import UTC, datetime

import pytest
from tests.liability.appeals.conftest import Entering, Posting, add_account

from tiffin.cli.entry import main
from tiffin.runtime.actor import Role
from tiffin.runtime.workspace import Workspace


@pytest.mark.usefixtures("reviewers")
def test_support_lodges_and_a_reviewer_decides_by_command(
    workspace: Workspace, entering: Entering, posted: Posting, capsys: pytest.CaptureFixture[str]
) -> None:
    verdict = posted(decided_at=datetime.now(UTC))
    with entering("admin", Role.ADMIN) as context:
        add_account(context, "sara", Role.SUPPORT)

    def run(user: str, *arguments: str) -> tuple[int, str]:
        code = main(["liability", *arguments, "--workspace", str(workspace.root), "--user", user])
        return code, capsys.readouterr().out

    lodged = run("sara", "appeals", "lodge", verdict.verdict_id, "He waited.", "--party", "rider", "--json")
    case_id = str(json.loads(lodged[1])["appeal"]["case_id"])
    assert run("sara", "appeals", "act", case_id, "no_more_evidence")[0] == 0
    assert run("sara", "appeals", "act", case_id, "take_appeal")[0] == 5
    assert run("rita", "appeals", "act", case_id, "take_appeal")[0] == 0
    assert run("rita", "appeals", "act", case_id, "overturn", "--say", "nonsense")[0] == 2
    assert run("rita", "appeals", "act", case_id, "overturn", "--say", "reason=The trail shows it.")[0] == 0
    assert json.loads(run("rita", "appeals", "show", case_id, "--json")[1])["appeal"]["outcome"] == "overturned"
    assert json.loads(run("rita", "appeals", "list", "--closed", "--json")[1])["appeals"][0]["state"] == "overturned"
    assert run("rita", "appeals", "list")[0] == 0
    (row,) = json.loads(run("rita", "rows", "list", "--json")[1])["rows"]
    assert (row["row"], row["appeals"], row["failed"]) == ("late.rider", 1, 1)
    assert run("rita", "rows", "list")[0] == 0
    assert run("rita", "rows", "act", "999", "restore")[0] == 4
    assert json.loads(run("rita", "rows", "mended", "--json")[1]) == {"mended": []}
