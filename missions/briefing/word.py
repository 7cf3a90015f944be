"""The book as a Word document, to be edited: the same pages in the same order as the PDF."""

import io
from typing import Any

from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from crm.documents import SEA, WARM, Paper, native_run, plain, shade, soft_run
from missions.briefing.wording import Words

PROGRAMME, PEOPLE, CONTACTS = [40, 10, 112], [22, 140], [92, 70]
LINES_FOR_NOTES, LINES_FOR_NUMBERS = range(4, 13), 3
# Longer aims have a page to themselves.
SHORT_AIMS = 1200


def word(book: Words, portraits: dict[int, bytes]) -> bytes:
    """The file; the people of the delegation with the portraits there are."""
    paper = Paper(
        title=book["title"],
        author=book["author"],
        subject=book["subject"],
        language=book["language"],
    )
    paper.running(book["running_title"], book["mark"], book["page_of"])
    _cover(paper, book["cover"])
    paper.say(book["contents"], "TOC Heading").paragraph_format.page_break_before = True
    paper.contents(_entries(book))
    if book["aims"]["text"]:
        paper.heading(book["aims"]["heading"], 1, new_page=True)
        paper.prose(book["aims"]["text"])
    _delegation(paper, book["delegation"], portraits, aims=book["aims"]["text"])
    _programme(paper, book["programme"])
    for stop in book["stops"]:
        for place, meeting in enumerate(stop["meetings"]):
            if place == 0:
                paper.heading(stop["heading"], 1, new_page=True)
            _meeting(paper, meeting, book["labels"], new_page=place > 0)
    _end(paper, book["contacts"], book["emergency"])
    return paper.saved()


def _entries(book: Words) -> list[tuple[int, str]]:
    """The headings as the contents list them."""
    found = [(1, book["aims"]["heading"])] if book["aims"]["text"] else []
    found += [(1, book["delegation"]["heading"]), (1, book["programme"]["heading"])]
    for stop in book["stops"]:
        found.append((1, stop["heading"]))
        found += [(2, f"{one['number']}. {one['title']}") for one in stop["meetings"]]
    return [*found, (1, book["contacts"]["heading"]), (1, book["emergency"]["heading"])]


def _named(paragraph: Paragraph, words: Words) -> None:
    paragraph.add_run(plain(words["name"])).bold = True
    if words["native"]:
        paragraph.add_run("  ")
        native_run(paragraph, words["native"], words["native_language"])


def _cover(paper: Paper, cover: Words) -> None:
    eyebrow = paper.say(cover["eyebrow"].upper())
    eyebrow.paragraph_format.space_before = Pt(110)
    eyebrow.runs[0].font.color.rgb, eyebrow.runs[0].font.size = SEA, Pt(9)
    paper.heading(cover["title"], 0)
    paper.say(cover["dates"]).runs[0].font.size = Pt(14)
    paper.say(cover["initiative"], "Quiet").paragraph_format.space_after = Pt(24)
    for stop in cover["stops"]:
        line = paper.say()
        _named(line, stop)
        soft_run(line, stop["dates"])
    if cover["organisers"]:
        paper.say(cover["organisers_label"], "Quiet").paragraph_format.space_before = Pt(60)
    for one in cover["organisers"]:
        soft_run(paper.say(one["name"]), one["role"])
    paper.first_foot(cover["made"], cover["edition"])


def _delegation(paper: Paper, delegation: Words, portraits: dict[int, bytes], *, aims: str) -> None:
    """On the page of the aims where they are short."""
    below = 0 < len(aims) <= SHORT_AIMS
    made = paper.heading(delegation["heading"], 1, new_page=not below)
    made.paragraph_format.space_before = Pt(30 if below else 0)
    if not delegation["people"]:
        paper.say(delegation["empty"], "Quiet")
        return
    if delegation["note"]:
        paper.say(delegation["note"], "Quiet")
    table = paper.table(PEOPLE)
    for person in delegation["people"]:
        picture, words = paper.row(table, PEOPLE)
        if person["key"] in portraits:
            run = picture.paragraphs[0].add_run()
            run.add_picture(io.BytesIO(portraits[person["key"]]), width=Mm(18))
            run._r.xpath(".//wp:docPr")[0].set("descr", plain(person["name"]))
        else:
            shade(picture)
            initials = picture.paragraphs[0].add_run(plain(person["initials"]))
            initials.bold, initials.font.color.rgb = True, SEA
        _named(words.paragraphs[0], person)
        role = [person["role"], person["status"]]
        _lines(
            paper, words, [person["post"], person["organisation"], " · ".join(filter(None, role))]
        )


def _lines(paper: Paper, cell: Any, lines: list[str]) -> None:
    for line in filter(None, lines):
        paper.say(line, "Quiet", within=cell)


def _programme(paper: Paper, programme: Words) -> None:
    paper.heading(programme["heading"], 1, new_page=True)
    paper.say(programme["note"] if programme["stops"] else programme["empty"], "Quiet")
    for stop in programme["stops"]:
        _subheading(paper, stop["heading"])
        if not stop["days"]:
            paper.say(stop["empty"], "Quiet")
        for each in stop["days"]:
            paper.heading(each["heading"], 3)
            table = paper.table(PROGRAMME)
            for entry in each["entries"]:
                when, number, what = paper.row(table, PROGRAMME)
                when.paragraphs[0].add_run(entry["time"] or entry["no_time"])
                if not entry["time"]:
                    paper.style(when.paragraphs[0], "Quiet")
                if entry["home_time"]:
                    home = f"{entry['home_time']} {entry['home_name']} {entry['apart']}"
                    _lines(paper, when, [home.strip()])
                number.paragraphs[0].add_run(str(entry["number"]))
                what.paragraphs[0].add_run(plain(entry["title"])).bold = True
                _lines(paper, what, [entry["with"], entry["where"], entry["state"]])


def _subheading(paper: Paper, text: str) -> None:
    """A heading that stays out of the contents, which show stops where their meetings are."""
    made = paper.say(text)
    made.runs[0].font.size = Pt(14)
    made.paragraph_format.space_before = Pt(14)
    made.paragraph_format.keep_with_next = True


def _meeting(paper: Paper, meeting: Words, labels: Words, *, new_page: bool) -> None:
    title = paper.heading(f"{meeting['number']}. {meeting['title']}", 2, new_page=new_page)
    if new_page:
        title.paragraph_format.space_before = Pt(0)
    when = paper.say(" · ".join(filter(None, [meeting["when"], meeting["clocks"]])))
    when.runs[0].font.color.rgb = SEA
    if meeting["confidential"]:
        when.add_run("\u2002")
        when.add_run(plain(meeting["confidential"])).font.color.rgb = WARM
    if meeting["where"]:
        paper.say(meeting["where"], "Quiet")
    paper.heading(labels["who_they_are"], 3)
    for one in meeting["organisations"]:
        _named(paper.say(), one)
        for line in filter(None, [one["facts"], one["part_of"], one["website"]]):
            paper.say(line, "Quiet")
    if not meeting["organisations"]:
        paper.say(meeting["nobody_met"], "Quiet")
    _people(paper, meeting, labels)
    for past in meeting["pasts"]:
        _past(paper, past, labels, named=len(meeting["pasts"]) > 1)
    if meeting["purpose"]:
        paper.heading(labels["purpose"], 3)
        paper.prose(meeting["purpose"])
    paper.heading(labels["who_goes"], 3)
    goes = meeting["goes"]
    paper.say(goes["everybody"] or ", ".join(goes["names"]) or goes["nobody"])
    if meeting["our_notes"]:
        paper.heading(labels["our_notes"], 3)
        paper.prose(meeting["our_notes"])
    paper.heading(labels["notes"], 3)
    paper.lines(_room(paper, title))


def _room(paper: Paper, title: Paragraph) -> int:
    """How many lines to write on the page of this title most likely still has.

    A guess by what stands there: Word alone knows where a page ends. Lines that don't fit go to
    the next page together.
    """
    said: list[Any] = [title._p, *title._p.itersiblings(qn("w:p"))]
    taken = sum(1 + len(Paragraph(one, title._parent).text) // 85 for one in said)
    free = 17 - taken * 11 // 20
    return min(max(free, LINES_FOR_NOTES.start), LINES_FOR_NOTES.stop - 1)


def _people(paper: Paper, meeting: Words, labels: Words) -> None:
    paper.heading(labels["whom_we_meet"], 3)
    if not meeting["people"]:
        paper.say(meeting["nobody_named"], "Quiet")
    for one in meeting["people"]:
        line = paper.say()
        _named(line, one)
        if one["reading"]:
            line.add_run("  ")
            native_run(line, one["reading"], one["native_language"])
        for text in [one["post"], *one["addressing"], one["languages"], *one["contacts"]]:
            if text:
                paper.say(text, "Quiet")
    if meeting["known"]:
        known = [
            f"{one['name']} ({one['post']})" if one["post"] else one["name"]
            for one in meeting["known"]
        ]
        paper.say(f"{meeting['known_label']}: {', '.join(known)}", "Quiet")


def _past(paper: Paper, past: Words, labels: Words, *, named: bool) -> None:
    paper.heading(f"{labels['history']}: {past['name']}" if named else labels["history"], 3)
    if not past["meetings"]:
        paper.say(past["never"], "Quiet")
    for one in past["meetings"]:
        line = paper.say(one["title"])
        soft_run(line, " · ".join(filter(None, [one["when"], one["city"], one["temperature"]])))
        if one["outcome"]:
            paper.say(one["outcome"])
        if one["notes"]:
            paper.say(one["notes"]).runs[0].italic = True
    if past["by_us"] or past["by_them"]:
        paper.heading(labels["promises"], 3)
        for label, promises in (
            (labels["by_us"], past["by_us"]),
            (labels["by_them"], past["by_them"]),
        ):
            for one in promises:
                line = paper.say(one["what"])
                soft_run(
                    line,
                    ", ".join(filter(None, [label, one["who"], one["due"], one["late"]])),
                )
        if past["more_promises"]:
            paper.say(past["more_promises"], "Quiet")
    if past["agreements"]:
        paper.heading(labels["agreements"], 3)
        for one in past["agreements"]:
            soft_run(paper.say(one["title"]), one["facts"])


def _end(paper: Paper, contacts: Words, emergency: Words) -> None:
    paper.heading(contacts["heading"], 1, new_page=True)
    if not (contacts["organisations"] or contacts["delegates"] or contacts["people"]):
        paper.say(contacts["empty"], "Quiet")
    for label, people in (
        (contacts["helping"], contacts["organisations"]),
        (contacts["delegation"], contacts["delegates"]),
        (contacts["partners"], contacts["people"]),
    ):
        if not people:
            continue
        _subheading(paper, label)
        table = paper.table(CONTACTS)
        for one in people:
            who, ways = paper.row(table, CONTACTS)
            _named(who.paragraphs[0], one)
            about = [one.get("post", ""), one.get("organisation", ""), one.get("place", "")]
            _lines(paper, who, [" · ".join(filter(None, about)), one.get("address", "")])
            ways.paragraphs[0].add_run(plain((one["contacts"] or [""])[0]))
            _lines(paper, ways, one["contacts"][1:])
    paper.heading(emergency["heading"], 1).paragraph_format.space_before = Pt(30)
    if emergency["text"]:
        paper.prose(emergency["text"])
    else:
        paper.say(emergency["empty"], "Quiet")
        paper.lines(LINES_FOR_NUMBERS)
