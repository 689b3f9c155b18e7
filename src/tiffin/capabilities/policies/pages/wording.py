"""How states, acts and other closed sets are called on the pages of policies."""

from collections.abc import Mapping

from tiffin.capabilities.policies.service.library import Health
from tiffin.engines.decisions.dmn.tables import HitPolicy
from tiffin.engines.decisions.replaying.comparison import Standing
from tiffin.kernel.drafts import Act, DraftState
from tiffin.runtime.i18n import mark

HIT_POLICIES: Mapping[HitPolicy, str] = {
    HitPolicy.UNIQUE: mark("Exactly one row decides each case."),
    HitPolicy.ANY: mark("Several rows may hold, if they say the same."),
    HitPolicy.PRIORITY: mark("Of the rows that hold, the one with the most important outcome decides."),
    HitPolicy.FIRST: mark("Of the rows that hold, the first decides."),
    HitPolicy.RULE_ORDER: mark("All rows that hold count, in their order."),
    HitPolicy.OUTPUT_ORDER: mark("All rows that hold count, the most important outcome first."),
    HitPolicy.COLLECT: mark("All rows that hold count together."),
}

STATES: Mapping[DraftState, str] = {
    DraftState.DRAFT: mark("Being written"),
    DraftState.REVIEW: mark("Waits for review"),
    DraftState.SENT_BACK: mark("Sent back"),
    DraftState.PUBLISHED: mark("Published"),
    DraftState.WITHDRAWN: mark("Withdrawn"),
}

ACTS: Mapping[Act, str] = {
    Act.SAVE: mark("saved it"),
    Act.SUBMIT: mark("submitted it"),
    Act.SEND_BACK: mark("sent it back"),
    Act.PUBLISH: mark("published it"),
    Act.WITHDRAW: mark("withdrew it"),
}

PARTIES: Mapping[str, str] = {
    "rider": mark("riders"),
    "merchant": mark("merchants"),
    "customer": mark("customers"),
    "platform": mark("platform"),
    "fleet": mark("fleets"),
}

HEALTH: Mapping[Health, str] = {
    Health.SOUND: mark("sound"),
    Health.FAILING: mark("a worked case fails"),
    Health.FAULTY: mark("cannot be read"),
    Health.COMING: mark("not in force yet"),
}

HEALTH_TONES: Mapping[Health, str] = {Health.SOUND: "good", Health.FAILING: "bad", Health.FAULTY: "bad"}

VERDICTS: Mapping[Standing, str] = {
    Standing.DECIDED: mark("decided"),
    Standing.GAP: mark("no row holds"),
    Standing.CONTRADICTION: mark("rows contradict each other"),
    Standing.OUTSIDE: mark("a value that may not occur"),
}
