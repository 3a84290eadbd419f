r"""The grammar of citation markers: what in a model's text names a source, however it is written.

    [1]  [1, 2]  [1-3]  [3.2]  [1][2]       the forms the prompt asks for
    (1)  {1}  【1】  [^1]  [[1]](#1)  \[1\]  <sup>1</sup>  ¹  [Source 1]  [S1]  [3†L2]  "Source 1 says"
    [naumov2019deep]  \cite{naumov2019deep}  @naumov2019deep
    (Naumov et al., 2019; Zhang 2022)  Naumov et al. (2019)  Naumov et al.
    [1   1]   [1)                           torn brackets

What looks like a citation and leads nowhere is a problem to show; what is no citation, such as [MASK], (95), the
interval [0, 1] or a list's own (1), stays in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.citations.contents import NO_AUTHORS, NUMBERS, PEOPLE, PREFIX, YEAR, read_content, read_numbers
from assistant.citations.names import Found, SourceIndex


@dataclass(frozen=True, slots=True)
class Marker:
    """A citation in a text: its span, what it means, and the words that stay in its place."""

    start: int
    end: int
    found: Found
    stays: str = ""


_NARRATIVE = re.compile(
    rf"(?P<names>{PEOPLE}(?:(?:\s+and|\s*&)\s*{PEOPLE}|(?P<etal>,?\s+et\.?\s+al\.?|,?\s+and\s+(?:colleagues|co-?workers)))?)(?:['’]s)?"
    rf"(?:\s*[(\[](?P<year>{YEAR})[)\]])?"
)
_GROUP = re.compile(
    r"(?P<wrap>\*{1,2}|_{1,2}|<sup>|\^)?(?P<open>\\\[|\[{1,4}|[［【〔⟦「（({])\^?(?P<content>[^\[\]［］【】〔〕⟦⟧「」（）(){}\n]{1,200}?"
    r"(?:\([^()\[\]\n]{1,40}\)[^\[\]()【】\n]{0,120}?){0,3})(?P<close>\\\]|\]{1,4}|[］】〕⟧」）)}])"
    r"(?P<link>\((?:https?:|#|/|www\.|mailto:|source|ref|cite)[^()\s]*\)\]*)?(?P<unwrap>\*{1,2}|_{1,2}|</sup>|\^)?",
    re.IGNORECASE,
)
_TAGGED = re.compile(
    r"<(?P<tag>sup|cite|ref|source|citation|footnote)\b[^<>]*>\s*\[?(?P<content>[^<>\n]{1,120}?)\]?\s*</(?P=tag)>"
    r"|<(?:cite|ref|source|citation)\b[^<>]*?(?:id|n|number|source)\s*=\s*[\"']?(?P<attr>[^\"'<>/\s]+)[\"']?\s*/?>"
    r"|\\(?:cite|citep|citet|parencite|autocite|textcite|footcite|ref)\*?(?:\[[^\[\]]*\]){0,2}\{(?P<tex>[^{}\n]{1,120})\}"
    r"|(?<![\w.])@(?P<at>[A-Za-z][\w-]*(?:\d{4}|nd)[\w-]*)",
    re.IGNORECASE,
)
_RAISED = re.compile(r"(?<=[.,;:!?\"”')])[⁰¹²³⁴-⁹](?:[⁰¹²³⁴-⁹,‐-—˒ʼ]*[⁰¹²³⁴-⁹])?")
_TORN = re.compile(
    rf"\[(?P<open>\^?(?:{PREFIX})?{NUMBERS}(?:\.\d{{1,3}})?(?:\s*,\s*{NUMBERS})*)(?=[.,;!?]?\s*$|[.;!?]\s|\s+[A-Z])"
    rf"|(?<![\w\[(,.-])(?P<close>{NUMBERS}(?:\.\d{{1,3}})?)[\]】]",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    rf"(?<![\w\[(#])(?P<label>sources?|refs?\.|references?|papers?|documents?|citations?|abstracts?|stud(?:y|ies))\s+"
    rf"(?P<content>[#\[(]?{NUMBERS}(?:\.\d{{1,3}})?[\])]?(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*|\s*-\s*)[#\[(]?{NUMBERS}(?:\.\d{{1,3}})?[\])]?)*)"
    r"(?![\w%]|\.\d)",
    re.IGNORECASE,
)
_SPOKEN_AFTER = re.compile(
    r"\b(?:to|in|from|by|see|per|and|or|of|with|than|that|while|whereas|but|,)\s*$", re.IGNORECASE
)
_NUMBERED_BEFORE = re.compile(r"(?:\s*[\[(【（][\d\s.,-]+[\])】）])+\s*$")
_BARE_KEY = re.compile(r"(?<![\w@])[a-z][a-z'-]+(?:(?:19|20)\d\d|nd)[a-z]+(?!\w)", re.IGNORECASE)
_INTERVAL_BEFORE = re.compile(
    r"(?:\bCI|\bIQR|\bintervals?|\branges?|\branging|\bbetween|\bin|∈|\bwithin|\bover|=|\bof)\s*[:=,]?\s*$",
    re.IGNORECASE,
)
# What stands beside an author in running text, who argues and finds; a conference or a system does not.
_AUTHOR_BEFORE = re.compile(
    r"\b(?:see(?: also)?|cf\.?|according to|as (?:shown|argued|noted|reported|proposed|suggested|described) (?:by|in)"
    r"|(?:work|study|findings|results|experiments|analysis|method|approach|model|survey) (?:of|by)"
    r"|(?:proposed|introduced|shown|argued|reported|described|developed|suggested) by|following|unlike|contrary to)\s*$"
    r"|\((?:19|20)\d\d[a-z]?\)(?:,| and|, and|;)\s*$",
    re.IGNORECASE,
)
_AUTHOR_AFTER = re.compile(
    r"(?:,? and [A-Z][\w'’-]+ \((?:19|20)\d\d[a-z]?\))?,?\s+"
    r"(?:(?:also|first|later|recently|further|even|already|then)\s+)?"
    r"(?:show|argue|find|found|report|propose|note|suggest|claim|observe|conclude|demonstrate|introduce|prove|present|describe|point|state|compare|examine|study|studie"
    r"|analy[sz]e|discusse?|investigate|write|wrote|review|survey|estimate|measure|test|evaluate|develop|apply|applie|use"
    r"|confirm|disagree|agree|says?|said|warn|believe|extend|establish|conduct|addresse?|identifie|identify)(?:s|d|ed)?\b"
)
_BODY_AFTER = re.compile(r",?\s+(?:argue|claim|conclude|warn|estimate|recommend|state|report|advise|note)[sd]?\b")
_OWNED_AFTER = re.compile(
    r"\s+(?:\w+\s+)?(?:work|study|studies|method|model|approach|analysis|theory|framework|survey|review|findings?|results?"
    r"|experiments?|paper|algorithm|proposal|claim|argument)\b"
)
_LEADING = frozenset({"see", "following", "unlike", "as", "like"})
_LABEL_BEFORE = re.compile(
    r"(?:\b(?:eqs?|equations?|figs?|figures?|tables?|steps?|theorems?|lemmas?|n|N|p|h|items?|phases?|layers?|grades?|types?|class)\.?)\s*$",
    re.IGNORECASE,
)


def find_markers(text: str, index: SourceIndex) -> list[Marker]:
    """Return the citation markers in one line of text, in order, without overlaps."""
    markers: list[Marker] = []
    end = 0
    for marker in sorted(_candidates(text, index), key=lambda marker: (marker.start, -marker.end)):
        if marker.start >= end:
            markers.append(marker)
            end = marker.end
    return markers


def _candidates(text: str, index: SourceIndex) -> Iterator[Marker]:
    scans: tuple[tuple[re.Pattern[str], Callable[[str, re.Match[str], SourceIndex], Marker | None]], ...] = (
        (_GROUP, _group),
        (_TAGGED, _tagged),
        (_RAISED, _raised),
        (_TORN, _torn),
        (_SPOKEN, _spoken),
        (_BARE_KEY, _bare_key),
        (_NARRATIVE, _narrative),
    )
    for pattern, read in scans:
        for match in pattern.finditer(text):
            marker = read(text, match, index)
            if marker is not None:
                yield marker


def _group(text: str, match: re.Match[str], index: SourceIndex) -> Marker | None:
    content, opener, before = match["content"], match["open"], text[: match.start("open")]
    shown = match.group().strip("*_ ")
    round_ = opener in "(（{"
    found = read_content(content, shown, index, strict=round_)
    if found is None:
        return None
    if not match["link"] and _is_data(content, before):
        return None
    plain = re.fullmatch(rf"\s*{NUMBERS}(?:\s*,\s*{NUMBERS})*\s*", content) is not None
    if round_ and plain and not _cites_in_parentheses(text, match, before, found):
        return None
    start, end = match.span()
    if match["wrap"] and not match["unwrap"] and match["wrap"] != "^":
        start = match.start("open")
    if match["unwrap"] and not match["wrap"]:
        end = match.start("unwrap")
    return Marker(start, end, found)


def _cites_in_parentheses(text: str, match: re.Match[str], before: str, found: Found) -> bool:
    """Whether a bare (1) is a citation: it closes a clause and is no label, and no number that the text counts."""
    after = text[match.end() :].lstrip("*_ ")
    if _LABEL_BEFORE.search(before) or not before.strip(" -*•"):
        return False
    if not (not after or after[0] in ".,;:!?([【" or (before.rstrip()[-1:] in ".!?" and after[:1].isupper())):
        return False
    return bool(found.refs) or int(re.findall(r"\d+", match["content"])[0]) < 20


def _tagged(text: str, match: re.Match[str], index: SourceIndex) -> Marker | None:
    content = next(part for part in (match["content"], match["attr"], match["tex"], match["at"]) if part)
    if (
        match["tag"]
        and match["tag"].lower() == "sup"
        and match.start()
        and text[match.start() - 1].isalnum()
        and len(content) < 2
    ):
        digits = re.search(r"\d\s*$", text[: match.start()])
        if digits or re.search(r"\b(?:m|cm|mm|km|R|x|n)$", text[: match.start()]):
            return None  # m<sup>2</sup>
    found = read_content(content, match.group(), index, strict=False)
    return Marker(match.start(), match.end(), found) if found else None


def _raised(text: str, match: re.Match[str], index: SourceIndex) -> Marker | None:  # noqa: ARG001
    digits = unicodedata.normalize("NFKC", match.group())
    found = read_numbers(digits, match.group(), index)
    return Marker(match.start(), match.end(), found) if found else None


def _torn(text: str, match: re.Match[str], index: SourceIndex) -> Marker | None:
    if match["close"] and text.count("[", 0, match.start()) > text.count("]", 0, match.start()):
        return None
    found = read_numbers(match["open"] or match["close"], match.group(), index)
    if found is None or not found.refs:
        return None
    return Marker(match.start(), match.end(), found)


def _spoken(text: str, match: re.Match[str], index: SourceIndex) -> Marker | None:
    label = match["label"].lower()
    before = _NUMBERED_BEFORE.sub("", text[: match.start()])  # of a sentence that ends with its citation
    opens = not before.strip(" *_-•") or before.rstrip()[-1:] in ".!?:;("
    if not opens and not _SPOKEN_AFTER.search(before):
        return None  # "open source [1]" is no mention of source 1
    found = read_numbers(re.sub(r"[\[\]()]", "", match["content"]), match.group(), index)
    if found is None or (not found.refs and not label.startswith(("source", "ref", "citation"))):
        return None
    names = [source.short for ref in found.refs if (source := index.get(ref.source))]
    distinct = list(dict.fromkeys(names))
    return Marker(match.start(), match.end(), found, stays=" and ".join(distinct) or match.group())


def _bare_key(text: str, match: re.Match[str], index: SourceIndex) -> Marker | None:  # noqa: ARG001
    found = index.key(match.group())
    if found is None or not found.refs:
        return None
    source = index.get(found.refs[0].source)
    return Marker(match.start(), match.end(), found, stays=source.short if source else "")


def _narrative(text: str, match: re.Match[str], index: SourceIndex) -> Marker | None:
    if not match["year"] and not match["etal"]:
        return None
    names, year, shown = match["names"], match["year"] or "", match.group()
    for drop in range(len(names.split())):
        # The words before a name may belong to the sentence: "As Naumov et al. (2019) show".
        rest = names.split(None, drop)[-1] if drop else names
        found = index.authors(rest, year, shown)
        if found is not None:
            return Marker(match.start(), match.end(), found, stays=shown)
    if match["etal"] or (match["year"] and (re.search(r"\band\b|&", names) or _is_subject(text, match))):
        return Marker(
            match.start(), match.end(), Found(problems=(f"{shown}: no source is by these authors",)), stays=shown
        )
    return None


def _is_subject(text: str, match: re.Match[str]) -> bool:
    """Whether one name before a year in brackets is an author's: "Smith (2018) shows", "See Smith (2018)".

    A system, a place or an event may have a year as well, so the name must stand as an author does.
    """
    words = match["names"].removesuffix("'s").removesuffix("’s").split()
    before, after = text[: match.start()], text[match.end() :]
    if len(words) > 1 and words[0].lower() in _LEADING:
        before, words = f"{before}{words[0]} ", words[1:]
    if words[0].lower() in NO_AUTHORS or any(char.isdigit() for char in match["names"]):
        return False
    if words[-1].isupper():  # an organisation argues, as no system does
        return bool(_BODY_AFTER.match(after))
    if "-" in words[-1] or re.search(r"[a-z][A-Z]", words[-1]):
        return False
    owns = len(words[-1]) < len(match["names"].split()[-1]) and _OWNED_AFTER.match(after)
    return bool(owns or _AUTHOR_BEFORE.search(before) or _AUTHOR_AFTER.match(after))


def _is_data(content: str, before: str) -> bool:
    """Whether numbers in brackets are an interval, a shape or a value rather than sources."""
    numbers = re.findall(r"\d+(?:\.\d+)?", content)
    if not re.fullmatch(r"[\s\d.,;-]+", content):
        return False
    pair = len(numbers) >= 2 and "," in content
    if pair and (numbers[0].startswith("0") or _INTERVAL_BEFORE.search(before)):
        return True
    return any(re.fullmatch(r"0\.\d+", number) for number in numbers)
