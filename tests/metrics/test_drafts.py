"""What a draft is, apart from who keeps it: its form, its states, and three texts put together."""

import pytest

from tiffin.capabilities.metrics.domain.drafts import merged, three_way
from tiffin.capabilities.metrics.domain.forms import FORMULA_FIELDS, InvalidField, plain_of
from tiffin.engines.metrics.formulas import Kind
from tiffin.kernel.drafts import Act, DraftState, following
from tiffin.kernel.errors import Conflict


def test_a_field_that_cannot_be_read_says_which() -> None:
    for path, text in (("times", "many"), ("since", "soon"), ("other", "[1]")):
        with pytest.raises(InvalidField) as refused:
            plain_of({"kind": "ratio", path: text}, read=lambda text, path: [text, path])
        assert refused.value.path == path


def test_every_kind_has_its_fields() -> None:
    assert set(Kind) <= set(FORMULA_FIELDS)


def test_three_texts_are_merged_where_only_one_changed() -> None:
    base = {"where": "a", "unit": "orders", "label": {"en": "x", "ar": "y"}}
    theirs, mine = base | {"unit": "riders"}, base | {"label": {"en": "z", "ar": "y"}}
    assert merged(base, theirs, mine, lambda _: False) == {
        "label": {"en": "z", "ar": "y"},
        "where": "a",
        "unit": "riders",
    }
    assert [item.path for item in three_way(base, theirs, mine)] == ["unit", "label.en"]


def test_a_finished_draft_takes_no_act() -> None:
    for state in (DraftState.PUBLISHED, DraftState.WITHDRAWN):
        for act in Act:
            with pytest.raises(Conflict, match="possible now: nothing"):
                following(state, act)
