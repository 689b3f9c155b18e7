"""Notices in nine languages: nothing missing, plural forms reached, and every one reproduced byte for byte elsewhere.

Run ``python benchmarks/notices.py``. Each kind is sent in each language for counts of 0, 1, 2, 3, 11 and 100; then
another process, in another time zone and without the library of languages, fills what was kept and compares digests.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from tiffin.capabilities.access import service as access
from tiffin.capabilities.liability.domain.incident import Incident, IncidentType
from tiffin.capabilities.liability.domain.notice_kinds import NOTICE_KINDS
from tiffin.capabilities.liability.domain.notice_text import PLURAL, choices_in, fill, piece_from
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import DecidedBy, Verdict
from tiffin.capabilities.liability.models.notices import Notice, NoticeText
from tiffin.capabilities.liability.service.notice_library import (
    faults_in,
    needed_categories,
    parsed,
    versions_of,
)
from tiffin.capabilities.liability.service.notice_pieces import Told
from tiffin.capabilities.liability.service.notice_reasons import missing_reasons
from tiffin.capabilities.liability.service.notices import send
from tiffin.capabilities.policies.service.ledger import SHIPPED
from tiffin.runtime.actor import Party as PartyAccount
from tiffin.runtime.definitions import read_yaml, without_lines
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import RIDER_LOCALES
from tiffin.runtime.workspace import create_workspace

NOW = datetime(2026, 2, 21, 9, 0, tzinfo=UTC)
COUNTS = (0, 1, 2, 3, 11, 100)
AGAIN = """
import json, sys
for name in ("babel", "hijridate", "sqlalchemy"):
    sys.modules[name] = None
from hashlib import sha256
from tiffin.capabilities.liability.domain.notice_kinds import RIGHT_TO_LEFT
from tiffin.capabilities.liability.domain.notice_text import fill, parse, piece_from
equal = 0
for text, pieces, locale, digest in json.load(sys.stdin):
    filled = fill(parse(text), {k: piece_from(v) for k, v in pieces.items()}, is_right_to_left=locale in RIGHT_TO_LEFT)
    equal += sha256(filled.encode()).hexdigest() == digest
print(equal)
"""


def a_verdict(locale: str, kind: str, count: int) -> Verdict:
    """Build a verdict on a late order of a rider who reads a language."""
    about = Incident(
        "riyadh", "SA", f"{kind}-{count}", IncidentType.LATE, NOW, NOW.date(), NOW, "platform", f"rider-{locale}"
    )
    return Verdict(
        verdict_id=f"{about.key}|{locale}",
        incident=about,
        shares={Party.RIDER: 7_000},
        policy="verdict-late",
        policy_version="",
        row="late.way",
        reason={one: f"({one})" for one in RIDER_LOCALES},
        confidence=1.0,
        decided_by=DecidedBy.POLICY,
        decided_at=NOW,
        points={Party.RIDER: count},
        currency="SAR",
        facts={"delay_min": count},
    )


def sent(folder: Path) -> tuple[list[tuple[str, object, str, str]], float]:
    """Send every kind in every language for every count; give what was kept, and the seconds that it took."""
    root = create_workspace(folder / "workspace").root
    with open_context(root, now=NOW) as context:
        for locale in RIDER_LOCALES:
            access.add_party(context, PartyAccount("rider", "riyadh", f"rider-{locale}"), locale=locale)
        begun = time.perf_counter()
        for kind in NOTICE_KINDS:
            for locale in RIDER_LOCALES:
                for count in COUNTS:
                    told = Told(until=NOW + timedelta(hours=count), balance=count, money_minor=count)
                    send(context, kind, a_verdict(locale, kind, count), Party.RIDER, told)
        took = time.perf_counter() - begun
        rows = context.session.execute(select(Notice, NoticeText).join(NoticeText, NoticeText.digest == Notice.version))
        return [(text.text, one.pieces, one.locale, one.digest) for one, text in rows], took


def lacking_forms() -> int:
    """Count plurals of texts that lack a form which whole numbers reach in their language."""
    found = 0
    for kind in NOTICE_KINDS.values():
        for version in versions_of(kind.name):
            for texts in version.texts.values():
                for locale, text in texts.items():
                    forms = needed_categories(locale) - {"zero", "other"}
                    plurals = [one for one in choices_in(parsed(text)) if one.kind == PLURAL]
                    found += sum(not forms <= {*one.branches} for one in plurals)
    return found


def main() -> None:
    """Print each figure asked, the figure found, and whether it holds."""
    files = SHIPPED.glob("verdict-*/2*.yaml")
    rows = [row for path in files for row in without_lines(read_yaml(path))["rows"] if row.get("reason")]
    with tempfile.TemporaryDirectory() as folder:
        kept, took = sent(Path(folder))
    elsewhere = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", AGAIN],
        input=json.dumps(kept),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "TZ": "Pacific/Kiritimati", "LANG": "C", "PYTHONHASHSEED": "7"},
    )
    equal = int(elsewhere.stdout)
    wanted = len(NOTICE_KINDS) * len(RIDER_LOCALES) * len(COUNTS)
    missing = len(faults_in()) + len(missing_reasons(row["reason"]["en"] for row in rows))
    isolated = sum(pieces_isolated(text, pieces) for text, pieces, locale, _ in kept if locale in ("ar", "ur"))
    rtl = sum(locale in ("ar", "ur") for *_, locale, _ in kept)
    told = (
        ("languages", 9, len(RIDER_LOCALES), len(RIDER_LOCALES) == 9),  # noqa: PLR2004 - the figure that was asked
        ("missing keys, over kinds, values, reasons and locks", 0, missing, missing == 0),
        ("plurals that lack a form", 0, lacking_forms(), lacking_forms() == 0),
        ("notices beside right-to-left script with every value isolated", rtl, isolated, rtl == isolated),
        ("notices reproduced byte for byte elsewhere", wanted, equal, equal == wanted == len(kept)),
    )
    print(f"{len(kept)} notices sent in {took:.1f} s ({took / len(kept) * 1000:.1f} ms each)")
    for name, asked, found, holds in told:
        print(f"{name}: asked {asked}, found {found}: {'holds' if holds else 'DOES NOT HOLD'}")


def pieces_isolated(text: str, pieces: object) -> bool:
    """Tell whether every value of a filled text stands between isolates."""
    plain = dict(pieces) if isinstance(pieces, dict) else {}
    said = fill(parsed(text), {name: piece_from(one) for name, one in plain.items()}, is_right_to_left=True)
    return said.count("\u2068") + said.count("\u2067") == said.count("\u2069") > 0


if __name__ == "__main__":
    main()
