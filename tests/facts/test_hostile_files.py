# ruff: noqa: ANN001, ANN201 - the fixtures' types live in conftest.py, which tests cannot import
"""Files made by an attacker or an accident: refused in one paragraph or quarantined; never a crash, nothing lost."""

import gzip
import io
import tarfile
import zipfile

import pytest

from tiffin.kernel.errors import InvalidData, NotFound, TiffinError

HEADER = "number,placed,state,total,items\n"
ROW = "a1,2026-02-20 21:30,done,1,1\n"


@pytest.fixture
def refused(shop):
    """Loads a file that has to be refused: one paragraph, and no table was touched."""

    def check(path, *, match: str, kind: type[TiffinError] = InvalidData) -> None:
        with pytest.raises(kind, match=match) as failure:
            shop.load(path)
        assert "\n" not in str(failure.value)
        assert str(path) in str(failure.value)
        assert len(str(failure.value)) < 2000
        assert shop.versions() == {}

    return check


def test_a_header_of_thousands_of_columns_is_refused(shop, refused) -> None:
    refused(shop.file(",".join(f"c{n}" for n in range(40_000)) + "\n" + ROW), match="more than the 2,000")


def test_a_file_of_quotation_marks_is_refused(shop, refused) -> None:
    refused(shop.file(HEADER + 'a1,"' + "x\n" * 6_000_000), match="quotation mark|cannot be told apart")


def test_a_header_whose_quotation_mark_never_closes_is_refused(shop, refused) -> None:
    refused(shop.file('"' + HEADER + ROW * 100), match="columns are not those")


def test_a_row_of_a_million_cells_is_refused(shop, refused) -> None:
    refused(shop.file(HEADER + ROW + "," * 900_000 + "\n" + ROW.replace("a1", "a2")), match="more than 50,000 cells")


def test_a_row_of_thousands_of_cells_is_quarantined_and_the_others_load(shop) -> None:
    report = shop.load(shop.file(HEADER + ROW + "," * 40_000 + "\n" + ROW.replace("a1", "a2")))

    assert (report.read, report.loaded) == (3, 2)


@pytest.mark.parametrize("inside", ["x" * 10_000_000, "x," * 5_000_000])
def test_a_line_of_ten_megabytes_is_refused(shop, refused, inside: str) -> None:
    refused(shop.file(HEADER + ROW + inside + "\n" + ROW), match="longer than 1,000,000 bytes")


def test_a_compression_bomb_is_refused_before_it_fills_the_disk(shop, refused) -> None:
    held = io.BytesIO()
    with gzip.GzipFile(fileobj=held, mode="wb") as packed:
        packed.write(HEADER.encode())
        for _ in range(300):
            packed.write(b"a1,2026-02-20 21:30,done,1,1\n" * 20_000)
    refused(shop.file(held.getvalue(), "orders.csv.gz"), match="compression bomb")


def test_nul_bytes_put_their_row_in_quarantine(shop) -> None:
    report = shop.load(shop.file(HEADER + ROW + "a\x002,2026-02-20 21:30,done,1,1\n"))

    assert report.loaded == 1
    assert [rule.rule for rule in report.quarantined] == ["nul_byte:number"]


def test_a_file_of_nul_bytes_is_refused(shop, refused) -> None:
    refused(shop.file(b"\0" * 100_000), match="columns are not those|empty")


@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "@SUM(1+1)", "+cmd|x", "-cmd|x", '=HYPERLINK(""http://x"")'])
def test_a_formula_in_a_text_column_is_quarantined_as_text(shop, cell: str) -> None:
    report = shop.load(shop.file(HEADER + ROW + f'"{cell}",2026-02-20 21:30,done,1,1\n'))

    assert report.loaded == 1
    assert [rule.rule for rule in report.quarantined] == ["formula:number"]


def test_a_feed_may_keep_texts_that_look_like_formulas(shop) -> None:
    shop.changed(("time_zone: UTC", "time_zone: UTC\nformulas: keep"))

    assert shop.load(shop.file(HEADER + ROW + "@home,2026-02-20 21:30,done,1,1\n")).loaded == 2


def test_negative_numbers_are_no_formulas(shop) -> None:
    assert shop.load(shop.file(HEADER + "-12,2026-02-20 21:30,done,1,1\n-,2026-02-20 21:30,done,1,1\n")).loaded == 2


@pytest.mark.parametrize(
    "name", ["../orders.csv", "/etc/orders.csv", "a/../../orders.csv", "C:\\orders.csv", "..\\orders.csv"]
)
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_a_member_that_points_outside_its_archive_is_refused(shop, refused, name: str, kind: str) -> None:
    held = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(held, "w") as archive:
            archive.writestr(name, HEADER + ROW)
    else:
        with tarfile.open(fileobj=held, mode="w") as archive:
            member = tarfile.TarInfo(name)
            archive.addfile(member, io.BytesIO())
    refused(shop.file(held.getvalue(), f"all.{kind}"), match="points outside")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_links_and_devices_in_a_tar_archive_are_refused(shop, refused, kind: bytes) -> None:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        member = tarfile.TarInfo("orders.csv")
        member.type, member.linkname = kind, "/etc/passwd"
        archive.addfile(member)
    refused(shop.file(held.getvalue(), "all.tar"), match="link or a device")


def test_a_link_in_a_zip_archive_is_refused(shop, refused) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        member = zipfile.ZipInfo("orders.csv")
        member.external_attr = 0o120777 << 16
        archive.writestr(member, "/etc/passwd")
    refused(shop.file(held.getvalue(), "all.zip"), match="link or a device")


def test_an_archive_that_unpacks_to_far_more_than_its_size_is_refused(shop, refused) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("orders.csv", b"\n" * 60_000_000)
    refused(shop.file(held.getvalue(), "all.zip"), match="compression bomb")


def test_an_archive_that_needs_a_password_is_refused(shop, refused) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("orders.csv", HEADER + ROW)
    locked = bytearray(held.getvalue())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.find(signature) + offset] |= 1
    refused(shop.file(bytes(locked), "all.zip"), match="could not be unpacked")


@pytest.mark.parametrize("name", ["all.zip", "all.tar", "all.tar.gz", "orders.csv.gz"])
def test_what_is_no_archive_at_all_is_refused(shop, refused, name: str) -> None:
    refused(shop.file(b"\x1f\x8bnothing of the kind" * 100, name), match="could not be read|damaged")


def test_a_link_out_of_a_folder_is_refused(shop, tmp_path) -> None:
    outside = tmp_path / "secret.csv"
    outside.write_text(HEADER + ROW)
    folder = shop.file(HEADER + ROW, "deep/orders.csv").parent
    (folder / "orders2.csv").symlink_to(outside)

    with pytest.raises(InvalidData, match="link to a file outside"):
        shop.load(folder)


def test_a_truncated_gzip_file_is_refused(shop, refused) -> None:
    packed = gzip.compress((HEADER + ROW * 10_000).encode())
    refused(shop.file(packed[: len(packed) // 2], "orders.csv.gz"), match="ends too early")


def test_a_wrong_encoding_is_refused_with_the_line(shop, refused) -> None:
    refused(shop.file((HEADER + ROW + "caf\xe9,2026-02-20 21:30,done,1,1\n").encode("latin-1")), match="near line 3")


@pytest.mark.parametrize("content", [b"", b"\n\n\n", b"\xef\xbb\xbf", b"   \n"])
def test_an_empty_file_is_refused(shop, refused, content: bytes) -> None:
    refused(shop.file(content), match="is empty")


def test_a_file_of_a_header_alone_loads_nothing_and_says_so(shop) -> None:
    report = shop.load(shop.file(HEADER))

    assert (report.read, report.loaded) == (0, 0)
    assert any("no rows" in warning for warning in report.warnings)
    assert "orders" not in shop.versions()


def test_a_header_that_stands_twice_is_refused(shop, refused) -> None:
    refused(shop.file("number,number,placed,state,total,items\n"), match="stands 2 times")


@pytest.mark.parametrize("ends", ["\r\n", "\n"])
def test_either_kind_of_line_end_is_read(shop, ends: str) -> None:
    assert shop.load(shop.file((HEADER + ROW + ROW.replace("a1", "a2")).replace("\n", ends))).loaded == 2


def test_no_sheet_of_excel_is_computed_and_no_link_followed(shop, excel) -> None:
    shop.changed(("format: csv", "format: excel"))
    link = {
        "xl/externalLinks/externalLink1.xml": '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    }
    rows = [
        ["number", "placed", "state", "total", "items"],
        ["FORMULA [1]S!A1", "2026-02-20 21:30", "done", 1, 1],
        ["=cmd|'x'!A0", "2026-02-20 21:30", "done", 1, 1],
    ]

    report = shop.load(excel(rows, more=link))

    assert (report.read, report.loaded) == (2, 1)
    assert shop.one("select order_id from orders") == ("shown",)
    assert [rule.rule for rule in report.quarantined] == ["formula:number"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"no workbook"])
def test_what_is_no_workbook_is_refused(shop, refused, content: bytes) -> None:
    shop.changed(("format: csv", "format: excel"))
    refused(shop.file(content, "orders.xlsx"), match="could not be read")


def test_a_workbook_that_is_a_bomb_or_lacks_header_or_sheet_is_refused(shop, refused, excel) -> None:
    shop.changed(("format: csv", "format: excel"))
    refused(excel([["number"]], more={"xl/media/x": "0" * 60_000_000}), match="compression bomb")
    refused(excel([[""]]), match="no header")
    shop.changed(("format: csv", "format: excel\n    sheet: Facts"))
    refused(excel([["number"]]), match="sheet 'Facts'", kind=NotFound)


@pytest.mark.parametrize("content", [b"", b"PAR1 broken PAR1"])
def test_what_is_no_parquet_file_is_refused(shop, refused, content: bytes) -> None:
    shop.changed(("format: csv", "format: parquet"))
    refused(shop.file(content, "orders.parquet"), match="could not be read")


def test_json_nested_without_end_is_quarantined_or_refused(shop) -> None:
    shop.changed(("format: csv", "format: jsonl"))
    good = '{"number": "a1", "placed": "2026-02-20T21:30:00Z", "state": "done", "total": 1, "items": 1}\n'

    report = shop.load(
        shop.file(good + "[" * 200_000 + "\n" + '{"number": {"a": [1, 2]}, "items": true}\n', "orders.jsonl")
    )

    assert (report.read, report.loaded) == (3, 1)


def test_numbers_without_measure_are_quarantined(shop, added_up) -> None:
    rows = "".join(
        f"b{n},2026-02-20 21:30,done,{value},1\n"
        for n, value in enumerate(["1e300", "9" * 40, "nan", "inf", "-0.5", "0x10", "1_000"])
    )

    report = shop.load(shop.file(HEADER + ROW + rows))

    assert added_up(report)
    assert report.loaded <= 2


def test_more_malformed_rows_than_anybody_reads_refuse_the_file(shop, refused) -> None:
    refused(shop.file(HEADER + "a\n" * 250_000), match="separator")


def test_more_lines_that_are_no_objects_than_anybody_reads_refuse_the_file(shop, refused) -> None:
    shop.changed(("format: csv", "format: jsonl"))
    refused(shop.file('{"number": "a1"}\n' + "[]\n" * 120_000, "orders.jsonl"), match="more than 100,000 lines")


def test_an_empty_json_lines_file_is_refused(shop, refused) -> None:
    shop.changed(("format: csv", "format: jsonl"))
    refused(shop.file("\n\n", "orders.jsonl"), match="is empty")
