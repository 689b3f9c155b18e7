# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""What the marketplace spends: rider pay, incentives, support, compensation.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class Kind(StrEnum):
    """What the money was spent on."""

    RIDER_PAY = "rider_pay"
    RIDER_INCENTIVE = "rider_incentive"
    PROMOTION = "promotion"
    SUPPORT = "support"
    COMPENSATION = "compensation"
    PAYMENT = "payment"
    EQUIPMENT = "equipment"
    OTHER = "other"


class Basis(StrEnum):
    """What the amount is per."""

    ORDER = "order"
    RIDER_HOUR = "rider_hour"
    RIDER_DAY = "rider_day"
    CONTACT = "contact"
    MONTH = "month"


class CostsRow(TypedDict, total=False):
    """One row: one cost entry."""

    city_id: str
    cost_id: str
    incurred_at: datetime
    kind: str
    basis: str
    amount_minor: int
    currency: str
    order_id: str | None
    rider_id: str | None
    merchant_id: str | None
    zone_id: str | None
    campaign_id: str | None
    business_date: date
    source: str


# fmt: off
COSTS = TableContract(
    name="costs",
    version="1.1.1",
    meaning={"en": "What the marketplace spends: rider pay, incentives, support, compensation.", "ar": "ما تنفقه السوق: أجور المندوبين والحوافز والدعم والتعويض.", "zh_Hans": "平台的支出：骑手报酬、激励、客服、赔偿。", "zh_Hant": "平台的支出：騎手報酬、激勵、客服、賠償。", "pt_BR": "O que o marketplace gasta: pagamento de entregadores, incentivos, atendimento, compensação."},
    grain={"en": "one cost entry", "ar": "قيد تكلفة واحد", "zh_Hans": "一笔成本", "zh_Hant": "一筆成本", "pt_BR": "um lançamento de custo"},
    key=("city_id", "cost_id"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="cost_id", type=LogicalType.STRING, meaning={"en": "Identifier of the entry.", "ar": "معرف القيد.", "zh_Hans": "记录的标识。", "zh_Hant": "記錄的標識。", "pt_BR": "Identificador do lançamento."}, required=True, max_length=128),
        Column(name="incurred_at", type=LogicalType.TIMESTAMP, meaning={"en": "When the cost arose.", "ar": "متى نشأت التكلفة.", "zh_Hans": "成本发生的时刻。", "zh_Hant": "成本發生的時刻。", "pt_BR": "Quando o custo surgiu."}, required=True),
        Column(name="kind", type=LogicalType.STRING, meaning={"en": "What the money was spent on.", "ar": "ما أُنفق عليه المال.", "zh_Hans": "款项的用途。", "zh_Hant": "款項的用途。", "pt_BR": "Em que o dinheiro foi gasto."}, required=True, values=("rider_pay", "rider_incentive", "promotion", "support", "compensation", "payment", "equipment", "other")),
        Column(name="basis", type=LogicalType.STRING, meaning={"en": "What the amount is per.", "ar": "ما يُحسب المبلغ عنه.", "zh_Hans": "金额的计量基础。", "zh_Hant": "金額的計量基礎。", "pt_BR": "A que o valor se refere."}, required=True, values=("order", "rider_hour", "rider_day", "contact", "month")),
        Column(name="amount_minor", type=LogicalType.INTEGER, meaning={"en": "Amount; a correction downwards is negative.", "ar": "المبلغ؛ والتصحيح بالنقصان سالب.", "zh_Hans": "金额；向下更正为负数。", "zh_Hant": "金額；向下更正為負數。", "pt_BR": "Valor; uma correção para baixo é negativa."}, required=True, unit="minor units", classification=Classification.CONFIDENTIAL),
        Column(name="currency", type=LogicalType.STRING, meaning={"en": "ISO 4217 code of the currency of the amounts.", "ar": "رمز ISO 4217 لعملة المبالغ.", "zh_Hans": "金额币种的 ISO 4217 代码。", "zh_Hant": "金額幣種的 ISO 4217 代碼。", "pt_BR": "Código ISO 4217 da moeda dos valores."}, required=True, pattern="^[A-Z]{3}$"),
        Column(name="order_id", type=LogicalType.STRING, meaning={"en": "Order it belongs to.", "ar": "الطلب الذي ينتمي إليه.", "zh_Hans": "所属订单。", "zh_Hant": "所屬訂單。", "pt_BR": "Pedido a que pertence."}, max_length=128, references="orders.order_id"),
        Column(name="rider_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the rider it concerns.", "ar": "الاسم المستعار للمندوب المعني.", "zh_Hans": "所涉骑手的假名。", "zh_Hant": "所涉騎手的假名。", "pt_BR": "Pseudônimo do entregador a que se refere."}, max_length=128, classification=Classification.PERSONAL, references="riders.rider_id", person="rider"),
        Column(name="merchant_id", type=LogicalType.STRING, meaning={"en": "Merchant it concerns.", "ar": "التاجر المعني.", "zh_Hans": "所涉商家。", "zh_Hant": "所涉商家。", "pt_BR": "Lojista a que se refere."}, max_length=128, references="merchants.merchant_id"),
        Column(name="zone_id", type=LogicalType.STRING, meaning={"en": "Zone where it happened.", "ar": "المنطقة التي حدث فيها.", "zh_Hans": "发生的区域。", "zh_Hant": "發生的區域。", "pt_BR": "Zona em que ocorreu."}, max_length=128, references="zones.zone_id"),
        Column(name="campaign_id", type=LogicalType.STRING, meaning={"en": "Campaign that caused it.", "ar": "الحملة التي سببته.", "zh_Hans": "引起这笔成本的活动。", "zh_Hant": "引起這筆成本的活動。", "pt_BR": "Campanha que o causou."}, max_length=128, references="campaigns.campaign_id"),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the order it concerns; where the order's instant is not known, of the row's own instant.", "ar": "يوم عمل الطلب المعني؛ وحيث لا تُعرف لحظة الطلب، يوم لحظة السجل نفسه.", "zh_Hans": "所涉订单的营业日；订单时刻未知时，取本行自身时刻的营业日。", "zh_Hant": "所涉訂單的營業日；訂單時刻未知時，取本行自身時刻的營業日。", "pt_BR": "Dia operacional do pedido a que se refere; se o instante do pedido não é conhecido, o do próprio registro."}, required=True, derived=True),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    event_at=("incurred_at",),
    owner="finance-operations",
    retention_months=120,
)
"""Contract of the table costs."""
# fmt: on
