"""The one name of an asset, written and read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.errors import WrongUse

NAMES = st.text(min_size=1, max_size=40).filter(lambda name: name == name.strip() and name.isprintable())


@given(st.sampled_from(AssetKind), NAMES)
def test_what_is_written_is_read_back(kind: AssetKind, name: str) -> None:
    asset = AssetId(kind, name)
    assert AssetId.parse(asset.text) == asset


@pytest.mark.parametrize("text", ["", "late_share", "metric:", ":late_share", "Metric:late_share", "kpi:late_share"])
def test_what_is_no_asset_is_refused_with_the_kinds_there_are(text: str) -> None:
    with pytest.raises(WrongUse) as refused:
        AssetId.parse(text)
    assert all(kind in str(refused.value) for kind in AssetKind)


@pytest.mark.parametrize("name", [" late", "late ", "late\nshare", ""])
def test_a_name_that_could_not_be_written_back_is_refused(name: str) -> None:
    with pytest.raises(WrongUse, match="one line"):
        AssetId(AssetKind.METRIC, name)


def test_only_the_first_colon_parts_kind_and_name() -> None:
    assert AssetId.parse("published:daybook:riyadh:2026-03-01").name == "daybook:riyadh:2026-03-01"
