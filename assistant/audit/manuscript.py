r"""A text with citations as the audit reads it: its body in plain words, and its list of references.

Markdown, LaTeX and plain text are read. A citation by label ([^smith], \cite{b1} of a \bibitem) becomes one by number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from assistant.text.latex import decode_latex

_HEADING = re.compile(
    r"^[#\s*_\d.]*(?:\\section\*?\{)?(references|bibliography|works cited|literature)\b[\s*_:}]*$"
    r"|^\s*\\begin\{thebibliography\}.*$",
    re.I | re.M,
)
_ENTRY = re.compile(
    r"^\s*(?:\[\^?(?P<label>[\w:+-]{1,40})\]:?|(?P<number>\d{1,3})[.)]|\((?P<round>\d{1,3})\)|\\bibitem(?:\[[^\]]*\])?\{(?P<item>[^}]+)\})"
    r"\s+(?P<text>.*(?:\n(?!\s*(?:\[|\(\d|\d{1,3}[.)]\s|\\bibitem|\\end|$)).+)*)",
    re.M,
)
_FOOTNOTE = re.compile(r"^\[\^[\w:+-]{1,40}\]:\s+.*$|^\[\d{1,3}\]:\s+.*$", re.M)
_ARGUMENTS = r"(?:\([^()]*\))*(?:(?:\[[^\]]*\])*\{[^{}]*\})"
_CITE = re.compile(rf"~?\\(?P<name>[A-Za-z]*cite[A-Za-z]*)\*?(?P<cited>{_ARGUMENTS}+)")
# \citeauthor{x} (\citeyear{x}) is \textcite{x} in two halves.
_HALVES = re.compile(r"\\[Cc]iteauthor\*?\{([^{}]*)\}\s*\(?\\cite(?:year|date)(?:par)?\*?\{\1\}\)?")
_NARRATIVE = re.compile(r"[Tt]extcites?|[Cc]itet\w*|[Cc]itealt|[Cc]iteauthor|[Cc]iteA")
_FOOTNOTED = re.compile(r"\\footnote(?:text|mark)?(?:\[[^\]]*\])?\{((?:[^{}]|\{[^{}]*\})*)\}")
# What may stand beside citations in their brackets without saying anything.
_BESIDE = re.compile(
    r"(?:[\s;,.:*_~–-]|\b(?:see|also|cf|e\.?g|i\.?e|and|for (?:example|instance)|in particular|among others"
    r"|(?:p|pp|ch|chap|sec|fn)\b\.?|pages?|chapters?|sections?|figures?|tables?|[ivx]+\b|\d{1,4}))*",
    re.IGNORECASE,
)
_PANDOC = re.compile(r"\[([^\[\]]*(?<![\w.])-?@[\w{][^\[\]]*)\]")
_PANDOC_KEY = re.compile(r"(?<![\w.])-?@\{?([\w][\w:./+-]*[\w]|\w)\}?")
_LOCATOR = re.compile(r"(?<=\w) \[(?:pp?|ch|chap|sec|p\.|pp\.)[^\[\]]{1,30}\]")
_ENCLOSED = re.compile(r"\(([^()]*\[@?[\w][^()]*)\)")
_OTHER_COMMAND = re.compile(
    r"\\(?:(?:sub)*section|paragraph|label|ref|input|begin|end|usepackage|documentclass|bibliography|bibliographystyle)"
    r"\*?(?:\[[^\]]*\])?\{[^}]*\}(?:\{\d*\})?"
    r"|\\(?:printbibliography|maketitle|tableofcontents|newpage|clearpage)\b(?:\[[^\]]*\])?"
)
_CODE = re.compile(r"^(```|~~~).*?^\1[^\n]*$|`[^`\n]+`", re.M | re.S)
_LINK = re.compile(r"!?\[([^\]\[]*)\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)")
_NAMED = re.compile(r"\b(as|in|by|of|from|following|and|see|to) (?=\[\d)", re.I)


@dataclass(frozen=True, slots=True)
class Manuscript:
    """The body of a text, where a citation is a number, a key or authors and a year, and its references by number."""

    body: str
    references: dict[int, str] = field(default_factory=dict)


def read_manuscript(text: str) -> Manuscript:
    """Return the body and the numbered references of `text`; references without a number get the next free ones."""
    plain = _plain(text)
    body, listed = _parts(plain)
    entries = [(_label(found), " ".join(_without_commands(found["text"]).split())) for found in _ENTRY.finditer(listed)]
    numbers = {label: int(label) for label, _ in entries if label.isdigit()}
    free = max(numbers.values(), default=0)
    for label, _ in entries:
        if label not in numbers:
            free += 1
            numbers[label] = free
    named = {label: number for label, number in numbers.items() if not label.isdigit()}
    body = re.sub(r"\[\^?@?([\w:+-]{1,40})\]", _by_number(named), body)
    body = re.sub(r"\[(\d{1,3})\]\s?[-–]\s?\[(\d{1,3})\]", r"[\1-\2]", body)
    # A citation that is a noun leaves one behind: "as [3] shows".
    body = _NAMED.sub(r"\1 the paper ", body)
    # A label may be the library's own key.
    return Manuscript(
        body, {numbers[label]: entry if label.isdigit() else f"{label} {entry}" for label, entry in entries}
    )


def _by_number(named: dict[str, int]) -> Callable[[re.Match[str]], str]:
    return lambda found: f"[{named[found[1]]}]" if found[1] in named else found[0]


def _label(found: re.Match[str]) -> str:
    return found["label"] or found["number"] or found["round"] or found["item"].strip()


def _parts(text: str) -> tuple[str, str]:
    """Return the text before its list of references, and the list."""
    heading = list(_HEADING.finditer(text))
    if heading:
        at = heading[-1]
        return text[: at.start()], text[at.end() :]
    return _FOOTNOTE.sub("", text), "\n".join(_FOOTNOTE.findall(text))


def _plain(text: str) -> str:
    r"""Return `text` without code and links, each citation as [@key] and LaTeX commands as the text they stand for."""
    text = _LINK.sub(r"\1", _CODE.sub("", text.replace("\r\n", "\n")))
    text = _PANDOC.sub(_keys_alone, re.sub(r"(@[\w:.-]*\w)" + _LOCATOR.pattern, r"\1", text))
    if "\\" in text:
        text = re.sub(r"(?<![\\\d])%.*", "", text)  # a percentage is no comment
        text = _FOOTNOTED.sub(_cites_of, _HALVES.sub(r"\\textcite{\1}", text))
        text = _CITE.sub(_cited, text)
        body, mark, listed = text.partition("\\begin{thebibliography}")
        text = _without_commands(body) + mark + listed
    return _ENCLOSED.sub(_unbracketed, text)


def _keys_alone(found: re.Match[str]) -> str:
    """Return a pandoc citation without what stands before its keys and behind them: [see @a, p. 3; @b] as [@a][@b]."""
    parts = [(part, _PANDOC_KEY.search(part)) for part in found[1].split(";")]
    return "".join(f"[@{key[1]}]" for _, key in parts if key)


def _keys(found: re.Match[str]) -> list[str]:
    keys = [key.strip() for group in re.findall(r"\{([^{}]*)\}", found["cited"]) for key in group.split(",")]
    return list(dict.fromkeys(keys))


def _cited(found: re.Match[str]) -> str:
    """Return a citation command as [@key], or as @key where it is a noun of its sentence."""
    keys = _keys(found)
    if _NARRATIVE.fullmatch(found["name"]) and len(keys) == 1:
        return f" @{keys[0]}" if found[0].startswith("~") else f"@{keys[0]}"
    return " " + "".join(f"[@{key}]" for key in keys)


def _cites_of(found: re.Match[str]) -> str:
    """Return the citations of a footnote, which belong to the sentence with its mark; its words are left out."""
    return "".join(f"[@{key}]" for cite in _CITE.finditer(found[1]) for key in _keys(cite))


def _unbracketed(found: re.Match[str]) -> str:
    """Return the citations of a parenthesis that holds nothing but them: "(see [1]; cf. [2])"."""
    rest = re.sub(r"\[[^\]]*\]|@[\w:+-]+", "", found[1])
    return "".join(re.findall(r"\[[^\]]*\]", found[1])) if _BESIDE.fullmatch(rest) else found[0]


def _without_commands(text: str) -> str:
    return re.sub(r"(?<=[\w%])--(?=\w)", "–", decode_latex(_OTHER_COMMAND.sub("", text)))
