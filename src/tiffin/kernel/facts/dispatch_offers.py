# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""Orders offered to riders and what the riders answered.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, Rule, TableContract


class Outcome(StrEnum):
    """What became of the offer."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class DeclineReason(StrEnum):
    """Why the rider declined."""

    TOO_FAR = "too_far"
    LOW_PAY = "low_pay"
    MERCHANT_SLOW = "merchant_slow"
    AREA_UNSAFE = "area_unsafe"
    VEHICLE = "vehicle"
    BREAK = "break"
    OTHER = "other"


class DispatchOffersRow(TypedDict, total=False):
    """One row: one offer of one order to one rider."""

    city_id: str
    order_id: str
    rider_id: str
    offered_at: datetime
    answered_at: datetime | None
    outcome: str
    decline_reason: str | None
    distance_m: float | None
    pay_minor: int | None
    currency: str | None
    zone_id: str | None
    business_date: date
    source: str


# fmt: off
DISPATCH_OFFERS = TableContract(
    name="dispatch_offers",
    version="1.1.1",
    meaning={"en": "Orders offered to riders and what the riders answered.", "ar": "الطلبات المعروضة على المندوبين وما أجابوا به.", "zh_Hans": "向骑手派出的订单及骑手的答复。", "zh_Hant": "向騎手派出的訂單及騎手的答覆。", "pt_BR": "Pedidos oferecidos a entregadores e o que eles responderam."},
    grain={"en": "one offer of one order to one rider", "ar": "عرض واحد لطلب واحد على مندوب واحد", "zh_Hans": "一个订单向一名骑手的一次派单", "zh_Hant": "一個訂單向一名騎手的一次派單", "pt_BR": "uma oferta de um pedido a um entregador"},
    key=("city_id", "order_id", "rider_id", "offered_at"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="order_id", type=LogicalType.STRING, meaning={"en": "Order it belongs to.", "ar": "الطلب الذي ينتمي إليه.", "zh_Hans": "所属订单。", "zh_Hant": "所屬訂單。", "pt_BR": "Pedido a que pertence."}, required=True, max_length=128, references="orders.order_id"),
        Column(name="rider_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the rider it concerns.", "ar": "الاسم المستعار للمندوب المعني.", "zh_Hans": "所涉骑手的假名。", "zh_Hant": "所涉騎手的假名。", "pt_BR": "Pseudônimo do entregador a que se refere."}, required=True, max_length=128, classification=Classification.PERSONAL, references="riders.rider_id", person="rider"),
        Column(name="offered_at", type=LogicalType.TIMESTAMP, meaning={"en": "When the order was offered to the rider.", "ar": "متى عُرض الطلب على المندوب.", "zh_Hans": "向骑手派单的时刻。", "zh_Hant": "向騎手派單的時刻。", "pt_BR": "Quando o pedido foi oferecido ao entregador."}, required=True),
        Column(name="answered_at", type=LogicalType.TIMESTAMP, meaning={"en": "When the rider answered, or the offer expired.", "ar": "متى أجاب المندوب أو انتهت صلاحية العرض.", "zh_Hans": "骑手答复或派单过期的时刻。", "zh_Hant": "騎手答覆或派單過期的時刻。", "pt_BR": "Quando o entregador respondeu, ou a oferta expirou."}),
        Column(name="outcome", type=LogicalType.STRING, meaning={"en": "What became of the offer.", "ar": "ما آل إليه العرض.", "zh_Hans": "派单的结果。", "zh_Hant": "派單的結果。", "pt_BR": "O que foi feito da oferta."}, required=True, values=("accepted", "declined", "expired", "withdrawn")),
        Column(name="decline_reason", type=LogicalType.STRING, meaning={"en": "Why the rider declined.", "ar": "لماذا رفض المندوب.", "zh_Hans": "骑手拒绝的原因。", "zh_Hant": "騎手拒絕的原因。", "pt_BR": "Por que o entregador recusou."}, values=("too_far", "low_pay", "merchant_slow", "area_unsafe", "vehicle", "break", "other")),
        Column(name="distance_m", type=LogicalType.NUMBER, meaning={"en": "Distance from the rider to the merchant when offered.", "ar": "المسافة من المندوب إلى التاجر عند العرض.", "zh_Hans": "派单时骑手到商家的距离。", "zh_Hant": "派單時騎手到商家的距離。", "pt_BR": "Distância do entregador ao lojista no momento da oferta."}, unit="m", minimum=0, maximum=1000000),
        Column(name="pay_minor", type=LogicalType.INTEGER, meaning={"en": "Pay offered to the rider.", "ar": "الأجر المعروض على المندوب.", "zh_Hans": "向骑手开出的报酬。", "zh_Hant": "向騎手開出的報酬。", "pt_BR": "Pagamento oferecido ao entregador."}, unit="minor units", minimum=0, classification=Classification.CONFIDENTIAL),
        Column(name="currency", type=LogicalType.STRING, meaning={"en": "ISO 4217 code of the currency of the amounts.", "ar": "رمز ISO 4217 لعملة المبالغ.", "zh_Hans": "金额币种的 ISO 4217 代码。", "zh_Hant": "金額幣種的 ISO 4217 代碼。", "pt_BR": "Código ISO 4217 da moeda dos valores."}, pattern="^[A-Z]{3}$"),
        Column(name="zone_id", type=LogicalType.STRING, meaning={"en": "Zone where it happened.", "ar": "المنطقة التي حدث فيها.", "zh_Hans": "发生的区域。", "zh_Hant": "發生的區域。", "pt_BR": "Zona em que ocorreu."}, max_length=128, references="zones.zone_id"),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the city to which it belongs, by the city's time zone and day cut-off.", "ar": "يوم عمل المدينة الذي ينتمي إليه، بحسب منطقتها الزمنية وساعة بدء يومها.", "zh_Hans": "所属的城市营业日，按该城市的时区和日切时刻确定。", "zh_Hant": "所屬的城市營業日，按該城市的時區和日切時刻確定。", "pt_BR": "Dia operacional da cidade a que pertence, pelo fuso horário e pela hora de corte da cidade."}, required=True, derived=True),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    rules=(
        Rule(name="answered_after_offered", expression="answered_at >= offered_at", meaning={"en": "The answer lies before the offer.", "ar": "الإجابة تسبق العرض.", "zh_Hans": "答复早于派单。", "zh_Hant": "答覆早於派單。", "pt_BR": "A resposta é anterior à oferta."}),
        Rule(name="decline_needs_outcome", expression="decline_reason IS NULL OR outcome = 'declined'", meaning={"en": "A reason to decline stands on an offer that was not declined.", "ar": "ذُكر سبب رفض في عرض لم يُرفض.", "zh_Hans": "未被拒绝的派单上却记有拒绝原因。", "zh_Hant": "未被拒絕的派單上卻記有拒絕原因。", "pt_BR": "Há um motivo de recusa numa oferta que não foi recusada."}),
        Rule(name="pay_needs_currency", expression="pay_minor IS NULL OR currency IS NOT NULL", meaning={"en": "An amount stands without its currency.", "ar": "يوجد مبلغ بلا عملته.", "zh_Hans": "有金额却没有币种。", "zh_Hant": "有金額卻沒有幣種。", "pt_BR": "Há um valor sem a sua moeda."}),
    ),
    event_at=("offered_at",),
    owner="rider-operations",
    retention_months=24,
)
"""Contract of the table dispatch_offers."""
# fmt: on
