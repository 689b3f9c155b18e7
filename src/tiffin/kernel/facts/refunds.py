# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""Money given back to customers.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class RefundsRow(TypedDict, total=False):
    """One row: one refund."""

    city_id: str
    refund_id: str
    order_id: str | None
    refunded_at: datetime
    amount_minor: int
    currency: str
    reason: str | None
    zone_id: str | None
    merchant_id: str | None
    rider_id: str | None
    business_date: date
    source: str


# fmt: off
REFUNDS = TableContract(
    name="refunds",
    version="1.1.1",
    meaning={"en": "Money given back to customers.", "ar": "أموال أُعيدت إلى العملاء.", "zh_Hans": "退还给顾客的款项。", "zh_Hant": "退還給顧客的款項。", "pt_BR": "Dinheiro devolvido a clientes."},
    grain={"en": "one refund", "ar": "مبلغ مُعاد واحد", "zh_Hans": "一笔退款", "zh_Hant": "一筆退款", "pt_BR": "um reembolso"},
    key=("city_id", "refund_id"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="refund_id", type=LogicalType.STRING, meaning={"en": "Identifier of the refund.", "ar": "معرف الاسترداد.", "zh_Hans": "退款的标识。", "zh_Hant": "退款的標識。", "pt_BR": "Identificador do reembolso."}, required=True, max_length=128),
        Column(name="order_id", type=LogicalType.STRING, meaning={"en": "Order it belongs to.", "ar": "الطلب الذي ينتمي إليه.", "zh_Hans": "所属订单。", "zh_Hant": "所屬訂單。", "pt_BR": "Pedido a que pertence."}, max_length=128, references="orders.order_id"),
        Column(name="refunded_at", type=LogicalType.TIMESTAMP, meaning={"en": "When the refund was granted; the hand-over's instant where the source does not say.", "ar": "متى مُنح الاسترداد؛ ولحظة التسليم حيث لا يذكر المصدر.", "zh_Hans": "批准退款的时刻；来源未说明时为交付时刻。", "zh_Hant": "批准退款的時刻；來源未説明時為交付時刻。", "pt_BR": "Quando o reembolso foi concedido; o instante da entrega onde a fonte não diz."}, required=True),
        Column(name="amount_minor", type=LogicalType.INTEGER, meaning={"en": "Amount given back.", "ar": "المبلغ المعاد.", "zh_Hans": "退还金额。", "zh_Hant": "退還金額。", "pt_BR": "Valor devolvido."}, required=True, unit="minor units", minimum=0, classification=Classification.CONFIDENTIAL),
        Column(name="currency", type=LogicalType.STRING, meaning={"en": "ISO 4217 code of the currency of the amounts.", "ar": "رمز ISO 4217 لعملة المبالغ.", "zh_Hans": "金额币种的 ISO 4217 代码。", "zh_Hant": "金額幣種的 ISO 4217 代碼。", "pt_BR": "Código ISO 4217 da moeda dos valores."}, required=True, pattern="^[A-Z]{3}$"),
        Column(name="reason", type=LogicalType.STRING, meaning={"en": "Reason of the refund, in the source's own words or codes.", "ar": "سبب الاسترداد بكلمات المصدر أو رموزه.", "zh_Hans": "退款原因，用来源自身的文字或代码。", "zh_Hant": "退款原因，用來源自身的文字或代碼。", "pt_BR": "Motivo do reembolso, nas palavras ou códigos da fonte."}, max_length=200),
        Column(name="zone_id", type=LogicalType.STRING, meaning={"en": "Zone where it happened.", "ar": "المنطقة التي حدث فيها.", "zh_Hans": "发生的区域。", "zh_Hant": "發生的區域。", "pt_BR": "Zona em que ocorreu."}, max_length=128, references="zones.zone_id"),
        Column(name="merchant_id", type=LogicalType.STRING, meaning={"en": "Merchant it concerns.", "ar": "التاجر المعني.", "zh_Hans": "所涉商家。", "zh_Hant": "所涉商家。", "pt_BR": "Lojista a que se refere."}, max_length=128, references="merchants.merchant_id"),
        Column(name="rider_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the rider it concerns.", "ar": "الاسم المستعار للمندوب المعني.", "zh_Hans": "所涉骑手的假名。", "zh_Hant": "所涉騎手的假名。", "pt_BR": "Pseudônimo do entregador a que se refere."}, max_length=128, classification=Classification.PERSONAL, references="riders.rider_id", person="rider"),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the order it concerns; where the order's instant is not known, of the row's own instant.", "ar": "يوم عمل الطلب المعني؛ وحيث لا تُعرف لحظة الطلب، يوم لحظة السجل نفسه.", "zh_Hans": "所涉订单的营业日；订单时刻未知时，取本行自身时刻的营业日。", "zh_Hant": "所涉訂單的營業日；訂單時刻未知時，取本行自身時刻的營業日。", "pt_BR": "Dia operacional do pedido a que se refere; se o instante do pedido não é conhecido, o do próprio registro."}, required=True, derived=True),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    event_at=("refunded_at",),
    owner="customer-service",
    retention_months=84,
)
"""Contract of the table refunds."""
# fmt: on
