"""The words of adoption in the reader's language."""

from tiffin.runtime.i18n import mark, translate

WORDS = {
    # states
    "asked": mark("Asked, to be decided"),
    "later": mark("Later"),
    "accepted": mark("Accepted, to be built"),
    "building": mark("Being built"),
    "delivered": mark("Built, to be approved"),
    "approved": mark("Approved, to be launched"),
    "launched": mark("Launched"),
    "kept": mark("Kept"),
    "answered": mark("Answered"),
    "declined": mark("Declined"),
    "merged": mark("Merged with another"),
    "withdrawn": mark("Withdrawn"),
    "retired": mark("Retired"),
    "proposed": mark("Retirement proposed"),
    "announced": mark("Retirement announced"),
    "restored": mark("Brought back"),
    "new": mark("New"),
    "counted": mark("Counted"),
    "taken_up": mark("Taken up"),
    "closed": mark("Closed"),
    # actions
    "opened": mark("Opened"),
    "solve": mark("This solves it"),
    "estimate": mark("Estimate"),
    "accept": mark("Accept"),
    "postpone": mark("Put off"),
    "decline": mark("Decline"),
    "merge": mark("Merge"),
    "withdraw": mark("Withdraw"),
    "reopen": mark("Open again"),
    "build": mark("Build it"),
    "deliver": mark("Say that it is built"),
    "approve": mark("Approve what was built"),
    "send_back": mark("Send back"),
    "launch": mark("Launch"),
    "keep": mark("Keep"),
    "mend": mark("Mend"),
    "note": mark("Add a note"),
    "announce": mark("Announce the retirement"),
    "object": mark("Object"),
    "retire": mark("Retire"),
    "restore": mark("Bring back"),
    "answer": mark("Answer"),
    "count": mark("Counted"),
    "to_requirement": mark("Make it a requirement"),
    "to_case": mark("Make it a case"),
    "close": mark("Close"),
    # what an action asks for
    "reason": mark("Reason"),
    "text": mark("Text"),
    "by": mark("What solves it"),
    "effort_days": mark("Effort, person-days"),
    "needs": mark("Metrics and tables that it needs"),
    "into": mark("Number of the other requirement"),
    "products": mark("What was built, such as dashboard:city_operations"),
    "done": mark("What was done"),
    "notes": mark("What is new, in a few sentences"),
    "training": mark("Training material: an address or a few steps"),
    "owner": mark("Owner"),
    "target_users": mark("Users a week that are aimed at"),
    "role": mark("Role that it is for"),
    "places": mark("Countries that it is for, such as SA BR; none for all"),
    "on": mark("Day of the retirement"),
    # who
    "asker": mark("Whoever asked"),
    "steward": mark("Data steward"),
    "analyst": mark("Analyst"),
    "viewer": mark("Viewer"),
    "city_manager": mark("City manager"),
    "admin": mark("Administrator"),
    # parts of a score
    "value": mark("Value"),
    "reach": mark("Reach"),
    "effort": mark("Effort"),
    "readiness": mark("Data readiness"),
    # rhythms
    "several_a_day": mark("Several times a day"),
    "daily": mark("Every day"),
    "weekly": mark("Every week"),
    "monthly": mark("Every month"),
    "quarterly": mark("Every quarter"),
    "once": mark("Once"),
    # sorts of feedback
    "useful": mark("Useful"),
    "not_useful": mark("Not useful"),
    "wrong": mark("Something is wrong"),
    "idea": mark("Idea"),
}
"""What a name is called; one without a word is shown as it is."""

STATEMENTS = {
    "finding": mark("I find the data that I need."),
    "understanding": mark("I understand what the numbers mean."),
    "access": mark("I get access in time to the data that I need."),
    "trust": mark("I trust the numbers."),
    "speed": mark("Answers come fast enough."),
}
"""What people are asked to agree with."""


def word(name: str, locale: str) -> str:
    """Name a state, an action, a field or a choice for a reader."""
    return translate(locale, WORDS[name]) if name in WORDS else name
