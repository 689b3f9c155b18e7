# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""Appeals of verdicts: who asked for another look, when, and what became of it.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, Rule, TableContract


class Party(StrEnum):
    """Who appeals."""

    CUSTOMER = "customer"
    MERCHANT = "merchant"
    RIDER = "rider"


class Outcome(StrEnum):
    """What became of it; empty while it is open."""

    UPHELD = "upheld"
    VARIED = "varied"
    OVERTURNED = "overturned"
    GRANTED_BY_SILENCE = "granted_by_silence"
    WITHDRAWN = "withdrawn"


class AppealsRow(TypedDict, total=False):
    """One row: one appeal in one instance."""

    city_id: str
    appeal_id: str
    verdict_id: str
    order_id: str
    country: str | None
    instance: int
    party: str
    party_id: str
    lodged_at: datetime
    acknowledged_at: datetime | None
    due_at: datetime | None
    replied_at: datetime | None
    outcome: str | None
    policy: str | None
    policy_row: str | None
    reversed_minor: int | None
    currency: str | None
    handling_s: int | None
    zone_id: str | None
    business_date: date
    source: str


# fmt: off
APPEALS = TableContract(
    name="appeals",
    version="1.0.0",
    meaning={"en": "Appeals of verdicts: who asked for another look, when, and what became of it.", "ar": "اعتراضات على الأحكام: من طلب النظر مجددًا، ومتى، وما آل إليه الأمر.", "zh_Hans": "对裁定的申诉：谁在何时要求复核，结果如何。", "zh_Hant": "對裁定的申訴：誰在何時要求覆核，結果如何。", "pt_BR": "Recursos contra veredictos: quem pediu outro exame, quando e no que deu."},
    grain={"en": "one appeal in one instance", "ar": "اعتراض واحد في درجة واحدة", "zh_Hans": "一次申诉的一个审级", "zh_Hant": "一次申訴的一個審級", "pt_BR": "um recurso em uma instância"},
    key=("city_id", "appeal_id"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="appeal_id", type=LogicalType.STRING, meaning={"en": "Identifier of the appeal.", "ar": "معرف الاعتراض.", "zh_Hans": "申诉的标识。", "zh_Hant": "申訴的標識。", "pt_BR": "Identificador do recurso."}, required=True, max_length=128),
        Column(name="verdict_id", type=LogicalType.STRING, meaning={"en": "Decision that is appealed.", "ar": "القرار المعترض عليه.", "zh_Hans": "被申诉的裁定。", "zh_Hant": "被申訴的裁定。", "pt_BR": "Decisão de que se recorre."}, required=True, max_length=128, references="verdicts.verdict_id"),
        Column(name="order_id", type=LogicalType.STRING, meaning={"en": "Order it belongs to.", "ar": "الطلب الذي ينتمي إليه.", "zh_Hans": "所属订单。", "zh_Hant": "所屬訂單。", "pt_BR": "Pedido a que pertence."}, required=True, max_length=128, references="orders.order_id"),
        Column(name="country", type=LogicalType.STRING, meaning={"en": "Country in which it happened.", "ar": "الدولة التي حدث فيها.", "zh_Hans": "发生的国家或地区。", "zh_Hant": "發生的國家或地區。", "pt_BR": "País em que ocorreu."}, pattern="^[A-Z]{2}$"),
        Column(name="instance", type=LogicalType.INTEGER, meaning={"en": "First or second look.", "ar": "النظر الأول أو الثاني.", "zh_Hans": "第一次或第二次复核。", "zh_Hant": "第一次或第二次覆核。", "pt_BR": "Primeiro ou segundo exame."}, required=True, unit="instances", minimum=1, maximum=2),
        Column(name="party", type=LogicalType.STRING, meaning={"en": "Who appeals.", "ar": "من يعترض.", "zh_Hans": "由谁申诉。", "zh_Hant": "由誰申訴。", "pt_BR": "Quem recorre."}, required=True, values=("customer", "merchant", "rider")),
        Column(name="party_id", type=LogicalType.STRING, meaning={"en": "Pseudonym or identifier of who appeals.", "ar": "الاسم المستعار أو المعرف لمن يعترض.", "zh_Hans": "申诉者的假名或标识。", "zh_Hant": "申訴者的假名或標識。", "pt_BR": "Pseudônimo ou identificador de quem recorre."}, required=True, max_length=128, classification=Classification.PERSONAL, person_by="party"),
        Column(name="lodged_at", type=LogicalType.TIMESTAMP, meaning={"en": "When it was lodged.", "ar": "متى قُدّم.", "zh_Hans": "提出时刻。", "zh_Hant": "提出時刻。", "pt_BR": "Quando foi apresentado."}, required=True),
        Column(name="acknowledged_at", type=LogicalType.TIMESTAMP, meaning={"en": "When it was acknowledged.", "ar": "متى أُقر باستلامه.", "zh_Hans": "确认收到的时刻。", "zh_Hant": "確認收到的時刻。", "pt_BR": "Quando foi acusado o recebimento."}),
        Column(name="due_at", type=LogicalType.TIMESTAMP, meaning={"en": "By when the country's rule wants a reasoned reply.", "ar": "الموعد الذي تطلب فيه قاعدة الدولة ردًا مسببًا.", "zh_Hans": "当地规则要求给出附理由答复的期限。", "zh_Hant": "當地規則要求給出附理由答覆的期限。", "pt_BR": "Até quando a regra do país quer uma resposta fundamentada."}),
        Column(name="replied_at", type=LogicalType.TIMESTAMP, meaning={"en": "When the reasoned reply was given.", "ar": "متى أُعطي الرد المسبب.", "zh_Hans": "给出附理由答复的时刻。", "zh_Hant": "給出附理由答覆的時刻。", "pt_BR": "Quando foi dada a resposta fundamentada."}),
        Column(name="outcome", type=LogicalType.STRING, meaning={"en": "What became of it; empty while it is open.", "ar": "ما آل إليه؛ فارغ ما دام مفتوحًا.", "zh_Hans": "结果；尚未结束则为空。", "zh_Hant": "結果；尚未結束則為空。", "pt_BR": "No que deu; vazio enquanto está aberto."}, values=("upheld", "varied", "overturned", "granted_by_silence", "withdrawn")),
        Column(name="policy", type=LogicalType.STRING, meaning={"en": "Policy of the decision that is appealed.", "ar": "سياسة القرار المعترض عليه.", "zh_Hans": "被申诉裁定所依的策略。", "zh_Hant": "被申訴裁定所依的策略。", "pt_BR": "Política da decisão de que se recorre."}, max_length=200),
        Column(name="policy_row", type=LogicalType.STRING, meaning={"en": "Row of the policy of the decision that is appealed.", "ar": "صف سياسة القرار المعترض عليه.", "zh_Hans": "被申诉裁定所依的策略行。", "zh_Hant": "被申訴裁定所依的策略行。", "pt_BR": "Linha da política da decisão de que se recorre."}, max_length=200),
        Column(name="reversed_minor", type=LogicalType.INTEGER, meaning={"en": "Money given back by it.", "ar": "المال المُعاد بسببه.", "zh_Hans": "因此退回的金额。", "zh_Hant": "因此退回的金額。", "pt_BR": "Dinheiro devolvido por ele."}, unit="minor units", minimum=0, classification=Classification.CONFIDENTIAL),
        Column(name="currency", type=LogicalType.STRING, meaning={"en": "ISO 4217 code of the currency of the amounts.", "ar": "رمز ISO 4217 لعملة المبالغ.", "zh_Hans": "金额币种的 ISO 4217 代码。", "zh_Hant": "金額幣種的 ISO 4217 代碼。", "pt_BR": "Código ISO 4217 da moeda dos valores."}, pattern="^[A-Z]{3}$"),
        Column(name="handling_s", type=LogicalType.INTEGER, meaning={"en": "Seconds that a person worked on it; empty where nobody did.", "ar": "الثواني التي عمل فيها شخص عليها؛ فارغ إن لم يعمل أحد.", "zh_Hans": "人工处理所用的秒数；无人处理则为空。", "zh_Hant": "人工處理所用的秒數；無人處理則為空。", "pt_BR": "Segundos de trabalho de uma pessoa; vazio onde ninguém trabalhou."}, unit="s", minimum=0),
        Column(name="zone_id", type=LogicalType.STRING, meaning={"en": "Zone where it happened.", "ar": "المنطقة التي حدث فيها.", "zh_Hans": "发生的区域。", "zh_Hant": "發生的區域。", "pt_BR": "Zona em que ocorreu."}, max_length=128, references="zones.zone_id"),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the order it concerns; where the order's instant is not known, of the row's own instant.", "ar": "يوم عمل الطلب المعني؛ وحيث لا تُعرف لحظة الطلب، يوم لحظة السجل نفسه.", "zh_Hans": "所涉订单的营业日；订单时刻未知时，取本行自身时刻的营业日。", "zh_Hant": "所涉訂單的營業日；訂單時刻未知時，取本行自身時刻的營業日。", "pt_BR": "Dia operacional do pedido a que se refere; se o instante do pedido não é conhecido, o do próprio registro."}, required=True, derived=True),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    rules=(
        Rule(name="appeal_money_needs_currency", expression="reversed_minor IS NULL OR currency IS NOT NULL", meaning={"en": "An amount stands without its currency.", "ar": "يوجد مبلغ بلا عملته.", "zh_Hans": "有金额却没有币种。", "zh_Hant": "有金額卻沒有幣種。", "pt_BR": "Há um valor sem a sua moeda."}),
        Rule(name="appeal_reply_after_lodging", expression="replied_at >= lodged_at", meaning={"en": "The reply came before the appeal.", "ar": "جاء الرد قبل الاعتراض.", "zh_Hans": "答复早于申诉。", "zh_Hant": "答覆早於申訴。", "pt_BR": "A resposta veio antes do recurso."}),
    ),
    event_at=("lodged_at",),
    owner="liability",
    retention_months=84,
)
"""Contract of the table appeals."""
# fmt: on
