"""XML read piece by piece: elements with their text, one at a time, nothing else kept."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat

from crm.imports.reading.shapes import CHARACTERS, Unreadable
from crm.imports.words import said as _

PIECE = 1 << 14


@dataclass(slots=True)
class Element:
    """An element that ended, or that starts; `texts` by the name of the element within."""

    name: str
    attributes: dict[str, str]
    texts: dict[str, str] = field(default_factory=dict)
    is_start: bool = False


def elements(
    file: IO[bytes],
    wanted: set[str],
    texts: frozenset[str] | set[str] = frozenset(),
    *,
    without: frozenset[str] | set[str] = frozenset(),
    starts: frozenset[str] | set[str] = frozenset(),
) -> Iterator[Element]:
    """The wanted elements, each with the text of those named in `texts` that it holds.

    What has no such text within is given where it starts, the rest where it ends; those in
    `starts` at both. Names count without their prefix. A document type is refused: no office
    program writes one, and entities that grow without end are declared in it.
    """
    builder = _Builder(wanted, texts, without, starts)
    while piece := file.read(PIECE):
        builder.parser.Parse(piece, False)
        yield from builder.take()
    builder.parser.Parse(b"", True)
    yield from builder.take()


class _Builder:
    """What expat calls."""

    def __init__(self, wanted: Any, texts: Any, without: Any, starts: Any) -> None:
        self.wanted, self.texts, self.without, self.starts = wanted, texts, without, starts
        self.done: list[Element] = []
        self.current: Element | None = None
        self.within, self.size, self.hidden = "", 0, 0
        self.pieces: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.StartDoctypeDeclHandler = self.refuse

    def take(self) -> list[Element]:
        done, self.done = self.done, []
        return done

    def refuse(self, *_told: Any) -> None:
        raise Unreadable(
            _("The workbook holds a document type, which no spreadsheet writes: it was not read.")
        )

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2] if ":" in tag else tag
        if name in self.without:
            self.hidden += 1
        elif name in self.texts:
            if self.current is not None and not self.hidden:
                self.within, self.size = name, 0
                self.parser.CharacterDataHandler = self.text
        elif name in self.wanted:
            if name in self.starts or not self.texts:
                self.done.append(Element(name, attributes, is_start=True))
            else:
                self.current = Element(name, attributes)

    def text(self, data: str) -> None:
        self.size += len(data)
        if self.size > CHARACTERS:
            raise Unreadable(_("A cell of the workbook is too long to be read."))
        self.pieces.append(data)

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2] if ":" in tag else tag
        if name == self.within:
            self.parser.CharacterDataHandler = None
            if self.current is not None:
                told = self.current.texts.get(name, "") + "".join(self.pieces)
                self.current.texts[name] = told
            self.within, self.pieces = "", []
        elif name in self.without:
            self.hidden -= 1
        elif name in self.wanted and self.texts:
            if name in self.starts:
                self.done.append(Element(name, {}))
            elif self.current is not None:
                self.done.append(self.current)
                self.current = None
