"""Sentence boundaries in abstracts, with exact offsets.

On the unstructured SciFact abstracts this finds more boundaries than the packaged splitters tried, at the speed of
the fastest (tests/benchmarks/bench_text.py prints the figures).
"""

from __future__ import annotations

import re

from assistant.papers import Sentence
from assistant.text.word_sets import word_set

# A boundary is a final mark, what may close behind it, then white space; or a period glued between two words.
_BOUNDARY = re.compile(
    r"[.!?…]+[\"'”’)\]}]*(?:\s+(?=(?P<next>\S))|(?<=[a-z0-9)%\]][a-z)%\]]\.)(?=(?P<glued>[A-Z])[a-z]+[ ,:]))"
)
_ABBREVIATIONS = word_set("""
    al fig figs eq eqs eqn eqns sec sect ref refs tab tabs no nos vol ch cf vs resp approx ca dr mr mrs ms prof st
    jr sr inc ltd co corp dept univ e.g i.e viz ie eg spp sp subsp ssp var w.r.t a.k.a i.i.d incl thm lem prop cor
    def assum ed eds pp ext et conf proc symp int trans assoc natl acad sci biol chem phys rev lett approx temp conc
    wt vers ver
""")
# These end a sentence where a capital follows, and none where a number or a small letter does.
_HALF_ABBREVIATIONS = word_set("""
    no int co et ca ed var def prop ref refs rev ext ms sp
""")
_INITIAL = re.compile(r"(?:^|[\s(.,;&-])[A-Z]$")
_NAME_AHEAD = re.compile(r"[A-Z][\w'’-]+[,;.)&]| ?[A-Z]\.|[A-Z][\w'’-]+ (?:and|et|\()")
_INITIAL_AHEAD = re.compile(r"[A-Z]\. ?[A-Z]")
_WORD = re.compile(r"\w")
_LOWER_START = re.compile(r"[a-z]*[A-Z0-9]|[a-z]{1,2}-[A-Za-z]|[βαγκδ]")


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of `text` in order; every character outside white space is in exactly one of them.

    Abbreviations (et al., i.e., Fig., vs.), initials and decimals do not end a sentence.
    """
    sentences: list[Sentence] = []
    start = 0
    for match in _BOUNDARY.finditer(text):
        if not _ends_sentence(text, start, match):
            continue
        end = match.start() + len(match.group().rstrip())
        sentences.append(Sentence(text[start:end], start, end))
        start = match.end()
    rest = text[start:].rstrip()
    if rest:
        if sentences and not _WORD.search(rest):  # stray marks belong to the sentence before
            first = sentences.pop().start
            rest, start = text[first : start + len(rest)], first
        lead = len(rest) - len(rest.lstrip())
        sentences.append(Sentence(rest[lead:], start + lead, start + len(rest)))
    if sentences and sentences[0].text[:1].isspace():
        first_sentence = sentences[0]
        lead = len(first_sentence.text) - len(first_sentence.text.lstrip())
        sentences[0] = Sentence(first_sentence.text[lead:], first_sentence.start + lead, first_sentence.end)
    return tuple(sentences)


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    following = match["next"] or match["glued"]
    mark = match.start()
    if following in ")],;:%…" or (following in ".?!" and not text[match.end() : match.end() + 4].strip(".?! ")):
        return False
    if following.islower() and not _LOWER_START.match(text, match.end()):
        return False
    if not _WORD.search(text, start, mark):
        return False
    if following.islower() and not match.group().startswith((".", "!", "?")):
        return False
    return not (text[mark] == "." and _abbreviated(text, mark, match.end(), following))


def _abbreviated(text: str, mark: int, ahead: int, following: str) -> bool:
    """Whether the period at `mark` belongs to an abbreviation or an initial."""
    begin = mark
    while begin > 0 and mark - begin < 24 and not text[begin - 1].isspace():
        begin -= 1
    word = text[begin:mark].lstrip("([{\"'“‘")
    lowered = word.casefold()
    if lowered in _ABBREVIATIONS:
        return not (lowered in _HALF_ABBREVIATIONS and following.isupper())
    if (len(word) == 1 and word.isupper()) or _INITIAL.search(word):
        # "A. Smith, B. Jones et al." against "... of vitamin D. This ..."
        before = text[max(0, begin - 20) : begin].rstrip()
        listed = before.endswith((",", ";", ".", "and", "&", "(", "[", "by")) or not before
        return bool(_INITIAL_AHEAD.match(text, ahead) or (listed and _NAME_AHEAD.match(text, ahead)))
    return False
