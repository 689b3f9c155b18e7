"""Performing what follows from an appeal's transitions, in their own transaction: stay, reversal, notice.

`domain/appeal_effects.py` says what each does to a penalty, and the model checker looks through that table; a test
holds what is done here against it.
"""

from collections.abc import Callable, Mapping

from tiffin.capabilities.cases.domain.incident_cases import DELIVERY_INCIDENT
from tiffin.capabilities.cases.service import act_for_platform, guided_case
from tiffin.capabilities.liability.domain.appeal_effects import Followed
from tiffin.capabilities.liability.domain.appeals import replacing, share_said
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.models.appeals import AppealRecord
from tiffin.capabilities.liability.service import ledger
from tiffin.capabilities.liability.service.appeal_records import open_records
from tiffin.capabilities.liability.service.appeal_telling import tell_party, tell_those_who_answer
from tiffin.capabilities.liability.service.verdicts import add_verdicts, next_verdict_id, verdict_of
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import LOCALES, mark, translate

OPEN_APPEAL = mark("An appeal is open: until it is decided, this counts against nobody.")
DECIDED_ON_APPEAL = mark("Decided on appeal: {reason}")
_SUPERSEDED = "superseded"
GRANTED = mark("Nobody replied in time, so that the appeal is granted.")


def _stay(context: Context, record: AppealRecord, _followed: Followed) -> None:
    ledger.stay(context, record.current_verdict_id, OPEN_APPEAL)


def _lift(context: Context, record: AppealRecord, _followed: Followed) -> None:
    others = [one for one in open_records(context, record.current_verdict_id) if one.case_id != record.case_id]
    if not others:
        ledger.lift_stay(context, record.current_verdict_id)


def _vary(context: Context, record: AppealRecord, followed: Followed) -> None:
    _replace(context, record, followed, share_said(str(followed.values["share"])))


def _reverse(context: Context, record: AppealRecord, followed: Followed) -> None:
    _replace(context, record, followed, 0)


def _compensate(context: Context, record: AppealRecord, _followed: Followed) -> None:
    """Check that nothing of what was taken is left with the platform: reversing the posting gave it back.

    What a penalty took is points and money of the ledger alone, so that the reversal is the compensation.
    """
    left = verdict_of(context, record.current_verdict_id)
    party = Party(record.party_kind)
    if left.points.get(party) or left.recovery_minor.get(party):
        message = f"the verdict {left.verdict_id} still takes something from the {party} who won"
        raise AssertionError(message)


def _replace(context: Context, record: AppealRecord, followed: Followed, share: int) -> None:
    """Let a verdict in which the party bears less stand in the place of the old one, for all who appeal that."""
    old = verdict_of(context, record.current_verdict_id)
    new = _replacing(context, record, old, followed, share)
    add_verdicts(context, (new,))
    ledger.replace(context, old.verdict_id, new)
    _note_in_incident(context, old, new)
    others = [one for one in open_records(context, old.verdict_id) if one.case_id != record.case_id]
    for one in (record, *others):
        one.current_verdict_id = new.verdict_id
    if others:
        ledger.stay(context, new.verdict_id, OPEN_APPEAL)
    context.session.flush()


def _note_in_incident(context: Context, old: Verdict, new: Verdict) -> None:
    """Write into the history of the incident's own case that another verdict holds by now."""
    if old.case_id is None:
        return
    case = guided_case(context, old.case_id)
    if DELIVERY_INCIDENT.transition(_SUPERSEDED, case.summary.state) is not None:
        act_for_platform(context, old.case_id, _SUPERSEDED, {"verdict": new.verdict_id, "was": old.verdict_id})


def _replacing(context: Context, record: AppealRecord, old: Verdict, followed: Followed, share: int) -> Verdict:
    said = str(followed.values.get("reason", ""))
    text, values = (DECIDED_ON_APPEAL, {"reason": said}) if said else (GRANTED, {})
    return replacing(
        old,
        Party(record.party_kind),
        share,
        verdict_id=next_verdict_id(context, old.incident.key),
        reason={locale: translate(locale, text, **values) for locale in LOCALES},
        by=followed.by,
        at=context.now,
    )


PERFORMED: Mapping[str, Callable[[Context, AppealRecord, Followed], None]] = {
    "stay": _stay,
    "lift": _lift,
    "vary": _vary,
    "reverse": _reverse,
    "compensate": _compensate,
    "notify": tell_party,
    "escalate": tell_those_who_answer,
}
"""What each effect does."""
