# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""What customers think of an order, in stars.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class RatingsRow(TypedDict, total=False):
    """One row: one rating of one order."""

    city_id: str
    order_id: str
    rated_at: datetime
    stars: int
    zone_id: str | None
    merchant_id: str | None
    rider_id: str | None
    business_date: date
    source: str


# fmt: off
RATINGS = TableContract(
    name="ratings",
    version="1.1.1",
    meaning={"en": "What customers think of an order, in stars.", "ar": "رأي العملاء في طلب، بالنجوم.", "zh_Hans": "顾客对订单的评价，以星级表示。", "zh_Hant": "顧客對訂單的評價，以星級表示。", "pt_BR": "O que os clientes acham de um pedido, em estrelas."},
    grain={"en": "one rating of one order", "ar": "تقييم واحد لطلب واحد", "zh_Hans": "一个订单的一次评价", "zh_Hant": "一個訂單的一次評價", "pt_BR": "uma avaliação de um pedido"},
    key=("city_id", "order_id", "rated_at"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="order_id", type=LogicalType.STRING, meaning={"en": "Order it belongs to.", "ar": "الطلب الذي ينتمي إليه.", "zh_Hans": "所属订单。", "zh_Hant": "所屬訂單。", "pt_BR": "Pedido a que pertence."}, required=True, max_length=128, references="orders.order_id"),
        Column(name="rated_at", type=LogicalType.TIMESTAMP, meaning={"en": "When the customer rated.", "ar": "متى قيّم العميل.", "zh_Hans": "顾客评价的时刻。", "zh_Hant": "顧客評價的時刻。", "pt_BR": "Quando o cliente avaliou."}, required=True),
        Column(name="stars", type=LogicalType.INTEGER, meaning={"en": "Stars given, five is best.", "ar": "النجوم الممنوحة، والخمس هي الأفضل.", "zh_Hans": "所给星级，五星最好。", "zh_Hant": "所給星級，五星最好。", "pt_BR": "Estrelas dadas, cinco é o melhor."}, required=True, unit="stars", minimum=0, maximum=5),
        Column(name="zone_id", type=LogicalType.STRING, meaning={"en": "Zone where it happened.", "ar": "المنطقة التي حدث فيها.", "zh_Hans": "发生的区域。", "zh_Hant": "發生的區域。", "pt_BR": "Zona em que ocorreu."}, max_length=128, references="zones.zone_id"),
        Column(name="merchant_id", type=LogicalType.STRING, meaning={"en": "Merchant it concerns.", "ar": "التاجر المعني.", "zh_Hans": "所涉商家。", "zh_Hant": "所涉商家。", "pt_BR": "Lojista a que se refere."}, max_length=128, references="merchants.merchant_id"),
        Column(name="rider_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the rider it concerns.", "ar": "الاسم المستعار للمندوب المعني.", "zh_Hans": "所涉骑手的假名。", "zh_Hant": "所涉騎手的假名。", "pt_BR": "Pseudônimo do entregador a que se refere."}, max_length=128, classification=Classification.PERSONAL, references="riders.rider_id", person="rider"),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the order it concerns; where the order's instant is not known, of the row's own instant.", "ar": "يوم عمل الطلب المعني؛ وحيث لا تُعرف لحظة الطلب، يوم لحظة السجل نفسه.", "zh_Hans": "所涉订单的营业日；订单时刻未知时，取本行自身时刻的营业日。", "zh_Hant": "所涉訂單的營業日；訂單時刻未知時，取本行自身時刻的營業日。", "pt_BR": "Dia operacional do pedido a que se refere; se o instante do pedido não é conhecido, o do próprio registro."}, required=True, derived=True),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    event_at=("rated_at",),
    owner="experience-management",
    retention_months=36,
)
"""Contract of the table ratings."""
# fmt: on
