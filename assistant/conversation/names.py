"""What a paper is called in a conversation, and which names stand in a question."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from assistant.papers import Paper

_OPENERS = (
    "what which who whom whose when where why how is are was were do does did can could will would should has have had "
    "and or but so also now then show list find give tell compare summarize summarise explain describe name please "
    "the a an in on at by for with of from to since only about not no yes i it its they them their this that these "
    "those"
)
_NOT_NAMES = frozenset(_OPENERS.split())
_TOKEN = re.compile(r"[^\W_](?:[\w.+/&'’-]*[^\W_])?")
_WHAT_IS = re.compile(r"^what (?:is|are) (?:an? |the )?(?P<name>[^?]{2,60})\??$", re.IGNORECASE)
_NAME = r"(?P<name>[A-Z][\w-]*(?:[A-Z0-9][\w-]*| (?:[A-Z]|\d)[\w.-]*)?|[a-z]+[A-Z][\w-]*)"
_SUBJECT = re.compile(rf"^(?!This|The|In|We|An?\b){_NAME}(?: \([^)]*\))?(?:,| (?:is|are|was|brings|connects|learns)\b)")
_INTRODUCED = re.compile(
    r"\b(?:present|introduce|propose|describe|develop|release|open-source|call(?:ed)?|named)s?,? (?:(?:it|this) )?"
    + _NAME
)
_DEFINED = re.compile(
    r"(?:^(?:The |An? )?|\b(?:present|introduce|propose|develop)\w* (?:the |an? )?)"
    r"(?:[\w-]+ ){1,7}\((?P<name>[A-Z][\w-]*[A-Z0-9][\w-]*?)s?\)"
)
_LONGEST_LABEL = 3  # words of a title's part before the colon that may be a name


def entities(question: str) -> list[str]:
    """Return the names in a question, in order: words with capitals or digits, neighbours joined.

    The first word counts only where its shape says that it is a name (DLRM, ShadowSync), not for its capital.
    """
    found: list[str] = []
    end = -2
    for place, token in enumerate(_TOKEN.finditer(question)):
        word = token[0].removesuffix("'s").removesuffix("’s")
        odd = any(letter.isupper() or letter.isdigit() for letter in word[1:])
        named = odd or (place > 0 and word[0].isupper()) or (bool(found) and word.isdigit())
        if not named or word.lower() in _NOT_NAMES:
            continue
        if token.start() - end == 1 and found:
            found[-1] = f"{found[-1]} {word}"
        else:
            found.append(word)
        end = token.end()
    return found


def is_kind(name: str) -> bool:
    """Return whether a name is of many things ("GPUs", "LLMs"): no paper is called so, and no "it" means them."""
    return re.fullmatch(r"[A-Z][A-Z0-9-]*s", name) is not None


def is_name(text: str) -> bool:
    """Return whether `text` is a name and nothing else."""
    return entities(f"of {text}") == [text] and not text.isdecimal()


def name_in_question(question: str, paper: Paper) -> str:
    """Return what `question` calls `paper`: the name in it that the paper uses most, empty where it uses none."""
    defined = _WHAT_IS.match(question)
    if defined is not None and _mentions(paper, defined["name"]):
        return defined["name"].strip()
    names = [name for name in entities(question) if not is_kind(name) and not name.isdecimal()]
    counts = [_mentions(paper, name) for name in names]
    return names[counts.index(max(counts))] if any(counts) else ""


def own_name(paper: Paper, is_rare: Callable[[str], bool]) -> str:
    """Return a short name that the paper gives its matter, else its title.

    In this order: the title's part before a colon ("MLGO: a ..."), the name that opens the abstract, one whose long
    form opens it or is introduced ("we propose X Y Z (XYZ)"), one that is introduced. Names that many papers use are
    passed over.
    """
    label, colon, _ = paper.title.partition(":")
    if colon and len(label.split()) <= _LONGEST_LABEL and is_rare(label):
        return label.strip()
    for pattern in (_SUBJECT, _DEFINED, _INTRODUCED):
        found = pattern.search(paper.abstract)
        if found and is_rare(found["name"]) and _is_name(found["name"], paper.abstract):
            return found["name"]
    return paper.title


def joined(names: Iterable[str]) -> str:
    """Return names as a phrase: "A", "A and B", "A, B and C"."""
    listed = list(names)
    return " and ".join((", ".join(listed[:-1]), listed[-1])) if len(listed) > 1 else "".join(listed)


def _is_name(word: str, abstract: str) -> bool:
    """Return whether `word` is more than an ordinary word that opens a sentence."""
    if any(letter.isupper() or letter.isdigit() for letter in word[1:]):
        return True
    return re.search(rf"(?<=[a-z,;:] ){re.escape(word)}\b", abstract) is not None


def _mentions(paper: Paper, name: str) -> int:
    pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    return len(pattern.findall(paper.title)) + len(pattern.findall(paper.abstract))
