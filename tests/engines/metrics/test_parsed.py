"""What is told of an expression without its tree is what its tree says; names and texts are quoted as SQLGlot does."""

import pickle

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlglot import exp

from tiffin.engines.metrics.compiling.quoting import quoted_name, quoted_text
from tiffin.engines.metrics.parsed import Parsed, column_at_rest
from tiffin.engines.metrics.parsing import parse
from tiffin.engines.metrics.vocabulary import DIALECTS

EXPRESSIONS = (
    "base.zone_id",
    "base.status = 'delivered' and not (base.tip_minor is null or base.note in ('it''s', 'c:\\n'))",
    "minutes_between(base.placed_at, base.delivered_at) / 60 / base.item_count",
    "case when base.distance_m >= 1.5 then base.a / (base.b - 2) else -base.c end",
    "coalesce(least(base.a, 2), greatest(base.b, 3.0), abs(base.c - 1)) * (base.a + base.b)",
    "base.a between 1 and 2 and zone.name <> 'x'",
    "__agg_1__ / (__agg_2__ / __agg_3__) - __agg_1__",
)


def test_a_value_under_a_condition_is_known_as_one() -> None:
    found = Parsed(parse("case when base.currency = 'SAR' then base.tip_minor / 2 end")).conditional
    assert found == (Parsed(parse("base.currency = 'SAR'")), Parsed(parse("base.tip_minor / 2")))
    assert Parsed(parse("case when base.a then 1 else 2 end")).conditional is None


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_an_expression_at_rest_says_what_its_tree_says(text: str) -> None:
    grown = Parsed(parse(text))
    rested = pickle.loads(pickle.dumps(grown))  # noqa: S301 - just written
    again = Parsed(rested.tree)
    for dialect in DIALECTS:
        assert rested.sql(dialect) == grown.sql(dialect) == again.sql(dialect)
    assert rested == grown == again
    assert rested.columns == grown.columns == again.columns
    assert rested.column == grown.column


def test_a_column_is_known_as_one() -> None:
    assert Parsed(parse("base.zone_id")).column == ("base", "zone_id")
    assert Parsed(parse("(base.zone_id)")).column is None
    assert column_at_rest("__agg_7__") == Parsed(parse("__agg_7__"))
    assert column_at_rest("__agg_7__").tree == exp.column("__agg_7__")


@given(st.text(st.characters(exclude_characters="\0")))
@example("'; drop table orders; --\\")
@example('"`\n\t\r\b\x1a\x7f')
def test_texts_and_names_are_quoted_as_sqlglot_quotes_them(text: str) -> None:
    for dialect in DIALECTS:
        assert quoted_text(text, dialect) == exp.Literal.string(text).sql(dialect)
        assert quoted_name(text, dialect) == exp.to_identifier(text, quoted=True).sql(dialect)


def test_an_empty_letter_before_figures_stays_itself() -> None:
    assert quoted_text("\x0012", "spark") == r"'\00012'"
