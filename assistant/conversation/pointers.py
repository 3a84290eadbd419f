"""Words that point at papers: [2], "the second one", "that paper", "it", "those two", "the one on molecules"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from assistant.answers import Intent
from assistant.conversation.names import entities, is_kind, joined
from assistant.conversation.turns import Memory, Shelf
from assistant.text import content_words

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_PAPER = r"(?:paper|article|study|work|report|publication)"
_THING = rf"(?:{_PAPER}|one|model|method|system|framework|approach|algorithm|technique|tool|benchmark|card|library)"
_END = r"(?=\s*[?.!,;:]|\s*$)"

_NUMBERED = re.compile(
    r"\[(?P<bracket>\d{1,3})\]|\b(?:paper|source|reference|number|no\.) (?P<bare>\d{1,2})\b", re.IGNORECASE
)
# Numbers alone: "compare 2 and 3", "tell me more about 4".
_BARE = re.compile(
    r"^(?:please )?(?:compare|contrast|show(?: me)?|open|explain|describe|summari[sz]e|(?:tell me )?more (?:about|on)"
    r"|tell me about|(?:and |what |how )?about|and)(?: (?:papers|numbers))? "
    r"(?P<numbers>\d{1,3}(?:(?:, and|,| and| with| to| vs\.?| versus) \d{1,3})*)[\s?.!]*$",
    re.IGNORECASE,
)
_PLACED = re.compile(rf"\bthe (?P<place>{'|'.join(_ORDINALS)}|last)(?: (?:one|{_PAPER})\b|{_END})", re.IGNORECASE)
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5}
_PLACED_SEVERAL = re.compile(
    rf"\bthe (?P<end>first|last) (?P<count>{'|'.join(_COUNTS)})\b(?: (?:ones|papers|articles|studies|works))?",
    re.IGNORECASE,
)
# "What did the first gain?" after a list or a comparison; elsewhere "the first" is of something in a paper.
_PLACED_SUBJECT = re.compile(
    rf"(?:(?<=\bdoes )|(?<=\bdid )|(?<=\bdo )|(?<=\bcan ))the (?P<place>{'|'.join(_ORDINALS)}|last)(?= [a-z])",
    re.IGNORECASE,
)
_WHICH = re.compile(
    r"^which(?: one)?(?= (?:is|was|are|were|has|does|did|performs?|works?|gives?|needs?)\b)", re.IGNORECASE
)
_OTHER = re.compile(rf"\bthe other(?: (?P<thing>{_THING})\b|{_END})", re.IGNORECASE)
_DESCRIBED = re.compile(
    rf"\bthe (?:one|{_PAPER}) (?:on|about|for|with|using|that uses) (?P<matter>[\w -]+?)"
    r"(?= (?:is|are|was|does|do|did|can|has|have|propose|say|use|report|find|show|reach|achieve)\b|\s*[?.!,]|\s*$)",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    rf"\b(?:(?:these|those|the|both) two(?: {_THING}s?)?|(?:these|those|both) {_THING}s"
    rf"|both of (?:them|these|those)|(?<=of )(?:them|these|those)"
    rf"|(?<=compare )(?:them|these|those|both)){_END}|\bof (?:them|these|those|the two|both)\b",
    re.IGNORECASE,
)
_SINGLE = re.compile(
    rf"\b(?:that|this) {_THING}\b|\bthe {_PAPER}\b(?! (?:on|about|that|which|by|with|for|of)\b)"
    r"|\b(?:its|their|it|they|them)\b"
    r"|(?:(?<=\bdoes )|(?<=\bdid )|(?<=\bis )|(?<=\bcan )|(?<=\bto )|(?<=\bwith )|(?<=\bthan )|(?<=\bof ))"
    rf"(?:that|this)\b|(?<=\bwas )that{_END}",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"its?|they|them|their|that|this", re.IGNORECASE)
_EMPTY_IT = re.compile(
    r"\b(?:is|was) it (?:possible|true|clear|known|important|necessary|better|worth)\b(?! than)"
    r"|\bit (?:is|was) (?:possible|true|clear|known|important|necessary|better|worth)\b(?! than)",
    re.IGNORECASE,
)
_PAIR = re.compile(r"\b([\w.-]+) and ([\w.-]+)\b")


@dataclass(slots=True)
class Resolution:
    """A text whose pointers were replaced by names, and the keys of the papers they meant, in order."""

    text: str
    papers: list[str] = field(default_factory=list)
    only: bool = False  # the text asks for some of `papers`


def resolve(text: str, memory: Memory, shelf: Shelf, call: Callable[[str], str]) -> Resolution:
    """Return `text` with every pointer at a paper replaced by what `call` names the paper.

    A pointer that leads nowhere stays as it is; so does a pronoun after a name in the same text.
    """
    return _Resolver(text, memory, shelf, call).run()


class _Resolver:
    """Replaces pointers by marks first, so that a name put in is never read as a pointer itself."""

    def __init__(self, text: str, memory: Memory, shelf: Shelf, call: Callable[[str], str]) -> None:
        self._text = text
        self._memory = memory
        self._shelf = shelf
        self._call = call
        self._names: list[str] = []
        self._result = Resolution(text)

    def run(self) -> Resolution:
        """Return the text with names for pointers."""
        self._text = self._bracketed(self._text)
        self._replace(_NUMBERED, self._numbered)
        self._replace(_PLACED_SEVERAL, self._placed_several)
        self._replace(_PLACED, self._placed)
        if self._is_of_several():
            self._replace(_PLACED_SUBJECT, self._placed)
        self._replace(_DESCRIBED, self._described)
        self._replace(_WHICH, self._which)
        if re.match(r"which ones?\b", self._text, re.IGNORECASE):
            self._of_the_last()
        self._replace(_OTHER, self._other)
        self._replace(_SEVERAL, self._several)
        if not _EMPTY_IT.search(self._text):
            self._replace(_SINGLE, self._single)
        for number, name in enumerate(self._names):
            self._text = self._text.replace(f"\0{number}\0", name)
        self._result.text = " ".join(self._text.split())
        return self._result

    def _bracketed(self, text: str) -> str:
        """Return `text` with brackets around numbers that can only be papers'."""
        found = _BARE.match(text)
        if found is None or not all(int(n) in self._memory.numbers for n in re.findall(r"\d+", found["numbers"])):
            return text
        return (
            text[: found.start("numbers")] + re.sub(r"\d+", r"[\g<0>]", found["numbers"]) + text[found.end("numbers") :]
        )

    def _replace(self, pattern: re.Pattern[str], find: Callable[[re.Match[str]], str | None]) -> None:
        def put(found: re.Match[str]) -> str:
            name = find(found)
            if name is None:
                return found[0]
            self._names.append(name)
            return f"\0{len(self._names) - 1}\0"

        self._text = pattern.sub(put, self._text)

    def _meant(self, keys: Iterable[str]) -> str:
        listed = list(keys)
        self._result.papers += [key for key in listed if key not in self._result.papers]
        return joined(self._call(key) for key in listed)

    def _numbered(self, found: re.Match[str]) -> str | None:
        key = self._memory.numbers.get(int(found["bracket"] or found["bare"]))
        return self._meant([key]) if key else None

    def _placed(self, found: re.Match[str]) -> str | None:
        listed, word = self._memory.listed, found["place"].lower()
        place = len(listed) - 1 if word == "last" else _ORDINALS.index(word)
        return self._meant([listed[place]]) if 0 <= place < len(listed) else None

    def _placed_several(self, found: re.Match[str]) -> str | None:
        listed, count = self._memory.listed, _COUNTS[found["count"].lower()]
        if len(listed) < count:
            return None
        return self._meant(listed[:count] if found["end"].lower() == "first" else listed[-count:])

    def _is_of_several(self) -> bool:
        """Return whether the last turn was about several papers, or one of them."""
        last = self._memory.last
        if last is None:
            return False
        return last.reading.intent in (Intent.LIST, Intent.COMPARE) or bool(
            last.reading.follows and set(last.reading.papers) & set(self._memory.listed)
        )

    def _which(self, found: re.Match[str]) -> str | None:
        """Read "which is faster?" after a comparison as "which of A and B is faster?"."""
        last = self._memory.last
        if last is None or last.reading.intent is not Intent.COMPARE or len(last.focus) < 2:
            return None
        self._result.only = True
        return f"{found[0].split()[0]} of {self._meant(last.focus)}"

    def _of_the_last(self) -> None:
        """Keep "which one proposes a detector?" to the papers of the last answer."""
        last = self._memory.last
        if last is not None and len(last.cited) > 1:
            self._result.papers += last.cited
            self._result.only = True

    def _described(self, found: re.Match[str]) -> str | None:
        wanted = set(content_words(found["matter"]))
        scores: dict[str, float] = {}
        for key in self._memory.listed:
            paper = self._shelf.paper(key)
            words = set(content_words(f"{paper.title} {paper.abstract}")) if paper else set()
            # A word may stand in the paper in another form: "molecules" in "molecular".
            near = {word for word in wanted if any(word[:5] == other[:5] for other in words)}
            scores[key] = sum(self._shelf.weight(word) for word in near)
        best = max(scores, key=lambda key: scores[key], default=None)
        return self._meant([best]) if best is not None and scores[best] > 0 else None

    def _other(self, found: re.Match[str]) -> str | None:
        last = self._memory.last
        if last is None:
            return None
        if found["thing"] and not re.fullmatch(f"one|{_PAPER}", found["thing"], re.IGNORECASE):
            for turn in reversed(self._memory.turns):
                for pair in _PAIR.findall(turn.reading.question):
                    rest = [name for name in pair if name not in last.reading.question]
                    if len(rest) == 1 and entities(f"x {rest[0]}"):
                        return str(rest[0])
        for group in (self._memory.listed, self._memory.discussed):
            others = [key for key in group if key not in last.focus]
            if len(others) == 1 and len(group) == len(last.focus) + 1:
                return self._meant(others)
        return None

    def _several(self, found: re.Match[str]) -> str | None:
        last, memory = self._memory.last, self._memory
        if len(self._result.papers) > 1:  # "the last two sound good, compare them"
            keys = tuple(self._result.papers)
        elif last is not None and len(last.focus) > 1:
            keys = last.focus
        elif "two" in found[0].lower() or "both" in found[0].lower() or not found[0].lower().startswith("of "):
            keys = memory.discussed[-2:] if len(memory.discussed) > 1 else memory.listed[:2]
        else:
            keys = memory.listed
        if len(keys) < 2:
            return None
        prefix = "of " if found[0].lower().startswith("of ") else ""
        if len(keys) > 3:
            self._result.papers += keys
            self._result.only = True
            return f"{prefix}these papers"
        return prefix + self._meant(keys)

    def _single(self, found: re.Match[str]) -> str | None:
        last = self._memory.last
        if last is None or not last.focus:
            return None
        pronoun = _PRONOUN.fullmatch(found[0])
        before = found.string[: found.start()]
        plural = found[0].lower() in ("they", "them", "their")
        if plural and re.search(r"\bits?\b", found.string, re.IGNORECASE):  # "did they test it?": its authors
            return None
        if pronoun and ("\0" in before or any(plural or not is_kind(name) for name in entities(before))):
            return None
        name = self._meant(last.focus)
        return f"{name}'s" if found[0].lower() in ("its", "their") else name
