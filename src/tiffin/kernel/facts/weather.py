# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""Weather observed in a city.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class WeatherRow(TypedDict, total=False):
    """One row: one observation in one city."""

    city_id: str
    observed_at: datetime
    temperature_c: float | None
    wind_m_s: float | None
    precipitation_mm: float | None
    cloud_share: float | None
    business_date: date
    local_hour: int
    source: str


# fmt: off
WEATHER = TableContract(
    name="weather",
    version="1.0.1",
    meaning={"en": "Weather observed in a city.", "ar": "الطقس المرصود في مدينة.", "zh_Hans": "城市中观测到的天气。", "zh_Hant": "城市中觀測到的天氣。", "pt_BR": "Tempo observado numa cidade."},
    grain={"en": "one observation in one city", "ar": "رصد واحد في مدينة واحدة", "zh_Hans": "一个城市的一次观测", "zh_Hant": "一個城市的一次觀測", "pt_BR": "uma observação numa cidade"},
    key=("city_id", "observed_at"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="observed_at", type=LogicalType.TIMESTAMP, meaning={"en": "When it was observed.", "ar": "متى رُصد.", "zh_Hans": "观测时刻。", "zh_Hant": "觀測時刻。", "pt_BR": "Quando foi observado."}, required=True, classification=Classification.PUBLIC),
        Column(name="temperature_c", type=LogicalType.NUMBER, meaning={"en": "Air temperature.", "ar": "درجة حرارة الهواء.", "zh_Hans": "气温。", "zh_Hant": "氣温。", "pt_BR": "Temperatura do ar."}, unit="°C", minimum=-90, maximum=65, classification=Classification.PUBLIC),
        Column(name="wind_m_s", type=LogicalType.NUMBER, meaning={"en": "Wind speed.", "ar": "سرعة الرياح.", "zh_Hans": "风速。", "zh_Hant": "風速。", "pt_BR": "Velocidade do vento."}, unit="m/s", minimum=0, maximum=120, classification=Classification.PUBLIC),
        Column(name="precipitation_mm", type=LogicalType.NUMBER, meaning={"en": "Rain or melted snow; in the hour before the observation where the source says nothing else.", "ar": "مطر أو ثلج ذائب؛ في الساعة السابقة للرصد حيث لا يذكر المصدر غير ذلك.", "zh_Hans": "降雨或融雪；来源未另作说明时，指观测前一小时。", "zh_Hant": "降雨或融雪；來源未另作説明時，指觀測前一小時。", "pt_BR": "Chuva ou neve derretida; na hora anterior à observação, salvo se a fonte disser outra coisa."}, unit="mm", minimum=0, maximum=500, classification=Classification.PUBLIC),
        Column(name="cloud_share", type=LogicalType.NUMBER, meaning={"en": "Share of the sky under cloud.", "ar": "حصة السماء المغطاة بالغيوم.", "zh_Hans": "天空被云覆盖的比例。", "zh_Hant": "天空被雲覆蓋的比例。", "pt_BR": "Parcela do céu coberta por nuvens."}, unit="share", minimum=0, maximum=1, classification=Classification.PUBLIC),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the city to which it belongs, by the city's time zone and day cut-off.", "ar": "يوم عمل المدينة الذي ينتمي إليه، بحسب منطقتها الزمنية وساعة بدء يومها.", "zh_Hans": "所属的城市营业日，按该城市的时区和日切时刻确定。", "zh_Hant": "所屬的城市營業日，按該城市的時區和日切時刻確定。", "pt_BR": "Dia operacional da cidade a que pertence, pelo fuso horário e pela hora de corte da cidade."}, required=True, derived=True),
        Column(name="local_hour", type=LogicalType.INTEGER, meaning={"en": "Hour of the local clock in which it happened.", "ar": "ساعة التوقيت المحلي التي حدث فيها.", "zh_Hans": "发生时的当地钟点。", "zh_Hant": "發生時的當地鐘點。", "pt_BR": "Hora do relógio local em que ocorreu."}, required=True, derived=True, unit="h", minimum=0, maximum=23),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    event_at=("observed_at",),
    owner="data-stewards",
    retention_months=120,
)
"""Contract of the table weather."""
# fmt: on
