# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""What was ordered, line by line.

Generated from the contract, never edited by hand.
"""

from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, Rule, TableContract


class Outcome(StrEnum):
    """What became of the line."""

    DELIVERED = "delivered"
    REPLACED = "replaced"
    MISSING = "missing"
    WRONG = "wrong"
    DAMAGED = "damaged"
    REFUNDED = "refunded"
    UNKNOWN = "unknown"


class OrderItemsRow(TypedDict, total=False):
    """One row: one line of one order."""

    city_id: str
    order_id: str
    line: int
    item_id: str | None
    name: str | None
    category: str | None
    quantity: float
    unit_price_minor: int | None
    total_minor: int | None
    currency: str | None
    outcome: str | None
    source: str


# fmt: off
ORDER_ITEMS = TableContract(
    name="order_items",
    version="1.0.1",
    meaning={"en": "What was ordered, line by line.", "ar": "ما طُلب سطرا سطرا.", "zh_Hans": "订购的内容，逐行记录。", "zh_Hant": "訂購的內容，逐行記錄。", "pt_BR": "O que foi pedido, linha por linha."},
    grain={"en": "one line of one order", "ar": "سطر واحد من طلب واحد", "zh_Hans": "一个订单的一行", "zh_Hant": "一個訂單的一列", "pt_BR": "uma linha de um pedido"},
    key=("city_id", "order_id", "line"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="order_id", type=LogicalType.STRING, meaning={"en": "Order it belongs to.", "ar": "الطلب الذي ينتمي إليه.", "zh_Hans": "所属订单。", "zh_Hant": "所屬訂單。", "pt_BR": "Pedido a que pertence."}, required=True, max_length=128, references="orders.order_id"),
        Column(name="line", type=LogicalType.INTEGER, meaning={"en": "Number of the line within the order.", "ar": "رقم السطر في الطلب.", "zh_Hans": "订单内的行号。", "zh_Hant": "訂單內的行號。", "pt_BR": "Número da linha no pedido."}, required=True, minimum=0, maximum=100000),
        Column(name="item_id", type=LogicalType.STRING, meaning={"en": "Item as the merchant knows it.", "ar": "الصنف كما يعرفه التاجر.", "zh_Hans": "商家所用的商品标识。", "zh_Hant": "商家所用的商品標識。", "pt_BR": "Item como o lojista o conhece."}, max_length=128),
        Column(name="name", type=LogicalType.STRING, meaning={"en": "Name of the item.", "ar": "اسم الصنف.", "zh_Hans": "商品名称。", "zh_Hant": "商品名稱。", "pt_BR": "Nome do item."}, max_length=500),
        Column(name="category", type=LogicalType.STRING, meaning={"en": "Group of items, as the merchant sorts them.", "ar": "مجموعة الأصناف كما يرتبها التاجر.", "zh_Hans": "商家划分的商品类别。", "zh_Hant": "商家劃分的商品類別。", "pt_BR": "Grupo de itens, como o lojista os organiza."}, max_length=200),
        Column(name="quantity", type=LogicalType.NUMBER, meaning={"en": "Pieces or weight ordered.", "ar": "القطع أو الوزن المطلوب.", "zh_Hans": "订购的件数或重量。", "zh_Hant": "訂購的件數或重量。", "pt_BR": "Peças ou peso pedidos."}, required=True, unit="items", minimum=0),
        Column(name="unit_price_minor", type=LogicalType.INTEGER, meaning={"en": "Price of one piece.", "ar": "سعر القطعة الواحدة.", "zh_Hans": "单件价格。", "zh_Hant": "單件價格。", "pt_BR": "Preço de uma peça."}, unit="minor units", minimum=0, classification=Classification.CONFIDENTIAL),
        Column(name="total_minor", type=LogicalType.INTEGER, meaning={"en": "Price of the line after its own discount.", "ar": "سعر السطر بعد خصمه الخاص.", "zh_Hans": "该行扣除自身折扣后的价格。", "zh_Hant": "該行扣除自身折扣後的價格。", "pt_BR": "Preço da linha após o seu próprio desconto."}, unit="minor units", minimum=0, classification=Classification.CONFIDENTIAL),
        Column(name="currency", type=LogicalType.STRING, meaning={"en": "ISO 4217 code of the currency of the amounts.", "ar": "رمز ISO 4217 لعملة المبالغ.", "zh_Hans": "金额币种的 ISO 4217 代码。", "zh_Hant": "金額幣種的 ISO 4217 代碼。", "pt_BR": "Código ISO 4217 da moeda dos valores."}, pattern="^[A-Z]{3}$"),
        Column(name="outcome", type=LogicalType.STRING, meaning={"en": "What became of the line.", "ar": "ما آل إليه السطر.", "zh_Hans": "该行的结果。", "zh_Hant": "該行的結果。", "pt_BR": "O que foi feito da linha."}, values=("delivered", "replaced", "missing", "wrong", "damaged", "refunded", "unknown")),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    rules=(
        Rule(name="line_money_needs_currency", expression="currency IS NOT NULL OR (unit_price_minor IS NULL AND total_minor IS NULL)", meaning={"en": "An amount stands without its currency.", "ar": "يوجد مبلغ بلا عملته.", "zh_Hans": "有金额却没有币种。", "zh_Hant": "有金額卻沒有幣種。", "pt_BR": "Há um valor sem a sua moeda."}),
    ),
    owner="marketplace-operations",
    retention_months=36,
)
"""Contract of the table order_items."""
# fmt: on
