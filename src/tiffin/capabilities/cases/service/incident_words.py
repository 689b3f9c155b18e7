"""The words of cases of orders that went wrong."""

from tiffin.runtime.i18n import mark

INCIDENT_WORDS = {
    "delivery_incident": mark("Incident of an order"),
    "reported": mark("Reported"),
    "with_person": mark("Waits for a decision"),
    "waiting_for_evidence": mark("Waits for evidence"),
    "second_look": mark("Waits for a second person"),
    "decided": mark("A decision was made"),
    "ask": mark("A person is asked"),
    "ask_for_evidence": mark("Ask for evidence"),
    "evidence_came": mark("Evidence came"),
    "no_evidence_came": mark("No evidence came in time"),
    "decide": mark("Decide"),
    "decide_first": mark("Decided as the first"),
    "confirm_decision": mark("Confirm the decision"),
    "undo": mark("Undo"),
    "superseded": mark("Superseded by a later verdict"),
    "option": mark("Decision"),
    "reason_code": mark("Reason"),
    "seconds": mark("Seconds of work"),
}
