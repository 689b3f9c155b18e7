# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""Demand and supply of a zone in a span of time: the market's balance as it was.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from typing import TypedDict

from tiffin.kernel.contract import Column, LogicalType, Rule, TableContract


class MarketplaceSlotsRow(TypedDict, total=False):
    """One row: one zone and one slot."""

    city_id: str
    zone_id: str
    slot_at: datetime
    slot_min: int
    demand_orders: float | None
    lost_orders: float | None
    people_asked: float | None
    people_unserved: float | None
    riders_on_shift: float | None
    riders_busy: float | None
    outstanding_orders: float | None
    online_min: float | None
    busy_min: float | None
    waiting_min: float | None
    orders_finished: float | None
    riders_active: float | None
    business_date: date
    local_hour: int
    day_part: str | None
    source: str


# fmt: off
MARKETPLACE_SLOTS = TableContract(
    name="marketplace_slots",
    version="1.1.1",
    meaning={"en": "Demand and supply of a zone in a span of time: the market's balance as it was.", "ar": "الطلب والعرض في منطقة خلال مدة من الزمن: توازن السوق كما كان.", "zh_Hans": "一个区域在一段时间内的需求与运力：当时的市场平衡。", "zh_Hant": "一個區域在一段時間內的需求與運力：當時的市場平衡。", "pt_BR": "Demanda e oferta de uma zona num intervalo de tempo: o equilíbrio do mercado como foi."},
    grain={"en": "one zone and one slot", "ar": "منطقة واحدة ومدة واحدة", "zh_Hans": "一个分区的一个时段", "zh_Hant": "一個分區的一個時段", "pt_BR": "uma zona e um intervalo"},
    key=("city_id", "zone_id", "slot_at"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="zone_id", type=LogicalType.STRING, meaning={"en": "Zone that the figures are of.", "ar": "المنطقة التي تخصها الأرقام.", "zh_Hans": "数字所属的区域。", "zh_Hant": "數字所屬的區域。", "pt_BR": "Zona a que os números se referem."}, required=True, max_length=128, references="zones.zone_id"),
        Column(name="slot_at", type=LogicalType.TIMESTAMP, meaning={"en": "Start of the slot, as UTC.", "ar": "بداية الفترة بالتوقيت العالمي.", "zh_Hans": "时段起点（UTC）。", "zh_Hant": "時段起點（UTC）。", "pt_BR": "Início do intervalo, em UTC."}, required=True),
        Column(name="slot_min", type=LogicalType.INTEGER, meaning={"en": "Length of the slot.", "ar": "طول الفترة.", "zh_Hans": "时段长度。", "zh_Hant": "時段長度。", "pt_BR": "Duração do intervalo."}, required=True, unit="min", minimum=1, maximum=1440),
        Column(name="demand_orders", type=LogicalType.NUMBER, meaning={"en": "Orders asked for in the slot, the lost ones too.", "ar": "الطلبات المطلوبة في الفترة بما فيها المفقودة.", "zh_Hans": "该时段需求的订单，包括流失的。", "zh_Hant": "該時段需求的訂單，包括流失的。", "pt_BR": "Pedidos procurados no intervalo, inclusive os perdidos."}, unit="orders", minimum=0),
        Column(name="lost_orders", type=LogicalType.NUMBER, meaning={"en": "Orders that nobody was there to carry.", "ar": "طلبات لم يوجد من يحملها.", "zh_Hans": "无人可送的订单。", "zh_Hant": "無人可送的訂單。", "pt_BR": "Pedidos que não havia quem levasse."}, unit="orders", minimum=0),
        Column(name="people_asked", type=LogicalType.NUMBER, meaning={"en": "People who looked for delivery in the slot.", "ar": "أشخاص بحثوا عن توصيل في الفترة.", "zh_Hans": "该时段查看配送的人数。", "zh_Hant": "該時段查看配送的人數。", "pt_BR": "Pessoas que procuraram entrega no intervalo."}, unit="people", minimum=0),
        Column(name="people_unserved", type=LogicalType.NUMBER, meaning={"en": "People who looked and were offered none.", "ar": "أشخاص بحثوا ولم يُعرض عليهم توصيل.", "zh_Hans": "查看但未获提供配送的人数。", "zh_Hant": "查看但未獲提供配送的人數。", "pt_BR": "Pessoas que procuraram e não receberam oferta."}, unit="people", minimum=0),
        Column(name="riders_on_shift", type=LogicalType.NUMBER, meaning={"en": "Riders on shift, mean over the slot.", "ar": "المندوبون في المناوبة، متوسط الفترة.", "zh_Hans": "在岗骑手数，时段平均。", "zh_Hant": "在崗騎手數，時段平均。", "pt_BR": "Entregadores em turno, média do intervalo."}, unit="riders", minimum=0),
        Column(name="riders_busy", type=LogicalType.NUMBER, meaning={"en": "Riders with an order in hand, mean over the slot.", "ar": "المندوبون الذين معهم طلب، متوسط الفترة.", "zh_Hans": "持有订单的骑手数，时段平均。", "zh_Hant": "持有訂單的騎手數，時段平均。", "pt_BR": "Entregadores com um pedido em mãos, média do intervalo."}, unit="riders", minimum=0),
        Column(name="outstanding_orders", type=LogicalType.NUMBER, meaning={"en": "Orders placed and not yet delivered, mean over the slot.", "ar": "طلبات سُجلت ولم تُسلَّم بعد، متوسط الفترة.", "zh_Hans": "已下单而未送达的订单数，时段平均。", "zh_Hant": "已下單而未送達的訂單數，時段平均。", "pt_BR": "Pedidos feitos e ainda não entregues, média do intervalo."}, unit="orders", minimum=0),
        Column(name="online_min", type=LogicalType.NUMBER, meaning={"en": "Rider minutes on shift in the slot.", "ar": "دقائق المندوبين في المناوبة خلال الفترة.", "zh_Hans": "该时段内骑手在岗分钟数。", "zh_Hant": "該時段內騎手在崗分鐘數。", "pt_BR": "Minutos de entregadores em turno no intervalo."}, unit="min", minimum=0),
        Column(name="busy_min", type=LogicalType.NUMBER, meaning={"en": "Rider minutes with an order in hand in the slot.", "ar": "دقائق المندوبين مع طلب في اليد خلال الفترة.", "zh_Hans": "该时段内骑手持有订单的分钟数。", "zh_Hant": "該時段內騎手持有訂單的分鐘數。", "pt_BR": "Minutos de entregadores com um pedido em mãos no intervalo."}, unit="min", minimum=0),
        Column(name="waiting_min", type=LogicalType.NUMBER, meaning={"en": "Rider minutes on shift without an order in the slot.", "ar": "دقائق المندوبين في المناوبة بلا طلب خلال الفترة.", "zh_Hans": "该时段内骑手在岗而无订单的分钟数。", "zh_Hant": "該時段內騎手在崗而無訂單的分鐘數。", "pt_BR": "Minutos de entregadores em turno sem pedido no intervalo."}, unit="min", minimum=0),
        Column(name="orders_finished", type=LogicalType.NUMBER, meaning={"en": "Orders delivered in the slot.", "ar": "الطلبات المسلَّمة في الفترة.", "zh_Hans": "该时段送达的订单。", "zh_Hant": "該時段送達的訂單。", "pt_BR": "Pedidos entregues no intervalo."}, unit="orders", minimum=0),
        Column(name="riders_active", type=LogicalType.NUMBER, meaning={"en": "Different riders on shift at any time in the slot.", "ar": "عدد المندوبين المختلفين الذين كانوا في المناوبة في أي وقت من الفترة.", "zh_Hans": "该时段内任一时刻在岗的不同骑手数。", "zh_Hant": "該時段內任一時刻在崗的不同騎手數。", "pt_BR": "Entregadores distintos em turno em qualquer momento do intervalo."}, unit="riders", minimum=0),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the city to which it belongs, by the city's time zone and day cut-off.", "ar": "يوم عمل المدينة الذي ينتمي إليه، بحسب منطقتها الزمنية وساعة بدء يومها.", "zh_Hans": "所属的城市营业日，按该城市的时区和日切时刻确定。", "zh_Hant": "所屬的城市營業日，按該城市的時區和日切時刻確定。", "pt_BR": "Dia operacional da cidade a que pertence, pelo fuso horário e pela hora de corte da cidade."}, required=True, derived=True),
        Column(name="local_hour", type=LogicalType.INTEGER, meaning={"en": "Hour of the local clock in which it happened.", "ar": "ساعة التوقيت المحلي التي حدث فيها.", "zh_Hans": "发生时的当地钟点。", "zh_Hant": "發生時的當地鐘點。", "pt_BR": "Hora do relógio local em que ocorreu."}, required=True, derived=True, unit="h", minimum=0, maximum=23),
        Column(name="day_part", type=LogicalType.STRING, meaning={"en": "Part of the city's local day in which it happened, such as lunch, iftar or late, as its market declares them.", "ar": "جزء اليوم المحلي للمدينة الذي حدث فيه، كالغداء أو الإفطار أو آخر الليل، كما يحددها سوقها.", "zh_Hans": "发生在城市当地一天中的哪个时段，如午餐、开斋、深夜，由其市场定义。", "zh_Hant": "發生在城市當地一天中的哪個時段，如午餐、開齋、深夜，由其市場定義。", "pt_BR": "Parte do dia local da cidade em que ocorreu, como almoço, iftar ou madrugada, conforme o seu mercado define."}, derived=True, pattern="^[a-z][a-z0-9_]{0,31}$"),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    rules=(
        Rule(name="lost_within_demand", expression="lost_orders <= demand_orders", meaning={"en": "More orders were lost than asked for.", "ar": "فُقدت طلبات أكثر مما طُلب.", "zh_Hans": "流失订单多于需求订单。", "zh_Hant": "流失訂單多於需求訂單。", "pt_BR": "Perderam-se mais pedidos do que se pediram."}),
        Rule(name="unserved_within_asked", expression="people_unserved <= people_asked", meaning={"en": "More people were unserved than asked.", "ar": "عدد غير المخدومين أكثر ممن سألوا.", "zh_Hans": "未获服务的人数多于询问人数。", "zh_Hant": "未獲服務的人數多於詢問人數。", "pt_BR": "Há mais pessoas não atendidas do que as que procuraram."}),
    ),
    event_at=("slot_at",),
    owner="marketplace-operations",
    retention_months=84,
    limitations={"en": "A source may know only demand or only supply; what it does not know is empty, not zero.", "ar": "قد لا يعرف المصدر إلا الطلب أو إلا العرض؛ وما لا يعرفه فارغ لا صفر.", "zh_Hans": "来源可能只知道需求或只知道运力；不知道的为空，而不是零。", "zh_Hant": "來源可能只知道需求或只知道運力；不知道的為空，而不是零。", "pt_BR": "Uma fonte pode conhecer só a demanda ou só a oferta; o que não conhece fica vazio, não zero."},
)
"""Contract of the table marketplace_slots."""
# fmt: on
