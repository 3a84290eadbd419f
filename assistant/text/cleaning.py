"""Text from outside made safe and clean: no terminal control, no markup, single spaces."""

from __future__ import annotations

import html
import re
import unicodedata

from assistant.text.latex import decode_latex
from assistant.text.word_sets import word_set

# Escape sequences whole (CSI, OSC and its kin up to BEL or ST, two-byte ones), before single characters go.
_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x9b[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]?"
)
_UNSAFE = (
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\ud800-\udfff\U000e0000-\U000e007f"
)
_CONTROLS = re.compile(f"[{_UNSAFE}]")
_BREAKS = re.compile(r"\r\n?|[\u0085\u2028\u2029]")
# Nothing to do for a text without any of these: three texts of four skip all that follows.
_SUSPECT = re.compile(rf"[\\${{}}<>&\n\r\t`{_UNSAFE}\xa0\u2000-\u200b\u2028\u2029\u202f\u3000\ufb00-\ufb06]|  |''")
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});")
_TAG_NAMES = (
    "p|i|b|u|em|strong|sub|sup|br|span|div|a|h[1-6]|ul|ol|li|small|tt|code|font|center|italic|bold|sc|monospace|title|sec"
    "|abstract|abstracttext|list|list-item|inline-formula|disp-formula|inline-graphic|tex-math|alternatives|xref|ext-link|named-content"
    "|label|styled-content|underline|fn|graphic|math|inf|blockquote|pre|q|cite|html|body|table|tr|td|th"
)
_TAG = re.compile(
    rf"<(/?)(?:[A-Za-z]{{2,10}}:)?({_TAG_NAMES})\b[^<>]{{0,500}}>|</?mml:[^<>]{{0,500}}>|<!--.{{0,2000}}?-->",
    re.I | re.S,
)
_HEADING = re.compile(r"<((?:jats:)?title)\b[^<>]*>\s*([^<>]{0,200}?)\s*</\1>", re.I | re.S)
_BLOCKS = word_set("""
    p br div li h1 h2 h3 h4 h5 h6 sec title list list-item abstract abstracttext tr td th
""")
_BROKEN_WORD = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)-[ \t]*\n\s*([^\W\d_]+)")
# First halves that keep their hyphen when a line ended after it.
_PREFIXES = word_set("""
    self non multi semi real high low large small end cross state well two three one long short pre post co re fine
    coarse data model open closed deep off on in out of the to by first second third single full half time user item
    domain task graph text word token k n top zero few many meta sub inter intra near far human machine problem
    context knowledge
""")
_SPACE_BEFORE = re.compile(r" +([,;:.!?)\]](?:\s|$))")
_ABSTRACT_LABEL = re.compile(r"(?:abstract|ABSTRACT|Abstract) ?(?:[:.—–] ?|- )(?=\S)|ABSTRACT (?=[A-Z])")


def sanitise(text: str) -> str:
    """Return `text` without terminal control, bidirectional overrides and invisible characters; newlines stay.

    Escape sequences go as a whole, tabs become spaces, and every kind of line break becomes a newline.
    """
    if text.isascii() and text.isprintable():
        return text
    if "\x1b" in text or not text.isascii():
        text = _ESCAPES.sub("", text)
    return _CONTROLS.sub("", _BREAKS.sub("\n", text)).replace("\t", " ")


def clean_line(raw: str, *, tex: bool = False) -> str:
    """Return a title, name or venue as one clean line.

    Args:
        raw: the field as the source has it: HTML or JATS tags, entities, LaTeX, ligatures, line breaks.
        tex: whether the source is TeX, so that braces are markup and not text.
    """
    if not _SUSPECT.search(raw):
        return unicodedata.normalize("NFC", raw.strip())
    text = _decode(raw, tex=tex)
    return " ".join(text.split())


def clean_abstract(raw: str, *, tex: bool = False) -> str:
    """Return an abstract as one clean paragraph: a leading "Abstract" is dropped, formulas stay readable.

    Args:
        raw: the abstract as the source has it.
        tex: whether the source is TeX, so that braces are markup and not text.
    """
    text = clean_line(raw, tex=tex)
    label = _ABSTRACT_LABEL.match(text)
    return text[label.end() :] if label else text


def _decode(raw: str, *, tex: bool) -> str:
    text = sanitise(raw).translate(_LIGATURES)
    if "<" in text or "&" in text:
        text = _strip_markup(text)
    if "-" in text and "\n" in text:
        text = _BROKEN_WORD.sub(lambda match: _joined(match, text), text)
    if "\\" in text or "$" in text or "{" in text or (tex and "~" in text):
        text = _SPACE_BEFORE.sub(r"\1", " ".join(decode_latex(text, braces=tex).split()))
    text = text.replace("``", '"').replace("''", '"')
    if "---" in text:
        text = text.replace("---", "—")
    return unicodedata.normalize("NFC", sanitise(text))


def _strip_markup(text: str) -> str:
    for _ in range(2):  # sources escape twice: &amp;lt;i&amp;gt;
        if "<" in text:
            text = _TAG.sub(_tag, _HEADING.sub(_heading, text))
        if "&" not in text:
            break
        text = _ENTITY.sub(lambda match: html.unescape(match.group()), text)
    return sanitise(_TAG.sub(_tag, text) if "<" in text else text).translate(_LIGATURES)


def _heading(match: re.Match[str]) -> str:
    title = match.group(2)
    return (
        " " if not title or title.casefold().rstrip(".: ") in ("abstract", "summary") else f" {title.rstrip(':. ')}: "
    )


def _tag(match: re.Match[str]) -> str:
    name = (match.group(2) or "").casefold()
    if name in _BLOCKS:
        return " "
    if name == "sup" and not match.group(1):
        before, after = match.string[: match.start()], match.string[match.end() : match.end() + 1]
        return "^" if before[-1:].isdigit() and (after.isdigit() or after in "-−") else ""
    return ""


def _joined(match: re.Match[str], text: str) -> str:
    """A word broken at a line's end: joined, unless the text or its first half says that the hyphen belongs to it."""
    left, right = match.group(1), match.group(2)
    if left + right in text:
        return left + right
    compound = "-" in left or left.casefold() in _PREFIXES or right[0].isupper() or f"{left}-{right}" in text
    return f"{left}-{right}" if compound else left + right
