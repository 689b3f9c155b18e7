# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""Visits of customers to the marketplace and how far each came.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, Rule, TableContract


class CustomerSessionsRow(TypedDict, total=False):
    """One row: one visit."""

    city_id: str
    session_id: str
    customer_id: str | None
    seen_at: datetime
    searched_at: datetime | None
    asked_at: datetime | None
    placed_at: datetime | None
    order_id: str | None
    zone_id: str | None
    merchants_shown: int | None
    shown_min: float | None
    is_served: bool | None
    business_date: date
    local_hour: int
    slot_at: datetime
    source: str


# fmt: off
CUSTOMER_SESSIONS = TableContract(
    name="customer_sessions",
    version="1.1.1",
    meaning={"en": "Visits of customers to the marketplace and how far each came.", "ar": "زيارات العملاء للسوق وإلى أين وصلت كل منها.", "zh_Hans": "顾客对平台的访问及各自走到哪一步。", "zh_Hant": "顧客對平台的訪問及各自走到哪一步。", "pt_BR": "Visitas de clientes ao marketplace e até onde cada uma chegou."},
    grain={"en": "one visit", "ar": "زيارة واحدة", "zh_Hans": "一次访问", "zh_Hant": "一次訪問", "pt_BR": "uma visita"},
    key=("city_id", "session_id"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="session_id", type=LogicalType.STRING, meaning={"en": "Identifier of the visit.", "ar": "معرف الزيارة.", "zh_Hans": "访问的标识。", "zh_Hant": "訪問的標識。", "pt_BR": "Identificador da visita."}, required=True, max_length=128),
        Column(name="customer_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the customer.", "ar": "الاسم المستعار للعميل.", "zh_Hans": "顾客的假名。", "zh_Hant": "顧客的假名。", "pt_BR": "Pseudônimo do cliente."}, max_length=128, classification=Classification.PERSONAL, person="customer"),
        Column(name="seen_at", type=LogicalType.TIMESTAMP, meaning={"en": "When the visit began.", "ar": "متى بدأت الزيارة.", "zh_Hans": "访问开始的时刻。", "zh_Hant": "訪問開始的時刻。", "pt_BR": "Quando a visita começou."}, required=True),
        Column(name="searched_at", type=LogicalType.TIMESTAMP, meaning={"en": "When the customer first searched.", "ar": "متى بحث العميل أول مرة.", "zh_Hans": "顾客首次搜索的时刻。", "zh_Hant": "顧客首次搜索的時刻。", "pt_BR": "Quando o cliente buscou pela primeira vez."}),
        Column(name="asked_at", type=LogicalType.TIMESTAMP, meaning={"en": "When the customer first asked for a delivery time.", "ar": "متى سأل العميل أول مرة عن وقت التوصيل.", "zh_Hans": "顾客首次询问配送时间的时刻。", "zh_Hant": "顧客首次詢問配送時間的時刻。", "pt_BR": "Quando o cliente perguntou o prazo pela primeira vez."}),
        Column(name="placed_at", type=LogicalType.TIMESTAMP, meaning={"en": "When the customer placed an order.", "ar": "متى سجل العميل طلبا.", "zh_Hans": "顾客下单的时刻。", "zh_Hant": "顧客下單的時刻。", "pt_BR": "Quando o cliente fez um pedido."}),
        Column(name="order_id", type=LogicalType.STRING, meaning={"en": "Order it belongs to.", "ar": "الطلب الذي ينتمي إليه.", "zh_Hans": "所属订单。", "zh_Hant": "所屬訂單。", "pt_BR": "Pedido a que pertence."}, max_length=128, references="orders.order_id"),
        Column(name="zone_id", type=LogicalType.STRING, meaning={"en": "Zone where it happened.", "ar": "المنطقة التي حدث فيها.", "zh_Hans": "发生的区域。", "zh_Hant": "發生的區域。", "pt_BR": "Zona em que ocorreu."}, max_length=128, references="zones.zone_id"),
        Column(name="merchants_shown", type=LogicalType.INTEGER, meaning={"en": "Merchants offered in the visit.", "ar": "عدد التجار المعروضين في الزيارة.", "zh_Hans": "访问中展示的商家数。", "zh_Hant": "訪問中展示的商家數。", "pt_BR": "Lojistas oferecidos na visita."}, unit="merchants", minimum=0, maximum=1000000),
        Column(name="shown_min", type=LogicalType.NUMBER, meaning={"en": "Delivery time shown to the customer.", "ar": "وقت التوصيل المعروض على العميل.", "zh_Hans": "向顾客展示的配送时间。", "zh_Hant": "向顧客展示的配送時間。", "pt_BR": "Tempo de entrega mostrado ao cliente."}, unit="min", minimum=0, maximum=10000),
        Column(name="is_served", type=LogicalType.BOOLEAN, meaning={"en": "Whether any delivery was offered.", "ar": "هل عُرض أي توصيل.", "zh_Hans": "是否提供了任何配送。", "zh_Hant": "是否提供了任何配送。", "pt_BR": "Se alguma entrega foi oferecida."}),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the city to which it belongs, by the city's time zone and day cut-off.", "ar": "يوم عمل المدينة الذي ينتمي إليه، بحسب منطقتها الزمنية وساعة بدء يومها.", "zh_Hans": "所属的城市营业日，按该城市的时区和日切时刻确定。", "zh_Hant": "所屬的城市營業日，按該城市的時區和日切時刻確定。", "pt_BR": "Dia operacional da cidade a que pertence, pelo fuso horário e pela hora de corte da cidade."}, required=True, derived=True),
        Column(name="local_hour", type=LogicalType.INTEGER, meaning={"en": "Hour of the local clock in which it happened.", "ar": "ساعة التوقيت المحلي التي حدث فيها.", "zh_Hans": "发生时的当地钟点。", "zh_Hant": "發生時的當地鐘點。", "pt_BR": "Hora do relógio local em que ocorreu."}, required=True, derived=True, unit="h", minimum=0, maximum=23),
        Column(name="slot_at", type=LogicalType.TIMESTAMP, meaning={"en": "Start of the city's local half hour in which it happened, as UTC.", "ar": "بداية نصف الساعة المحلي للمدينة الذي حدث فيه، بالتوقيت العالمي.", "zh_Hans": "发生所在的城市当地半小时的起点（UTC）。", "zh_Hant": "發生所在的城市當地半小時的起點（UTC）。", "pt_BR": "Início da meia hora local da cidade em que ocorreu, em UTC."}, required=True, derived=True),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    rules=(
        Rule(name="searched_after_seen", expression="searched_at >= seen_at", meaning={"en": "The search lies before the visit.", "ar": "البحث يسبق الزيارة.", "zh_Hans": "搜索早于访问。", "zh_Hant": "搜索早於訪問。", "pt_BR": "A busca é anterior à visita."}),
        Rule(name="asked_after_seen", expression="asked_at >= seen_at", meaning={"en": "The question lies before the visit.", "ar": "السؤال يسبق الزيارة.", "zh_Hans": "询问早于访问。", "zh_Hant": "詢問早於訪問。", "pt_BR": "A pergunta é anterior à visita."}),
        Rule(name="order_after_seen", expression="placed_at >= seen_at", meaning={"en": "The order lies before the visit.", "ar": "الطلب يسبق الزيارة.", "zh_Hans": "下单早于访问。", "zh_Hant": "下單早於訪問。", "pt_BR": "O pedido é anterior à visita."}),
    ),
    event_at=("seen_at",),
    owner="marketplace-operations",
    retention_months=24,
)
"""Contract of the table customer_sessions."""
# fmt: on
