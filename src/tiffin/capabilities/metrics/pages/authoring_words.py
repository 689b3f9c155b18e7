"""How drafts, standards and parts of a difference are called."""

from collections.abc import Mapping

from tiffin.capabilities.metrics.domain.standards import Rule
from tiffin.engines.metrics.comparing.fingerprint import ARITHMETIC, FILTER, WINDOW
from tiffin.kernel.drafts import Act, DraftState
from tiffin.runtime.i18n import mark

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

RULES: Mapping[Rule, str] = {
    Rule.NAMING: mark("Name"),
    Rule.UNIT: mark("Unit"),
    Rule.OWNER: mark("Owner"),
    Rule.MEANING: mark("Meaning"),
    Rule.TRANSLATION: mark("Translation"),
    Rule.ADDITIVITY: mark("Additivity"),
    Rule.EXAMPLE: mark("Worked example"),
    Rule.DIRECTION: mark("Direction"),
    Rule.TARGETS: mark("Targets"),
    Rule.SUCCESSOR: mark("Replaced by"),
    Rule.DUPLICATE: mark("Duplicate"),
}

LIKENESSES: Mapping[str, str] = {
    "": mark("means the same"),
    FILTER: mark("differs in its filter only"),
    WINDOW: mark("differs in its window only"),
    ARITHMETIC: mark("is made of the same parts"),
}
