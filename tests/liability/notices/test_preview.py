"""Every notice in every language, for those who answer for the wording: as page and as command."""

import json
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.liability.domain.notice_kinds import NOTICE_KINDS
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.service.notice_preview import list_kinds, preview, previews
from tiffin.cli import main
from tiffin.kernel.errors import Forbidden, NotFound
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import RIDER_LOCALES
from tiffin.runtime.workspace import Workspace


@pytest.mark.parametrize("kind", sorted(NOTICE_KINDS))
def test_each_notice_is_previewed_in_each_language_to_each_party(context: Context, kind: str) -> None:
    for party in (Party.RIDER, Party.MERCHANT, Party.CUSTOMER):
        shown = previews(context, kind, country="SA", party=party)

        assert [one.locale for one in shown] == [*RIDER_LOCALES]
        assert all("{" not in f"{one.title}{one.body}" for one in shown)


def test_all_kinds_are_in_all_languages(context: Context) -> None:
    assert {one.languages for one in list_kinds(context)} == {RIDER_LOCALES}


def test_whoever_was_granted_nothing_reads_no_texts(context: Context) -> None:
    with pytest.raises(Forbidden):
        list_kinds(replace(context, actor=replace(context.actor, grants=())))


def test_another_language_is_refused(context: Context) -> None:
    with pytest.raises(NotFound):
        preview(context, "verdict", country="SA", party=Party.RIDER, locale="fr")


def test_the_page_shows_them_side_by_side(bare_workspace: Workspace) -> None:
    with open_context(bare_workspace.root) as context:
        link = access.make_sign_in_link(context, context.actor.name)
    client = TestClient(create_app(bare_workspace.root), follow_redirects=True)
    client.get(f"/sign-in/{link}")

    shown = client.get("/liability/notices?kind=appeal_upheld&country=HK")

    assert shown.status_code == 200
    assert "Nothing is missing in the texts of notices." in shown.text
    assert shown.text.count('<article class="card"') == len(RIDER_LOCALES)


def test_the_commands_list_show_and_check(bare_workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    def said(*words: str) -> dict[str, object]:
        assert main(["liability", "notices", *words, "--workspace", str(bare_workspace.root), "--json"]) == 0
        found: dict[str, object] = json.loads(capsys.readouterr().out)
        return found

    assert len(said("list")["kinds"]) == len(NOTICE_KINDS)
    assert said("show", "points_expired", "--language", "ar")["notice"]["title"].startswith("سقطت")
    assert said("check") == {"missing": []}
