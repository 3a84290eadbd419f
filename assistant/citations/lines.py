"""One line of a model's text to its sentences: each without its markers, with the sources that they name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from assistant.citations.markers import Marker, find_markers
from assistant.citations.names import SentenceRef, SourceIndex, join_found
from assistant.text import split_sentences

_MARKS = re.compile(r"\s*[✓✔☑✅✗✘☒❌]\ufe0f?")  # verdicts are ours to give

_JOINS = re.compile(r"\s*(?:,|;|&|and|or|,\s*and)\s*")

_NEEDS_NOUN = re.compile(
    r"\b(?:in|by|of|to|from|per|with|than|see|following|like|as in|on|both|unlike|via|for|between|against|using"
    r"|extends?|improves?)\s*$",
    re.IGNORECASE,
)


class Kind(StrEnum):
    """What a piece of a model's text is."""

    SENTENCE = "sentence"
    HEADING = "heading"  # a title, or a line that only introduces what follows
    REFERENCES = "references"  # a line of a list of references that the model wrote itself


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """One sentence without its markers, the sources it cites, and what was wrong with its citations.

    `problems` are sentences for the reader, one a citation that leads nowhere or was not exact.
    """

    text: str
    cited: tuple[SentenceRef, ...] = ()
    problems: tuple[str, ...] = ()
    kind: Kind = Kind.SENTENCE

    @property
    def sources(self) -> tuple[int, ...]:
        """The numbers of the cited sources, each once, in order."""
        return tuple(dict.fromkeys(ref.source for ref in self.cited))


def markers_of(line: str, index: SourceIndex) -> list[Marker]:
    """Return the markers of a line, with a name in place of those that are words of their sentence."""
    return [_with_subject(line, marker, index) for marker in find_markers(line, index)]


def begins_with_citation(line: str, markers: Sequence[Marker]) -> bool:
    """Return whether a line begins with a marker, so that in it markers stand before their sentences."""
    first = markers[0] if markers else None
    return first is not None and not first.stays and not line[: first.start].strip(" -*•>")


def cited_sentences(line: str, markers: Sequence[Marker], *, leading: bool) -> list[tuple[CitedSentence, int]]:
    """Return the sentences of a line, each with the end in the line of what belongs to it.

    Args:
        line: the line, with its markers.
        markers: from `markers_of`.
        leading: whether markers stand before their sentences.
    """
    stripped, places = without_markers(line, markers)
    spans = [(sentence.start, sentence.end) for sentence in split_sentences(stripped)] or [(0, len(stripped))]
    cited: list[list[Marker]] = [[] for _ in spans]
    ends = [_in_line(end, places) for _, end in spans]
    for marker, place in zip(markers, places, strict=True):
        detached = line[marker.start - 1 : marker.start].isspace()
        at = _owner(place, spans, before=leading and detached)
        cited[at].append(marker)
        ends[at] = max(ends[at], marker.end)
    result = []
    for (start, end), own, line_end in zip(spans, cited, ends, strict=True):
        found = join_found(marker.found for marker in own)
        result.append((CitedSentence(plain_text(stripped[start:end]), found.refs, found.problems), line_end))
    return result


def _owner(place: _Place, spans: Sequence[tuple[int, int]], *, before: bool) -> int:
    """Return which sentence a marker belongs to: the one around it or before it, or the next if it stands `before`."""
    owner = 0
    for at, (start, end) in enumerate(spans):
        after_stop = place.stripped >= end and at + 1 < len(spans)
        if start <= place.stripped:
            owner = at + 1 if after_stop and before and not place.stays else at
    return owner


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a marker stood: in the line, and in the line without markers."""

    start: int
    end: int
    stripped: int
    stays: str = ""
    width: int = field(default=0)  # of what was put in its place


def without_markers(line: str, markers: Sequence[Marker]) -> tuple[str, list[_Place]]:
    """Return the line with its markers replaced by what stays of them, and their places."""
    parts: list[str] = []
    places: list[_Place] = []
    at = length = 0
    for marker in markers:
        kept = line[at : marker.start]
        if at and not marker.stays and places and not places[-1].stays and _JOINS.fullmatch(kept):
            kept = " " * len(kept)  # "[1] and [2]" leaves no "and" behind
        glued = bool(kept) and not kept[-1].isspace() and line[marker.end : marker.end + 1].isalnum()
        stays = marker.stays or (" " if glued else "")
        parts += [kept, stays]
        length += len(kept)
        places.append(_Place(marker.start, marker.end, length, marker.stays, len(stays)))
        length += len(stays)
        at = marker.end
    parts.append(line[at:])
    return "".join(parts), places


def _in_line(stripped: int, places: Sequence[_Place]) -> int:
    """Return the position in the line of an end position in the line without markers."""
    shift = 0
    for place in places:
        if place.stripped + place.width > stripped or (place.width == 0 and place.stripped >= stripped):
            break
        shift += place.end - place.start - place.width
    return stripped + shift


def _with_subject(line: str, marker: Marker, index: SourceIndex) -> Marker:
    """Keep the source's name where the marker itself is a word of the sentence: "[1] shows", "as in [2]"."""
    if marker.stays or not marker.found.refs:
        return marker
    before, after = line[: marker.start].rstrip(" *_"), line[marker.end :]
    opens = not before or before[-1] in ".!?:;•-" or before.endswith(("\n",))
    narrative = line[marker.start] == "@"  # in pandoc a bare key is a noun of its sentence
    subject = (opens or narrative) and re.match(r"\s+[a-z]{2,}", after) is not None
    if not subject and not (_NEEDS_NOUN.search(before) and not re.match(r"\s*[A-Za-z]", after)):
        return marker
    names = [source.short for ref in marker.found.refs if (source := index.get(ref.source))]
    text = " and ".join(dict.fromkeys(names))
    return replace(marker, stays=text[:1].upper() + text[1:] if subject else text)


def with_citations(sentence: CitedSentence, refs: tuple[SentenceRef, ...], problems: tuple[str, ...]) -> CitedSentence:
    """Return a sentence that cites more, each source and each problem once."""
    return replace(
        sentence,
        cited=tuple(dict.fromkeys(sentence.cited + refs)),
        problems=tuple(dict.fromkeys(sentence.problems + problems)),
    )


def plain_text(text: str) -> str:
    """Return a sentence without Markdown emphasis and without the gaps that markers left."""
    text = re.sub(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", r"\2", text)
    text = re.sub(r"(?<!\w)([*_])(?=\S)([^*_]+?)(?<=\S)\1(?!\w)", r"\2", text)
    text = text.replace("**", "")
    text = _MARKS.sub("", text)
    text = re.sub(r"\(\s*[,;]*\s*\)|\[\s*\]", "", text)
    text = re.sub(r"\s+([.,;:!?)\]])", r"\1", text)
    text = re.sub(r"([(\[])\s+", r"\1", text)
    text = re.sub(r"[,;](?=\s*[.!?]$)|,(?=,)", "", text)
    text = re.sub(r"([.!?])\.$", r"\1", text) if not text.endswith("...") else text
    return " ".join(text.split()).strip("|> \t").strip()
