"""A model's text to cited sentences, as the text comes.

A sentence comes out as soon as what follows it hardly can change it. What comes out does not depend on how the text was
cut into deltas, for it is read in pieces of one length, whatever it comes in; a whole text is read in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from assistant.citations.markers import Marker, find_markers, read_name
from assistant.citations.names import SentenceRef, SourceIndex, SourceName, join_found
from assistant.citations.structured import Item, JsonReader, json_start, read_sources, torn_start
from assistant.text import sanitise, split_sentences

_PIECE = 16  # characters that are read at a time
_AHEAD = 48  # characters of plain text after a sentence that settle its end
_LONGEST = 3000  # characters; a longer run without an end is cut


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


def parse_sentences(text: str, sources: Sequence[SourceName]) -> list[CitedSentence]:
    """Return the sentences of a whole text with their citations."""
    stream = SentenceStream(sources)
    return [*stream.feed(text), *stream.close()]


class SentenceStream:
    """Takes a text in pieces and gives its sentences, each when it is complete with its citations.

    Args:
        sources: what the citations may name.
        nested: whether the text is a string of a JSON answer; no JSON is looked for in it.
    """

    def __init__(self, sources: Sequence[SourceName], *, nested: bool = False) -> None:
        self._nested = nested
        self._index = SourceIndex(tuple(sources))
        self._unread = ""  # what has come and makes no whole piece yet
        self._line = ""  # what has come of the current line and is not given out yet
        self._at_start = True  # whether `_line` is the beginning of its line
        self._leading = False  # whether markers stand before their sentences in this line
        self._tried = 0  # length of `_line` when it was last looked at
        self._held: CitedSentence | None = None  # a line's last sentence: citations may follow on the next line
        self._in_references = False
        self._json: JsonReader | None = None
        self.endless = False  # JSON goes on and on without a whole sentence: it is worth no waiting for

    def feed(self, delta: str) -> list[CitedSentence]:
        """Return the sentences that `delta` completes."""
        unread = self._unread + delta
        whole = len(unread) - len(unread) % _PIECE
        self._unread = unread[whole:]
        pieces = (unread[at : at + _PIECE] for at in range(0, whole, _PIECE))
        return [sentence for piece in pieces for sentence in self._read(piece)]

    def close(self) -> list[CitedSentence]:
        """Return what is left at the end of the text."""
        done = self._read(self._unread)
        self._unread = ""
        if self._json is not None:
            done += [sentence for item in self._json.close() for sentence in self._from_item(item)]
            self._json = None
        done += self._take_line(self._line)
        self._line = ""
        return done + self._release()

    def _read(self, piece: str) -> list[CitedSentence]:
        """Return the sentences that the next piece of the text completes."""
        if self._json is not None:
            return self._feed_json(piece)
        done: list[CitedSentence] = []
        self._line += piece
        start = json_start(self._line) if "{" in self._line and not self._nested else -1
        if start >= 0:
            before, rest = self._line[:start], self._line[start:]
            for line in re.split(r"\r\n|\n|\r", before):
                done += self._take_line(line)
            self._line, self._json = "", JsonReader()
            return done + self._feed_json(rest)
        if "\n" in self._line or "\r" in self._line:
            # An opening bracket on a line of its own may begin JSON: what follows on the next lines tells.
            cut = len(self._line) if self._nested else torn_start(self._line)
            opening = self._line[cut:]
            *lines, self._line = re.split(r"\r\n|\n|\r(?!$)", self._line[:cut])
            for line in lines:
                done += self._take_line(line)
                self._at_start, self._leading, self._tried = True, False, 0
            if opening:
                self._line += opening
                return done
        if len(self._line) - self._tried >= max(_PIECE, self._tried // 20):
            self._tried = len(self._line)
            done += self._take_settled()
        return done

    def _feed_json(self, delta: str) -> list[CitedSentence]:
        reader = self._json
        if reader is None:
            return []
        items, rest = reader.feed(delta)
        self.endless = self.endless or reader.waiting > _LONGEST
        done = self._release() if items else []
        if reader.done:
            items += reader.close()
            self._json, self._line, self._at_start, self._tried = None, "", True, 0
        done += [sentence for item in items for sentence in self._from_item(item)]
        return done + (self._read(rest.lstrip(" ")) if rest else [])

    def _from_item(self, item: Item) -> list[CitedSentence]:
        """Return the sentences of one object of a JSON answer; its sources hold for each of them."""
        text, names = item
        found = join_found(read_sources(names, lambda name: read_name(name, self._index)))
        inner = SentenceStream(self._index.sources, nested=True)
        sentences = [*inner.feed(" ".join(text.split())), *inner.close()]
        return [_add(sentence, found.refs, found.problems) for sentence in sentences]

    def _release(self) -> list[CitedSentence]:
        held, self._held = self._held, None
        return [held] if held else []

    def _take_line(self, line: str) -> list[CitedSentence]:
        """Return the sentences of the rest of a line; the last one is held for citations on the next line."""
        line = sanitise(line).strip() if self._at_start else sanitise(line).rstrip()
        if not line.strip() or (self._at_start and line.startswith("```")):
            return []
        if self._at_start:
            special = self._special_line(line)
            if special is not None:
                return special
            line = _BULLET.sub("", line)
        released = self._release()
        sentences = [
            sentence for sentence, _ in self._sentences(line, self._at_start) if sentence.text or sentence.cited
        ]
        if sentences:
            self._held = sentences.pop()
        return released + sentences

    def _special_line(self, line: str) -> list[CitedSentence] | None:
        """Return what a line means that is no prose; None for prose."""
        bare = line.strip("#*_ \t")
        if self._in_references or _DEFINITION.match(line):
            return [*self._release(), CitedSentence(bare, kind=Kind.REFERENCES)]
        label = _REFERENCES.match(line)
        rest = line[label.end() :] if label else line
        markers = find_markers(rest, self._index)
        plain = _cut(rest, markers)[0].strip(" .,;:-*_()[]|")
        if not plain and markers and self._held is not None:
            # A line of nothing but citations belongs to the sentence before it.
            found = join_found(marker.found for marker in markers)
            self._held = _add(self._held, found.refs, found.problems)
            return []
        if label and not plain:
            self._in_references = not markers
            return self._release() if not markers else None
        if label and _REFERENCE_LIKE.search(rest):
            self._in_references = True
            return [*self._release(), CitedSentence(bare, kind=Kind.REFERENCES)]
        if not re.search(r"\w", bare) and not markers:
            return []
        if not markers and (
            line.startswith("#") or _EMPHASISED.match(line) or (line.endswith(":") and len(line) < 200)
        ):
            return [*self._release(), CitedSentence(_plain(bare).rstrip(": "), kind=Kind.HEADING)]
        return None

    def _take_settled(self) -> list[CitedSentence]:
        """Return the sentences of an unfinished line that nothing that follows can change."""
        done: list[CitedSentence] = []
        while True:
            line = self._line
            if self._in_references or "\x1b" in line:
                return done
            if self._at_start and (
                len(line.strip()) < 24 or _REFERENCES.match(line.strip()) or _DEFINITION.match(line.strip())
            ):
                return done
            lead = _BULLET.match(line) if self._at_start else None
            offset = lead.end() if lead else 0
            window = sanitise(line[offset : offset + _LONGEST])
            whole = self._sentences(window, self._at_start)
            if len(whole) < 2 or not _settled(window, whole[0][1]):
                if len(line) <= _LONGEST:
                    return done
                cut = window.rfind(" ", 0, _LONGEST - 1000) + 1 or _LONGEST - 1000
                whole = [(self._sentences(window[:cut], self._at_start)[0][0], cut)]
            sentence, end = whole[0]
            done += [*self._release(), *([sentence] if sentence.text or sentence.cited else [])]
            consumed = _raw_end(line, offset, end, window)
            self._line, self._at_start, self._tried = line[consumed:].lstrip(" "), False, 0

    def _sentences(self, line: str, at_start: bool) -> list[tuple[CitedSentence, int]]:
        """Return the sentences of a line, each with the end of what belongs to it in `line`."""
        markers = [_with_subject(line, marker, self._index) for marker in find_markers(line, self._index)]
        if at_start:
            first = markers[0] if markers else None
            self._leading = first is not None and not first.stays and not line[: first.start].strip(" -*•>")
        stripped, places = _cut(line, markers)
        spans = [(sentence.start, sentence.end) for sentence in split_sentences(stripped)] or [(0, len(stripped))]
        cited: list[list[Marker]] = [[] for _ in spans]
        ends = [_in_line(end, places) for _, end in spans]
        for marker, place in zip(markers, places, strict=True):
            at = self._owner(place, spans, detached=line[marker.start - 1 : marker.start].isspace())
            cited[at].append(marker)
            ends[at] = max(ends[at], marker.end)
        result = []
        for (start, end), own, line_end in zip(spans, cited, ends, strict=True):
            found = join_found(marker.found for marker in own)
            result.append((CitedSentence(_plain(stripped[start:end]), found.refs, found.problems), line_end))
        return result

    def _owner(self, place: _Place, spans: list[tuple[int, int]], *, detached: bool) -> int:
        """Return which sentence a marker belongs to: the one around it, or the one before it."""
        owner = 0
        for at, (start, end) in enumerate(spans):
            after_stop = place.stripped >= end and at + 1 < len(spans)
            if start <= place.stripped and not (after_stop and detached and self._leading and not place.stays):
                owner = at
            elif start <= place.stripped:
                owner = at + 1
        return owner


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a marker stood: in the line, and in the line without markers."""

    start: int
    end: int
    stripped: int
    stays: str = ""
    width: int = field(default=0)  # of what was put in its place


def _cut(line: str, markers: Sequence[Marker]) -> tuple[str, list[_Place]]:
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
    subject = opens and re.match(r"\s+[a-z]{2,}", after) is not None
    if not subject and not (_NEEDS_NOUN.search(before) and not re.match(r"\s*[A-Za-z]", after)):
        return marker
    names = [source.short for ref in marker.found.refs if (source := index.get(ref.source))]
    text = " and ".join(dict.fromkeys(names))
    return replace(marker, stays=text[:1].upper() + text[1:] if subject else text)


def _settled(window: str, end: int) -> bool:
    """Whether enough follows the sentence that ends at `end` to be sure of its end and of its citations."""
    rest = window[end:]
    if re.match(r"\s*\(\d+\)", rest):  # a citation behind its sentence or a number before the next one: the line tells
        return False
    opened = re.match(r"\s*[\[(【（［<{\\]", rest)
    if opened and len(rest) < 260 and not re.search(r"[\])】）］>}]", rest):
        return False
    return len(rest.strip()) >= _AHEAD


def _raw_end(line: str, offset: int, end: int, window: str) -> int:
    """Return where `end` of the sanitised window lies in the line."""
    if line.startswith(window, offset):
        return offset + end
    low = end
    while len(sanitise(line[offset : offset + low])) < end and offset + low < len(line):
        low += 1
    return offset + low


def _add(sentence: CitedSentence, refs: tuple[SentenceRef, ...], problems: tuple[str, ...]) -> CitedSentence:
    return replace(
        sentence,
        cited=tuple(dict.fromkeys(sentence.cited + refs)),
        problems=tuple(dict.fromkeys(sentence.problems + problems)),
    )


def _plain(text: str) -> str:
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


_MARKS = re.compile(r"\s*[✓✔☑✅✗✘☒❌]\ufe0f?")  # verdicts are ours to give
_JOINS = re.compile(r"\s*(?:,|;|&|and|or|,\s*and)\s*")
_BULLET = re.compile(r"^\s*(?:>\s*)*(?:[-*•·‣▪–—+]\s+|\(?\d{1,2}[.)]\s+(?!\d)|\(?[a-z]\)\s+|\|\s*)?(?:>\s*)*")
_REFERENCES = re.compile(
    r"^\W{0,4}(?:list of )?(?:references?|sources?|bibliography|citations?|works cited|literature|footnotes?"
    r"|cited (?:papers|works|sources))"
    r"\s*(?:used|cited)?(?:\*\*|__)?\s*(?::(?:\*\*|__)?|$)\s*",
    re.IGNORECASE,
)
_REFERENCE_LIKE = re.compile(r"\(\d{4}\)|\b(?:19|20)\d\d\b|et al|https?:")
_DEFINITION = re.compile(r"^\[\^?[\w.-]+\]:\s")
_EMPHASISED = re.compile(r"^(\*\*|__)[^*]{1,120}\1:?$")
_NEEDS_NOUN = re.compile(
    r"\b(?:in|by|of|to|from|per|with|than|see|following|like|as in|on|both|unlike|via|for|between|against|using"
    r"|extends?|improves?)\s*$",
    re.IGNORECASE,
)
