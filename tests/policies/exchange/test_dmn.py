"""Policies as DMN models: taken out, changed in a modeler, brought back."""

from datetime import date
from itertools import product
from pathlib import Path

import pytest

from tiffin.capabilities.policies.domain.decision import Case
from tiffin.capabilities.policies.domain.exchange.dmn_views import views_of
from tiffin.capabilities.policies.domain.exchange.dmn_writing import dmn_of
from tiffin.capabilities.policies.domain.exchange.files import PolicyFiles
from tiffin.capabilities.policies.domain.layering import effective
from tiffin.capabilities.policies.domain.parameters import read_parameters
from tiffin.capabilities.policies.domain.reading import Filed, read_policy
from tiffin.capabilities.policies.service.deciding import Desk
from tiffin.capabilities.policies.service.exchange_import import Imported, Wanted, bring_in
from tiffin.engines.decisions.dmn.graph import compile_model
from tiffin.engines.decisions.dmn.reading import read_model
from tiffin.engines.decisions.dmn.running import decide
from tiffin.kernel.errors import InvalidDefinition

ON = date(2026, 6, 1)
WANTED = Wanted(ON, "steward")


def brought(content: bytes, wanted: Wanted = WANTED) -> Imported:
    return bring_in("late.dmn", content, wanted)


def changed(files: PolicyFiles, *changes: tuple[str, str]) -> Imported:
    """Take a policy out, change the model behind its extension as a modeler would, and bring it back."""
    head, ending, table = dmn_of(files, ON).decode().partition("</extensionElements>")
    for before, after in changes:
        assert before in table
        table = table.replace(before, after)
    return brought(f"{head}{ending}{table}".encode())


def desk_of(files: PolicyFiles) -> Desk:
    read = [
        read_policy(one.content, Filed(files.policy, one.place, one.since or ON, "0", one.name)) for one in files.tables
    ]
    parameters = read_parameters(files.parameters.content, "parameters.yaml") if files.parameters else ()
    return Desk(effective(read[0], read[1:], parameters, ON))


def test_a_policy_comes_back_from_dmn_to_the_byte(late: PolicyFiles) -> None:
    found = brought(dmn_of(late, ON))

    (policy,) = found.policies
    assert [(one.name, one.text) for one in policy.files] == [(one.name, one.text) for one in late.all]
    assert (policy.policy, policy.faults, found.left) == ("late-credit", (), ())


def test_the_model_decides_as_the_policy_does(late: PolicyFiles) -> None:
    graph = compile_model(read_model(dmn_of(late, ON)))
    desk = desk_of(late)
    assert not graph.faults

    minutes, problems = (0, 9, 10, 14, 15, 40, 41, 600), ("late", "cold", "missing", None)
    places = (("KW", "kuwait"), ("SA", "riyadh"))
    for late_min, problem, (market, city), refund in product(minutes, problems, places, (1, 5, 9)):
        facts = {"minutes_late": late_min, "problem": problem, "refund_minor": refund, "basket_minor": 10}
        ours = desk.decide(Case(facts, ON, market, city)).outputs
        theirs = decide(graph, "late-credit", {**facts, "market": market, "city": city})
        assert theirs.value == dict(ours), facts


def test_every_element_of_the_model_is_drawn_once_and_every_need_is_a_line(late: PolicyFiles) -> None:
    model = read_model(dmn_of(late, ON))

    (drawing,) = (one for one in model.other_children if one.local == "DMNDI")
    (diagram,) = drawing.children
    shapes = [one.get("dmnElementRef") for one in diagram.all("DMNShape")]
    lines = [one.get("dmnElementRef") for one in diagram.all("DMNEdge")]
    needs = [need.id for one in model.decisions for need in one.information]
    assert sorted(shapes, key=str) == sorted((one.id for one in (*model.inputs, *model.decisions)), key=str)
    assert sorted(lines, key=str) == sorted(needs, key=str)
    assert len({*shapes, *lines}) == len(shapes) + len(lines)


def test_what_is_changed_in_a_modeler_is_taken_over_and_nothing_else(late: PolicyFiles) -> None:
    found = changed(late, (">500<", ">550<"), ("&lt; grace", "&lt;= grace"), ("It came cold", "The food was cold"))

    base, overlay, parameters = found.policies[0].files
    before = late.base.content
    rows = {row["id"]: row for row in base.content["rows"]}
    assert rows["late.some"]["then"] == {"amount_minor": 550, "party": '"platform"'}
    assert rows["late.none"]["when"] == {"minutes_late": "<= grace"}
    assert rows["late.cold"]["reason"] == {"en": "The food was cold"}
    assert {**base.content, "rows": 0} == {**before, "rows": 0}
    assert (overlay.text, parameters.text, found.left) == (late.overlays[0].text, late.parameters.text, ())  # type: ignore[union-attr]


def test_a_row_that_was_taken_out_or_brought_in_is_so_in_the_base(late: PolicyFiles) -> None:
    text = dmn_of(late, ON).decode()
    start = text.index("<rule ", text.index("late.none", text.index("decisionTable")) - 900)
    rule = text[start : text.index("</rule>", start) + len("</rule>")]
    assert rule.count("<rule ") == 1
    new = rule.replace("late.none", "").replace("&lt; grace", "= 600")

    found = brought(text.replace(rule, new).encode())

    rows = found.policies[0].files[0].content["rows"]
    assert [row["id"] for row in rows] == ["late.cold", "late.some", "late-credit.2"]
    assert rows[-1]["when"] == {"minutes_late": "= 600"}


def test_a_place_cannot_be_changed_in_a_modeler_and_that_is_told(late: PolicyFiles) -> None:
    found = changed(late, ('"KW"</text>', '"SA"</text>'))

    assert found.policies[0].files[1].content == late.overlays[0].content
    assert any("late.kw" in one for one in found.left)


def test_a_model_that_declares_a_document_type_is_refused() -> None:
    with pytest.raises(InvalidDefinition, match="document type"):
        brought(b'<!DOCTYPE d [<!ENTITY a "b">]><definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/"/>')


def test_every_decision_table_of_the_standards_kit_becomes_a_draft(shared: Path) -> None:
    tables, drafts, faulty = 0, 0, []
    for path in sorted((shared / "peers" / "dmn-tck").rglob("*.dmn")):
        content = path.read_bytes()
        model = read_model(content, path.name)
        views = {view.name for view in views_of(model)}
        tables += len(list(views_of(model)))
        if not views:
            continue
        found = bring_in(path.name, content, WANTED)
        drafts += len(found.policies)
        faulty += [path.stem for one in found.policies if one.faults]
        others = [one.name for one in model.decisions if one.name not in views]
        assert all(any(str(name) in said for said in found.left) for name in others)

    assert (tables, drafts) == (36, 36)
    # Its cells compare one fact with another, which no policy does; each of its eight drafts says so.
    assert faulty == ["0036-dt-variable-input"] * 8
