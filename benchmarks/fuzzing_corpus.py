"""Texts that fuzzing starts from, and the lines that those which it keeps reach.

``python benchmarks/fuzzing_corpus.py FOLDER KIND …`` replays the texts that were kept and tells which lines they reach.
"""

import contextlib
import hashlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any
from xml.sax.saxutils import unescape

from hostile_texts import KINDS, InvalidDefinition

from tiffin.engines import decisions
from tiffin.engines.decisions.dmn import model
from tiffin.engines.decisions.feel.calling import BUILT_INS
from tiffin.engines.decisions.feel.evaluating_members import MEMBERS
from tiffin.engines.decisions.feel.types import BUILT_IN

LARGEST = 20_000
"""Bytes of a model to start from."""
_TEXT = re.compile(b"<(?:\\w+:)?text>([^<]{1,600})<")
ENGINE = Path(decisions.__file__).parent
OPENING = f'<definitions xmlns="{model.NAMESPACE}" name="m" namespace="urn:m">'
WORDS = r"""
if then else for return some every satisfies function external instance of between and or not in null true false list<
range< context< number string boolean partial item ? x y s l ( ) [ ] { } + - * / ** = != < <= > >= .. , . : -> @ " ' //
/* */ \\ @"2021-01-01" @"10:00:00Z" @"2021-12-31T23:59:59@Europe/Paris" @"P1D" @"-P999999999Y" 1e6000 "(a+)+"
"[a-z-[b]]"
"""
TAGS = """
definitions itemDefinition itemComponent typeRef allowedValues inputData decision variable import informationRequirement
requiredInput requiredDecision knowledgeRequirement requiredKnowledge businessKnowledgeModel encapsulatedLogic text
formalParameter literalExpression context contextEntry decisionTable input inputExpression inputValues output
outputValues
defaultOutputEntry rule inputEntry outputEntry annotation annotationEntry invocation binding parameter list relation
column
row conditional if then else for iterator in return some every satisfies filter match decisionService outputDecision
encapsulatedDecision inputDecision hitPolicy aggregation isCollection href id name
"""
KEYS = """
policy: title: question: owner: source: hit_policy: inputs: outputs: rows: sums: monotone: law: people: money: points:
cases: worked_cases: name: label: type: number string boolean date values: required: whole: feel: unit: default: id:
when:
then: reason: overlay: overrides: parameters: from: value: market: city: at_least: at_most: direction: en: ar: unique
first
any priority collect aggregation: sum { } [ ] - "- " | > & * ! ---
"""
POLICY = Path(__file__).with_name("fuzzed_policy.yaml")
EXPRESSIONS = r"""
1 + 2 * x ** 2 - -3
if x > 2 then "a" else upper case("b")
for i in 1..4, j in [1, 2] return i * j + count(partial)
some i in l satisfies i = 2 and every j in l satisfies j != 3
[1, 2, 3][item > 1]
{a: 1, b c: a + 1}.b c
(function(a: number, b) a + b)(b: 1, a: 2)
date("2021-01-01") + duration("P1DT2H") - @"2020-12-31T00:00:00@Europe/Paris"
x between 1 and 5 or x in (1..5] or x in (<3, >=4, not(2))
x instance of list<context<a: number, b: string>>
replace("abc", "(a)(b)?[^c-x]*", "$1") + substring(string(@"10:00:00"), 2, 3)
y z.b[1] + y z.a
sort([3, 1, 2], function(a, b) a < b)
before([1..3], (3..5]) and overlaps([1..3], [2..4])
context put({a: 1}, ["b", "c"], 2)
mode([1, 1, 2]) + median(1, 2, 3) + stddev([1, 2])
@"2021-02-28".weekday + time("10:11:12+01:00").time offset
"""
CELLS = """
-
1, 2, 3
[1..5], > 7
not("a", "b")
< x, null
? > 2 and ? != x
"text", s
(1..x]
not(< 3)
"""
MODELS = """
<inputData id="i" name="x"><variable name="x" typeRef="number"/></inputData><decision id="d" name="d">
<variable name="d"/>
<informationRequirement><requiredInput href="#i"/></informationRequirement>
<decisionTable hitPolicy="COLLECT" aggregation="SUM"><input><inputExpression><text>x</text></inputExpression>
<inputValues><text>[0..9]</text></inputValues></input><output name="o"><outputValues><text>1,2</text></outputValues>
</output>
<rule><inputEntry><text>&gt; 1</text></inputEntry><outputEntry><text>1</text></outputEntry></rule></decisionTable>
</decision>

<itemDefinition name="t" isCollection="true"><itemComponent name="a"><typeRef>number</typeRef>
<allowedValues><text>1,2</text></allowedValues></itemComponent></itemDefinition>
<decision id="d" name="d"><context><contextEntry><variable name="a"/><literalExpression><text>1</text>
</literalExpression>
</contextEntry><contextEntry><literalExpression><text>a</text></literalExpression></contextEntry></context></decision>

<businessKnowledgeModel id="b" name="f"><encapsulatedLogic><formalParameter name="a"/>
<literalExpression><text>a + 1</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
<decision id="d" name="d"><knowledgeRequirement><requiredKnowledge href="#b"/></knowledgeRequirement>
<invocation><literalExpression><text>f</text></literalExpression><binding><parameter name="a"/>
<literalExpression><text>1</text></literalExpression></binding></invocation></decision>
<decisionService id="s" name="s"><outputDecision href="#d"/></decisionService>

<decision id="d" name="d"><conditional><if><literalExpression><text>true</text></literalExpression></if>
<then><list><literalExpression><text>1</text></literalExpression></list></then>
<else><relation><column name="a"/><row><literalExpression><text>1</text></literalExpression></row></relation></else>
</conditional></decision>
"""


def write_corpus(kind: str, folder: Path, words: Path, models: Path | None) -> None:
    """Write the texts to start from, those of a folder of models among them, and words likely to mean something."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in (*started_from(kind), *(texts_of(models, kind) if models else ())):
        (folder / hashlib.sha256(one).hexdigest()[:16]).write_bytes(one)
    names = (*TAGS.split(),) if kind == "model" else (*BUILT_INS, *MEMBERS, *BUILT_IN)
    known = sorted({*WORDS.split(), *names, *(KEYS.split() if kind == "policy" else ())})
    lines = (f'"{one.replace(chr(92), chr(92) * 2).replace(chr(34), chr(92) + chr(34))}"' for one in known)
    words.write_text("\n".join(lines) + "\n")


def texts_of(models: Path, kind: str) -> Iterator[bytes]:
    """Give the models of a folder, or the expressions and cells in them."""
    for path in sorted(models.rglob("*.dmn")):
        data = path.read_bytes()
        if kind == "model" and len(data) < LARGEST:
            yield data
        elif kind in ("expression", "cell"):
            yield from (unescape(one.decode()).encode() for one in _TEXT.findall(data))


def started_from(kind: str) -> Iterator[bytes]:
    """Give the texts that a kind starts from."""
    if kind == "policy":
        yield POLICY.read_bytes()
        base = POLICY.read_bytes().partition(b"\n---\n")[0].replace(b"{grace_min}", b"few").replace(b"grace_min", b"15")
        yield base
        yield base.replace(b"rows:", b"hit_policy: collect\naggregation: sum\nrows:")
        return
    if kind == "model":
        yield from (f"{OPENING}{one}</definitions>".encode() for one in MODELS.split("\n\n"))
        return
    calls = [f"{one}({arguments})" for one in sorted(BUILT_INS) for arguments in ("x", "l, x", "s, s, s", "l, 1, 2")]
    yield from (one.encode() for one in (*EXPRESSIONS.strip().split("\n"), *CELLS.strip().split("\n"), *calls))


def main() -> None:
    """Replay what was kept."""
    reached: set[tuple[str, int]] = set()

    def follow(frame: FrameType, _event: str, _argument: Any) -> Any:
        if not frame.f_code.co_filename.startswith(str(ENGINE)):
            return None
        reached.add((frame.f_code.co_filename, frame.f_lineno))
        return follow

    texts = [(kind, path) for kind in sys.argv[2:] for path in (Path(sys.argv[1]) / kind / "corpus").iterdir()]
    sys.settrace(follow)
    for kind, path in texts:
        with contextlib.suppress(InvalidDefinition, Exception):
            KINDS[kind](path.read_bytes(), 5_000)
    sys.settrace(None)
    there = {line for path in (*ENGINE.glob("feel/**/*.py"), *ENGINE.glob("dmn/**/*.py")) for line in lines_of(path)}
    share = len(reached & there) / len(there)
    print(
        f"{len(texts):,} texts kept reach {len(reached & there):,} of {len(there):,} lines in functions ({share:.1%})"
    )


def lines_of(path: Path) -> Iterator[tuple[str, int]]:
    """Give the lines inside a file's functions."""
    waiting: list[tuple[CodeType, bool]] = [(compile(path.read_text(), str(path), "exec"), False)]
    while waiting:
        code, inside = waiting.pop()
        if inside:
            yield from ((str(path), line) for _, _, line in code.co_lines() if line and line != code.co_firstlineno)
        waiting.extend((one, bool(one.co_flags & 2)) for one in code.co_consts if isinstance(one, CodeType))


if __name__ == "__main__":
    main()
