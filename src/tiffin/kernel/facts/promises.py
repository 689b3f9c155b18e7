# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""Every delivery time that was promised for an order, the first one and each change.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Column, LogicalType, Rule, TableContract


class Shown(StrEnum):
    """Where the customer saw it."""

    LIST = "list"
    MERCHANT = "merchant"
    CHECKOUT = "checkout"
    TRACKING = "tracking"
    MESSAGE = "message"


class Reason(StrEnum):
    """Why an earlier promise was changed."""

    FIRST = "first"
    MERCHANT_LATE = "merchant_late"
    NO_RIDER = "no_rider"
    TRAFFIC = "traffic"
    WEATHER = "weather"
    CUSTOMER_ASKED = "customer_asked"
    OTHER = "other"


class PromisesRow(TypedDict, total=False):
    """One row: one promise for one order."""

    city_id: str
    order_id: str
    made_at: datetime
    promised_from: datetime | None
    promised_at: datetime
    shown: str | None
    policy: str | None
    policy_version: str | None
    reason: str | None
    zone_id: str | None
    business_date: date
    source: str


# fmt: off
PROMISES = TableContract(
    name="promises",
    version="1.0.1",
    meaning={"en": "Every delivery time that was promised for an order, the first one and each change.", "ar": "كل وقت توصيل وُعد به لطلب، الأول وكل تغيير.", "zh_Hans": "为订单承诺过的每个送达时间，包括首次和每次变更。", "zh_Hant": "為訂單承諾過的每個送達時間，包括首次和每次變更。", "pt_BR": "Todo prazo de entrega prometido para um pedido, o primeiro e cada mudança."},
    grain={"en": "one promise for one order", "ar": "وعد واحد لطلب واحد", "zh_Hans": "对一个订单的一次承诺", "zh_Hant": "對一個訂單的一次承諾", "pt_BR": "uma promessa para um pedido"},
    key=("city_id", "order_id", "made_at"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="order_id", type=LogicalType.STRING, meaning={"en": "Order it belongs to.", "ar": "الطلب الذي ينتمي إليه.", "zh_Hans": "所属订单。", "zh_Hant": "所屬訂單。", "pt_BR": "Pedido a que pertence."}, required=True, max_length=128, references="orders.order_id"),
        Column(name="made_at", type=LogicalType.TIMESTAMP, meaning={"en": "When the promise was made.", "ar": "متى قُطع الوعد.", "zh_Hans": "作出承诺的时刻。", "zh_Hant": "作出承諾的時刻。", "pt_BR": "Quando a promessa foi feita."}, required=True),
        Column(name="promised_from", type=LogicalType.TIMESTAMP, meaning={"en": "Earliest instant promised; empty where only the latest is.", "ar": "أبكر لحظة موعودة؛ فارغة حيث لا توجد إلا الأخيرة.", "zh_Hans": "承诺的最早时刻；只承诺最晚时刻时为空。", "zh_Hant": "承諾的最早時刻；只承諾最晚時刻時為空。", "pt_BR": "Primeiro instante prometido; vazio onde só há o último."}),
        Column(name="promised_at", type=LogicalType.TIMESTAMP, meaning={"en": "Latest instant promised.", "ar": "آخر لحظة موعودة.", "zh_Hans": "承诺的最晚时刻。", "zh_Hant": "承諾的最晚時刻。", "pt_BR": "Último instante prometido."}, required=True),
        Column(name="shown", type=LogicalType.STRING, meaning={"en": "Where the customer saw it.", "ar": "أين رآه العميل.", "zh_Hans": "顾客在何处看到。", "zh_Hant": "顧客在何處看到。", "pt_BR": "Onde o cliente a viu."}, values=("list", "merchant", "checkout", "tracking", "message")),
        Column(name="policy", type=LogicalType.STRING, meaning={"en": "Policy that made the promise.", "ar": "السياسة التي وعدت.", "zh_Hans": "作出承诺的策略。", "zh_Hant": "作出承諾的策略。", "pt_BR": "Política que fez a promessa."}, max_length=200),
        Column(name="policy_version", type=LogicalType.STRING, meaning={"en": "Version of that policy.", "ar": "إصدار تلك السياسة.", "zh_Hans": "该策略的版本。", "zh_Hant": "該策略的版本。", "pt_BR": "Versão dessa política."}, max_length=64),
        Column(name="reason", type=LogicalType.STRING, meaning={"en": "Why an earlier promise was changed.", "ar": "لماذا تغير وعد سابق.", "zh_Hans": "先前承诺被更改的原因。", "zh_Hant": "先前承諾被更改的原因。", "pt_BR": "Por que uma promessa anterior mudou."}, values=("first", "merchant_late", "no_rider", "traffic", "weather", "customer_asked", "other")),
        Column(name="zone_id", type=LogicalType.STRING, meaning={"en": "Zone where it happened.", "ar": "المنطقة التي حدث فيها.", "zh_Hans": "发生的区域。", "zh_Hant": "發生的區域。", "pt_BR": "Zona em que ocorreu."}, max_length=128, references="zones.zone_id"),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the city to which it belongs, by the city's time zone and day cut-off.", "ar": "يوم عمل المدينة الذي ينتمي إليه، بحسب منطقتها الزمنية وساعة بدء يومها.", "zh_Hans": "所属的城市营业日，按该城市的时区和日切时刻确定。", "zh_Hant": "所屬的城市營業日，按該城市的時區和日切時刻確定。", "pt_BR": "Dia operacional da cidade a que pertence, pelo fuso horário e pela hora de corte da cidade."}, required=True, derived=True),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    rules=(
        Rule(name="promise_after_made", expression="promised_at >= made_at", meaning={"en": "The promised instant lies before the promise was made.", "ar": "اللحظة الموعودة تسبق الوعد.", "zh_Hans": "承诺送达时刻早于作出承诺的时刻。", "zh_Hant": "承諾送達時刻早於作出承諾的時刻。", "pt_BR": "O instante prometido é anterior à promessa."}),
        Rule(name="promise_span", expression="promised_at >= promised_from", meaning={"en": "The promised span ends before it begins.", "ar": "تنتهي المدة الموعودة قبل أن تبدأ.", "zh_Hans": "承诺区间的结束早于开始。", "zh_Hant": "承諾區間的結束早於開始。", "pt_BR": "O intervalo prometido termina antes de começar."}),
    ),
    event_at=("made_at",),
    owner="marketplace-operations",
    retention_months=84,
)
"""Contract of the table promises."""
# fmt: on
