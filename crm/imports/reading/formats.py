"""What a file is, by its content: its name may say anything."""

import codecs
import zipfile
from typing import IO

from django.utils.translation import gettext as _

from crm.imports.reading.letters import utf16_without_mark
from crm.imports.reading.shapes import Unreadable
from crm.imports.reading.workbooks import BROKEN, damaged, protected

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
HEAD = 4096


def format_of(file: IO[bytes]) -> str:
    """“csv”, “xlsx” or “vcard”. Raises Unreadable for everything else, with what to do."""
    file.seek(0)
    head = file.read(HEAD)
    if len(head) < HEAD and not head.strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"):
        raise Unreadable(_("The file is empty."))
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _archive(file)
    if head.startswith(OLE):
        raise Unreadable(_old_office(file))
    if refusal := _other(head):
        raise Unreadable(refusal)
    text = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").upper()
    if text.startswith(b"BEGIN:VCARD"):
        return "vcard"
    if text.startswith((b"<!DOCTYPE HTML", b"<HTML", b"<TABLE", b"<META", b"<HEAD")):
        raise Unreadable(
            _(
                "This is a web page, whatever its name says: some programs call one a "
                "spreadsheet. Open it in Excel or LibreOffice, save it as “Excel workbook "
                "(.xlsx)”, and try again."
            )
        )
    if text.startswith((b"<?XML", b"{\\RTF", b'{"', b"[{")):
        raise Unreadable(unknown())
    return "csv"


def _archive(file: IO[bytes]) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()[:5_000]
            if "[Content_Types].xml" in names:
                if "xl/workbook.bin" in names:
                    raise Unreadable(save_as_xlsx(_("a binary Excel workbook (.xlsb)")))
                if any(name.startswith(("word/", "ppt/")) for name in names):
                    raise Unreadable(unknown())
                return "xlsx"
            kind = b""
            if "mimetype" in names:
                with archive.open("mimetype") as part:
                    kind = part.read(100)
            if kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
                raise Unreadable(save_as_xlsx(_("an OpenDocument spreadsheet (.ods)")))
            if any(name.startswith("Index/") for name in names):
                raise Unreadable(save_as_xlsx(_("a Numbers spreadsheet")))
    except BROKEN as error:
        raise Unreadable(damaged()) from error
    raise Unreadable(_("This is a ZIP archive: unpack it, and choose the file within."))


def _old_office(file: IO[bytes]) -> str:
    """A workbook with a password hides within the format of old ones."""
    marks = ["EncryptedPackage".encode("utf-16-le"), "EncryptedSummary".encode("utf-16-le")]
    file.seek(0)
    before = b""
    while piece := file.read(1 << 20):
        if any(mark in before + piece for mark in marks):
            return protected()
        before = piece[-64:]
    return save_as_xlsx(_("an old Excel workbook (.xls)"))


def _other(head: bytes) -> str:
    if head.startswith(b"%PDF"):
        return _(
            "This is a PDF, from which no table can be taken safely. Ask for the list as a "
            "workbook or as CSV."
        )
    pictures = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM")
    if head.startswith(pictures[:5]) or head[4:8] == b"ftyp" or head[8:12] == b"WEBP":
        return _("This is a picture. Choose a workbook (.xlsx) or a CSV file.")
    if head.startswith((b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")):
        return _("This is a packed archive: unpack it, and choose the file within.")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or utf16_without_mark(head):
        return ""  # the half of a character may be anything
    # Control characters that no text has, but for NUL: cells that hold one are told later.
    controls = sum(head.count(code) for code in bytes([*range(1, 9), *range(14, 27)]))
    return unknown() if controls > len(head) / 20 else ""


def save_as_xlsx(what: str) -> str:
    """What to do with a spreadsheet of another kind."""
    return _(
        "This is %(what)s, which can’t be read here. Open it in Excel or LibreOffice, save it as "
        "“Excel workbook (.xlsx)”, and try again."
    ) % {"what": what}


def unknown() -> str:
    return _("This is not a list that can be read here. Choose a workbook (.xlsx) or a CSV file.")
