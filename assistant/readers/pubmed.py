"""PubMed XML: articles and books, structured abstracts with their labels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.papers import Flag
from assistant.readers import fields, xmlrecords
from assistant.readers.contents import Content
from assistant.readers.records import Fields, Origin, Record, finish
from assistant.readers.xmlrecords import child, children, local, text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # the type only


def read_pubmed(content: Content, origin: Origin) -> Iterator[Record]:
    """Yield the records of a PubMed XML file."""
    for item in xmlrecords.elements(content, origin, "PubmedArticle|PubmedBookArticle"):
        if isinstance(item, Record):
            yield item
        else:
            yield finish(_fields(item[1]), origin, item[0])


def _fields(record: Element) -> Fields:
    if local(record) == "PubmedBookArticle":
        citation = article = child(record, "BookDocument")
    else:
        citation = child(record, "MedlineCitation")
        article = child(citation, "Article")
    journal = child(article, "Journal")
    published = child(journal, "JournalIssue", "PubDate")
    if published is None:
        published = child(article, "Book", "PubDate")
    year, date = _date(published)
    people = child(article, "AuthorList")
    kinds = {text(kind) for kind in children(article, "PublicationTypeList", "PublicationType")}
    flags = [Flag.RETRACTED] if "Retracted Publication" in kinds else []
    if people is not None and people.get("CompleteYN") == "N":
        flags.append(Flag.AUTHORS_INCOMPLETE)
    title = text(child(article, "ArticleTitle")) or text(child(article, "Book", "BookTitle"))
    return Fields(
        title=fields.translated(title),
        abstract=_abstract(child(article, "Abstract")),
        authors=[_name(person) for person in people if local(person) == "Author"] if people is not None else [],
        year=year,
        date=date,
        venue=text(child(journal, "Title"))
        or text(child(journal, "ISOAbbreviation"))
        or text(child(article, "Book", "BookTitle")),
        categories=_headings(citation),
        doi=_identifier(record, article, "doi"),
        pmid=text(child(citation, "PMID")) or _identifier(record, article, "pubmed"),
        flags=flags,
        details={
            "volume": text(child(journal, "JournalIssue", "Volume")),
            "issue": text(child(journal, "JournalIssue", "Issue")),
            "page": fields.full_range(text(child(article, "Pagination", "MedlinePgn"))),
            "publisher": text(child(article, "Book", "Publisher", "PublisherName")),
            "ISBN": text(child(article, "Book", "Isbn")),
            "ISSN": text(child(journal, "ISSN")),
        },
    )


def _abstract(element: Element | None) -> str:
    """Return the abstract with each section's label in front of it."""
    parts = []
    for section in children(element, "AbstractText"):
        label = section.get("Label", "").strip().rstrip(":")
        body = text(section).strip()
        parts.append(f"{label}: {body}" if label and label.casefold() not in ("unlabelled", "unassigned") else body)
    return " ".join(part for part in parts if part)


def _name(person: Element) -> str:
    collective = text(child(person, "CollectiveName"))
    if collective:
        return collective
    given = text(child(person, "ForeName")) or text(child(person, "Initials"))
    return " ".join(part for part in (given, text(child(person, "LastName")), text(child(person, "Suffix"))) if part)


def _date(element: Element | None) -> tuple[str, str | None]:
    year = text(child(element, "Year")) or text(child(element, "MedlineDate"))
    day = text(child(element, "Day"))
    number = int(day) if day.isdecimal() and len(day) <= 2 else None
    return year, fields.iso_date(fields.year(year), fields.month(text(child(element, "Month"))), number)


def _headings(citation: Element | None) -> list[str]:
    words = [text(word) for word in children(citation, "KeywordList", "Keyword")]
    headings = [
        text(child(heading, "DescriptorName")) for heading in children(citation, "MeshHeadingList", "MeshHeading")
    ]
    return [*words, *headings]


def _identifier(record: Element, article: Element | None, kind: str) -> str | None:
    for element in children(record, "PubmedData", "ArticleIdList", "ArticleId"):
        if element.get("IdType") == kind:
            return text(element)
    for element in children(article, "ELocationID") if article is not None else []:
        if element.get("EIdType") == kind:
            return text(element)
    return None
