"""The detectors on made-up columns in five languages, and what they must not mistake."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tiffin.engines.detection import check_digits
from tiffin.engines.detection.detecting import detect, detect_table
from tiffin.engines.detection.kinds import Kind
from tiffin.engines.detection.masking import masked
from tiffin.engines.detection.samples import Sample
from tiffin.kernel.contract import Classification

ASKED = 0.95


@pytest.fixture(scope="module")
def benchmarks(project_root: Path) -> None:
    sys.path.insert(0, str(project_root / "benchmarks"))


def scored(*, each: int, rows: int, seed: int) -> tuple[float, dict[str, float]]:
    import personal_data  # noqa: PLC0415 - on the path only now
    import personal_data_columns  # noqa: PLC0415 - as above

    counts = personal_data.score(personal_data_columns.draw_corpus(seed=seed, each=each, rows=rows))
    names = {name for group, name, _ in counts if group == "language"}
    return personal_data.f1(counts), {name: personal_data.f1(counts, "language", name) for name in names}


@pytest.mark.usefixtures("benchmarks")
def test_made_up_columns_are_known_in_every_language() -> None:
    overall, by_language = scored(each=2, rows=120, seed=3001)

    assert overall >= ASKED
    assert len(by_language) == 5
    assert min(by_language.values()) >= ASKED


@pytest.mark.full
@pytest.mark.usefixtures("benchmarks")
def test_six_thousand_made_up_columns_are_known_in_every_language() -> None:
    for seed in (3002, 3003, 3004):
        overall, by_language = scored(each=12, rows=300, seed=seed)
        assert overall >= ASKED
        assert min(by_language.values()) >= ASKED


@pytest.mark.parametrize(
    ("check", "number"),
    [
        (check_digits.is_card, "4111111111111111"),
        (check_digits.is_iban, "SA0380000000608010167519"),
        (check_digits.is_saudi, "1000000008"),
        (check_digits.is_hong_kong, "A123456(3)"),
        (check_digits.is_chinese, "11010519491231002X"),
        (check_digits.is_taiwanese, "A123456789"),
        (check_digits.is_cpf, "52998224725"),
        (check_digits.is_cnpj, "11222333000181"),
    ],
)
def test_a_published_example_passes_its_check_and_no_neighbour_does(check: Callable[[str], bool], number: str) -> None:
    place = next(i for i in range(len(number) - 2, 0, -1) if number[i].isdigit())
    neighbour = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]

    assert check(number)
    assert not check(neighbour)


@pytest.mark.parametrize(
    "values",
    [
        [f"{20_260_101 + day % 28}{number:06d}" for day, number in enumerate(range(100_000, 100_200))],
        [13_800_000_000 + 7 * number for number in range(300)],
        [1_700_000_000 + 9_973 * number % 31_000_000 for number in range(300)],
        [f"88283{number:06x}fffff"[:15] for number in range(300)],
        [round(12.5 + number * 1.37 % 80, 2) for number in range(300)],
        [f"{number % 9}.{number % 23}.{number % 17}.{number % 5}" for number in range(300)],
    ],
    ids=["order numbers", "counted", "epochs", "zone cells", "amounts", "versions"],
)
def test_what_people_count_is_taken_for_no_number_of_a_person(values: list[object]) -> None:
    assert detect(Sample("field7", values)).kinds == frozenset()


def test_arabic_digits_and_names_are_read_as_others_are() -> None:
    phones = detect(Sample("x", ["٠٥٥١٢٣٤٥٦٧", "٠٥٠٩٨٧٦٥٤٣", "٠٥٣١١١٢٢٣٣", "٠٥٦٤٤٤٥٥٦٦"] * 5))
    names = detect(Sample("اسم العميل", ["محمد العتيبي", "نورة بنت فهد الحربي"] * 10))

    assert phones.kinds == {Kind.PHONE}
    assert names.kinds == {Kind.PERSON_NAME}


def test_the_same_coordinates_are_personal_of_a_customer_and_internal_of_a_merchant() -> None:
    values = [24.7 + number / 10_000 for number in range(100)]

    assert detect(Sample("USER_LAT", values)).proposed is Classification.PERSONAL
    assert detect(Sample("VENUE_LAT", values)).proposed is Classification.INTERNAL
    assert detect(Sample("latitude", values, "merchants")).proposed is Classification.INTERNAL


def test_whatever_stands_beside_traits_of_a_person_is_said_of_that_person() -> None:
    table = [
        Sample("Age", [20, 31, 44]),
        Sample("Gender", ["Male", "Female", "Male"]),
        Sample("Occupation", ["Student", "Employee", "Student"]),
        Sample("Favourite meal", ["Lunch", "Dinner", "Snacks"]),
    ]

    assert [one.proposed for one in detect_table(table)] == [Classification.PERSONAL] * 4


def test_an_empty_column_is_proposed_by_its_name() -> None:
    assert detect(Sample("رقم الهوية", [])).proposed is Classification.PERSONAL
    assert detect(Sample("diagnosis", [None, ""])).proposed is Classification.SPECIAL
    assert detect(Sample("item_count", [])).proposed is Classification.INTERNAL


def test_a_veiled_value_has_none_of_its_letters_and_digits() -> None:
    value = "Nora محمد 王明 +966-55"

    assert masked(value) == "Xxxx سسسس 字字 +999-99"
