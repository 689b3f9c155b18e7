"""Every policy that ships leaves in every form and comes back as it was."""

from datetime import date

import pytest

from tiffin.capabilities.policies.domain.decision import Case
from tiffin.capabilities.policies.domain.exchange.files import PolicyFile, PolicyFiles
from tiffin.capabilities.policies.domain.layering import effective
from tiffin.capabilities.policies.domain.parameters import read_parameters
from tiffin.capabilities.policies.domain.policy import Effective
from tiffin.capabilities.policies.domain.reading import Filed, read_policy
from tiffin.capabilities.policies.domain.versions import PARAMETERS, named_so
from tiffin.capabilities.policies.service.deciding import Desk
from tiffin.capabilities.policies.service.exchange import Format, file_of, written
from tiffin.capabilities.policies.service.exchange_import import Wanted, bring_in
from tiffin.capabilities.policies.service.ledger import SHIPPED
from tiffin.engines.decisions.dmn.graph import compile_model
from tiffin.engines.decisions.dmn.reading import read_model
from tiffin.engines.decisions.dmn.running import decide

ON = date(2026, 11, 20)
NAMES = sorted(one.name for one in SHIPPED.iterdir() if one.is_dir())


def shipped(name: str) -> PolicyFiles:
    found: dict[str, PolicyFile] = {}
    for path in sorted((SHIPPED / name).glob("*.yaml")):
        place, since = named_so(path.name) or (PARAMETERS, None)
        found[place] = file_of(place, since, path.read_text(encoding="utf-8"), path.name)
    return PolicyFiles(found.pop(""), tuple(one for one in found.values() if one.since), found.get(PARAMETERS))


def effective_of(files: PolicyFiles) -> Effective:
    read = [
        read_policy(one.content, Filed(files.policy, one.place, one.since or ON, "0", one.name)) for one in files.tables
    ]
    parameters = read_parameters(files.parameters.content, "parameters.yaml") if files.parameters else ()
    return effective(read[0], read[1:], parameters, ON)


@pytest.mark.parametrize("form", list(Format))
@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_policy_comes_back_to_the_byte(name: str, form: Format) -> None:
    files = shipped(name)

    content = written(files, form, ON, "ar")
    found = bring_in(f"{name}.{form}", content, Wanted(ON, "steward", name, known=lambda _policy: files))

    (policy,) = found.policies
    assert [(one.name, one.text) for one in policy.files] == [(one.name, one.text) for one in files.all]
    assert (policy.faults, found.left) == ((), ())


@pytest.mark.parametrize("name", NAMES)
def test_the_model_of_a_shipped_policy_decides_its_worked_cases_as_the_policy_does(name: str) -> None:
    files = shipped(name)
    found = effective_of(files)
    graph = compile_model(read_model(written(files, Format.DMN, ON, "en")))
    desk = Desk(found)
    computed = {one.name for one in found.stated.inputs if one.feel}

    cases = [one for one in found.stated.worked_cases if one.market and not computed & one.given.keys()]

    assert cases
    assert not graph.faults
    for one in cases:
        ours = desk.decide(Case(one.given, ON, one.market, one.city)).outputs
        theirs = decide(graph, name, {**one.given, "market": one.market, "city": one.city or None}).value
        assert theirs == (dict(ours) if len(ours) > 1 else next(iter(ours.values()))), one.title["en"]
