"""The words of cases in the reader's language."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from tiffin.capabilities.cases.service.appeal_words import APPEAL_CLOCKS, APPEAL_WORDS
from tiffin.capabilities.cases.service.coaching_words import COACHING_CLOCKS, COACHING_WORDS
from tiffin.capabilities.cases.service.dispute_words import DISPUTE_CLOCKS, DISPUTE_WORDS
from tiffin.capabilities.cases.service.incident_words import INCIDENT_WORDS
from tiffin.capabilities.cases.service.miss_words import MISS_CLOCKS, MISS_WORDS
from tiffin.capabilities.cases.service.quality_words import QUALITY_WORDS
from tiffin.capabilities.cases.service.roll_out_words import ROLL_OUT_CLOCKS, ROLL_OUT_WORDS
from tiffin.capabilities.cases.service.strategy_words import STRATEGY_CLOCKS, STRATEGY_WORDS
from tiffin.capabilities.cases.service.trial_words import TRIAL_CLOCKS, TRIAL_WORDS
from tiffin.runtime.i18n import (
    format_country,
    format_date,
    format_instant,
    format_percent,
    language_of,
    mark,
    translate,
)

_OF_LIABILITY = APPEAL_WORDS | COACHING_WORDS | DISPUTE_WORDS | INCIDENT_WORDS | QUALITY_WORDS

WORDS = (
    {
        "data_incident": mark("Data incident"),
        "open": mark("Open"),
        "investigating": mark("In hand"),
        "repaired": mark("Repaired, to be confirmed"),
        "resolved": mark("Resolved"),
        "dismissed": mark("Dismissed"),
        "opened": mark("Opened"),
        "take": mark("Take in hand"),
        "note": mark("Add a note"),
        "repair": mark("Say that it is repaired"),
        "confirm": mark("Confirm the repair"),
        "dismiss": mark("Dismiss"),
        "reopen": mark("Open again"),
        "seen_again": mark("Seen again"),
        "rate": mark("Change the severity"),
        "rated_anew": mark("Severity follows what is known"),
        "escalated": mark("Escalated: it is overdue"),
        "severity": mark("Severity"),
        "text": mark("Note"),
        "cause": mark("Cause"),
        "done": mark("What was done"),
        "reason": mark("Reason"),
        "answer": mark("Somebody takes it in hand"),
        "late_feed": mark("A feed came late or in part"),
        "doubled_load": mark("Something was loaded twice"),
        "wrong_currency": mark("Money in the wrong currency or unit"),
        "edited_source": mark("The source was changed afterwards"),
        "wrong_time_zone": mark("Times in the wrong zone"),
        "missing_rows": mark("Rows are missing"),
        "other": mark("Something else"),
        "critical": mark("Critical"),
        "major": mark("Major"),
        "minor": mark("Minor"),
        "broken_data": mark("Broken data"),
        "confirmed": mark("Confirmed, waits for its checks"),
        "passes_again": mark("Its checks pass again"),
        "fails_again": mark("Its checks fail again"),
        "close": mark("Closed"),
        "access_request": mark("Request for access"),
        "emergency_access": mark("Emergency access"),
        "asked": mark("Asked, to be decided"),
        "half_agreed": mark("Agreed by one, waits for a second person"),
        "granted": mark("Granted"),
        "refused": mark("Refused"),
        "withdrawn": mark("Withdrawn"),
        "opened_at_once": mark("Opened, waits for a review"),
        "looked_at": mark("Reviewed"),
        "agree": mark("Agreed as the first"),
        "agree_too": mark("Agreed as the second"),
        "grant": mark("Granted"),
        "refuse": mark("Refused"),
        "withdraw": mark("Withdrawn"),
        "look_at": mark("Reviewed"),
        "justified": mark("It was justified"),
        "contract_silence": mark("Silence about a contract"),
        "settle": mark("Answered"),
        "lapse": mark("Withdrawn"),
        "not_justified": mark("It was not justified"),
        "policy_shadow": mark("Policy in shadow"),
        "running": mark("Runs in shadow"),
        "ended": mark("Ended"),
        "ran": mark("Decided new cases"),
        "end": mark("End the shadow run"),
        "policy_disagreement": mark("Versions of a policy disagree"),
        "judged": mark("Judged"),
        "judge": mark("Judge"),
        "judgment": mark("A person judges"),
        "right": mark("Which is right"),
        "in_force": mark("The version in force"),
        "draft": mark("The draft"),
        "neither": mark("Neither of them"),
        "policy_proposal": mark("Proposed policy"),
        "proposed": mark("Proposed, waits for a second person"),
        "published": mark("Published by a second person"),
        "sent_back": mark("Sent back"),
        "publish": mark("Published by a second person"),
        "send_back": mark("Sent back"),
        "assign": mark("Assigned"),
        "hand_over": mark("Handed over"),
        "release": mark("Put back into the queue"),
        "comment": mark("Comment"),
        "attach": mark("Evidence attached"),
        "redact": mark("Evidence redacted"),
    }
    | _OF_LIABILITY
    | TRIAL_WORDS
    | ROLL_OUT_WORDS
    | STRATEGY_WORDS
    | MISS_WORDS
)
"""What a name of the declarations is called; a name without a word is shown as it is."""

CLOCKS = (
    {"answer": mark("Somebody takes it in hand"), "repair": mark("It is repaired")}
    | {"decision": mark("It is decided"), "look": mark("It is reviewed")}
    | APPEAL_CLOCKS
    | COACHING_CLOCKS
    | TRIAL_CLOCKS
    | ROLL_OUT_CLOCKS
    | STRATEGY_CLOCKS
    | MISS_CLOCKS
    | DISPUTE_CLOCKS
)
"""What each clock waits for."""


def word(name: str, locale: str) -> str:
    """Name a state, an action, a field or a choice for a reader."""
    return translate(locale, WORDS[name]) if name in WORDS else name


def headline_of(text: str, values: Mapping[str, Any], locale: str) -> str:
    """Write a case's headline in a reader's language."""
    return translate(locale, text, **{name: shown(value, locale) for name, value in values.items()})


def shown(value: Any, locale: str) -> str:
    """Write one value of a case: plain, or a mapping that says what it is.

    A mapping holds a text by language, or one of ``country`` (its code), ``days`` (the first and the last, ISO dates),
    ``instant`` (ISO), ``share`` (0..1), ``message`` (of the catalogues) and ``hidden`` (of no use to people).
    """
    if not isinstance(value, Mapping):
        return str(value)
    kind, held = next(iter(value.items()), ("", ""))
    if kind in _WRITTEN:
        return _WRITTEN[kind](held, locale)
    return str(value.get(language_of(locale)) or value.get("en") or held)


def _days(held: Any, locale: str) -> str:
    ends = dict.fromkeys(format_date(date.fromisoformat(day), locale) for day in held)
    return " \N{EN DASH} ".join(ends)


_WRITTEN: Mapping[str, Callable[[Any, str], str]] = {
    "country": format_country,
    "days": _days,
    "instant": lambda held, locale: format_instant(datetime.fromisoformat(held), locale),
    "share": format_percent,
    "message": lambda held, locale: translate(locale, held),
    "hidden": lambda _held, _locale: "",
}
"""How each sort of value is written."""
