"""What a turn asks for by its words alone: another topic, more of the same, a paper's record, an earlier subject."""

from __future__ import annotations

import re

_FRESH = re.compile(
    r"^(?:(?:ok(?:ay)?|now|and|so),?\s+)*"
    r"(?:something (?:else|different)|(?:another|a? ?new|a? ?different|next) (?:question|topic|subject))\s*[:,.-]\s*",
    re.IGNORECASE,
)
_ACKNOWLEDGED = re.compile(
    r"^\W*(?:(?:hm+|ah|oh|wow|good to know|i see|interesting|understood|sure|yes|no|never ?mind|great|perfect|nice|cool"
    r"|ok(?:ay)?|thanks?|thank you|thx|very|so|a lot|much|got it|makes sense|fair enough|right|fine|good)\b\W*){1,5}$",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"^(?:and )?(?:(?:please )?(?:(?:tell|show|give) me |list )?(?:some |any )?more"
    r"(?: (?:details|papers|of (?:them|those|these)))?|go on|continue|what else|any others"
    r"|(?:show|give)(?: me)? (?:the|its) (?:(?:whole|full) )?(?:abstract|record|details))"
    r"(?:,? please)?[\s?.!]*$",
    re.IGNORECASE,
)
_SIMILAR = re.compile(
    r"^(?:and |so )?(?:(?:are|is) there |do you have |find |show |list )?(?:me )?(?:any |some |more |other |the )*"
    r"(?:(?:similar|related|comparable) (?:papers?|works?|articles?|studies|ones)"
    r"|(?:papers?|works?|anything) (?:like|similar to|related to) (?:it|that|this)(?: (?:one|paper))?)[\s?.!]*$",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"^(?:(?:ok(?:ay)?|now|so|and|but|let's),?\s+)*(?:go(?:ing)? |coming )?back to "
    r"(?P<name>[^:,]+?)\s*[:,]\s*(?P<rest>.+)$",
    re.IGNORECASE,
)
_COMPLAINT = re.compile(
    r"^(?:no,? )?(?:(?:that|this)(?:'s| is| was) )?not (?:what|the thing) i (?:asked|meant|wanted)[^:,.]*[:,.]\s*",
    re.IGNORECASE,
)
_LIFTED = re.compile(
    r"^(?:please )?(?:forget|drop|ignore|without|never ?mind) (?:the|that|any) "
    r"(?P<field>years?|dates?|authors?|categor(?:y|ies)|filters?|limits?|restrictions?)\b\s*[:,.-]?\s*(?P<rest>.*)$",
    re.IGNORECASE,
)
_FIELDS = {"year": "year", "date": "year", "author": "author", "categor": "category"}
_READING_FOR = re.compile(
    r"^(?:i(?:'m| am|'ve| have)|we(?:'re| are)|my) .*?\b(?:on|about|in|into|with|is|of)\s+(?P<topic>[^.;:!?,]+)[.;:!,]"
    r"\s+(?:so )?(?:what|which)\b.*\b(?:cite|read|look at|start|know|relevant|help)\b",
    re.IGNORECASE,
)
_AUTHORS = r"(?:authors?|writers?|people|team)"
_RECORD = (
    (
        "Who wrote {}?",
        r"who (?:else )?(?:wrote|authored|published|developed|made|built|created|invented) \*|who (?:is|are) behind \*"
        rf"|(?:who (?:is|are) )?(?:\*(?:'s)?|the) {_AUTHORS}|(?:who (?:is|are) the )?{_AUTHORS} (?:of|behind) \*"
        rf"|(?:what|which) {_AUTHORS} .*\*",
    ),
    (
        "When was {} published?",
        r"when (?:was|did) \*(?: (?:published|written|released|out|appear|come out|from|made))?"
        r"|(?:in |from )?(?:what|which) year(?: (?:is|was) \*(?: (?:from|published|written|released|in))?)?"
        r"|how (?:old|recent|new) is \*",
    ),
    (
        "Where was {} published?",
        r"where (?:was|is|did) \*(?: (?:published|from|appear))?"
        r"|(?:(?:in|at) )?(?:what|which) (?:conference|journal|venue|workshop)"
        r"(?: (?:is|was) \*(?: (?:from|in|at|published(?: in| at)?))?)?",
    ),
)


def is_acknowledgement(text: str) -> bool:
    """Return whether `text` only says that the answer was seen."""
    return _ACKNOWLEDGED.match(text) is not None


def asks_for_more(text: str) -> bool:
    """Return whether `text` asks for more of what was just shown."""
    return _MORE.match(text) is not None


def asks_for_similar(text: str) -> bool:
    """Return whether `text` asks for papers like the one in focus."""
    return _SIMILAR.match(text) is not None


def without_complaint(text: str) -> str:
    """Return `text` without "that's not what I asked:" in front."""
    return text[found.end() :] if (found := _COMPLAINT.match(text)) and found.end() < len(text) else text


def fresh_question(text: str) -> str:
    """Return the question behind "now something else:", empty where `text` does not begin so."""
    found = _FRESH.match(text)
    return text[found.end() :] if found is not None else ""


def topic_to_read(text: str) -> str:
    """Return the topic of "I'm writing about X. What should I cite?", empty where `text` is nothing such."""
    found = _READING_FOR.match(text)
    return found["topic"].strip() if found is not None else ""


def back_to(text: str) -> tuple[str, str] | None:
    """Return (X, the question) of "back to X: who wrote it?"."""
    found = _BACK.match(text)
    return (found["name"], found["rest"]) if found is not None else None


def lifted(text: str) -> tuple[str, str] | None:
    """Return (filter field, what is asked besides) of "forget the year: ..."; an empty field means all of them."""
    found = _LIFTED.match(text)
    if found is None:
        return None
    word = found["field"].lower()
    return next((name for stem, name in _FIELDS.items() if word.startswith(stem)), ""), found["rest"]


def record_question(bare: str) -> str:
    """Return what `bare` asks of a paper's record (who, when, where), with {} for its name; empty for anything else.

    Args:
        bare: a turn, with * for the paper it points at.
    """
    asked = re.sub(
        r",? and (?:when|where|who|(?:in )?(?:what|which) year)$", "", bare.strip(" ?.!"), flags=re.IGNORECASE
    )
    return next((form for form, pattern in _RECORD if re.fullmatch(pattern, asked, re.IGNORECASE)), "")
