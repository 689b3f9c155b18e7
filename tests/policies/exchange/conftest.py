"""A policy with an overlay and parameters, as its files say it."""

from datetime import date

import pytest

from tiffin.capabilities.policies.domain.exchange.files import PolicyFiles
from tiffin.capabilities.policies.domain.versions import PARAMETERS
from tiffin.capabilities.policies.service.exchange import file_of

SINCE = date(2026, 1, 1)

BASE = """# Late orders: what a customer gets.
policy: late-credit
title: {en: Credit for late orders, ar: رصيد الطلبات المتأخرة}
question: {en: "What does a customer get, and who pays?"}
owner: experience
source: Terms of service, 4
inputs:
  - {name: minutes_late, label: {en: Minutes late, ar: دقائق التأخير}, type: number, whole: true, required: true,
     values: "[0..600]", unit: min}
  - {name: problem, label: {en: Problem}, type: string, values: '"late", "cold", "missing"'}
  - {name: share, label: {en: Share of the basket}, type: number, feel: refund_minor / basket_minor}
outputs:
  - {name: amount_minor, label: {en: Credit}, type: number, unit: currency minor units}
  - {name: party, label: {en: Who pays}, type: string, values: '"platform", "merchant"', default: '"platform"'}
rows:
  - id: late.none
    when: {minutes_late: "< grace"}
    then: {amount_minor: 0, party: "null"}
    reason: {en: "{minutes_late} minutes is on time", ar: "{minutes_late} دقيقة في الوقت"}
  - id: late.cold
    when: {minutes_late: ">= grace", problem: '"cold"'}
    then: {amount_minor: 700, party: '"merchant"'}
    reason: {en: It came cold}
  - id: late.some
    when: {minutes_late: ">= grace", problem: 'not("cold")', share: "<= 0.5"}
    then: {amount_minor: 500, party: '"platform"'}
    reason: {en: "{minutes_late} minutes late"}
monotone: [{input: minutes_late, output: amount_minor, direction: up}]
money: {output: amount_minor, currency: currency}
worked_cases:
  - title: {en: Cold}
    given: {minutes_late: 20, problem: cold}
    expect: {row: late.cold, amount_minor: 700}
"""

KUWAIT = """policy: late-credit
overlay: KW
source: Consumer law 39/2014
rows:
  - id: late.kw
    overrides: [late.some]
    when: {minutes_late: "> 40"}
    then: {amount_minor: 900}
    reason: {en: "Kuwait: {minutes_late} minutes late", zh_Hans: 科威特}
law: [{output: amount_minor, at_least: 0, reference: "39/2014"}]
"""

DATED = """parameters:
  - {name: grace, from: 2026-01-01, value: 15, unit: min, source: Terms of service}
  - {name: grace, from: 2026-01-01, value: 10, unit: min, source: Consumer law, market: KW}
  - {name: grace, from: 2027-01-01, value: 5, unit: min, source: Terms of service}
"""


@pytest.fixture
def late() -> PolicyFiles:
    return PolicyFiles(
        file_of("", SINCE, BASE, "2026-01-01.yaml"),
        (file_of("KW", date(2026, 3, 1), KUWAIT, "2026-03-01.KW.yaml"),),
        file_of(PARAMETERS, None, DATED, "parameters.yaml"),
    )
