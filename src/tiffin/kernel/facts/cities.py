# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""Cities in which the marketplace works, each with the clock, day and money that its figures are kept in.

Generated from the contract, never edited by hand.
"""

from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class CitiesRow(TypedDict, total=False):
    """One row: one city."""

    city_id: str
    name: str
    country: str
    timezone: str
    timezone_known: bool
    cutoff_min: int
    weekend: str
    currency: str
    latitude: float | None
    longitude: float | None
    is_simulated: bool
    source: str


# fmt: off
CITIES = TableContract(
    name="cities",
    version="1.0.1",
    meaning={"en": "Cities in which the marketplace works, each with the clock, day and money that its figures are kept in.", "ar": "المدن التي تعمل فيها السوق، ولكل منها الساعة واليوم والعملة التي تُحفظ بها أرقامها.", "zh_Hans": "平台运营的城市，以及其数字所依据的时钟、营业日和货币。", "zh_Hant": "平台運營的城市，以及其數字所依據的時鐘、營業日和貨幣。", "pt_BR": "Cidades em que o marketplace opera, cada uma com o relógio, o dia e a moeda dos seus números."},
    grain={"en": "one city", "ar": "مدينة واحدة", "zh_Hans": "一个城市", "zh_Hant": "一個城市", "pt_BR": "uma cidade"},
    key=("city_id",),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "Stable identifier of the city.", "ar": "المعرف الثابت للمدينة.", "zh_Hans": "城市的固定标识。", "zh_Hant": "城市的固定標識。", "pt_BR": "Identificador estável da cidade."}, required=True, max_length=128),
        Column(name="name", type=LogicalType.STRING, meaning={"en": "Name of the city.", "ar": "اسم المدينة.", "zh_Hans": "城市名称。", "zh_Hant": "城市名稱。", "pt_BR": "Nome da cidade."}, required=True, max_length=200),
        Column(name="country", type=LogicalType.STRING, meaning={"en": "ISO 3166-1 code of the country; ZZ where the source does not say.", "ar": "رمز ISO 3166-1 للبلد؛ ZZ حيث لا يذكره المصدر.", "zh_Hans": "国家的 ISO 3166-1 代码；来源未说明时为 ZZ。", "zh_Hant": "國家的 ISO 3166-1 代碼；來源未説明時為 ZZ。", "pt_BR": "Código ISO 3166-1 do país; ZZ onde a fonte não diz."}, required=True, pattern="^[A-Z]{2}$", classification=Classification.PUBLIC),
        Column(name="timezone", type=LogicalType.STRING, meaning={"en": "IANA name of the city's time zone.", "ar": "اسم IANA للمنطقة الزمنية للمدينة.", "zh_Hans": "城市时区的 IANA 名称。", "zh_Hant": "城市時區的 IANA 名稱。", "pt_BR": "Nome IANA do fuso horário da cidade."}, required=True, max_length=64, classification=Classification.PUBLIC),
        Column(name="timezone_known", type=LogicalType.BOOLEAN, meaning={"en": "Whether the source states the time zone; where it does not, UTC stands in.", "ar": "هل يذكر المصدر المنطقة الزمنية؛ وحيث لا يذكرها يحل التوقيت العالمي محلها.", "zh_Hans": "来源是否说明时区；未说明时以 UTC 代替。", "zh_Hant": "來源是否説明時區；未説明時以 UTC 代替。", "pt_BR": "Se a fonte informa o fuso horário; onde não informa, usa-se UTC."}, required=True),
        Column(name="cutoff_min", type=LogicalType.INTEGER, meaning={"en": "Minutes after local midnight at which a business day begins.", "ar": "دقائق بعد منتصف الليل المحلي يبدأ عندها يوم العمل.", "zh_Hans": "营业日开始于当地午夜之后的分钟数。", "zh_Hant": "營業日開始於當地午夜之後的分鐘數。", "pt_BR": "Minutos após a meia-noite local em que começa o dia operacional."}, required=True, unit="min", minimum=0, maximum=1439),
        Column(name="weekend", type=LogicalType.STRING, meaning={"en": "ISO weekdays (Monday 1) that are the weekend, separated by commas.", "ar": "أيام الأسبوع بترقيم ISO (الاثنين 1) التي هي عطلة نهاية الأسبوع، تفصلها فواصل.", "zh_Hans": "作为周末的 ISO 星期序号（星期一为 1），以逗号分隔。", "zh_Hant": "作為週末的 ISO 星期序號（星期一為 1），以逗號分隔。", "pt_BR": "Dias da semana ISO (segunda-feira 1) que são fim de semana, separados por vírgulas."}, required=True, pattern="^([1-7](,[1-7])*)?$", classification=Classification.PUBLIC),
        Column(name="currency", type=LogicalType.STRING, meaning={"en": "ISO 4217 code of the city's currency.", "ar": "رمز ISO 4217 لعملة المدينة.", "zh_Hans": "城市货币的 ISO 4217 代码。", "zh_Hant": "城市貨幣的 ISO 4217 代碼。", "pt_BR": "Código ISO 4217 da moeda da cidade."}, required=True, pattern="^[A-Z]{3}$", classification=Classification.PUBLIC),
        Column(name="latitude", type=LogicalType.NUMBER, meaning={"en": "Latitude (WGS 84).", "ar": "خط العرض (WGS 84).", "zh_Hans": "纬度（WGS 84）。", "zh_Hant": "緯度（WGS 84）。", "pt_BR": "Latitude (WGS 84)."}, unit="degrees", minimum=-90, maximum=90),
        Column(name="longitude", type=LogicalType.NUMBER, meaning={"en": "Longitude (WGS 84).", "ar": "خط الطول (WGS 84).", "zh_Hans": "经度（WGS 84）。", "zh_Hant": "經度（WGS 84）。", "pt_BR": "Longitude (WGS 84)."}, unit="degrees", minimum=-180, maximum=180),
        Column(name="is_simulated", type=LogicalType.BOOLEAN, meaning={"en": "Whether the city exists only in a simulation.", "ar": "هل المدينة موجودة في المحاكاة فقط.", "zh_Hans": "该城市是否仅存在于模拟中。", "zh_Hant": "該城市是否僅存在於模擬中。", "pt_BR": "Se a cidade só existe numa simulação."}, required=True),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    owner="data-stewards",
    retention_months=120,
    usage={"en": "Every local date, hour and amount is read through this table.", "ar": "يُقرأ من خلال هذا الجدول كل تاريخ وساعة ومبلغ محلي.", "zh_Hans": "所有当地日期、时刻和金额都通过此表解读。", "zh_Hant": "所有當地日期、時刻和金額都透過此表解讀。", "pt_BR": "Toda data, hora e quantia local é lida por meio desta tabela."},
)
"""Contract of the table cities."""
# fmt: on
