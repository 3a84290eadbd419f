r"""A text with citations as the audit reads it: its body in plain words, and its list of references.

Markdown, LaTeX and plain text are read. A citation by label ([^smith], \cite{b1} of a \bibitem) becomes one by number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

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
_CITE = re.compile(r"~?\\[A-Za-z]*cite[A-Za-z]*\*?(?:\[[^\]]*\])*\{([^}]*)\}")
_PLAIN_COMMAND = re.compile(r"\\(?:textbf|textit|emph|texttt|textsc|underline)\{([^{}]*)\}")
_OTHER_COMMAND = re.compile(
    r"\\(?:(?:sub)*section|paragraph|label|ref|input|begin|end|usepackage|documentclass|bibliography|bibliographystyle)"
    r"\*?(?:\[[^\]]*\])?\{[^}]*\}(?:\{\d*\})?"
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
    r"""Return `text` without code and links, LaTeX citations as [@key] and its plain commands taken off."""
    text = _LINK.sub(r"\1", _CODE.sub("", text.replace("\r\n", "\n")))
    if "\\" not in text:
        return text
    text = re.sub(r"(?<![\\\d])%.*", "", text)  # a percentage is no comment
    text = _CITE.sub(lambda found: " " + "".join(f"[@{key.strip()}]" for key in found[1].split(",")), text)
    if "\\begin{thebibliography}" not in text:
        return _without_commands(text)
    body, mark, listed = text.partition("\\begin{thebibliography}")
    return _without_commands(body) + mark + listed


def _without_commands(text: str) -> str:
    text = _OTHER_COMMAND.sub("", _PLAIN_COMMAND.sub(r"\1", text))
    return re.sub(r"\\([%&#_$])", r"\1", text)
