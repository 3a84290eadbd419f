"""What the inside of a citation marker means: numbers, keys, or authors and years, however they are written."""

from __future__ import annotations

import re
import unicodedata

from assistant.citations.names import Found, SourceIndex, join_found
from assistant.text import word_set

NUMBERS = r"\d{1,4}"
PREFIX = (
    r"(?:(?:sources?|src|refs?|references?|papers?|docs?|documents?|citations?|cite|study|studies|articles?|abstracts?|footnote"
    r"|fn|nos?|nr|[spr])\.?\s*[:#]?\s*|[#^]+\s*)"
)
_SUB = r"(?:\s*[.:§]\s*(?P<sub>\d{1,3})|\s*,?\s*(?:§|s|sent\.?|sentences?|line|l)\s*\.?\s*(?P<named>\d{1,3}))"
_RANGE = r"\s*(?:-|to|through|\.{2,3})\s*"
_ITEM = re.compile(
    rf"{PREFIX}?(?P<number>{NUMBERS}){_SUB}?(?:{_RANGE}{PREFIX}?(?P<to>{NUMBERS})(?:\.(?P<to_sub>\d{{1,3}}))?)?(?![\w.]\d)",
    re.IGNORECASE,
)
_KEY_SENTENCE = re.compile(
    r"(?<=[a-z0-9])(?:\s*[.:§]\s*|\s*,?\s+(?:s|sent|sentences?)\b\.?\s*)(?P<sub>\d{1,3})(?!\w)", re.IGNORECASE
)
_SEPARATOR = re.compile(r"\s*(?:[,;&+|/、·]|\band\b|\bund\b|\s)\s*(?:\band\b\s*)?", re.IGNORECASE)
_LEAD_WORDS = re.compile(
    r"^(?:see(?: also)?|cf\.?|e\.g\.?,?|from|in|by|as in|per|according to|cited in|adapted from|via|both)\s+",
    re.IGNORECASE,
)
_TAIL_WORDS = re.compile(r"(?:†.*|,?\s*(?:p|pp|page|pages|sec|section|abstract)\.?\s*[\d-]*)$", re.IGNORECASE)
_COUNTED = "one two three four five six seven eight nine ten"
_SHAPE = 32  # from here on numbers in one bracket that name no source are data
_WORD_NUMBERS = {word: str(at) for at, word in enumerate(_COUNTED.split(), 1)}
_NAME = r"[A-ZÀ-ÖØ-Þ][\w'’.-]*"
PEOPLE = rf"(?:(?:van|von|de|del|di)(?: der| den| la)? )?{_NAME}(?:[ ]{_NAME}|[ ](?:van|von|der|den|de|la|le|del|di))*"
YEAR = r"(?:19|20)\d\d[a-z]?"
_AUTHOR_YEAR = re.compile(
    rf"(?P<names>{PEOPLE}(?:(?:,|,?\s+and|,?\s*&)\s*{PEOPLE})*(?P<etal>,?\s+et\.?\s+al\.?|,?\s+and\s+(?:colleagues|others))?)"
    rf"[\s,]*[(\[]?(?P<years>{YEAR}(?:\s*[,&]\s*{YEAR})*)[)\]]?"
)
_DASHES = {ord(dash): "-" for dash in "‐‑‒–—―−~～"}
NO_AUTHORS = word_set("""
    january february march april may june july august september october november december spring summer autumn winter
    fall since in by from until version about circa figure table section the a an chapter appendix equation step phase
    summer early mid late our their this these europe america asia africa china india germany france
    city town region venue conference workshop meeting symposium summit university institute department faculty
    laboratory company survey report dataset version release edition volume draft revised updated accessed retrieved
    published online unpublished forthcoming thesis supplement election pandemic census olympics
    paris london berlin tokyo beijing
""")


def read_name(name: str, index: SourceIndex) -> Found | None:
    """Return what the inside of a marker means: numbers, keys, or authors and year; None where it is none of them."""
    return read_content(name, name, index, strict=False)


def read_content(content: str, shown: str, index: SourceIndex, *, strict: bool) -> Found | None:
    """Return what the inside of a bracket means; None where it is no citation.

    Args:
        content: the text between the brackets.
        shown: the whole marker, for problems.
        index: the sources.
        strict: take only what can be nothing else, for round brackets.
    """
    plain = unicodedata.normalize("NFKC", content).translate(_DASHES).strip(" \t.,;:^*_`\"'[]")
    plain = _LEAD_WORDS.sub("", plain)
    plain = _TAIL_WORDS.sub("", plain).strip() or plain
    plain = re.sub(
        r"(?<=\s)(" + "|".join(_WORD_NUMBERS) + r")\b",
        lambda match: _WORD_NUMBERS[match.group().lower()],
        plain,
        flags=re.IGNORECASE,
    )
    found = read_numbers(plain, shown, index)
    if found is None:
        found = _read_keys(plain, shown, index)
    if found is None:
        found = _read_authors(plain, shown, index)
    if found is None and not strict and re.fullmatch(r"[\d\s.,;:-]*\d[\d\s.,;:-]*", plain) and "-" not in plain[:1]:
        found = Found(problems=(f"{shown}: cannot be read as a citation",)) if plain.count(".") > 1 else None
    return found


def read_numbers(content: str, shown: str, index: SourceIndex) -> Found | None:
    """Return the sources that a list of numbers, ranges and sentence numbers names; None where it is no such list."""
    parts: list[Found] = []
    at = 0
    content = content.translate(_DASHES).strip()
    while at < len(content):
        match = _ITEM.match(content, at)
        if match is None or match.end() == at:
            return None
        parts.append(_read_item(match, shown, index))
        at = match.end()
        gap = _SEPARATOR.match(content, at)
        if at < len(content):
            if gap is None or gap.end() == at:
                return None
            at = gap.end()
    if not parts:
        return None
    found = join_found(parts)
    numbers = [int(number) for number in re.findall(r"(?<![.\d])\d+", content)]
    # Thousands are data or a year, and a pair of large numbers is a shape: never sources here.
    data = not found.refs and (min(numbers, default=0) > 999 or (len(numbers) > 1 and min(numbers) >= _SHAPE))
    return None if data else found


def _read_item(match: re.Match[str], shown: str, index: SourceIndex) -> Found:
    number, to = int(match["number"]), match["to"]
    sub = match["sub"] or match["named"]
    sentence = int(sub) if sub else None
    if to is None:
        return index.number(number, sentence, shown)
    last = int(to)
    if sentence is not None:
        # [3.2-4] and [3.2-3.4] are runs of sentences of one source.
        end = int(match["to_sub"]) if match["to_sub"] and last == number else last
        if match["to_sub"] and last != number:
            return join_found([index.number(number, sentence, shown), index.number(last, int(match["to_sub"]), shown)])
        if end < sentence or end - sentence > 30:
            runs_nowhere = Found(problems=(f"{shown}: there are no such sentences",))
            return join_found([index.number(number, sentence, shown), runs_nowhere])
        return join_found(index.number(number, each, shown) for each in range(sentence, end + 1))
    low, high = sorted((number, last))
    if high - low > 30:
        return Found(problems=(f"{shown}: there are no such sources",))
    return join_found(index.number(each, None, shown) for each in range(low, high + 1))


def _read_keys(content: str, shown: str, index: SourceIndex) -> Found | None:
    content = _KEY_SENTENCE.sub(r"§\g<sub>", content)
    words = [
        word
        for word in re.split(
            r"[\s,;&]+|\band\b",
            re.sub(r"^(?:key|cite|citekey|ref|source)s?\s*[:=]\s*", "", content, flags=re.IGNORECASE),
        )
        if word
    ]
    found = {word: _read_key(word, shown, index) for word in words if not word.isdecimal()}
    if any(part is not None and part.refs for part in found.values()):
        found |= {word: index.number(int(word), None, shown) for word in words if word.isdecimal()}
    known = [part for part in found.values() if part is not None]
    return join_found(known) if known and len(known) == len(set(words)) else None


def _read_key(word: str, shown: str, index: SourceIndex) -> Found | None:
    """Return the source of a key, and of its sentence where the word ends with "§3"."""
    key, mark, sentence = word.partition("§")
    found = index.key(key)
    if found is None or not found.refs or not mark:
        return found
    return join_found([index.number(found.refs[0].source, int(sentence), shown), Found(problems=found.problems)])


def _read_authors(content: str, shown: str, index: SourceIndex) -> Found | None:
    """Return the sources that a parenthesis of authors and years names; None where it is none."""
    parts: list[Found] = []
    at = 0
    for match in _AUTHOR_YEAR.finditer(content):
        between = _LEAD_WORDS.sub("", content[at : match.start()].strip(" ,;&") + " ").strip(" ,;&")
        if between.lower() not in ("", "and", "see", "see also", "e.g.", "cf."):
            return None
        for year in re.findall(YEAR, match["years"]):
            found = index.authors(match["names"], year, shown)
            if found is None:
                if not (match["etal"] or _reads_as_author(match["names"]) or _is_author(match)):
                    return None
                found = Found(problems=(f"{shown}: no source is by these authors of that year",))
            parts.append(found)
        at = match.end()
    rest = content[at:].strip(" ,;).")
    if not parts:
        return _read_authors_without_year(content, shown, index)
    return (
        None if rest and not re.fullmatch(r"(?:in press|and references therein|[\d.-]+)", rest) else join_found(parts)
    )


def _read_authors_without_year(content: str, shown: str, index: SourceIndex) -> Found | None:
    match = re.fullmatch(rf"(?P<names>{PEOPLE},?\s+et\.?\s+al\.?)(?:,?\s*n\.?d\.?)?", content)
    if match is None:
        return None
    found = index.authors(match["names"], "", shown)
    return found or Found(problems=(f"{shown}: no source is by these authors",))


def _reads_as_author(names: str) -> bool:
    """Whether a capitalised run before a year is a person and not a month or a conference."""
    first = re.split(r"[\s,&]", names)[0]
    return not first.isupper() and first.lower() not in NO_AUTHORS and re.search(r",|&|\band\b", names) is not None


def _is_author(match: re.Match[str]) -> bool:
    """Whether one name, a comma and a year are a person's or an organisation's: "(Smith, 2018)", "(WHO, 2020)".

    Without the comma it may be an event: "(NeurIPS 2019)".
    """
    name = match["names"]
    comma = match.group()[len(name) :].lstrip().startswith(",")
    known = name.lower() in NO_AUTHORS or any(char.isdigit() for char in name)
    return comma and not known and re.fullmatch(r"[A-Z]{2,8}(?: [A-Z]{2,8})*|[A-ZÀ-Þ][a-zß-ÿ’'-]+", name) is not None
