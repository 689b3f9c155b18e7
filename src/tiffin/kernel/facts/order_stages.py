# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""What happened to an order, stage by stage; a stage may come more than once, as when a second rider is assigned.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class Stage(StrEnum):
    """Stage that the order reached."""

    PLACED = "placed"
    ACCEPTED = "accepted"
    READY = "ready"
    ASSIGNED = "assigned"
    ARRIVED_AT_MERCHANT = "arrived_at_merchant"
    PICKED_UP = "picked_up"
    ARRIVED_AT_CUSTOMER = "arrived_at_customer"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURNED = "returned"


class OrderStagesRow(TypedDict, total=False):
    """One row: one stage of one order at one instant."""

    city_id: str
    order_id: str
    stage: str
    at: datetime
    rider_id: str | None
    business_date: date
    source: str


# fmt: off
ORDER_STAGES = TableContract(
    name="order_stages",
    version="1.1.1",
    meaning={"en": "What happened to an order, stage by stage; a stage may come more than once, as when a second rider is assigned.", "ar": "ما حدث لطلب مرحلة بعد مرحلة؛ وقد تتكرر المرحلة كما عند إسناد مندوب ثان.", "zh_Hans": "订单逐阶段的经过；同一阶段可出现多次，例如改派第二位骑手。", "zh_Hant": "訂單逐階段的經過；同一階段可出現多次，例如改派第二位騎手。", "pt_BR": "O que aconteceu com um pedido, etapa por etapa; uma etapa pode repetir-se, como quando se atribui um segundo entregador."},
    grain={"en": "one stage of one order at one instant", "ar": "مرحلة واحدة لطلب واحد في لحظة واحدة", "zh_Hans": "一个订单在某一时刻的一个阶段", "zh_Hant": "一個訂單在某一時刻的一個階段", "pt_BR": "uma etapa de um pedido num instante"},
    key=("city_id", "order_id", "stage", "at"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="order_id", type=LogicalType.STRING, meaning={"en": "Order it belongs to.", "ar": "الطلب الذي ينتمي إليه.", "zh_Hans": "所属订单。", "zh_Hant": "所屬訂單。", "pt_BR": "Pedido a que pertence."}, required=True, max_length=128, references="orders.order_id"),
        Column(name="stage", type=LogicalType.STRING, meaning={"en": "Stage that the order reached.", "ar": "المرحلة التي بلغها الطلب.", "zh_Hans": "订单到达的阶段。", "zh_Hant": "訂單到達的階段。", "pt_BR": "Etapa que o pedido alcançou."}, required=True, values=("placed", "accepted", "ready", "assigned", "arrived_at_merchant", "picked_up", "arrived_at_customer", "delivered", "cancelled", "returned")),
        Column(name="at", type=LogicalType.TIMESTAMP, meaning={"en": "When the stage was reached.", "ar": "متى بُلغت المرحلة.", "zh_Hans": "到达该阶段的时刻。", "zh_Hant": "到達該階段的時刻。", "pt_BR": "Quando a etapa foi alcançada."}, required=True),
        Column(name="rider_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the rider it concerns.", "ar": "الاسم المستعار للمندوب المعني.", "zh_Hans": "所涉骑手的假名。", "zh_Hant": "所涉騎手的假名。", "pt_BR": "Pseudônimo do entregador a que se refere."}, max_length=128, classification=Classification.PERSONAL, references="riders.rider_id", person="rider"),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the city to which it belongs, by the city's time zone and day cut-off.", "ar": "يوم عمل المدينة الذي ينتمي إليه، بحسب منطقتها الزمنية وساعة بدء يومها.", "zh_Hans": "所属的城市营业日，按该城市的时区和日切时刻确定。", "zh_Hant": "所屬的城市營業日，按該城市的時區和日切時刻確定。", "pt_BR": "Dia operacional da cidade a que pertence, pelo fuso horário e pela hora de corte da cidade."}, required=True, derived=True),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    event_at=("at",),
    owner="marketplace-operations",
    retention_months=84,
)
"""Contract of the table order_stages."""
# fmt: on
