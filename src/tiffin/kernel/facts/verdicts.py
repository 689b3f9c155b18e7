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
    SPILLED = "spilled"
    COLD = "cold"
    RUDE = "rude"
    UNSAFE = "unsafe"
    FRAUD_SUSPECTED = "fraud_suspected"
    CUSTOMER_UNREACHABLE = "customer_unreachable"
    WRONG_ADDRESS = "wrong_address"
    MERCHANT_CLOSED = "merchant_closed"
    OUT_OF_STOCK = "out_of_stock"
    CASH_DISPUTE = "cash_dispute"
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
    customer_share: float | None
    merchant_share: float | None
    rider_share: float | None
    platform_share: float | None
    reason: str
    policy: str | None
    policy_version: str | None
    policy_row: str | None
    exemption: str | None
    confidence: float | None
    compensation_minor: int | None
    recovered_minor: int | None
    currency: str | None
    reported_at: datetime | None
    handling_s: int | None
    decided_by: str
    decider_id: str | None
    supersedes: str | None
    superseded_by: str | None
    rider_id: str | None
    merchant_id: str | None
    country: str | None
    zone_id: str | None
    business_date: date
    source: str


# fmt: off
VERDICTS = TableContract(
    name="verdicts",
    version="1.2.0",
    meaning={"en": "Decisions on who is responsible for a failed or late delivery.", "ar": "قرارات تحديد المسؤول عن توصيل فاشل أو متأخر.", "zh_Hans": "关于配送失败或迟到由谁负责的裁定。", "zh_Hant": "關於配送失敗或遲到由誰負責的裁定。", "pt_BR": "Decisões sobre quem responde por uma entrega fracassada ou atrasada."},
    grain={"en": "one decision on one incident", "ar": "قرار واحد في حادثة واحدة", "zh_Hans": "对一起事件的一个裁定", "zh_Hant": "對一起事件的一個裁定", "pt_BR": "uma decisão sobre um incidente"},
    key=("city_id", "verdict_id"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="verdict_id", type=LogicalType.STRING, meaning={"en": "Identifier of the decision.", "ar": "معرف القرار.", "zh_Hans": "裁定的标识。", "zh_Hant": "裁定的標識。", "pt_BR": "Identificador da decisão."}, required=True, max_length=128),
        Column(name="case_id", type=LogicalType.STRING, meaning={"en": "Case in which it was decided.", "ar": "القضية التي تقرر فيها.", "zh_Hans": "作出决定的案件。", "zh_Hant": "作出決定的案件。", "pt_BR": "Caso em que se decidiu."}, required=True, max_length=128),
        Column(name="order_id", type=LogicalType.STRING, meaning={"en": "Order it belongs to.", "ar": "الطلب الذي ينتمي إليه.", "zh_Hans": "所属订单。", "zh_Hant": "所屬訂單。", "pt_BR": "Pedido a que pertence."}, required=True, max_length=128, references="orders.order_id"),
        Column(name="decided_at", type=LogicalType.TIMESTAMP, meaning={"en": "When it was decided.", "ar": "متى تقرر.", "zh_Hans": "裁定时刻。", "zh_Hant": "裁定時刻。", "pt_BR": "Quando foi decidido."}, required=True),
        Column(name="incident", type=LogicalType.STRING, meaning={"en": "What went wrong.", "ar": "ما الذي حدث خطأ.", "zh_Hans": "出了什么问题。", "zh_Hant": "出了什麼問題。", "pt_BR": "O que deu errado."}, required=True, values=("late", "not_delivered", "wrong_item", "missing_item", "damaged", "spilled", "cold", "rude", "unsafe", "fraud_suspected", "customer_unreachable", "wrong_address", "merchant_closed", "out_of_stock", "cash_dispute", "fraud", "other")),
        Column(name="liable", type=LogicalType.STRING, meaning={"en": "Who is responsible.", "ar": "من المسؤول.", "zh_Hans": "由谁负责。", "zh_Hant": "由誰負責。", "pt_BR": "Quem é responsável."}, required=True, values=("customer", "merchant", "rider", "platform", "nobody", "shared", "undecided")),
        Column(name="share", type=LogicalType.NUMBER, meaning={"en": "Share of the responsibility that the named party bears.", "ar": "حصة المسؤولية التي يتحملها الطرف المذكور.", "zh_Hans": "所列一方承担的责任份额。", "zh_Hant": "所列一方承擔的責任份額。", "pt_BR": "Parcela da responsabilidade que cabe à parte indicada."}, required=True, unit="share", minimum=0, maximum=1),
        Column(name="customer_share", type=LogicalType.NUMBER, meaning={"en": "Share that the customer bears.", "ar": "الحصة التي يتحملها العميل.", "zh_Hans": "由顾客承担的份额。", "zh_Hant": "由顧客承擔的份額。", "pt_BR": "Parcela que cabe ao cliente."}, unit="share", minimum=0, maximum=1),
        Column(name="merchant_share", type=LogicalType.NUMBER, meaning={"en": "Share that the merchant bears.", "ar": "الحصة التي يتحملها التاجر.", "zh_Hans": "由商家承担的份额。", "zh_Hant": "由商家承擔的份額。", "pt_BR": "Parcela que cabe ao lojista."}, unit="share", minimum=0, maximum=1),
        Column(name="rider_share", type=LogicalType.NUMBER, meaning={"en": "Share that the rider bears.", "ar": "الحصة التي يتحملها المندوب.", "zh_Hans": "由骑手承担的份额。", "zh_Hant": "由騎手承擔的份額。", "pt_BR": "Parcela que cabe ao entregador."}, unit="share", minimum=0, maximum=1),
        Column(name="platform_share", type=LogicalType.NUMBER, meaning={"en": "Share that the platform bears.", "ar": "الحصة التي تتحملها المنصة.", "zh_Hans": "由平台承担的份额。", "zh_Hant": "由平台承擔的份額。", "pt_BR": "Parcela que cabe à plataforma."}, unit="share", minimum=0, maximum=1),
        Column(name="reason", type=LogicalType.STRING, meaning={"en": "Reason of the decision, as a code of the policy.", "ar": "سبب القرار كرمز في السياسة.", "zh_Hans": "裁定理由，策略中的代码。", "zh_Hant": "裁定理由，策略中的代碼。", "pt_BR": "Motivo da decisão, como código da política."}, required=True, max_length=200),
        Column(name="policy", type=LogicalType.STRING, meaning={"en": "Policy that decided.", "ar": "السياسة التي قررت.", "zh_Hans": "作出决定的策略。", "zh_Hant": "作出決定的策略。", "pt_BR": "Política que decidiu."}, max_length=200),
        Column(name="policy_version", type=LogicalType.STRING, meaning={"en": "Version of that policy.", "ar": "إصدار تلك السياسة.", "zh_Hans": "该策略的版本。", "zh_Hant": "該策略的版本。", "pt_BR": "Versão dessa política."}, max_length=64),
        Column(name="policy_row", type=LogicalType.STRING, meaning={"en": "Row of the policy that decided.", "ar": "صف السياسة الذي قرر.", "zh_Hans": "作出决定的策略行。", "zh_Hant": "作出決定的策略行。", "pt_BR": "Linha da política que decidiu."}, max_length=200),
        Column(name="exemption", type=LogicalType.STRING, meaning={"en": "Circumstance that exempted everybody; empty without one.", "ar": "الظرف الذي أعفى الجميع؛ فارغ إن لم يوجد.", "zh_Hans": "使各方免责的情形；没有则为空。", "zh_Hant": "使各方免責的情形；沒有則為空。", "pt_BR": "Circunstância que isentou todos; vazio se não houve."}, max_length=80),
        Column(name="confidence", type=LogicalType.NUMBER, meaning={"en": "Chance that the outcome is right, as it was estimated; 1 where a person decided.", "ar": "احتمال صحة النتيجة كما قُدّر؛ 1 حيث قرر شخص.", "zh_Hans": "估计的结果正确概率；由人决定时为 1。", "zh_Hant": "估計的結果正確機率；由人決定時為 1。", "pt_BR": "Chance estimada de o resultado estar certo; 1 onde uma pessoa decidiu."}, unit="share", minimum=0, maximum=1),
        Column(name="compensation_minor", type=LogicalType.INTEGER, meaning={"en": "What the customer gets.", "ar": "ما يحصل عليه العميل.", "zh_Hans": "顾客获得的金额。", "zh_Hant": "顧客獲得的金額。", "pt_BR": "O que o cliente recebe."}, unit="minor units", minimum=0, classification=Classification.CONFIDENTIAL),
        Column(name="recovered_minor", type=LogicalType.INTEGER, meaning={"en": "What merchants, riders or customers pay for it.", "ar": "ما يدفعه التجار أو المندوبون أو العملاء عن ذلك.", "zh_Hans": "商家、骑手或顾客为此支付的金额。", "zh_Hant": "商家、騎手或顧客為此支付的金額。", "pt_BR": "O que lojistas, entregadores ou clientes pagam por isso."}, unit="minor units", minimum=0, classification=Classification.CONFIDENTIAL),
        Column(name="currency", type=LogicalType.STRING, meaning={"en": "ISO 4217 code of the currency of the amounts.", "ar": "رمز ISO 4217 لعملة المبالغ.", "zh_Hans": "金额币种的 ISO 4217 代码。", "zh_Hant": "金額幣種的 ISO 4217 代碼。", "pt_BR": "Código ISO 4217 da moeda dos valores."}, pattern="^[A-Z]{3}$"),
        Column(name="reported_at", type=LogicalType.TIMESTAMP, meaning={"en": "When it was reported.", "ar": "متى أُبلغ عنه.", "zh_Hans": "报告时刻。", "zh_Hant": "報告時刻。", "pt_BR": "Quando foi relatado."}),
        Column(name="handling_s", type=LogicalType.INTEGER, meaning={"en": "Seconds that a person worked on it; empty where nobody did.", "ar": "الثواني التي عمل فيها شخص عليها؛ فارغ إن لم يعمل أحد.", "zh_Hans": "人工处理所用的秒数；无人处理则为空。", "zh_Hant": "人工處理所用的秒數；無人處理則為空。", "pt_BR": "Segundos de trabalho de uma pessoa; vazio onde ninguém trabalhou."}, unit="s", minimum=0),
        Column(name="decided_by", type=LogicalType.STRING, meaning={"en": "Whether a policy or a person decided.", "ar": "هل قررت سياسة أم شخص.", "zh_Hans": "由策略还是由人决定。", "zh_Hant": "由策略還是由人決定。", "pt_BR": "Se decidiu uma política ou uma pessoa."}, required=True, values=("policy", "person")),
        Column(name="decider_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the employee who decided.", "ar": "الاسم المستعار للموظف الذي قرر.", "zh_Hans": "作出决定的员工的假名。", "zh_Hant": "作出決定的員工的假名。", "pt_BR": "Pseudônimo do funcionário que decidiu."}, max_length=128, classification=Classification.PERSONAL, references="employees.employee_id", person="employee"),
        Column(name="supersedes", type=LogicalType.STRING, meaning={"en": "Earlier decision that this one replaces, as after an appeal.", "ar": "القرار السابق الذي يحل هذا محله، كما بعد اعتراض.", "zh_Hans": "被本裁定取代的先前裁定，例如申诉之后。", "zh_Hant": "被本裁定取代的先前裁定，例如申訴之後。", "pt_BR": "Decisão anterior que esta substitui, como após um recurso."}, max_length=128, references="verdicts.verdict_id"),
        Column(name="superseded_by", type=LogicalType.STRING, meaning={"en": "Later decision that replaced this one; empty while this one stands.", "ar": "القرار اللاحق الذي حل محل هذا؛ فارغ ما دام هذا قائمًا.", "zh_Hans": "取代本裁定的后续裁定；本裁定仍有效时为空。", "zh_Hant": "取代本裁定的後續裁定；本裁定仍有效時為空。", "pt_BR": "Decisão posterior que substituiu esta; vazio enquanto esta vale."}, max_length=128, references="verdicts.verdict_id"),
        Column(name="rider_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the rider it concerns.", "ar": "الاسم المستعار للمندوب المعني.", "zh_Hans": "所涉骑手的假名。", "zh_Hant": "所涉騎手的假名。", "pt_BR": "Pseudônimo do entregador a que se refere."}, max_length=128, classification=Classification.PERSONAL, references="riders.rider_id", person="rider"),
        Column(name="merchant_id", type=LogicalType.STRING, meaning={"en": "Merchant it concerns.", "ar": "التاجر المعني.", "zh_Hans": "所涉商家。", "zh_Hant": "所涉商家。", "pt_BR": "Lojista a que se refere."}, max_length=128, references="merchants.merchant_id"),
        Column(name="country", type=LogicalType.STRING, meaning={"en": "Country in which it happened.", "ar": "الدولة التي حدث فيها.", "zh_Hans": "发生的国家或地区。", "zh_Hant": "發生的國家或地區。", "pt_BR": "País em que ocorreu."}, pattern="^[A-Z]{2}$"),
        Column(name="zone_id", type=LogicalType.STRING, meaning={"en": "Zone where it happened.", "ar": "المنطقة التي حدث فيها.", "zh_Hans": "发生的区域。", "zh_Hant": "發生的區域。", "pt_BR": "Zona em que ocorreu."}, max_length=128, references="zones.zone_id"),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the order it concerns; where the order's instant is not known, of the row's own instant.", "ar": "يوم عمل الطلب المعني؛ وحيث لا تُعرف لحظة الطلب، يوم لحظة السجل نفسه.", "zh_Hans": "所涉订单的营业日；订单时刻未知时，取本行自身时刻的营业日。", "zh_Hant": "所涉訂單的營業日；訂單時刻未知時，取本行自身時刻的營業日。", "pt_BR": "Dia operacional do pedido a que se refere; se o instante do pedido não é conhecido, o do próprio registro."}, required=True, derived=True),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    rules=(
        Rule(name="person_is_named", expression="decided_by <> 'person' OR decider_id IS NOT NULL", meaning={"en": "A person decided, and who is not said.", "ar": "قرر شخص ولم يُذكر من هو.", "zh_Hans": "由人作出决定，却未说明是谁。", "zh_Hant": "由人作出決定，卻未説明是誰。", "pt_BR": "Uma pessoa decidiu, e não se diz quem."}),
        Rule(name="verdict_money_needs_currency", expression="(compensation_minor IS NULL AND recovered_minor IS NULL) OR currency IS NOT NULL", meaning={"en": "An amount stands without its currency.", "ar": "يوجد مبلغ بلا عملته.", "zh_Hans": "有金额却没有币种。", "zh_Hant": "有金額卻沒有幣種。", "pt_BR": "Há um valor sem a sua moeda."}),
        Rule(name="decided_after_report", expression="decided_at >= reported_at", meaning={"en": "It was decided before it was reported.", "ar": "تقرر قبل الإبلاغ عنه.", "zh_Hans": "作出决定早于报告。", "zh_Hant": "作出決定早於報告。", "pt_BR": "Foi decidido antes de ser relatado."}),
    ),
    event_at=("decided_at",),
    owner="liability",
    retention_months=84,
)
"""Contract of the table verdicts."""
# fmt: on
