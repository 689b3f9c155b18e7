# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""Entries of the ledger of penalties, and their reversals.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, Rule, TableContract


class Party(StrEnum):
    """Who bears it."""

    CUSTOMER = "customer"
    MERCHANT = "merchant"
    RIDER = "rider"


class Kind(StrEnum):
    """What it consists of."""

    MONEY = "money"
    POINTS = "points"
    WARNING = "warning"
    SUSPENSION = "suspension"
    REVERSAL = "reversal"
    COMPENSATION = "compensation"
    RESTORATION = "restoration"


class PenaltiesRow(TypedDict, total=False):
    """One row: one entry of the ledger."""

    city_id: str
    penalty_id: str
    verdict_id: str
    entered_at: datetime
    party: str
    party_id: str
    order_id: str | None
    country: str | None
    kind: str
    amount_minor: int | None
    currency: str | None
    points: float | None
    reverses: str | None
    appeal_until: datetime | None
    business_date: date
    source: str


# fmt: off
PENALTIES = TableContract(
    name="penalties",
    version="1.2.0",
    meaning={"en": "Entries of the ledger of penalties, and their reversals.", "ar": "قيود سجل الجزاءات وإلغاءاتها.", "zh_Hans": "处罚台账的记录及其冲销。", "zh_Hant": "處罰台賬的記錄及其沖銷。", "pt_BR": "Lançamentos do livro de penalidades e seus estornos."},
    grain={"en": "one entry of the ledger", "ar": "قيد واحد في السجل", "zh_Hans": "台账的一条记录", "zh_Hant": "台帳的一條記錄", "pt_BR": "um lançamento do livro"},
    key=("city_id", "penalty_id"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="penalty_id", type=LogicalType.STRING, meaning={"en": "Identifier of the entry.", "ar": "معرف القيد.", "zh_Hans": "记录的标识。", "zh_Hant": "記錄的標識。", "pt_BR": "Identificador do lançamento."}, required=True, max_length=128),
        Column(name="verdict_id", type=LogicalType.STRING, meaning={"en": "Decision on which it rests.", "ar": "القرار الذي يستند إليه.", "zh_Hans": "所依据的裁定。", "zh_Hant": "所依據的裁定。", "pt_BR": "Decisão em que se apoia."}, required=True, max_length=128, references="verdicts.verdict_id"),
        Column(name="entered_at", type=LogicalType.TIMESTAMP, meaning={"en": "When it was entered.", "ar": "متى قُيد.", "zh_Hans": "入账时刻。", "zh_Hant": "入賬時刻。", "pt_BR": "Quando foi lançado."}, required=True),
        Column(name="party", type=LogicalType.STRING, meaning={"en": "Who bears it.", "ar": "من يتحمله.", "zh_Hans": "由谁承担。", "zh_Hant": "由誰承擔。", "pt_BR": "Quem a suporta."}, required=True, values=("customer", "merchant", "rider")),
        Column(name="party_id", type=LogicalType.STRING, meaning={"en": "Pseudonym or identifier of who bears it.", "ar": "الاسم المستعار أو المعرف لمن يتحمله.", "zh_Hans": "承担者的假名或标识。", "zh_Hant": "承擔者的假名或標識。", "pt_BR": "Pseudônimo ou identificador de quem a suporta."}, required=True, max_length=128, classification=Classification.PERSONAL, person_by="party"),
        Column(name="order_id", type=LogicalType.STRING, meaning={"en": "Order it belongs to.", "ar": "الطلب الذي ينتمي إليه.", "zh_Hans": "所属订单。", "zh_Hant": "所屬訂單。", "pt_BR": "Pedido a que pertence."}, max_length=128, references="orders.order_id"),
        Column(name="country", type=LogicalType.STRING, meaning={"en": "Country in which it happened.", "ar": "الدولة التي حدث فيها.", "zh_Hans": "发生的国家或地区。", "zh_Hant": "發生的國家或地區。", "pt_BR": "País em que ocorreu."}, pattern="^[A-Z]{2}$"),
        Column(name="kind", type=LogicalType.STRING, meaning={"en": "What it consists of.", "ar": "ما يتكون منه.", "zh_Hans": "处罚的内容。", "zh_Hant": "處罰的內容。", "pt_BR": "Em que consiste."}, required=True, values=("money", "points", "warning", "suspension", "reversal", "compensation", "restoration")),
        Column(name="amount_minor", type=LogicalType.INTEGER, meaning={"en": "Amount; a reversal is negative.", "ar": "المبلغ؛ وإلغاء القيد سالب.", "zh_Hans": "金额；冲销为负数。", "zh_Hant": "金額；沖銷為負數。", "pt_BR": "Valor; um estorno é negativo."}, unit="minor units", classification=Classification.CONFIDENTIAL),
        Column(name="currency", type=LogicalType.STRING, meaning={"en": "ISO 4217 code of the currency of the amounts.", "ar": "رمز ISO 4217 لعملة المبالغ.", "zh_Hans": "金额币种的 ISO 4217 代码。", "zh_Hant": "金額幣種的 ISO 4217 代碼。", "pt_BR": "Código ISO 4217 da moeda dos valores."}, pattern="^[A-Z]{3}$"),
        Column(name="points", type=LogicalType.NUMBER, meaning={"en": "Points given; a reversal is negative.", "ar": "النقاط الممنوحة؛ وإلغاء القيد سالب.", "zh_Hans": "所记分数；冲销为负数。", "zh_Hant": "所記分數；沖銷為負數。", "pt_BR": "Pontos dados; um estorno é negativo."}, unit="points", classification=Classification.CONFIDENTIAL),
        Column(name="reverses", type=LogicalType.STRING, meaning={"en": "Entry that this one takes back.", "ar": "القيد الذي يلغيه هذا القيد.", "zh_Hans": "被本记录冲销的记录。", "zh_Hant": "被本記錄沖銷的記錄。", "pt_BR": "Lançamento que este desfaz."}, max_length=128, references="penalties.penalty_id"),
        Column(name="appeal_until", type=LogicalType.TIMESTAMP, meaning={"en": "Latest instant of an appeal.", "ar": "آخر لحظة للاعتراض.", "zh_Hans": "申诉的最后时刻。", "zh_Hant": "申訴的最後時刻。", "pt_BR": "Último instante para recurso."}),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the city to which it belongs, by the city's time zone and day cut-off.", "ar": "يوم عمل المدينة الذي ينتمي إليه، بحسب منطقتها الزمنية وساعة بدء يومها.", "zh_Hans": "所属的城市营业日，按该城市的时区和日切时刻确定。", "zh_Hant": "所屬的城市營業日，按該城市的時區和日切時刻確定。", "pt_BR": "Dia operacional da cidade a que pertence, pelo fuso horário e pela hora de corte da cidade."}, required=True, derived=True),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    rules=(
        Rule(name="penalty_money_needs_currency", expression="amount_minor IS NULL OR currency IS NOT NULL", meaning={"en": "An amount stands without its currency.", "ar": "يوجد مبلغ بلا عملته.", "zh_Hans": "有金额却没有币种。", "zh_Hant": "有金額卻沒有幣種。", "pt_BR": "Há um valor sem a sua moeda."}),
        Rule(name="reversal_names_entry", expression="kind <> 'reversal' OR reverses IS NOT NULL", meaning={"en": "A reversal does not say what it takes back.", "ar": "لا يذكر الإلغاء القيد الذي يلغيه.", "zh_Hans": "冲销未说明它冲销哪一笔。", "zh_Hant": "沖銷未説明它沖銷哪一筆。", "pt_BR": "O estorno não diz o que desfaz."}),
        Rule(name="appeal_after_entry", expression="appeal_until >= entered_at", meaning={"en": "The term of appeal ends before the entry.", "ar": "تنتهي مهلة الاعتراض قبل القيد.", "zh_Hans": "申诉期限早于记录时刻。", "zh_Hant": "申訴期限早於記錄時刻。", "pt_BR": "O prazo de recurso termina antes do lançamento."}),
    ),
    event_at=("entered_at",),
    owner="liability",
    retention_months=120,
)
"""Contract of the table penalties."""
# fmt: on
