"""A model's text to cited sentences, as the text comes.

A sentence comes out as soon as what follows it hardly can change it. What comes out does not depend on how the text was
cut into deltas, for it is read in pieces of one length, whatever it comes in; a whole text is read in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.citations.contents import read_name
from assistant.citations.lines import (
    CitedSentence,
    Kind,
    begins_with_citation,
    cited_sentences,
    markers_of,
    plain_text,
    with_citations,
    without_markers,
)
from assistant.citations.markers import find_markers
from assistant.citations.names import SourceIndex, SourceName, join_found
from assistant.citations.structured import Item, JsonReader, json_start, read_sources, torn_start
from assistant.text import sanitise

_PIECE = 16  # characters that are read at a time
_AHEAD = 48  # characters of plain text after a sentence that settle its end
_LONGEST = 3000  # characters; a longer run without an end is cut


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
        return [with_citations(sentence, found.refs, found.problems) for sentence in sentences]

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
        plain = without_markers(rest, markers)[0].strip(" .,;:-*_()[]|")
        if not plain and markers and self._held is not None:
            # A line of nothing but citations belongs to the sentence before it.
            found = join_found(marker.found for marker in markers)
            self._held = with_citations(self._held, found.refs, found.problems)
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
            return [*self._release(), CitedSentence(plain_text(bare).rstrip(": "), kind=Kind.HEADING)]
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
        markers = markers_of(line, self._index)
        if at_start:
            self._leading = begins_with_citation(line, markers)
        return cited_sentences(line, markers, leading=self._leading)


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
