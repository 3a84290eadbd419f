"""OpenAlex works, as its API and its snapshot give them; abstracts are put together from the inverted index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant import kinds
from assistant.papers import Flag
from assistant.readers import fields, jsonlines
from assistant.readers.contents import Content
from assistant.readers.records import Fields, Origin, Record, as_dict, as_list, finish

_MAX_WORDS = 20_000  # positions beyond are not those of an abstract


def read_openalex(content: Content, origin: Origin) -> Iterator[Record]:
    """Yield the works of an OpenAlex file."""
    for item in jsonlines.objects(content, origin):
        if isinstance(item, Record):
            yield item
        else:
            yield finish(_fields(item[1]), origin, item[0])


def from_inverted_index(index: object) -> str:
    """Return the text of an inverted index: each word with the positions where it stands."""
    if not isinstance(index, dict):
        return ""
    words: dict[int, str] = {}
    for word, places in index.items():
        for place in as_list(places):
            if isinstance(place, int) and 0 <= place < _MAX_WORDS:
                words[place] = str(word)
    return " ".join(words[place] for place in sorted(words))


def _fields(value: dict[str, Any]) -> Fields:
    ids = as_dict(value.get("ids"))
    authorships = [as_dict(entry) for entry in as_list(value.get("authorships"))]
    flags = [Flag.RETRACTED] if value.get("is_retracted") is True else []
    if value.get("is_authors_truncated") is True:
        flags.append(Flag.AUTHORS_INCOMPLETE)
    places = [as_dict(place) for place in (value.get("primary_location"), *as_list(value.get("locations")))]
    pages = [str(place.get("landing_page_url") or "") for place in places]
    date = value.get("publication_date")
    identifier = str(value.get("id") or ids.get("openalex") or "").rpartition("/")[2]
    doi = value.get("doi") or ids.get("doi")
    return Fields(
        title=value.get("title") or value.get("display_name"),
        abstract=from_inverted_index(value.get("abstract_inverted_index")) or value.get("abstract"),
        authors=[
            as_dict(entry.get("author")).get("display_name") or entry.get("raw_author_name") for entry in authorships
        ],
        year=value.get("publication_year"),
        date=fields.date(date) if isinstance(date, str) else None,
        venue=_venue(value, places),
        categories=_topics(value),
        doi=doi,
        arxiv_id=next((page for page in pages if "arxiv.org/" in page), None),
        pmid=str(ids.get("pmid") or "").rstrip("/").rpartition("/")[2],
        url=next((page for page in pages if page), None),
        source_id=None if doi else identifier or None,
        flags=flags,
        details=_details(value),
    )


def _venue(value: dict[str, Any], places: list[dict[str, Any]]) -> object:
    names = [as_dict(place.get("source")).get("display_name") for place in places]
    return next(filter(None, names), None) or as_dict(value.get("host_venue")).get("display_name")


def _details(value: dict[str, Any]) -> dict[str, object]:
    """Return the kind, which OpenAlex names as Crossref does, volume, issue and pages."""
    printed = as_dict(value.get("biblio"))
    pages = [str(printed[name]) for name in ("first_page", "last_page") if printed.get(name)]
    return {
        "type": kinds.csl_kind(value.get("type_crossref") or value.get("type")),
        "volume": printed.get("volume"),
        "issue": printed.get("issue"),
        "page": "-".join(dict.fromkeys(pages)),
    }


def _topics(value: dict[str, Any]) -> list[object]:
    topics = as_list(value.get("topics")) or [value.get("primary_topic")]
    names = [as_dict(topic).get("display_name") for topic in topics]
    if any(names):
        return names
    concepts = [as_dict(concept) for concept in as_list(value.get("concepts"))]
    return [concept.get("display_name") for concept in concepts if (concept.get("score") or 0) >= 0.4]
