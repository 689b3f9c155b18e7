# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""Shops and restaurants that sell on the marketplace.

Generated from the contract, never edited by hand.
"""

from typing import TypedDict

from tiffin.kernel.contract import Column, LogicalType, TableContract


class MerchantsRow(TypedDict, total=False):
    """One row: one merchant of one city."""

    city_id: str
    merchant_id: str
    name: str | None
    category: str | None
    zone_id: str | None
    latitude: float | None
    longitude: float | None
    x_m: float | None
    y_m: float | None
    source: str


# fmt: off
MERCHANTS = TableContract(
    name="merchants",
    version="1.0.1",
    meaning={"en": "Shops and restaurants that sell on the marketplace.", "ar": "المتاجر والمطاعم التي تبيع في السوق.", "zh_Hans": "在平台上销售的商店和餐厅。", "zh_Hant": "在平台上銷售的商店和餐廳。", "pt_BR": "Lojas e restaurantes que vendem no marketplace."},
    grain={"en": "one merchant of one city", "ar": "تاجر واحد في مدينة واحدة", "zh_Hans": "一个城市的一个商家", "zh_Hant": "一個城市的一個商家", "pt_BR": "um lojista de uma cidade"},
    key=("city_id", "merchant_id"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="merchant_id", type=LogicalType.STRING, meaning={"en": "Identifier of the merchant.", "ar": "معرف التاجر.", "zh_Hans": "商家的标识。", "zh_Hant": "商家的標識。", "pt_BR": "Identificador do lojista."}, required=True, max_length=128),
        Column(name="name", type=LogicalType.STRING, meaning={"en": "Name of the merchant.", "ar": "اسم التاجر.", "zh_Hans": "商家名称。", "zh_Hant": "商家名稱。", "pt_BR": "Nome do lojista."}, max_length=300),
        Column(name="category", type=LogicalType.STRING, meaning={"en": "What the merchant sells: a kitchen, a grocery, a pharmacy.", "ar": "ما يبيعه التاجر: مطبخ أو بقالة أو صيدلية.", "zh_Hans": "商家所售：餐饮、杂货或药品。", "zh_Hant": "商家所售：餐飲、雜貨或藥品。", "pt_BR": "O que o lojista vende: cozinha, mercado, farmácia."}, max_length=200),
        Column(name="zone_id", type=LogicalType.STRING, meaning={"en": "Zone in which the merchant stands.", "ar": "المنطقة التي يقع فيها التاجر.", "zh_Hans": "商家所在区域。", "zh_Hant": "商家所在區域。", "pt_BR": "Zona em que o lojista fica."}, max_length=128, references="zones.zone_id"),
        Column(name="latitude", type=LogicalType.NUMBER, meaning={"en": "Latitude (WGS 84).", "ar": "خط العرض (WGS 84).", "zh_Hans": "纬度（WGS 84）。", "zh_Hant": "緯度（WGS 84）。", "pt_BR": "Latitude (WGS 84)."}, unit="degrees", minimum=-90, maximum=90),
        Column(name="longitude", type=LogicalType.NUMBER, meaning={"en": "Longitude (WGS 84).", "ar": "خط الطول (WGS 84).", "zh_Hans": "经度（WGS 84）。", "zh_Hant": "經度（WGS 84）。", "pt_BR": "Longitude (WGS 84)."}, unit="degrees", minimum=-180, maximum=180),
        Column(name="x_m", type=LogicalType.NUMBER, meaning={"en": "Distance east of the city's origin, where places are given on a plane.", "ar": "المسافة شرق نقطة أصل المدينة، حيث تعطى الأماكن على مستوى.", "zh_Hans": "以平面坐标给出地点时，距城市原点的东向距离。", "zh_Hant": "以平面座標給出地點時，距城市原點的東向距離。", "pt_BR": "Distância a leste da origem da cidade, quando os lugares são dados num plano."}, unit="m"),
        Column(name="y_m", type=LogicalType.NUMBER, meaning={"en": "Distance north of the city's origin, where places are given on a plane.", "ar": "المسافة شمال نقطة أصل المدينة، حيث تعطى الأماكن على مستوى.", "zh_Hans": "以平面坐标给出地点时，距城市原点的北向距离。", "zh_Hant": "以平面座標給出地點時，距城市原點的北向距離。", "pt_BR": "Distância ao norte da origem da cidade, quando os lugares são dados num plano."}, unit="m"),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    owner="merchant-operations",
    retention_months=84,
)
"""Contract of the table merchants."""
# fmt: on
