"""The words of decisions that people take: options, reasons, and the statement of reasons in every language."""

from collections.abc import Mapping

from tiffin.capabilities.liability.domain.parties import Party, top_party
from tiffin.capabilities.liability.domain.routing import PROPOSAL, Decision, ReasonCode, Skill
from tiffin.runtime.i18n import LOCALES, mark, translate

PARTIES: Mapping[Party, str] = {
    Party.CUSTOMER: mark("Customer"),
    Party.MERCHANT: mark("Merchant"),
    Party.RIDER: mark("Rider"),
    Party.PLATFORM: mark("Platform"),
    Party.CIRCUMSTANCES: mark("Circumstances"),
}
OPTIONS: Mapping[str, str] = {
    PROPOSAL: mark("As proposed"),
    **{party.value: text for party, text in PARTIES.items()},
    "merchant_and_rider": mark("Merchant and rider, half each"),
}
REASONS: Mapping[ReasonCode, str] = {
    ReasonCode.EVIDENCE: mark("The evidence says otherwise"),
    ReasonCode.FACTS: mark("The facts were wrong"),
    ReasonCode.RULE: mark("The rule does not fit this case"),
    ReasonCode.ADMITTED: mark("A party admitted it"),
    ReasonCode.GOODWILL: mark("Goodwill"),
    ReasonCode.OTHER: mark("Another reason, in the note"),
}
SKILL_NAMES: Mapping[Skill, str] = {
    Skill.TIME: mark("Times and hand-overs"),
    Skill.GOODS: mark("Goods"),
    Skill.CONDUCT: mark("Conduct"),
    Skill.SAFETY: mark("Safety"),
    Skill.FRAUD: mark("Fraud"),
    Skill.CASH: mark("Cash"),
}
_DECIDED: Mapping[Party, str] = {
    Party.CUSTOMER: mark("A person looked at it: the customer answers for it."),
    Party.MERCHANT: mark("A person looked at it: the merchant answers for it."),
    Party.RIDER: mark("A person looked at it: the rider answers for it."),
    Party.PLATFORM: mark("A person looked at it: the platform answers for it."),
    Party.CIRCUMSTANCES: mark("A person looked at it: circumstances caused it, and nobody answers for it."),
}
_BOTH = mark("A person looked at it: merchant and rider answer for it, each for a half.")


def decided_reason(shares: Mapping[Party, int], decision: Decision) -> dict[str, str]:
    """State the reasons of a person's decision in every language; his own words stay as he wrote them."""
    bearing = {party for party, share in shares.items() if share}
    text = _BOTH if bearing == {Party.MERCHANT, Party.RIDER} else _DECIDED[top_party(shares)]
    why = REASONS.get(ReasonCode(decision.reason_code), "") if decision.reason_code else ""
    return {locale: _stated(locale, (text, why), decision.note) for locale in LOCALES}


def _stated(locale: str, texts: tuple[str, str], note: str) -> str:
    said = [translate(locale, one) for one in texts if one]
    return " ".join([*said, *([note.strip()] if note.strip() else [])])
