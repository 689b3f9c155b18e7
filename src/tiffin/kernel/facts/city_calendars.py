# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""How each city kept its days, and since when: time zone, day cut-off, weekend.

Generated from the contract, never edited by hand.
"""

from datetime import date
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class CityCalendarsRow(TypedDict, total=False):
    """One row: one city from one business day on."""

    city_id: str
    since: date
    timezone: str
    cutoff_min: int
    weekend: str | None
    source: str


# fmt: off
CITY_CALENDARS = TableContract(
    name="city_calendars",
    version="1.0.1",
    meaning={"en": "How each city kept its days, and since when: time zone, day cut-off, weekend.", "ar": "كيف كانت كل مدينة تحسب أيامها ومنذ متى: المنطقة الزمنية وساعة بدء اليوم وعطلة نهاية الأسبوع.", "zh_Hans": "各城市如何划分其营业日，自何时起：时区、日切时刻、周末。", "zh_Hant": "各城市如何劃分其營業日，自何時起：時區、日切時刻、週末。", "pt_BR": "Como cada cidade contou os seus dias, e desde quando: fuso horário, hora de corte, fim de semana."},
    grain={"en": "one city from one business day on", "ar": "مدينة واحدة ابتداءً من يوم عمل", "zh_Hans": "一个城市自某个营业日起", "zh_Hant": "一個城市自某個營業日起", "pt_BR": "uma cidade a partir de um dia operacional"},
    key=("city_id", "since"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City whose days they are.", "ar": "المدينة صاحبة الأيام.", "zh_Hans": "所属的城市。", "zh_Hant": "所屬的城市。", "pt_BR": "Cidade a que os dias pertencem."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="since", type=LogicalType.DATE, meaning={"en": "First business day under these rules; the earliest row holds before its day too.", "ar": "أول يوم عمل في ظل هذه القواعد؛ وأقدم سجل يسري أيضًا قبل يومه.", "zh_Hans": "适用这些规则的第一个营业日；最早的一行也适用于其之前。", "zh_Hant": "適用這些規則的第一個營業日；最早的一行也適用於其之前。", "pt_BR": "Primeiro dia operacional sob estas regras; a linha mais antiga vale também antes do seu dia."}, required=True),
        Column(name="timezone", type=LogicalType.STRING, meaning={"en": "IANA name of the city's time zone.", "ar": "اسم IANA للمنطقة الزمنية للمدينة.", "zh_Hans": "城市时区的 IANA 名称。", "zh_Hant": "城市時區的 IANA 名稱。", "pt_BR": "Nome IANA do fuso horário da cidade."}, required=True, max_length=64, classification=Classification.PUBLIC),
        Column(name="cutoff_min", type=LogicalType.INTEGER, meaning={"en": "Minutes after local midnight at which a business day begins.", "ar": "دقائق بعد منتصف الليل المحلي يبدأ عندها يوم العمل.", "zh_Hans": "营业日开始于当地午夜之后的分钟数。", "zh_Hant": "營業日開始於當地午夜之後的分鐘數。", "pt_BR": "Minutos após a meia-noite local em que começa o dia operacional."}, required=True, unit="min", minimum=0, maximum=1439),
        Column(name="weekend", type=LogicalType.STRING, meaning={"en": "ISO weekdays (Monday 1) that are the weekend, separated by commas; empty for the country's own.", "ar": "أيام الأسبوع بترقيم ISO (الاثنين 1) التي هي عطلة نهاية الأسبوع، تفصلها فواصل؛ فارغ إن كانت عطلة البلد.", "zh_Hans": "作为周末的 ISO 星期序号（星期一为 1），以逗号分隔；沿用所在国周末时为空。", "zh_Hant": "作為週末的 ISO 星期序號（星期一為 1），以逗號分隔；沿用所在國週末時為空。", "pt_BR": "Dias da semana ISO (segunda-feira 1) que são fim de semana, separados por vírgulas; vazio para o do país."}, pattern="^[1-7](,[1-7])*$", classification=Classification.PUBLIC),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    owner="data-stewards",
    retention_months=120,
    usage={"en": "Every local date is computed by the rules in force at its instant; what a city has no row for follows its row in cities.", "ar": "يُحسب كل تاريخ محلي بالقواعد السارية في لحظته؛ وما ليس لمدينة صف فيه هنا يتبع صفها في cities.", "zh_Hans": "每个当地日期都按其时刻有效的规则计算；城市在此没有行的，按其在 cities 中的行计算。", "zh_Hant": "每個當地日期都按其時刻有效的規則計算；城市在此沒有列的，按其在 cities 中的列計算。", "pt_BR": "Toda data local é calculada pelas regras em vigor no seu instante; o que não tem linha aqui para uma cidade segue a linha dela em cities."},
)
"""Contract of the table city_calendars."""
# fmt: on
