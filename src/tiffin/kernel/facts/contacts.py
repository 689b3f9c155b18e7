# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""Contacts of customers, merchants and riders with customer service about an order, and issues they reported.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class Channel(StrEnum):
    """How the contact came."""

    APP = "app"
    CHAT = "chat"
    PHONE = "phone"
    EMAIL = "email"
    SOCIAL = "social"
    IN_PERSON = "in_person"
    OTHER = "other"


class ContactsRow(TypedDict, total=False):
    """One row: one contact."""

    city_id: str
    contact_id: str
    order_id: str | None
    contacted_at: datetime
    channel: str | None
    reason: str
    zone_id: str | None
    merchant_id: str | None
    rider_id: str | None
    business_date: date
    source: str


# fmt: off
CONTACTS = TableContract(
    name="contacts",
    version="1.1.1",
    meaning={"en": "Contacts of customers, merchants and riders with customer service about an order, and issues they reported.", "ar": "تواصل العملاء والتجار والمندوبين مع خدمة العملاء بشأن طلب، والمشكلات التي أبلغوا عنها.", "zh_Hans": "顾客、商家和骑手就订单与客服的联系，以及他们报告的问题。", "zh_Hant": "顧客、商家和騎手就訂單與客服的聯繫，以及他們報告的問題。", "pt_BR": "Contatos de clientes, lojistas e entregadores com o atendimento sobre um pedido, e os problemas que relataram."},
    grain={"en": "one contact", "ar": "تواصل واحد", "zh_Hans": "一次联系", "zh_Hant": "一次聯繫", "pt_BR": "um contato"},
    key=("city_id", "contact_id"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="contact_id", type=LogicalType.STRING, meaning={"en": "Identifier of the contact.", "ar": "معرف التواصل.", "zh_Hans": "联系的标识。", "zh_Hant": "聯繫的標識。", "pt_BR": "Identificador do contato."}, required=True, max_length=128),
        Column(name="order_id", type=LogicalType.STRING, meaning={"en": "Order it belongs to.", "ar": "الطلب الذي ينتمي إليه.", "zh_Hans": "所属订单。", "zh_Hant": "所屬訂單。", "pt_BR": "Pedido a que pertence."}, max_length=128, references="orders.order_id"),
        Column(name="contacted_at", type=LogicalType.TIMESTAMP, meaning={"en": "When the contact began.", "ar": "متى بدأ التواصل.", "zh_Hans": "联系开始的时刻。", "zh_Hant": "聯繫開始的時刻。", "pt_BR": "Quando o contato começou."}, required=True),
        Column(name="channel", type=LogicalType.STRING, meaning={"en": "How the contact came.", "ar": "كيف جاء التواصل.", "zh_Hans": "联系渠道。", "zh_Hant": "聯繫渠道。", "pt_BR": "Como o contato chegou."}, values=("app", "chat", "phone", "email", "social", "in_person", "other")),
        Column(name="reason", type=LogicalType.STRING, meaning={"en": "Reason of the contact, in the source's own words or codes.", "ar": "سبب التواصل بكلمات المصدر أو رموزه.", "zh_Hans": "联系原因，用来源自身的文字或代码。", "zh_Hant": "聯繫原因，用來源自身的文字或代碼。", "pt_BR": "Motivo do contato, nas palavras ou códigos da fonte."}, required=True, max_length=200),
        Column(name="zone_id", type=LogicalType.STRING, meaning={"en": "Zone where it happened.", "ar": "المنطقة التي حدث فيها.", "zh_Hans": "发生的区域。", "zh_Hant": "發生的區域。", "pt_BR": "Zona em que ocorreu."}, max_length=128, references="zones.zone_id"),
        Column(name="merchant_id", type=LogicalType.STRING, meaning={"en": "Merchant it concerns.", "ar": "التاجر المعني.", "zh_Hans": "所涉商家。", "zh_Hant": "所涉商家。", "pt_BR": "Lojista a que se refere."}, max_length=128, references="merchants.merchant_id"),
        Column(name="rider_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the rider it concerns.", "ar": "الاسم المستعار للمندوب المعني.", "zh_Hans": "所涉骑手的假名。", "zh_Hant": "所涉騎手的假名。", "pt_BR": "Pseudônimo do entregador a que se refere."}, max_length=128, classification=Classification.PERSONAL, references="riders.rider_id", person="rider"),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the order it concerns; where the order's instant is not known, of the row's own instant.", "ar": "يوم عمل الطلب المعني؛ وحيث لا تُعرف لحظة الطلب، يوم لحظة السجل نفسه.", "zh_Hans": "所涉订单的营业日；订单时刻未知时，取本行自身时刻的营业日。", "zh_Hant": "所涉訂單的營業日；訂單時刻未知時，取本行自身時刻的營業日。", "pt_BR": "Dia operacional do pedido a que se refere; se o instante do pedido não é conhecido, o do próprio registro."}, required=True, derived=True),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    event_at=("contacted_at",),
    owner="customer-service",
    retention_months=36,
)
"""Contract of the table contacts."""
# fmt: on
