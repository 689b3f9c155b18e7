# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""Each time somebody used a campaign.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class RedemptionsRow(TypedDict, total=False):
    """One row: one use of a campaign."""

    city_id: str
    redemption_id: str
    campaign_id: str
    redeemed_at: datetime
    order_id: str | None
    customer_id: str | None
    rider_id: str | None
    amount_minor: int
    currency: str
    zone_id: str | None
    business_date: date
    source: str


# fmt: off
REDEMPTIONS = TableContract(
    name="redemptions",
    version="1.1.1",
    meaning={"en": "Each time somebody used a campaign.", "ar": "كل مرة استُخدمت فيها حملة.", "zh_Hans": "每一次使用活动的记录。", "zh_Hant": "每一次使用活動的記錄。", "pt_BR": "Cada vez que alguém usou uma campanha."},
    grain={"en": "one use of a campaign", "ar": "استخدام واحد لحملة", "zh_Hans": "一个活动的一次使用", "zh_Hant": "一個活動的一次使用", "pt_BR": "um uso de uma campanha"},
    key=("city_id", "redemption_id"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="redemption_id", type=LogicalType.STRING, meaning={"en": "Identifier of the use.", "ar": "معرف الاستخدام.", "zh_Hans": "使用记录的标识。", "zh_Hant": "使用記錄的標識。", "pt_BR": "Identificador do uso."}, required=True, max_length=128),
        Column(name="campaign_id", type=LogicalType.STRING, meaning={"en": "Campaign that was used.", "ar": "الحملة التي استُخدمت.", "zh_Hans": "所使用的活动。", "zh_Hant": "所使用的活動。", "pt_BR": "Campanha que foi usada."}, required=True, max_length=128, references="campaigns.campaign_id"),
        Column(name="redeemed_at", type=LogicalType.TIMESTAMP, meaning={"en": "When it was used.", "ar": "متى استُخدم.", "zh_Hans": "使用时刻。", "zh_Hant": "使用時刻。", "pt_BR": "Quando foi usado."}, required=True),
        Column(name="order_id", type=LogicalType.STRING, meaning={"en": "Order it belongs to.", "ar": "الطلب الذي ينتمي إليه.", "zh_Hans": "所属订单。", "zh_Hant": "所屬訂單。", "pt_BR": "Pedido a que pertence."}, max_length=128, references="orders.order_id"),
        Column(name="customer_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the customer.", "ar": "الاسم المستعار للعميل.", "zh_Hans": "顾客的假名。", "zh_Hant": "顧客的假名。", "pt_BR": "Pseudônimo do cliente."}, max_length=128, classification=Classification.PERSONAL, person="customer"),
        Column(name="rider_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the rider it concerns.", "ar": "الاسم المستعار للمندوب المعني.", "zh_Hans": "所涉骑手的假名。", "zh_Hant": "所涉騎手的假名。", "pt_BR": "Pseudônimo do entregador a que se refere."}, max_length=128, classification=Classification.PERSONAL, references="riders.rider_id", person="rider"),
        Column(name="amount_minor", type=LogicalType.INTEGER, meaning={"en": "What it was worth.", "ar": "ما كانت قيمته.", "zh_Hans": "其价值。", "zh_Hant": "其價值。", "pt_BR": "Quanto valeu."}, required=True, unit="minor units", minimum=0, classification=Classification.CONFIDENTIAL),
        Column(name="currency", type=LogicalType.STRING, meaning={"en": "ISO 4217 code of the currency of the amounts.", "ar": "رمز ISO 4217 لعملة المبالغ.", "zh_Hans": "金额币种的 ISO 4217 代码。", "zh_Hant": "金額幣種的 ISO 4217 代碼。", "pt_BR": "Código ISO 4217 da moeda dos valores."}, required=True, pattern="^[A-Z]{3}$"),
        Column(name="zone_id", type=LogicalType.STRING, meaning={"en": "Zone where it happened.", "ar": "المنطقة التي حدث فيها.", "zh_Hans": "发生的区域。", "zh_Hant": "發生的區域。", "pt_BR": "Zona em que ocorreu."}, max_length=128, references="zones.zone_id"),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the city to which it belongs, by the city's time zone and day cut-off.", "ar": "يوم عمل المدينة الذي ينتمي إليه، بحسب منطقتها الزمنية وساعة بدء يومها.", "zh_Hans": "所属的城市营业日，按该城市的时区和日切时刻确定。", "zh_Hant": "所屬的城市營業日，按該城市的時區和日切時刻確定。", "pt_BR": "Dia operacional da cidade a que pertence, pelo fuso horário e pela hora de corte da cidade."}, required=True, derived=True),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    event_at=("redeemed_at",),
    owner="campaign-management",
    retention_months=84,
)
"""Contract of the table redemptions."""
# fmt: on
