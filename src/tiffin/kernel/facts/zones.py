# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""Areas of a city by which demand and supply are compared: H3 cells or named polygons.

Generated from the contract, never edited by hand.
"""

from typing import TypedDict

from tiffin.kernel.contract import Column, LogicalType, TableContract


class ZonesRow(TypedDict, total=False):
    """One row: one zone of one city."""

    city_id: str
    zone_id: str
    name: str | None
    h3_cell: str | None
    polygon: str | None
    latitude: float | None
    longitude: float | None
    source: str


# fmt: off
ZONES = TableContract(
    name="zones",
    version="1.0.1",
    meaning={"en": "Areas of a city by which demand and supply are compared: H3 cells or named polygons.", "ar": "مناطق المدينة التي يقارن بها الطلب والعرض: خلايا H3 أو مضلعات مسماة.", "zh_Hans": "用来比较需求与运力的城市分区：H3 单元或命名多边形。", "zh_Hant": "用來比較需求與運力的城市分區：H3 單元或命名多邊形。", "pt_BR": "Áreas de uma cidade pelas quais se comparam demanda e oferta: células H3 ou polígonos nomeados."},
    grain={"en": "one zone of one city", "ar": "منطقة واحدة في مدينة واحدة", "zh_Hans": "一个城市的一个分区", "zh_Hant": "一個城市的一個分區", "pt_BR": "uma zona de uma cidade"},
    key=("city_id", "zone_id"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="zone_id", type=LogicalType.STRING, meaning={"en": "Identifier of the zone; an H3 cell of resolution 8 where no named zones are given.", "ar": "معرف المنطقة؛ خلية H3 بدقة 8 حيث لا توجد مناطق مسماة.", "zh_Hans": "区域的标识；没有命名区域时为 8 级 H3 单元。", "zh_Hant": "區域的標識；沒有命名區域時為 8 級 H3 單元。", "pt_BR": "Identificador da zona; uma célula H3 de resolução 8 onde não há zonas nomeadas."}, required=True, max_length=128),
        Column(name="name", type=LogicalType.STRING, meaning={"en": "Name of the zone.", "ar": "اسم المنطقة.", "zh_Hans": "区域名称。", "zh_Hant": "區域名稱。", "pt_BR": "Nome da zona."}, max_length=200),
        Column(name="h3_cell", type=LogicalType.STRING, meaning={"en": "H3 cell that the zone is, or that holds its centre.", "ar": "خلية H3 التي هي المنطقة، أو التي تضم مركزها.", "zh_Hans": "该区域所在的 H3 单元，或包含其中心的单元。", "zh_Hant": "該區域所在的 H3 單元，或包含其中心的單元。", "pt_BR": "Célula H3 que é a zona, ou que contém o seu centro."}, pattern="^[0-9a-f]{15}$"),
        Column(name="polygon", type=LogicalType.STRING, meaning={"en": "Outline as GeoJSON geometry.", "ar": "الحدود بصيغة GeoJSON.", "zh_Hans": "GeoJSON 几何轮廓。", "zh_Hant": "GeoJSON 幾何輪廓。", "pt_BR": "Contorno como geometria GeoJSON."}, max_length=200000),
        Column(name="latitude", type=LogicalType.NUMBER, meaning={"en": "Latitude of the centre (WGS 84).", "ar": "خط عرض المركز (WGS 84).", "zh_Hans": "中心纬度（WGS 84）。", "zh_Hant": "中心緯度（WGS 84）。", "pt_BR": "Latitude do centro (WGS 84)."}, unit="degrees", minimum=-90, maximum=90),
        Column(name="longitude", type=LogicalType.NUMBER, meaning={"en": "Longitude of the centre (WGS 84).", "ar": "خط طول المركز (WGS 84).", "zh_Hans": "中心经度（WGS 84）。", "zh_Hant": "中心經度（WGS 84）。", "pt_BR": "Longitude do centro (WGS 84)."}, unit="degrees", minimum=-180, maximum=180),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    owner="data-stewards",
    retention_months=120,
)
"""Contract of the table zones."""
# fmt: on
