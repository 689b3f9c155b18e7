# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""Orders that customers placed, from the tap to the hand-over, with what was promised, who carried them and how the market stood.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, Rule, TableContract


class Vehicle(StrEnum):
    """What the rider rides."""

    BICYCLE = "bicycle"
    MOTORCYCLE = "motorcycle"
    CAR = "car"
    VAN = "van"
    WALKER = "walker"
    SCOOTER = "scooter"
    OTHER = "other"


class Status(StrEnum):
    """How far the order came: placed (still open or outcome unknown), delivered, cancelled, returned."""

    PLACED = "placed"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURNED = "returned"


class CancelledBy(StrEnum):
    """Who ended the order before its hand-over."""

    CUSTOMER = "customer"
    MERCHANT = "merchant"
    RIDER = "rider"
    PLATFORM = "platform"


class CancelReason(StrEnum):
    """Why the order was cancelled; no_rider is a lost order, which nobody was there to carry."""

    NO_RIDER = "no_rider"
    CHANGED_MIND = "changed_mind"
    TOO_SLOW = "too_slow"
    ITEM_UNAVAILABLE = "item_unavailable"
    MERCHANT_CLOSED = "merchant_closed"
    MERCHANT_BUSY = "merchant_busy"
    WRONG_ADDRESS = "wrong_address"
    CUSTOMER_UNREACHABLE = "customer_unreachable"
    PAYMENT_FAILED = "payment_failed"
    FRAUD = "fraud"
    RIDER_DECLINED = "rider_declined"
    ACCIDENT = "accident"
    DUPLICATE = "duplicate"
    OTHER = "other"


class OrdersRow(TypedDict, total=False):
    """One row: one order of one city."""

    city_id: str
    order_id: str
    country: str
    zone_id: str | None
    dropoff_zone_id: str | None
    merchant_id: str | None
    customer_id: str | None
    rider_id: str | None
    category: str | None
    vehicle: str | None
    status: str
    cancelled_by: str | None
    cancel_reason: str | None
    placed_at: datetime | None
    accepted_at: datetime | None
    ready_at: datetime | None
    assigned_at: datetime | None
    arrived_at_merchant_at: datetime | None
    picked_up_at: datetime | None
    arrived_at_customer_at: datetime | None
    delivered_at: datetime | None
    cancelled_at: datetime | None
    returned_at: datetime | None
    promised_at: datetime | None
    distance_m: float | None
    straight_m: float | None
    item_count: int | None
    distinct_item_count: int | None
    is_asap: bool | None
    is_first_order: bool | None
    currency: str | None
    basket_minor: int | None
    delivery_fee_minor: int | None
    discount_minor: int | None
    tip_minor: int | None
    pickup_latitude: float | None
    pickup_longitude: float | None
    dropoff_latitude: float | None
    dropoff_longitude: float | None
    pickup_x_m: float | None
    pickup_y_m: float | None
    dropoff_x_m: float | None
    dropoff_y_m: float | None
    riders_on_shift: float | None
    riders_busy: float | None
    outstanding_orders: float | None
    predicted_travel_s: float | None
    predicted_place_s: float | None
    business_date: date
    local_hour: int
    slot_at: datetime
    day_part: str | None
    source: str


# fmt: off
ORDERS = TableContract(
    name="orders",
    version="2.0.1",
    meaning={"en": "Orders that customers placed, from the tap to the hand-over, with what was promised, who carried them and how the market stood.", "ar": "الطلبات التي سجلها العملاء، من اللمسة إلى التسليم، مع ما وُعد به ومن حملها وكيف كانت السوق.", "zh_Hans": "顾客所下的订单，从点击到交付，连同承诺、承运人和当时的市场状况。", "zh_Hant": "顧客所下的訂單，從點擊到交付，連同承諾、承運人和當時的市場狀況。", "pt_BR": "Pedidos feitos por clientes, do toque à entrega, com o que se prometeu, quem os levou e como estava o mercado."},
    grain={"en": "one order of one city", "ar": "طلب واحد في مدينة واحدة", "zh_Hans": "一个城市的一个订单", "zh_Hant": "一個城市的一個訂單", "pt_BR": "um pedido de uma cidade"},
    key=("city_id", "order_id"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="order_id", type=LogicalType.STRING, meaning={"en": "Identifier of the order.", "ar": "معرف الطلب.", "zh_Hans": "订单的标识。", "zh_Hant": "訂單的標識。", "pt_BR": "Identificador do pedido."}, required=True, max_length=128),
        Column(name="country", type=LogicalType.STRING, meaning={"en": "ISO 3166-1 code of the country; ZZ where the source does not say.", "ar": "رمز ISO 3166-1 للبلد؛ ZZ حيث لا يذكره المصدر.", "zh_Hans": "国家的 ISO 3166-1 代码；来源未说明时为 ZZ。", "zh_Hant": "國家的 ISO 3166-1 代碼；來源未説明時為 ZZ。", "pt_BR": "Código ISO 3166-1 do país; ZZ onde a fonte não diz."}, required=True, derived=True, pattern="^[A-Z]{2}$", classification=Classification.PUBLIC),
        Column(name="zone_id", type=LogicalType.STRING, meaning={"en": "Zone of the pickup place.", "ar": "منطقة مكان الاستلام.", "zh_Hans": "取货地点所在区域。", "zh_Hant": "取貨地點所在區域。", "pt_BR": "Zona do lugar de coleta."}, derived=True, max_length=128, references="zones.zone_id"),
        Column(name="dropoff_zone_id", type=LogicalType.STRING, meaning={"en": "Zone of the customer's place.", "ar": "منطقة مكان العميل.", "zh_Hans": "顾客地点所在区域。", "zh_Hant": "顧客地點所在區域。", "pt_BR": "Zona do lugar do cliente."}, derived=True, max_length=128, references="zones.zone_id"),
        Column(name="merchant_id", type=LogicalType.STRING, meaning={"en": "Merchant that prepares the order.", "ar": "التاجر الذي يحضر الطلب.", "zh_Hans": "准备该订单的商家。", "zh_Hant": "準備該訂單的商家。", "pt_BR": "Lojista que prepara o pedido."}, max_length=128, references="merchants.merchant_id"),
        Column(name="customer_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the customer.", "ar": "الاسم المستعار للعميل.", "zh_Hans": "顾客的假名。", "zh_Hant": "顧客的假名。", "pt_BR": "Pseudônimo do cliente."}, max_length=128, classification=Classification.PERSONAL, person="customer"),
        Column(name="rider_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the rider who carried the order.", "ar": "الاسم المستعار للمندوب الذي حمل الطلب.", "zh_Hans": "配送该订单的骑手的假名。", "zh_Hant": "配送該訂單的騎手的假名。", "pt_BR": "Pseudônimo do entregador que levou o pedido."}, max_length=128, classification=Classification.PERSONAL, references="riders.rider_id", person="rider"),
        Column(name="category", type=LogicalType.STRING, meaning={"en": "What the merchant sells: a kitchen, a grocery, a pharmacy.", "ar": "ما يبيعه التاجر: مطبخ أو بقالة أو صيدلية.", "zh_Hans": "商家所售：餐饮、杂货或药品。", "zh_Hant": "商家所售：餐飲、雜貨或藥品。", "pt_BR": "O que o lojista vende: cozinha, mercado, farmácia."}, max_length=200),
        Column(name="vehicle", type=LogicalType.STRING, meaning={"en": "What the rider rides.", "ar": "ما يركبه المندوب.", "zh_Hans": "骑手使用的交通工具。", "zh_Hant": "騎手使用的交通工具。", "pt_BR": "O que o entregador conduz."}, values=("bicycle", "motorcycle", "car", "van", "walker", "scooter", "other")),
        Column(name="status", type=LogicalType.STRING, meaning={"en": "How far the order came: placed (still open or outcome unknown), delivered, cancelled, returned.", "ar": "إلى أين وصل الطلب: مسجل (ما زال مفتوحا أو نتيجته مجهولة)، مسلَّم، ملغى، مرجع.", "zh_Hans": "订单进展：已下单（仍在进行或结果未知）、已送达、已取消、已退回。", "zh_Hant": "訂單進展：已下單（仍在進行或結果未知）、已送達、已取消、已退回。", "pt_BR": "Até onde o pedido chegou: feito (ainda aberto ou de desfecho desconhecido), entregue, cancelado, devolvido."}, required=True, values=("placed", "delivered", "cancelled", "returned")),
        Column(name="cancelled_by", type=LogicalType.STRING, meaning={"en": "Who ended the order before its hand-over.", "ar": "من أنهى الطلب قبل تسليمه.", "zh_Hans": "谁在交付前终止了订单。", "zh_Hant": "誰在交付前終止了訂單。", "pt_BR": "Quem encerrou o pedido antes da entrega."}, values=("customer", "merchant", "rider", "platform")),
        Column(name="cancel_reason", type=LogicalType.STRING, meaning={"en": "Why the order was cancelled; no_rider is a lost order, which nobody was there to carry.", "ar": "لماذا أُلغي الطلب؛ no_rider طلب مفقود لم يوجد من يحمله.", "zh_Hans": "订单取消的原因；no_rider 表示无人可送的流失订单。", "zh_Hant": "訂單取消的原因；no_rider 表示無人可送的流失訂單。", "pt_BR": "Por que o pedido foi cancelado; no_rider é um pedido perdido, que não havia quem levasse."}, values=("no_rider", "changed_mind", "too_slow", "item_unavailable", "merchant_closed", "merchant_busy", "wrong_address", "customer_unreachable", "payment_failed", "fraud", "rider_declined", "accident", "duplicate", "other")),
        Column(name="placed_at", type=LogicalType.TIMESTAMP, meaning={"en": "When the customer placed the order.", "ar": "متى سجل العميل الطلب.", "zh_Hans": "顾客下该订单的时刻。", "zh_Hant": "顧客下該訂單的時刻。", "pt_BR": "Quando o cliente fez o pedido."}),
        Column(name="accepted_at", type=LogicalType.TIMESTAMP, meaning={"en": "When the merchant accepted the order, or got it from the platform.", "ar": "متى قبل التاجر الطلب أو تسلمه من المنصة.", "zh_Hans": "商家接单或从平台收到订单的时刻。", "zh_Hant": "商家接單或從平台收到訂單的時刻。", "pt_BR": "Quando o lojista aceitou o pedido, ou o recebeu da plataforma."}),
        Column(name="ready_at", type=LogicalType.TIMESTAMP, meaning={"en": "When the merchant had the order ready.", "ar": "متى جهز الطلب لدى التاجر.", "zh_Hans": "商家备好订单的时刻。", "zh_Hant": "商家備好訂單的時刻。", "pt_BR": "Quando o lojista teve o pedido pronto."}),
        Column(name="assigned_at", type=LogicalType.TIMESTAMP, meaning={"en": "When a rider took the order.", "ar": "متى أخذ مندوب الطلب.", "zh_Hans": "骑手接下订单的时刻。", "zh_Hant": "騎手接下訂單的時刻。", "pt_BR": "Quando um entregador assumiu o pedido."}),
        Column(name="arrived_at_merchant_at", type=LogicalType.TIMESTAMP, meaning={"en": "When the rider arrived at the merchant.", "ar": "متى وصل المندوب إلى التاجر.", "zh_Hans": "骑手到店的时刻。", "zh_Hant": "騎手到店的時刻。", "pt_BR": "Quando o entregador chegou ao lojista."}),
        Column(name="picked_up_at", type=LogicalType.TIMESTAMP, meaning={"en": "When the rider left the merchant with the order.", "ar": "متى غادر المندوب التاجر ومعه الطلب.", "zh_Hans": "骑手取货离店的时刻。", "zh_Hant": "騎手取貨離店的時刻。", "pt_BR": "Quando o entregador deixou o lojista com o pedido."}),
        Column(name="arrived_at_customer_at", type=LogicalType.TIMESTAMP, meaning={"en": "When the rider arrived at the customer.", "ar": "متى وصل المندوب إلى العميل.", "zh_Hans": "骑手到达顾客处的时刻。", "zh_Hant": "騎手到達顧客處的時刻。", "pt_BR": "Quando o entregador chegou ao cliente."}),
        Column(name="delivered_at", type=LogicalType.TIMESTAMP, meaning={"en": "When the order was handed over.", "ar": "متى سُلِّم الطلب.", "zh_Hans": "订单交付的时刻。", "zh_Hant": "訂單交付的時刻。", "pt_BR": "Quando o pedido foi entregue."}),
        Column(name="cancelled_at", type=LogicalType.TIMESTAMP, meaning={"en": "When the order was cancelled.", "ar": "متى أُلغي الطلب.", "zh_Hans": "订单取消的时刻。", "zh_Hant": "訂單取消的時刻。", "pt_BR": "Quando o pedido foi cancelado."}),
        Column(name="returned_at", type=LogicalType.TIMESTAMP, meaning={"en": "When the goods were back with the merchant or the platform.", "ar": "متى عادت البضاعة إلى التاجر أو المنصة.", "zh_Hans": "货物退回商家或平台的时刻。", "zh_Hant": "貨物退回商家或平台的時刻。", "pt_BR": "Quando as mercadorias voltaram ao lojista ou à plataforma."}),
        Column(name="promised_at", type=LogicalType.TIMESTAMP, meaning={"en": "Latest instant of hand-over promised to the customer when the order was placed.", "ar": "آخر لحظة تسليم وُعد بها العميل عند تسجيل الطلب.", "zh_Hans": "下单时向顾客承诺的最晚交付时刻。", "zh_Hant": "下單時向顧客承諾的最晚交付時刻。", "pt_BR": "Último instante de entrega prometido ao cliente quando o pedido foi feito."}),
        Column(name="distance_m", type=LogicalType.NUMBER, meaning={"en": "Distance from merchant to customer.", "ar": "المسافة من التاجر إلى العميل.", "zh_Hans": "商家到顾客的距离。", "zh_Hant": "商家到顧客的距離。", "pt_BR": "Distância do lojista ao cliente."}, unit="m", minimum=0, maximum=1000000),
        Column(name="straight_m", type=LogicalType.NUMBER, meaning={"en": "Straight distance from merchant to customer, kept where the customer's place is sealed.", "ar": "المسافة المستقيمة من التاجر إلى العميل، تُحفظ حيث يكون مكان العميل مختوما.", "zh_Hans": "商家到顾客的直线距离；顾客位置被封存时保留。", "zh_Hant": "商家到顧客的直線距離；顧客位置被封存時保留。", "pt_BR": "Distância em linha reta do lojista ao cliente, guardada onde o lugar do cliente está lacrado."}, derived=True, unit="m", minimum=0, maximum=50000000),
        Column(name="item_count", type=LogicalType.INTEGER, meaning={"en": "Pieces ordered.", "ar": "القطع المطلوبة.", "zh_Hans": "订购件数。", "zh_Hant": "訂購件數。", "pt_BR": "Peças pedidas."}, unit="items", minimum=0, maximum=100000),
        Column(name="distinct_item_count", type=LogicalType.INTEGER, meaning={"en": "Different things ordered.", "ar": "أصناف مختلفة مطلوبة.", "zh_Hans": "所订购的不同商品数。", "zh_Hant": "所訂購的不同商品數。", "pt_BR": "Itens diferentes pedidos."}, unit="items", minimum=0, maximum=100000),
        Column(name="is_asap", type=LogicalType.BOOLEAN, meaning={"en": "Whether the customer wanted it at once, not at a later time.", "ar": "هل أراده العميل فورا لا في وقت لاحق.", "zh_Hans": "顾客是否要求立即配送而非预约。", "zh_Hant": "顧客是否要求立即配送而非預約。", "pt_BR": "Se o cliente o queria já, e não para depois."}),
        Column(name="is_first_order", type=LogicalType.BOOLEAN, meaning={"en": "Whether it is the customer's first order.", "ar": "هل هو أول طلب للعميل.", "zh_Hans": "是否为该顾客的首单。", "zh_Hant": "是否為該顧客的首單。", "pt_BR": "Se é o primeiro pedido do cliente."}),
        Column(name="currency", type=LogicalType.STRING, meaning={"en": "ISO 4217 code of the currency of the amounts.", "ar": "رمز ISO 4217 لعملة المبالغ.", "zh_Hans": "金额币种的 ISO 4217 代码。", "zh_Hant": "金額幣種的 ISO 4217 代碼。", "pt_BR": "Código ISO 4217 da moeda dos valores."}, pattern="^[A-Z]{3}$"),
        Column(name="basket_minor", type=LogicalType.INTEGER, meaning={"en": "Price of the goods before discount, fees and tip.", "ar": "سعر البضاعة قبل الخصم والرسوم والإكرامية.", "zh_Hans": "商品价格，不含折扣、费用和小费。", "zh_Hant": "商品價格，不含折扣、費用和小費。", "pt_BR": "Preço das mercadorias antes de desconto, taxas e gorjeta."}, unit="minor units", minimum=0, classification=Classification.CONFIDENTIAL),
        Column(name="delivery_fee_minor", type=LogicalType.INTEGER, meaning={"en": "What the customer pays for delivery.", "ar": "ما يدفعه العميل مقابل التوصيل.", "zh_Hans": "顾客支付的配送费。", "zh_Hant": "顧客支付的配送費。", "pt_BR": "O que o cliente paga pela entrega."}, unit="minor units", minimum=0, classification=Classification.CONFIDENTIAL),
        Column(name="discount_minor", type=LogicalType.INTEGER, meaning={"en": "Discount given to the customer.", "ar": "الخصم الممنوح للعميل.", "zh_Hans": "给予顾客的折扣。", "zh_Hant": "給予顧客的折扣。", "pt_BR": "Desconto dado ao cliente."}, unit="minor units", minimum=0, classification=Classification.CONFIDENTIAL),
        Column(name="tip_minor", type=LogicalType.INTEGER, meaning={"en": "Tip for the rider.", "ar": "إكرامية المندوب.", "zh_Hans": "给骑手的小费。", "zh_Hant": "給騎手的小費。", "pt_BR": "Gorjeta do entregador."}, unit="minor units", minimum=0, classification=Classification.CONFIDENTIAL),
        Column(name="pickup_latitude", type=LogicalType.NUMBER, meaning={"en": "Latitude of the pickup place (WGS 84).", "ar": "خط عرض مكان الاستلام (WGS 84).", "zh_Hans": "取货地点的纬度（WGS 84）。", "zh_Hant": "取貨地點的緯度（WGS 84）。", "pt_BR": "Latitude do lugar de coleta (WGS 84)."}, unit="degrees", minimum=-90, maximum=90),
        Column(name="pickup_longitude", type=LogicalType.NUMBER, meaning={"en": "Longitude of the pickup place (WGS 84).", "ar": "خط طول مكان الاستلام (WGS 84).", "zh_Hans": "取货地点的经度（WGS 84）。", "zh_Hant": "取貨地點的經度（WGS 84）。", "pt_BR": "Longitude do lugar de coleta (WGS 84)."}, unit="degrees", minimum=-180, maximum=180),
        Column(name="dropoff_latitude", type=LogicalType.NUMBER, meaning={"en": "Latitude of the customer's place (WGS 84).", "ar": "خط عرض مكان العميل (WGS 84).", "zh_Hans": "顾客地点的纬度（WGS 84）。", "zh_Hant": "顧客地點的緯度（WGS 84）。", "pt_BR": "Latitude do lugar do cliente (WGS 84)."}, unit="degrees", minimum=-90, maximum=90, classification=Classification.PERSONAL, sealed_for="customer_id"),
        Column(name="dropoff_longitude", type=LogicalType.NUMBER, meaning={"en": "Longitude of the customer's place (WGS 84).", "ar": "خط طول مكان العميل (WGS 84).", "zh_Hans": "顾客地点的经度（WGS 84）。", "zh_Hant": "顧客地點的經度（WGS 84）。", "pt_BR": "Longitude do lugar do cliente (WGS 84)."}, unit="degrees", minimum=-180, maximum=180, classification=Classification.PERSONAL, sealed_for="customer_id"),
        Column(name="pickup_x_m", type=LogicalType.NUMBER, meaning={"en": "Distance of the pickup place east of the city's origin, where places are given on a plane.", "ar": "مسافة مكان الاستلام شرق نقطة أصل المدينة، حيث تعطى الأماكن على مستوى.", "zh_Hans": "以平面坐标给出地点时，取货地点距城市原点的东向距离。", "zh_Hant": "以平面座標給出地點時，取貨地點距城市原點的東向距離。", "pt_BR": "Distância do lugar de coleta a leste da origem da cidade, quando os lugares são dados num plano."}, unit="m"),
        Column(name="pickup_y_m", type=LogicalType.NUMBER, meaning={"en": "Distance of the pickup place north of the city's origin, where places are given on a plane.", "ar": "مسافة مكان الاستلام شمال نقطة أصل المدينة، حيث تعطى الأماكن على مستوى.", "zh_Hans": "以平面坐标给出地点时，取货地点距城市原点的北向距离。", "zh_Hant": "以平面座標給出地點時，取貨地點距城市原點的北向距離。", "pt_BR": "Distância do lugar de coleta ao norte da origem da cidade, quando os lugares são dados num plano."}, unit="m"),
        Column(name="dropoff_x_m", type=LogicalType.NUMBER, meaning={"en": "Distance of the customer's place east of the city's origin, where places are given on a plane.", "ar": "مسافة مكان العميل شرق نقطة أصل المدينة، حيث تعطى الأماكن على مستوى.", "zh_Hans": "以平面坐标给出地点时，顾客地点距城市原点的东向距离。", "zh_Hant": "以平面座標給出地點時，顧客地點距城市原點的東向距離。", "pt_BR": "Distância do lugar do cliente a leste da origem da cidade, quando os lugares são dados num plano."}, unit="m", classification=Classification.PERSONAL, sealed_for="customer_id"),
        Column(name="dropoff_y_m", type=LogicalType.NUMBER, meaning={"en": "Distance of the customer's place north of the city's origin, where places are given on a plane.", "ar": "مسافة مكان العميل شمال نقطة أصل المدينة، حيث تعطى الأماكن على مستوى.", "zh_Hans": "以平面坐标给出地点时，顾客地点距城市原点的北向距离。", "zh_Hant": "以平面座標給出地點時，顧客地點距城市原點的北向距離。", "pt_BR": "Distância do lugar do cliente ao norte da origem da cidade, quando os lugares são dados num plano."}, unit="m", classification=Classification.PERSONAL, sealed_for="customer_id"),
        Column(name="riders_on_shift", type=LogicalType.NUMBER, meaning={"en": "Riders on shift in the order's area when it was placed.", "ar": "المندوبون في المناوبة في منطقة الطلب عند تسجيله.", "zh_Hans": "下单时该订单所在区域的在岗骑手数。", "zh_Hant": "下單時該訂單所在區域的在崗騎手數。", "pt_BR": "Entregadores em turno na área do pedido quando ele foi feito."}, unit="riders", minimum=0),
        Column(name="riders_busy", type=LogicalType.NUMBER, meaning={"en": "Riders with an order in hand in the order's area when it was placed.", "ar": "المندوبون الذين معهم طلب في منطقة الطلب عند تسجيله.", "zh_Hans": "下单时该订单所在区域持有订单的骑手数。", "zh_Hant": "下單時該訂單所在區域持有訂單的騎手數。", "pt_BR": "Entregadores com um pedido em mãos na área do pedido quando ele foi feito."}, unit="riders", minimum=0),
        Column(name="outstanding_orders", type=LogicalType.NUMBER, meaning={"en": "Orders placed and not yet delivered in the order's area when it was placed.", "ar": "طلبات سُجلت ولم تُسلَّم بعد في منطقة الطلب عند تسجيله.", "zh_Hans": "下单时该订单所在区域已下单而未送达的订单数。", "zh_Hant": "下單時該訂單所在區域已下單而未送達的訂單數。", "pt_BR": "Pedidos feitos e ainda não entregues na área do pedido quando ele foi feito."}, unit="orders", minimum=0),
        Column(name="predicted_travel_s", type=LogicalType.NUMBER, meaning={"en": "Travel time from merchant to customer predicted when the order was placed.", "ar": "زمن التنقل من التاجر إلى العميل كما تُوقع عند تسجيل الطلب.", "zh_Hans": "下单时预计的商家到顾客的行程时间。", "zh_Hant": "下單時預計的商家到顧客的行程時間。", "pt_BR": "Tempo de viagem do lojista ao cliente previsto quando o pedido foi feito."}, unit="s", minimum=0),
        Column(name="predicted_place_s", type=LogicalType.NUMBER, meaning={"en": "Time predicted for passing the order to the merchant.", "ar": "الوقت المتوقع لتمرير الطلب إلى التاجر.", "zh_Hans": "预计将订单转给商家所需的时间。", "zh_Hant": "預計將訂單轉給商家所需的時間。", "pt_BR": "Tempo previsto para passar o pedido ao lojista."}, unit="s", minimum=0),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the city to which it belongs, by the city's time zone and day cut-off.", "ar": "يوم عمل المدينة الذي ينتمي إليه، بحسب منطقتها الزمنية وساعة بدء يومها.", "zh_Hans": "所属的城市营业日，按该城市的时区和日切时刻确定。", "zh_Hant": "所屬的城市營業日，按該城市的時區和日切時刻確定。", "pt_BR": "Dia operacional da cidade a que pertence, pelo fuso horário e pela hora de corte da cidade."}, required=True, derived=True),
        Column(name="local_hour", type=LogicalType.INTEGER, meaning={"en": "Hour of the local clock in which it happened.", "ar": "ساعة التوقيت المحلي التي حدث فيها.", "zh_Hans": "发生时的当地钟点。", "zh_Hant": "發生時的當地鐘點。", "pt_BR": "Hora do relógio local em que ocorreu."}, required=True, derived=True, unit="h", minimum=0, maximum=23),
        Column(name="slot_at", type=LogicalType.TIMESTAMP, meaning={"en": "Start of the city's local half hour in which it happened, as UTC.", "ar": "بداية نصف الساعة المحلي للمدينة الذي حدث فيه، بالتوقيت العالمي.", "zh_Hans": "发生所在的城市当地半小时的起点（UTC）。", "zh_Hant": "發生所在的城市當地半小時的起點（UTC）。", "pt_BR": "Início da meia hora local da cidade em que ocorreu, em UTC."}, required=True, derived=True),
        Column(name="day_part", type=LogicalType.STRING, meaning={"en": "Part of the city's local day in which it happened, such as lunch, iftar or late, as its market declares them.", "ar": "جزء اليوم المحلي للمدينة الذي حدث فيه، كالغداء أو الإفطار أو آخر الليل، كما يحددها سوقها.", "zh_Hans": "发生在城市当地一天中的哪个时段，如午餐、开斋、深夜，由其市场定义。", "zh_Hant": "發生在城市當地一天中的哪個時段，如午餐、開齋、深夜，由其市場定義。", "pt_BR": "Parte do dia local da cidade em que ocorreu, como almoço, iftar ou madrugada, conforme o seu mercado define."}, derived=True, pattern="^[a-z][a-z0-9_]{0,31}$"),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    rules=(
        Rule(name="has_an_instant", expression="placed_at IS NOT NULL OR delivered_at IS NOT NULL OR cancelled_at IS NOT NULL", meaning={"en": "The order needs at least one of the instants placed, delivered or cancelled, or it belongs to no day.", "ar": "يحتاج الطلب إلى واحدة على الأقل من لحظات التسجيل أو التسليم أو الإلغاء، وإلا فلا ينتمي إلى أي يوم.", "zh_Hans": "订单至少需要下单、交付或取消时刻之一，否则不属于任何一天。", "zh_Hant": "訂單至少需要下單、交付或取消時刻之一，否則不屬於任何一天。", "pt_BR": "O pedido precisa de ao menos um dos instantes de criação, entrega ou cancelamento, ou não pertence a dia nenhum."}),
        Rule(name="delivered_has_time", expression="status <> 'delivered' OR delivered_at IS NOT NULL", meaning={"en": "A delivered order needs the instant of its hand-over.", "ar": "يحتاج الطلب المسلَّم إلى لحظة تسليمه.", "zh_Hans": "已送达的订单必须有交付时刻。", "zh_Hant": "已送達的訂單必須有交付時刻。", "pt_BR": "Um pedido entregue precisa do instante da entrega."}),
        Rule(name="delivered_at_needs_status", expression="delivered_at IS NULL OR status IN ('delivered', 'returned')", meaning={"en": "An instant of hand-over stands on an order that is neither delivered nor returned.", "ar": "توجد لحظة تسليم في طلب لم يُسلَّم ولم يُرجع.", "zh_Hans": "既未送达也未退回的订单上却有交付时刻。", "zh_Hant": "既未送達也未退回的訂單上卻有交付時刻。", "pt_BR": "Há um instante de entrega num pedido que não foi entregue nem devolvido."}),
        Rule(name="accepted_after_placed", expression="accepted_at >= placed_at", meaning={"en": "The order was accepted before it was placed.", "ar": "قُبل الطلب قبل تسجيله.", "zh_Hans": "接单早于下单。", "zh_Hant": "接單早於下單。", "pt_BR": "O pedido foi aceito antes de ser feito."}),
        Rule(name="ready_after_placed", expression="ready_at >= placed_at", meaning={"en": "The order was ready before it was placed.", "ar": "جهز الطلب قبل تسجيله.", "zh_Hans": "备好早于下单。", "zh_Hant": "備好早於下單。", "pt_BR": "O pedido ficou pronto antes de ser feito."}),
        Rule(name="assigned_after_placed", expression="assigned_at >= placed_at", meaning={"en": "The order was assigned before it was placed.", "ar": "أُسند الطلب قبل تسجيله.", "zh_Hans": "派单早于下单。", "zh_Hant": "派單早於下單。", "pt_BR": "O pedido foi atribuído antes de ser feito."}),
        Rule(name="at_merchant_after_placed", expression="arrived_at_merchant_at >= placed_at", meaning={"en": "The rider was at the merchant before the order was placed.", "ar": "كان المندوب عند التاجر قبل تسجيل الطلب.", "zh_Hans": "骑手到店早于下单。", "zh_Hant": "騎手到店早於下單。", "pt_BR": "O entregador chegou ao lojista antes de o pedido ser feito."}),
        Rule(name="picked_up_after_placed", expression="picked_up_at >= placed_at", meaning={"en": "The order was picked up before it was placed.", "ar": "استُلم الطلب قبل تسجيله.", "zh_Hans": "取货早于下单。", "zh_Hant": "取貨早於下單。", "pt_BR": "O pedido foi coletado antes de ser feito."}),
        Rule(name="picked_up_after_at_merchant", expression="picked_up_at >= arrived_at_merchant_at", meaning={"en": "The order was picked up before the rider was at the merchant.", "ar": "استُلم الطلب قبل وصول المندوب إلى التاجر.", "zh_Hans": "取货早于骑手到店。", "zh_Hant": "取貨早於騎手到店。", "pt_BR": "O pedido foi coletado antes de o entregador chegar ao lojista."}),
        Rule(name="at_customer_after_picked_up", expression="arrived_at_customer_at >= picked_up_at", meaning={"en": "The rider was at the customer before picking the order up.", "ar": "كان المندوب عند العميل قبل استلام الطلب.", "zh_Hans": "骑手到达顾客处早于取货。", "zh_Hant": "騎手到達顧客處早於取貨。", "pt_BR": "O entregador chegou ao cliente antes de coletar o pedido."}),
        Rule(name="delivered_after_placed", expression="delivered_at >= placed_at", meaning={"en": "The order was delivered before it was placed.", "ar": "سُلِّم الطلب قبل تسجيله.", "zh_Hans": "送达早于下单。", "zh_Hant": "送達早於下單。", "pt_BR": "O pedido foi entregue antes de ser feito."}),
        Rule(name="delivered_after_picked_up", expression="delivered_at >= picked_up_at", meaning={"en": "The order was delivered before it was picked up.", "ar": "سُلِّم الطلب قبل استلامه.", "zh_Hans": "送达早于取货。", "zh_Hant": "送達早於取貨。", "pt_BR": "O pedido foi entregue antes de ser coletado."}),
        Rule(name="delivered_after_at_merchant", expression="delivered_at >= arrived_at_merchant_at", meaning={"en": "The order was delivered before the rider was at the merchant.", "ar": "سُلِّم الطلب قبل وصول المندوب إلى التاجر.", "zh_Hans": "送达早于骑手到店。", "zh_Hant": "送達早於騎手到店。", "pt_BR": "O pedido foi entregue antes de o entregador chegar ao lojista."}),
        Rule(name="delivered_within_a_week", expression="seconds_between(placed_at, delivered_at) <= 604800 OR is_asap = false", meaning={"en": "The order took more than a week from the tap to the hand-over and was not asked for later.", "ar": "استغرق الطلب أكثر من أسبوع من اللمسة إلى التسليم ولم يُطلب لوقت لاحق.", "zh_Hans": "订单从点击到交付超过一周，且并非预约单。", "zh_Hant": "訂單從點擊到交付超過一週，且並非預約單。", "pt_BR": "O pedido levou mais de uma semana do toque à entrega e não foi agendado."}),
        Rule(name="cancelled_after_placed", expression="cancelled_at >= placed_at", meaning={"en": "The order was cancelled before it was placed.", "ar": "أُلغي الطلب قبل تسجيله.", "zh_Hans": "取消早于下单。", "zh_Hant": "取消早於下單。", "pt_BR": "O pedido foi cancelado antes de ser feito."}),
        Rule(name="returned_after_placed", expression="returned_at >= placed_at", meaning={"en": "The order was returned before it was placed.", "ar": "أُرجع الطلب قبل تسجيله.", "zh_Hans": "退回早于下单。", "zh_Hant": "退回早於下單。", "pt_BR": "O pedido foi devolvido antes de ser feito."}),
        Rule(name="promised_after_placed", expression="promised_at >= placed_at", meaning={"en": "The promised instant lies before the order was placed.", "ar": "اللحظة الموعودة تسبق تسجيل الطلب.", "zh_Hans": "承诺时刻早于下单。", "zh_Hant": "承諾時刻早於下單。", "pt_BR": "O instante prometido é anterior ao pedido."}),
        Rule(name="cancel_needs_status", expression="(cancelled_by IS NULL AND cancel_reason IS NULL AND cancelled_at IS NULL) OR status IN ('cancelled', 'returned')", meaning={"en": "A cancellation is described on an order that was not cancelled.", "ar": "يوصف إلغاء في طلب لم يُلغَ.", "zh_Hans": "未取消的订单上却记有取消信息。", "zh_Hant": "未取消的訂單上卻記有取消信息。", "pt_BR": "Há um cancelamento descrito num pedido que não foi cancelado."}),
        Rule(name="money_needs_currency", expression="currency IS NOT NULL OR (basket_minor IS NULL AND delivery_fee_minor IS NULL AND discount_minor IS NULL AND tip_minor IS NULL)", meaning={"en": "An amount stands without its currency.", "ar": "يوجد مبلغ بلا عملته.", "zh_Hans": "有金额却没有币种。", "zh_Hant": "有金額卻沒有幣種。", "pt_BR": "Há um valor sem a sua moeda."}),
        Rule(name="distinct_within_items", expression="distinct_item_count <= item_count", meaning={"en": "More different things than pieces were ordered.", "ar": "طُلبت أصناف مختلفة أكثر من عدد القطع.", "zh_Hans": "不同商品数多于总件数。", "zh_Hant": "不同商品數多於總件數。", "pt_BR": "Há mais itens diferentes do que peças pedidas."}),
    ),
    event_at=("placed_at", "delivered_at", "cancelled_at"),
    owner="marketplace-operations",
    retention_months=84,
    usage={"en": "The denominator of almost every governed metric.", "ar": "مقام كل مقياس محكوم تقريبًا.", "zh_Hans": "几乎每个受治理指标的分母。", "zh_Hant": "幾乎每個受治理指標的分母。", "pt_BR": "O denominador de quase toda métrica governada."},
    limitations={"en": "A source that gives only the hand-over's instant fills delivered_at alone; its business day and hour are then those of the hand-over.", "ar": "المصدر الذي لا يعطي إلا لحظة التسليم يملأ delivered_at وحده؛ فيكون يوم عمل الطلب وساعته يوم التسليم وساعته.", "zh_Hans": "只给出交付时刻的来源仅填写 delivered_at；其营业日和小时即为交付的营业日和小时。", "zh_Hant": "只給出交付時刻的來源僅填寫 delivered_at；其營業日和小時即為交付的營業日和小時。", "pt_BR": "Uma fonte que dá só o instante da entrega preenche apenas delivered_at; o dia operacional e a hora são então os da entrega."},
)
"""Contract of the table orders."""
# fmt: on
