"""Notices: whole in nine languages, in the plural forms of each, and reproduced byte for byte."""

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from tests.liability.notices.conftest import NOW, a_verdict

from tiffin.capabilities.access import service as access
from tiffin.capabilities.liability.domain.incident import IncidentType
from tiffin.capabilities.liability.domain.notice_kinds import NOTICE_KINDS
from tiffin.capabilities.liability.domain.notice_text import PLURAL, Piece, choices_in, fill
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.models.notices import Notice, NoticeText
from tiffin.capabilities.liability.service import notice_library, notices
from tiffin.capabilities.liability.service.notice_library import faults_in, needed_categories, parsed, text_on
from tiffin.capabilities.liability.service.notice_pieces import Told
from tiffin.capabilities.liability.service.notice_values import Writer, words
from tiffin.kernel.errors import InvalidData, NotFound
from tiffin.runtime.actor import Party as PartyAccount
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import RIDER_LOCALES, plural_category
from tiffin.runtime.workspace import Workspace

COUNTS = (0, 1, 2, 3, 11, 100)
DAY = date(2026, 2, 21)
UNTIL = NOW + timedelta(days=14)
WHAT = """What happened: an order came late, Friday, February 20, 2026 (3 Ramadan 1447 AH). \
The order came 34 minutes after the promised time."""
WHY = """Why: Because (en). The rule is called verdict-late / rider_late. \
It decided by itself; no person has looked at this yet."""
RIDER = PartyAccount("rider", "riyadh", "rider-one")


def test_no_text_value_plural_form_or_lock_is_missing_in_any_language() -> None:
    assert faults_in() == ()


def test_every_sort_of_incident_has_a_word_in_every_language() -> None:
    found = words()["incidents"]

    assert {*found} == {one.value for one in IncidentType}
    assert {code for texts in found.values() for code in texts} == {*RIDER_LOCALES}
    assert all({*texts} == {*RIDER_LOCALES} for texts in found.values())
    assert {code: len(names) for code, names in words()["hijri_months"].items()} == dict.fromkeys(RIDER_LOCALES, 12)


def test_translations_are_not_the_english_text() -> None:
    for kind in NOTICE_KINDS.values():
        for audience in kind.values:
            texts = notice_library.versions_of(kind.name)[0].texts[audience]
            assert len({*texts.values()}) == len(RIDER_LOCALES), kind.name


def test_a_missing_language_value_or_form_is_told(tmp_path: Path) -> None:
    folder = copytree(notice_library.SHIPPED, tmp_path / "notices")
    file = folder / "points_expired" / "2026-01-01.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("    bn: |-", "    xx: |-").replace(" few {سقطت # نقاط}", "").replace("{order}", "{other}", 1)
    )

    told = "\n".join(faults_in(folder))

    assert "party, bn: there is no text" in told
    assert "no form for few" in told
    assert "the value order is missing" in told
    assert "was changed since" in told


@pytest.mark.parametrize("locale", RIDER_LOCALES)
def test_each_plural_form_of_each_text_is_reached_by_some_count(locale: str) -> None:
    reached = {plural_category(count, locale) for count in COUNTS}
    for kind in NOTICE_KINDS.values():
        for audience in kind.values:
            parts = parsed(notice_library.versions_of(kind.name)[0].texts[audience][locale])
            for choice in choices_in(parts):
                if choice.kind == PLURAL:
                    assert needed_categories(locale) - {"zero", "other"} <= {*choice.branches}
    assert needed_categories(locale) == reached


def pieces_of(kind: str, locale: str, count: int, audience: str = "party") -> Mapping[str, Piece]:
    write = Writer(locale, "SA", "Asia/Riyadh")
    variants = {"decided": Piece("policy"), "recovery": Piece("some"), "reason": Piece("SLA?", is_prose=True)}
    counted = ("points", "balance", "late", "days", "hours", "appeal_days")
    numbers = {name: write.number(count) for name in counted}
    names = NOTICE_KINDS[kind].values[audience]
    return {name: (variants | numbers).get(name, Piece(f"<{name}>")) for name in names}


@pytest.mark.parametrize("locale", ["ar", "ur"])
def test_beside_right_to_left_script_every_value_stands_between_isolates(locale: str) -> None:
    for kind in NOTICE_KINDS:
        text = text_on(kind, DAY, "rider", locale)
        said = notices.rendered(text, pieces_of(kind, locale, 11))

        assert said.count("\u2068") + said.count("\u2067") == said.count("\u2069")
        for name in ("order", "money", "until"):
            assert f"<{name}>" not in said.replace(f"\u2068<{name}>\u2069", "")


def saudi(number: int) -> str:
    return "".join(chr(0x660 + int(digit)) for digit in str(number))


def test_arabic_has_six_forms_of_points_and_saudi_digits() -> None:
    text = text_on("points_expired", DAY, "rider", "ar")

    titles = [notices.rendered(text, pieces_of("points_expired", "ar", count)).split("\n")[0] for count in COUNTS]

    assert titles == [
        "لم تسقط نقاط",
        "سقطت نقطة واحدة",
        "سقطت نقطتان",
        "سقطت \u2068٣\u2069 نقاط",
        f"سقطت \u2068{saudi(11)}\u2069 نقطة",
        f"سقطت \u2068{saudi(100)}\u2069 نقطة",
    ]


def test_days_bear_the_hijri_date_in_the_kingdom_alone() -> None:
    kingdom, emirates = Writer("ar", "SA", "Asia/Riyadh"), Writer("ar", "AE", "Asia/Dubai")

    assert kingdom.day(DAY).text == "السبت، ٢١ فبراير ٢٠٢٦ (٤ رمضان ١٤٤٧ هـ)"
    assert emirates.day(DAY).text == "السبت، 21 فبراير 2026"
    assert Writer("bn", "SA", "Asia/Riyadh").day(DAY).text.endswith("রমজান ১৪৪৭ হিজরি)")


def test_moments_are_told_by_the_clock_of_the_place() -> None:
    at = datetime(2026, 2, 20, 22, 30, tzinfo=UTC)

    assert Writer("en", "AE", "Asia/Dubai").moment(at).text == "Saturday, 21 February 2026, 02:30"


@pytest.mark.parametrize("locale", RIDER_LOCALES)
@pytest.mark.parametrize("kind", sorted(NOTICE_KINDS))
def test_every_notice_is_sent_and_reproduced_in_every_language(shopless: Workspace, kind: str, locale: str) -> None:
    verdict = a_verdict(order_id=f"o-{kind}-{locale}", rider_id=f"rider-{locale}")
    with open_context(shopless.root, now=NOW) as context:
        number = notices.send(context, kind, verdict, Party.RIDER, Told(until=UNTIL, points=3, money_minor=1250))
        first = notices.text_of(context, number)
    with open_context(shopless.root, now=NOW + timedelta(days=900)) as later:
        assert notices.text_of(later, number) == first
        row = later.session.get_one(Notice, number)
        assert row.locale == locale
        assert "rider-" not in f"{first} {row.pieces}"


@pytest.fixture(scope="session")
def shopless(bare_workspace: Workspace) -> Workspace:
    """A workspace in which a rider of each language has an account."""
    with open_context(bare_workspace.root) as context:
        for locale in RIDER_LOCALES:
            access.add_party(context, PartyAccount("rider", "riyadh", f"rider-{locale}"), locale=locale)
    return bare_workspace


@settings(max_examples=40)
@given(
    kind=st.sampled_from(sorted(NOTICE_KINDS)),
    locale=st.sampled_from(RIDER_LOCALES),
    count=st.integers(0, 2000),
    texts=st.lists(st.text(st.characters(codec="utf-8"), max_size=40), min_size=3, max_size=3),
)
def test_any_values_fill_the_same_bytes_again(kind: str, locale: str, count: int, texts: list[str]) -> None:
    text = text_on(kind, DAY, "rider", locale)
    told = dict(zip(("order", "reason", "money"), texts, strict=True))
    pieces = {name: Piece(told[name]) if name in told else one for name, one in pieces_of(kind, locale, count).items()}

    first = notices.rendered(text, pieces)

    again = fill(
        parsed(text.text), {name: pieces[name] for name in reversed(pieces)}, is_right_to_left=locale in ("ar", "ur")
    )
    assert again.encode() == first.encode()


def test_the_english_statement_of_reasons_reads_so(shopless: Workspace) -> None:
    with open_context(shopless.root, now=NOW) as context:
        verdict = a_verdict(order_id="o-18", rider_id="rider-en")
        said = notices.text_of(context, notices.send(context, "verdict", verdict, Party.RIDER))

    assert said.split("\n\n")[:4] == [
        "Decision about order o-18",
        WHAT,
        WHY,
        "Your share: you bear 70% of it.",
    ]
    assert "You get 2 points." in said
    assert "you can appeal until Monday, March 23, 2026 (4 Shawwal 1447 AH), so you have 30 days" in said
    assert "a person decides who had no part in this" in said


def test_the_same_occasion_is_told_once_and_another_one_again(context: Context) -> None:
    verdict = a_verdict(order_id="o-once")

    first, second = (
        notices.send(context, "evidence_wanted", verdict, Party.RIDER, Told(until=UNTIL)) for _ in range(2)
    )
    third = notices.send(context, "evidence_wanted", verdict, Party.RIDER, Told(until=UNTIL, occasion="2"))

    assert first == second != third


def test_whoever_has_no_account_is_told_in_the_first_language_of_riders_there(context: Context) -> None:
    number = notices.send(context, "no_blame", a_verdict(order_id="o-none", rider_id="rider-none"), Party.RIDER)

    assert context.session.get_one(Notice, number).locale == "ar"


def test_nobody_is_told_where_the_facts_name_nobody(context: Context) -> None:
    with pytest.raises(NotFound, match="name no rider"):
        notices.send(context, "no_blame", a_verdict(rider_id=None), Party.RIDER)


def test_a_notice_that_speaks_of_a_time_needs_one(context: Context) -> None:
    with pytest.raises(InvalidData, match="say at which"):
        notices.send(context, "evidence_wanted", a_verdict(order_id="o-when"), Party.RIDER)


def test_a_text_that_ships_later_changes_nothing_of_what_was_sent(context: Context, tmp_path: Path) -> None:
    number = notices.send(context, "no_blame", a_verdict(order_id="o-later"), Party.RIDER)
    first = notices.text_of(context, number)
    row = context.session.get_one(Notice, number)

    folder = copytree(notice_library.SHIPPED, tmp_path / "notices")
    (folder / "no_blame" / "2026-01-01.yaml").unlink()

    assert notice_library.versions_of("no_blame", folder) == ()
    assert notices.text_of(context, number) == first
    assert context.session.get_one(NoticeText, row.version).kind == "no_blame"


def test_a_record_that_was_changed_is_not_told(shop: Workspace) -> None:
    with open_context(shop.root, now=NOW) as context:
        number = notices.send(context, "no_blame", a_verdict(), Party.RIDER)
    with open_context(shop.root) as context:
        row = context.session.get_one(Notice, number)
        row.pieces = {**row.pieces, "order": {"text": "o-99"}}
    with open_context(shop.root) as context, pytest.raises(InvalidData, match="not what was sent"):
        notices.text_of(context, number)


def test_another_process_in_another_time_zone_reproduces_the_same_bytes(shop: Workspace) -> None:
    with open_context(shop.root, now=NOW) as context:
        number = notices.send(context, "evidence_wanted", a_verdict(), Party.RIDER, Told(until=UNTIL))
        first = notices.text_of(context, number)
    program = (
        "import sys; from pathlib import Path; from tiffin.runtime.edge import open_context;"
        "from tiffin.capabilities.liability.service.notices import text_of\n"
        "with open_context(Path(sys.argv[1])) as context:\n"
        "    sys.stdout.buffer.write(text_of(context, int(sys.argv[2])).encode())"
    )

    made = subprocess.run(
        [sys.executable, "-c", program, str(shop.root), str(number)],
        check=True,
        capture_output=True,
        env={**os.environ, "TZ": "Pacific/Kiritimati", "LANG": "pt_BR.UTF-8", "TIFFIN_LOCALE": "pt_BR"},
    )

    assert made.stdout == first.encode()


def test_a_party_reads_its_own_notices_and_nobody_elses(shop: Workspace) -> None:
    with open_context(shop.root, now=NOW) as context:
        made = access.add_party(context, RIDER, locale="ur")
        other = access.add_party(context, PartyAccount("rider", "riyadh", "rider-two"), locale="hi")
        number = notices.send(context, "no_blame", a_verdict(), Party.RIDER)
    with open_context(shop.root, user=made.name) as context:
        assert [one.read_at for one in notices.notices_of(context, RIDER)] == [None]
        assert notices.own_notice(context, number).locale == "ur"
    with open_context(shop.root, user=made.name) as context:
        assert notices.notices_of(context, RIDER)[0].read_at is not None
    with open_context(shop.root, user=other.name) as context, pytest.raises(NotFound):
        notices.own_notice(context, number)
    with open_context(shop.root) as context:
        assert context.session.scalars(select(Notice.kind)).all() == ["no_blame"]
