# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""Decisions on who is responsible for a failed or late delivery.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, Rule, TableContract


class Incident(StrEnum):
    """What went wrong."""

    LATE = "late"
    NOT_DELIVERED = "not_delivered"
    WRONG_ITEM = "wrong_item"
    MISSING_ITEM = "missing_item"
    DAMAGED = "damaged"
    WRONG_ADDRESS = "wrong_address"
    UNSAFE = "unsafe"
    FRAUD = "fraud"
    OTHER = "other"


class Liable(StrEnum):
    """Who is responsible."""

    CUSTOMER = "customer"
    MERCHANT = "merchant"
    RIDER = "rider"
    PLATFORM = "platform"
    NOBODY = "nobody"
    SHARED = "shared"
    UNDECIDED = "undecided"


class DecidedBy(StrEnum):
    """Whether a policy or a person decided."""

    POLICY = "policy"
    PERSON = "person"


class VerdictsRow(TypedDict, total=False):
    """One row: one decision on one incident."""

    city_id: str
    verdict_id: str
    case_id: str
    order_id: str
    decided_at: datetime
    incident: str
    liable: str
    share: float
    reason: str
    policy: str | None
    policy_version: str | None
    decided_by: str
    decider_id: str | None
    supersedes: str | None
    rider_id: str | None
    merchant_id: str | None
    zone_id: str | None
    business_date: date
    source: str


# fmt: off
VERDICTS = TableContract(
    name="verdicts",
    version="1.1.1",
    meaning={"en": "Decisions on who is responsible for a failed or late delivery.", "ar": "قرارات تحديد المسؤول عن توصيل فاشل أو متأخر.", "zh_Hans": "关于配送失败或迟到由谁负责的裁定。", "zh_Hant": "關於配送失敗或遲到由誰負責的裁定。", "pt_BR": "Decisões sobre quem responde por uma entrega fracassada ou atrasada."},
    grain={"en": "one decision on one incident", "ar": "قرار واحد في حادثة واحدة", "zh_Hans": "对一起事件的一个裁定", "zh_Hant": "對一起事件的一個裁定", "pt_BR": "uma decisão sobre um incidente"},
    key=("city_id", "verdict_id"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="verdict_id", type=LogicalType.STRING, meaning={"en": "Identifier of the decision.", "ar": "معرف القرار.", "zh_Hans": "裁定的标识。", "zh_Hant": "裁定的標識。", "pt_BR": "Identificador da decisão."}, required=True, max_length=128),
        Column(name="case_id", type=LogicalType.STRING, meaning={"en": "Case in which it was decided.", "ar": "القضية التي تقرر فيها.", "zh_Hans": "作出决定的案件。", "zh_Hant": "作出決定的案件。", "pt_BR": "Caso em que se decidiu."}, required=True, max_length=128),
        Column(name="order_id", type=LogicalType.STRING, meaning={"en": "Order it belongs to.", "ar": "الطلب الذي ينتمي إليه.", "zh_Hans": "所属订单。", "zh_Hant": "所屬訂單。", "pt_BR": "Pedido a que pertence."}, required=True, max_length=128, references="orders.order_id"),
        Column(name="decided_at", type=LogicalType.TIMESTAMP, meaning={"en": "When it was decided.", "ar": "متى تقرر.", "zh_Hans": "裁定时刻。", "zh_Hant": "裁定時刻。", "pt_BR": "Quando foi decidido."}, required=True),
        Column(name="incident", type=LogicalType.STRING, meaning={"en": "What went wrong.", "ar": "ما الذي حدث خطأ.", "zh_Hans": "出了什么问题。", "zh_Hant": "出了什麼問題。", "pt_BR": "O que deu errado."}, required=True, values=("late", "not_delivered", "wrong_item", "missing_item", "damaged", "wrong_address", "unsafe", "fraud", "other")),
        Column(name="liable", type=LogicalType.STRING, meaning={"en": "Who is responsible.", "ar": "من المسؤول.", "zh_Hans": "由谁负责。", "zh_Hant": "由誰負責。", "pt_BR": "Quem é responsável."}, required=True, values=("customer", "merchant", "rider", "platform", "nobody", "shared", "undecided")),
        Column(name="share", type=LogicalType.NUMBER, meaning={"en": "Share of the responsibility that the named party bears.", "ar": "حصة المسؤولية التي يتحملها الطرف المذكور.", "zh_Hans": "所列一方承担的责任份额。", "zh_Hant": "所列一方承擔的責任份額。", "pt_BR": "Parcela da responsabilidade que cabe à parte indicada."}, required=True, unit="share", minimum=0, maximum=1),
        Column(name="reason", type=LogicalType.STRING, meaning={"en": "Reason of the decision, as a code of the policy.", "ar": "سبب القرار كرمز في السياسة.", "zh_Hans": "裁定理由，策略中的代码。", "zh_Hant": "裁定理由，策略中的代碼。", "pt_BR": "Motivo da decisão, como código da política."}, required=True, max_length=200),
        Column(name="policy", type=LogicalType.STRING, meaning={"en": "Policy that decided.", "ar": "السياسة التي قررت.", "zh_Hans": "作出决定的策略。", "zh_Hant": "作出決定的策略。", "pt_BR": "Política que decidiu."}, max_length=200),
        Column(name="policy_version", type=LogicalType.STRING, meaning={"en": "Version of that policy.", "ar": "إصدار تلك السياسة.", "zh_Hans": "该策略的版本。", "zh_Hant": "該策略的版本。", "pt_BR": "Versão dessa política."}, max_length=64),
        Column(name="decided_by", type=LogicalType.STRING, meaning={"en": "Whether a policy or a person decided.", "ar": "هل قررت سياسة أم شخص.", "zh_Hans": "由策略还是由人决定。", "zh_Hant": "由策略還是由人決定。", "pt_BR": "Se decidiu uma política ou uma pessoa."}, required=True, values=("policy", "person")),
        Column(name="decider_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the employee who decided.", "ar": "الاسم المستعار للموظف الذي قرر.", "zh_Hans": "作出决定的员工的假名。", "zh_Hant": "作出決定的員工的假名。", "pt_BR": "Pseudônimo do funcionário que decidiu."}, max_length=128, classification=Classification.PERSONAL, references="employees.employee_id", person="employee"),
        Column(name="supersedes", type=LogicalType.STRING, meaning={"en": "Earlier decision that this one replaces, as after an appeal.", "ar": "القرار السابق الذي يحل هذا محله، كما بعد اعتراض.", "zh_Hans": "被本裁定取代的先前裁定，例如申诉之后。", "zh_Hant": "被本裁定取代的先前裁定，例如申訴之後。", "pt_BR": "Decisão anterior que esta substitui, como após um recurso."}, max_length=128, references="verdicts.verdict_id"),
        Column(name="rider_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the rider it concerns.", "ar": "الاسم المستعار للمندوب المعني.", "zh_Hans": "所涉骑手的假名。", "zh_Hant": "所涉騎手的假名。", "pt_BR": "Pseudônimo do entregador a que se refere."}, max_length=128, classification=Classification.PERSONAL, references="riders.rider_id", person="rider"),
        Column(name="merchant_id", type=LogicalType.STRING, meaning={"en": "Merchant it concerns.", "ar": "التاجر المعني.", "zh_Hans": "所涉商家。", "zh_Hant": "所涉商家。", "pt_BR": "Lojista a que se refere."}, max_length=128, references="merchants.merchant_id"),
        Column(name="zone_id", type=LogicalType.STRING, meaning={"en": "Zone where it happened.", "ar": "المنطقة التي حدث فيها.", "zh_Hans": "发生的区域。", "zh_Hant": "發生的區域。", "pt_BR": "Zona em que ocorreu."}, max_length=128, references="zones.zone_id"),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the order it concerns; where the order's instant is not known, of the row's own instant.", "ar": "يوم عمل الطلب المعني؛ وحيث لا تُعرف لحظة الطلب، يوم لحظة السجل نفسه.", "zh_Hans": "所涉订单的营业日；订单时刻未知时，取本行自身时刻的营业日。", "zh_Hant": "所涉訂單的營業日；訂單時刻未知時，取本行自身時刻的營業日。", "pt_BR": "Dia operacional do pedido a que se refere; se o instante do pedido não é conhecido, o do próprio registro."}, required=True, derived=True),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    rules=(
        Rule(name="person_is_named", expression="decided_by <> 'person' OR decider_id IS NOT NULL", meaning={"en": "A person decided, and who is not said.", "ar": "قرر شخص ولم يُذكر من هو.", "zh_Hans": "由人作出决定，却未说明是谁。", "zh_Hant": "由人作出決定，卻未説明是誰。", "pt_BR": "Uma pessoa decidiu, e não se diz quem."}),
    ),
    event_at=("decided_at",),
    owner="liability",
    retention_months=84,
)
"""Contract of the table verdicts."""
# fmt: on
