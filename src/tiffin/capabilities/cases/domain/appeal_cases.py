"""Cases of appeals against verdicts, and of rows of policies that lost too many of them."""

from tiffin.engines.cases.declaration import CaseType, Clock, Field, State, Transition

APPELLANT = frozenset({"appellant"})
"""Whoever is concerned, or support on his behalf, as the capability finds it; no grant carries this role."""

REVIEWER = frozenset({"reviewer"})

ROW_OWNER = frozenset({"row_owner"})
"""Whom the capability finds to answer for a policy."""

_PLATFORM: frozenset[str] = frozenset()
_FIRST = ("lodged", "evidence", "waiting", "under_review", "awaiting_evidence")
_SECOND = ("second_lodged", "second_review")
_DECIDED = ("upheld", "varied")
_OPEN = (*_FIRST, "overdue", *_DECIDED, *_SECOND, "second_overdue")
_REASON = (Field("reason"),)
_VARIED = (Field("reason"), Field("share"))

APPEAL = CaseType(
    name="appeal",
    first="lodged",
    states=(
        *(State(name) for name in _OPEN),
        State("overturned", is_closed=True),
        State("granted_by_silence", is_closed=True),
        State("final", is_closed=True),
        State("second_upheld", is_closed=True),
        State("second_varied", is_closed=True),
        State("second_overturned", is_closed=True),
        State("appeal_withdrawn", is_closed=True),
    ),
    transitions=(
        Transition("acknowledge", ("lodged",), "evidence", _PLATFORM, effects=("stay", "notify")),
        Transition("add_evidence", (*_FIRST[1:4], "overdue", *_SECOND), None, APPELLANT, (Field("text"),)),
        Transition("no_more_evidence", ("evidence",), "waiting", APPELLANT),
        Transition("close_evidence", ("evidence",), "waiting", _PLATFORM),
        Transition("take_appeal", ("waiting",), "under_review", REVIEWER, assigns=True, is_independent=True),
        Transition("take_overdue", ("overdue",), None, REVIEWER, assigns=True, is_independent=True),
        Transition(
            "ask_evidence",
            ("under_review",),
            "awaiting_evidence",
            REVIEWER,
            (Field("question"),),
            is_independent=True,
            effects=("notify",),
        ),
        Transition("answer_question", ("awaiting_evidence",), "under_review", APPELLANT, (Field("text"),)),
        Transition("answer_lapsed", ("awaiting_evidence",), "under_review", _PLATFORM),
        Transition(
            "uphold",
            ("under_review", "overdue"),
            "upheld",
            REVIEWER,
            _REASON,
            excludes=True,
            is_independent=True,
            effects=("notify",),
        ),
        Transition(
            "vary",
            ("under_review", "overdue"),
            "varied",
            REVIEWER,
            _VARIED,
            excludes=True,
            is_independent=True,
            effects=("vary", "stay", "notify"),
        ),
        Transition(
            "overturn",
            ("under_review", "overdue"),
            "overturned",
            REVIEWER,
            _REASON,
            excludes=True,
            is_independent=True,
            effects=("reverse", "compensate", "notify"),
        ),
        Transition("reply_overdue", _FIRST[:4], "overdue", _PLATFORM, effects=("escalate",)),
        Transition(
            "grant_by_silence",
            ("overdue", "second_overdue"),
            "granted_by_silence",
            _PLATFORM,
            effects=("reverse", "compensate", "notify"),
        ),
        Transition("become_final", _DECIDED, "final", _PLATFORM, effects=("lift", "notify")),
        Transition("lodge_second", _DECIDED, "second_lodged", APPELLANT, _REASON, excludes=True, effects=("notify",)),
        Transition("take_second", ("second_lodged",), "second_review", REVIEWER, assigns=True, is_independent=True),
        Transition("take_second_overdue", ("second_overdue",), None, REVIEWER, assigns=True, is_independent=True),
        Transition(
            "uphold_second",
            ("second_review", "second_overdue"),
            "second_upheld",
            REVIEWER,
            _REASON,
            is_independent=True,
            effects=("lift", "notify"),
        ),
        Transition(
            "vary_second",
            ("second_review", "second_overdue"),
            "second_varied",
            REVIEWER,
            _VARIED,
            is_independent=True,
            effects=("vary", "notify"),
        ),
        Transition(
            "overturn_second",
            ("second_review", "second_overdue"),
            "second_overturned",
            REVIEWER,
            _REASON,
            is_independent=True,
            effects=("reverse", "compensate", "notify"),
        ),
        Transition("second_reply_overdue", _SECOND, "second_overdue", _PLATFORM, effects=("escalate",)),
        Transition(
            "withdraw_appeal",
            (*_FIRST[1:], "overdue", *_SECOND, "second_overdue"),
            "appeal_withdrawn",
            APPELLANT,
            effects=("lift", "notify"),
        ),
        Transition("nobody_left", _OPEN, None, _PLATFORM, effects=("escalate",)),
    ),
    clocks=(
        Clock("acknowledgement", ("lodged",), hours=24, in_business_hours=False, on_expiry="acknowledge"),
        Clock("evidence_window", ("evidence",), days=5, in_business_hours=False, on_expiry="close_evidence"),
        Clock(
            "reply",
            _FIRST,
            days=14,
            in_business_hours=False,
            paused_in=("awaiting_evidence",),
            on_expiry="reply_overdue",
        ),
        Clock("answer_window", ("awaiting_evidence",), days=3, in_business_hours=False, on_expiry="answer_lapsed"),
        Clock("second_window", _DECIDED, days=14, in_business_hours=False, on_expiry="become_final"),
        Clock("second_reply", _SECOND, days=14, in_business_hours=False, on_expiry="second_reply_overdue"),
    ),
    reserved=frozenset({"suspend", "vary"}),
)
"""Somebody whom a verdict concerns asks for another look by people who had no part in it.

What the verdict took does not act while the case is open: also not between the two instances.
"""

ROW_DEMOTION = CaseType(
    name="row_demotion",
    first="demoted",
    states=(
        State("demoted"),
        State("restoring"),
        State("restored", is_closed=True),
        State("mended", is_closed=True),
    ),
    transitions=(
        Transition("restore", ("demoted",), "restoring", ROW_OWNER, _REASON),
        Transition("restore_too", ("restoring",), "restored", ROW_OWNER, four_eyes_with="restore"),
        Transition("keep_demoted", ("restoring",), "demoted", ROW_OWNER, _REASON),
        Transition("row_mended", ("demoted", "restoring"), "mended", _PLATFORM),
        Transition("fails_further", ("demoted", "restoring"), None, _PLATFORM),
    ),
    clocks=(Clock("decision", ("demoted", "restoring"), hours=40),),
)
"""Too many verdicts of a policy's row did not stand on appeal: its owner mends it, or two people restore it."""
