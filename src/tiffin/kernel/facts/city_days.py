# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""The calendar of each city: weekends, public holidays, Hijri dates, Ramadan, school terms, sunset.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class CityDaysRow(TypedDict, total=False):
    """One row: one business day of one city."""

    city_id: str
    business_date: date
    weekday: int
    is_weekend: bool
    holiday: str | None
    is_ramadan: bool
    hijri_date: str | None
    hijri_year: int | None
    hijri_month: int | None
    hijri_day: int | None
    is_school_term: bool | None
    sunset_at: datetime | None
    source: str


# fmt: off
CITY_DAYS = TableContract(
    name="city_days",
    version="1.1.1",
    meaning={"en": "The calendar of each city: weekends, public holidays, Hijri dates, Ramadan, school terms, sunset.", "ar": "تقويم كل مدينة: عطل نهاية الأسبوع والعطل الرسمية والتاريخ الهجري ورمضان والفصول الدراسية وغروب الشمس.", "zh_Hans": "各城市的日历：周末、公共假日、伊斯兰历日期、斋月、学期、日落。", "zh_Hant": "各城市的日曆：週末、公共假日、伊斯蘭曆日期、齋月、學期、日落。", "pt_BR": "O calendário de cada cidade: fins de semana, feriados, datas islâmicas, Ramadã, períodos letivos, pôr do sol."},
    grain={"en": "one business day of one city", "ar": "يوم عمل واحد لمدينة واحدة", "zh_Hans": "一个城市的一个营业日", "zh_Hant": "一個城市的一個營業日", "pt_BR": "um dia operacional de uma cidade"},
    key=("city_id", "business_date"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the city.", "ar": "يوم عمل المدينة.", "zh_Hans": "城市的营业日。", "zh_Hant": "城市的營業日。", "pt_BR": "Dia operacional da cidade."}, required=True),
        Column(name="weekday", type=LogicalType.INTEGER, meaning={"en": "ISO weekday, Monday is 1.", "ar": "يوم الأسبوع بترقيم ISO، الاثنين 1.", "zh_Hans": "ISO 星期序号，星期一为 1。", "zh_Hant": "ISO 星期序號，星期一為 1。", "pt_BR": "Dia da semana ISO, segunda-feira é 1."}, required=True, minimum=1, maximum=7, classification=Classification.PUBLIC),
        Column(name="is_weekend", type=LogicalType.BOOLEAN, meaning={"en": "Whether the day is weekend in that city.", "ar": "هل اليوم عطلة نهاية أسبوع في تلك المدينة.", "zh_Hans": "该日在该城市是否为周末。", "zh_Hant": "該日在該城市是否為週末。", "pt_BR": "Se o dia é fim de semana nessa cidade."}, required=True, classification=Classification.PUBLIC),
        Column(name="holiday", type=LogicalType.STRING, meaning={"en": "Name of the public holiday, in English; empty on other days.", "ar": "اسم العطلة الرسمية بالإنجليزية؛ فارغ في سائر الأيام.", "zh_Hans": "公共假日的英文名称；其他日子为空。", "zh_Hant": "公共假日的英文名稱；其他日子為空。", "pt_BR": "Nome do feriado, em inglês; vazio nos outros dias."}, max_length=200, classification=Classification.PUBLIC),
        Column(name="is_ramadan", type=LogicalType.BOOLEAN, meaning={"en": "Whether the day falls in Ramadan by the Umm al-Qura calendar.", "ar": "هل يقع اليوم في رمضان بحسب تقويم أم القرى.", "zh_Hans": "按乌姆古拉历，该日是否在斋月内。", "zh_Hant": "按烏姆古拉歷，該日是否在齋月內。", "pt_BR": "Se o dia cai no Ramadã pelo calendário Umm al-Qura."}, required=True, classification=Classification.PUBLIC),
        Column(name="hijri_date", type=LogicalType.STRING, meaning={"en": "Date in the Hijri calendar (Umm al-Qura), year-month-day; empty where the calendar does not reach.", "ar": "التاريخ الهجري (أم القرى) سنة-شهر-يوم؛ فارغ حيث لا يصل التقويم.", "zh_Hans": "伊斯兰历（乌姆古拉历）日期，年-月-日；历法不覆盖时为空。", "zh_Hant": "伊斯蘭曆（烏姆古拉歷）日期，年-月-日；曆法不覆蓋時為空。", "pt_BR": "Data no calendário islâmico (Umm al-Qura), ano-mês-dia; vazia onde o calendário não alcança."}, pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", classification=Classification.PUBLIC),
        Column(name="hijri_year", type=LogicalType.INTEGER, meaning={"en": "Year of the Hijri calendar (Umm al-Qura).", "ar": "سنة التقويم الهجري (أم القرى).", "zh_Hans": "伊斯兰历（乌姆古拉历）的年。", "zh_Hant": "伊斯蘭曆（烏姆古拉曆）的年。", "pt_BR": "Ano do calendário islâmico (Umm al-Qura)."}, minimum=1343, maximum=1500, classification=Classification.PUBLIC),
        Column(name="hijri_month", type=LogicalType.INTEGER, meaning={"en": "Month of the Hijri calendar (Umm al-Qura); Ramadan is 9.", "ar": "شهر التقويم الهجري (أم القرى)؛ رمضان هو 9.", "zh_Hans": "伊斯兰历（乌姆古拉历）的月；斋月为 9。", "zh_Hant": "伊斯蘭曆（烏姆古拉曆）的月；齋月為 9。", "pt_BR": "Mês do calendário islâmico (Umm al-Qura); o Ramadã é 9."}, minimum=1, maximum=12, classification=Classification.PUBLIC),
        Column(name="hijri_day", type=LogicalType.INTEGER, meaning={"en": "Day of the month in the Hijri calendar (Umm al-Qura).", "ar": "يوم الشهر في التقويم الهجري (أم القرى).", "zh_Hans": "伊斯兰历（乌姆古拉历）的日。", "zh_Hant": "伊斯蘭曆（烏姆古拉曆）的日。", "pt_BR": "Dia do mês no calendário islâmico (Umm al-Qura)."}, minimum=1, maximum=30, classification=Classification.PUBLIC),
        Column(name="is_school_term", type=LogicalType.BOOLEAN, meaning={"en": "Whether schools teach on that day; empty where the country's terms are not known.", "ar": "هل الدراسة قائمة في ذلك اليوم؛ فارغ حيث لا تُعرف الفصول الدراسية للبلد.", "zh_Hans": "该日学校是否上课；不了解该国学期时为空。", "zh_Hant": "該日學校是否上課；不了解該國學期時為空。", "pt_BR": "Se as escolas têm aula nesse dia; vazio onde os períodos letivos do país não são conhecidos."}, classification=Classification.PUBLIC),
        Column(name="sunset_at", type=LogicalType.TIMESTAMP, meaning={"en": "Sunset at the city's place, to the minute; empty where the place is not known or the sun does not set.", "ar": "غروب الشمس في موقع المدينة بدقة الدقيقة؛ فارغ حيث لا يُعرف الموقع أو لا تغرب الشمس.", "zh_Hans": "城市所在地的日落时刻，精确到分钟；位置不明或当日无日落时为空。", "zh_Hant": "城市所在地的日落時刻，精確到分鐘；位置不明或當日無日落時為空。", "pt_BR": "Pôr do sol no lugar da cidade, ao minuto; vazio onde o lugar não é conhecido ou o sol não se põe."}, classification=Classification.PUBLIC),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    owner="data-stewards",
    retention_months=120,
)
"""Contract of the table city_days."""
# fmt: on
