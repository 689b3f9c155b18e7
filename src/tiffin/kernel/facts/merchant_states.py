# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""Changes of a merchant's state: open, busy, paused, closed.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Column, LogicalType, TableContract


class State(StrEnum):
    """State that began."""

    OPEN = "open"
    BUSY = "busy"
    PAUSED = "paused"
    CLOSED = "closed"


class ChangedBy(StrEnum):
    """Who changed it."""

    MERCHANT = "merchant"
    PLATFORM = "platform"
    SCHEDULE = "schedule"


class MerchantStatesRow(TypedDict, total=False):
    """One row: one change of state of one merchant."""

    city_id: str
    merchant_id: str
    at: datetime
    state: str
    changed_by: str | None
    reason: str | None
    extra_preparation_min: float | None
    zone_id: str | None
    business_date: date
    source: str


# fmt: off
MERCHANT_STATES = TableContract(
    name="merchant_states",
    version="1.0.1",
    meaning={"en": "Changes of a merchant's state: open, busy, paused, closed.", "ar": "تغيرات حالة التاجر: مفتوح، مشغول، متوقف مؤقتا، مغلق.", "zh_Hans": "商家状态的变化：营业、繁忙、暂停、关闭。", "zh_Hant": "商家狀態的變化：營業、繁忙、暫停、關閉。", "pt_BR": "Mudanças de estado de um lojista: aberto, ocupado, em pausa, fechado."},
    grain={"en": "one change of state of one merchant", "ar": "تغير واحد في حالة تاجر واحد", "zh_Hans": "一个商家的一次状态变化", "zh_Hant": "一個商家的一次狀態變化", "pt_BR": "uma mudança de estado de um lojista"},
    key=("city_id", "merchant_id", "at"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="merchant_id", type=LogicalType.STRING, meaning={"en": "Merchant it concerns.", "ar": "التاجر المعني.", "zh_Hans": "所涉商家。", "zh_Hant": "所涉商家。", "pt_BR": "Lojista a que se refere."}, required=True, max_length=128, references="merchants.merchant_id"),
        Column(name="at", type=LogicalType.TIMESTAMP, meaning={"en": "When the state began.", "ar": "متى بدأت الحالة.", "zh_Hans": "该状态开始的时刻。", "zh_Hant": "該狀態開始的時刻。", "pt_BR": "Quando o estado começou."}, required=True),
        Column(name="state", type=LogicalType.STRING, meaning={"en": "State that began.", "ar": "الحالة التي بدأت.", "zh_Hans": "开始的状态。", "zh_Hant": "開始的狀態。", "pt_BR": "Estado que começou."}, required=True, values=("open", "busy", "paused", "closed")),
        Column(name="changed_by", type=LogicalType.STRING, meaning={"en": "Who changed it.", "ar": "من غيّرها.", "zh_Hans": "由谁更改。", "zh_Hant": "由誰更改。", "pt_BR": "Quem o mudou."}, values=("merchant", "platform", "schedule")),
        Column(name="reason", type=LogicalType.STRING, meaning={"en": "Why it changed, in the source's own words or codes.", "ar": "لماذا تغيرت بكلمات المصدر أو رموزه.", "zh_Hans": "更改原因，用来源自身的文字或代码。", "zh_Hant": "更改原因，用來源自身的文字或代碼。", "pt_BR": "Por que mudou, nas palavras ou códigos da fonte."}, max_length=200),
        Column(name="extra_preparation_min", type=LogicalType.NUMBER, meaning={"en": "Minutes added to the usual preparation time.", "ar": "دقائق مضافة إلى وقت التحضير المعتاد.", "zh_Hans": "在通常备餐时间上增加的分钟数。", "zh_Hant": "在通常備餐時間上增加的分鐘數。", "pt_BR": "Minutos acrescentados ao preparo usual."}, unit="min", minimum=0, maximum=1440),
        Column(name="zone_id", type=LogicalType.STRING, meaning={"en": "Zone where it happened.", "ar": "المنطقة التي حدث فيها.", "zh_Hans": "发生的区域。", "zh_Hant": "發生的區域。", "pt_BR": "Zona em que ocorreu."}, max_length=128, references="zones.zone_id"),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the city to which it belongs, by the city's time zone and day cut-off.", "ar": "يوم عمل المدينة الذي ينتمي إليه، بحسب منطقتها الزمنية وساعة بدء يومها.", "zh_Hans": "所属的城市营业日，按该城市的时区和日切时刻确定。", "zh_Hant": "所屬的城市營業日，按該城市的時區和日切時刻確定。", "pt_BR": "Dia operacional da cidade a que pertence, pelo fuso horário e pela hora de corte da cidade."}, required=True, derived=True),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    event_at=("at",),
    owner="merchant-operations",
    retention_months=36,
)
"""Contract of the table merchant_states."""
# fmt: on
