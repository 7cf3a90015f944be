"""What is no list says why, and what to do; a long one takes no more memory."""

import io
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from crm.imports.reading import Shape, recognise, remark
from tests.files import inline, open_content, raw_workbook, refusal, workbook


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7\n1 0 obj", "This is a PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(40)), "This is a picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "This is a picture"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "packed archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"Workbook", "an old Excel workbook (.xls)"),
        (
            bytes.fromhex("d0cf11e0a1b11ae1")
            + b"\0" * 600
            + "EncryptedPackage".encode("utf-16-le"),
            "protected by a password",
        ),
        (b"<html><table><tr><td>Name", "This is a web page"),
        (b"PK\x03\x04 and then nothing", "The workbook is damaged"),
        (bytes(range(256)) * 8, "not a list that can be read"),
    ],
)
def test_what_is_no_list_is_refused_with_what_to_do(content: bytes, words: str) -> None:
    assert words in refusal(content)


def test_a_name_that_says_something_else_is_told_and_the_content_counts() -> None:
    shape = recognise(io.BytesIO(workbook(["Name"], ["Filse"])))
    assert shape.format == "xlsx"
    assert "this is an Excel workbook" in remark(shape, "people.csv")
    assert "this is plain text" in remark(Shape("csv"), "people.xlsx")
    assert remark(shape, "people.xlsx") == remark(Shape("csv"), "people.txt") == ""


# Memory


def peak(content: bytes) -> int:
    """How much memory reading every row takes, in bytes."""
    table = open_content(content)
    tracemalloc.start()
    try:
        count = sum(1 for _row in table.rows())
        assert count >= 1_000
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def long_csv(rows: int) -> bytes:
    return b"Name,City\n" + b"".join(b"Filse %d,Genova %d\n" % (n, n) for n in range(rows))


def long_xlsx(rows: int) -> bytes:
    """As Excel writes it: every text in a part of its own, each row naming its texts."""
    strings = "".join(f"<si><t>Genova {n}</t></si>" for n in range(rows))
    lines = "".join(f'<row><c t="s"><v>{n}</v></c><c><v>{n}</v></c></row>' for n in range(rows))
    return raw_workbook(inline("Name", "City") + lines, strings=strings)


@pytest.mark.parametrize("made", [long_csv, long_xlsx])
def test_memory_does_not_grow_with_the_file(made: Any, tmp_path: Path) -> None:
    few, many = peak(made(1_000)), peak(made(20_000))
    assert many < few * 1.5 or many < 1 << 20
