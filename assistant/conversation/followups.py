"""What a turn means on its own, by rules and by what the papers say: follow-ups become questions to search for."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.answers import Intent
from assistant.conversation.fragments import complete, embedded, is_fragment, opens_with_noun, split_lead
from assistant.conversation.names import entities, is_kind, is_name, name_in_question, own_name
from assistant.conversation.pointers import resolve
from assistant.conversation.requests import (
    asks_for_more,
    back_to,
    fresh_question,
    is_acknowledgement,
    lifted,
    record_question,
    topic_to_read,
    without_complaint,
)
from assistant.conversation.turns import Memory, Reading, Shelf, Turn
from assistant.conversation.wishes import filters_in, narrowed, only_filters
from assistant.filters import Filter, Term
from assistant.papers import Paper
from assistant.qa import detect_intent
from assistant.spelling import with_opener
from assistant.text import content_words

COVERED = 0.9  # of the best paper's share of a question's words: then it goes on about the paper in focus

_SHOW = re.compile(
    r"^(?:please )?(?:tell me (?:more )?(?:about|on)|(?:give me )?(?:more|(?:the )?details) (?:about|on|of)"
    r"|show(?: me)?|open|describe|explain|what is|what's|summari[sz]e"
    r"|(?:give me )?(?:an? |the )?(?:summary|overview) of)?"
    r"\s*\*[\s?.!]*$|^\*.*\b(?:tell me more|show (?:it|me)|open it)[\s.!]*$",
    re.IGNORECASE,
)
_TOPIC = re.compile(
    r"\b(?:overview|summary|survey) (?:of|on|about)\s+(?P<of>.+)|^(?:please )?summari[sz]e\s+(?P<all>.+)", re.IGNORECASE
)
_ABOUT = re.compile(
    r"^(?:what is known (?:about|of)|"
    r"(?:the )?(?:papers|works?|literature|research|state of the art) (?:on|about|in|of))\s+",
    re.IGNORECASE,
)
_COMPARES = re.compile(r"(?:please )?(?:compare|contrast)\b|how (?:do|does) .* (?:compare|differ)", re.IGNORECASE)
# A question without other content words could be about any paper, so it is about the one in focus.
_OF_ANY_PAPER = frozenset(
    content_words(
        "code data dataset results limitations weaknesses method evaluation baselines experiments contribution "
        "conclusion findings authors find available public main key released source open"
    )
)


def read_turn(text: str, memory: Memory, shelf: Shelf) -> Reading:
    """Return what `text` means after the turns of `memory`."""
    typed = " ".join(text.split())
    text = without_complaint(with_opener(typed, shelf.knows))
    return replace(_read(text, memory, shelf), text=typed)


def _read(text: str, memory: Memory, shelf: Shelf) -> Reading:
    if question := fresh_question(text):
        return _new_topic(text, question, shelf)
    if detect_intent(text) is Intent.SMALLTALK or is_acknowledgement(text):
        return Reading(text, text, Intent.SMALLTALK)
    rest, filters = filters_in(text, shelf)
    if detect_intent(rest) is Intent.LIBRARY:
        papers = tuple(resolve(text, memory, shelf, lambda _: "*").papers)  # "which of them is the oldest?"
        return Reading(
            text, rest, Intent.LIBRARY, filters=filters, papers=papers, only=bool(papers), follows=bool(papers)
        )
    if topic := topic_to_read(text):
        return _new_topic(text, f"Which papers are about {topic}?", shelf)
    if (summary := _summary(text, memory, shelf)) is not None:
        return summary
    name = text.strip("[]@ ")
    paper = shelf.paper(memory.numbers.get(int(name), name) if name.isdecimal() else name)
    if paper is not None:
        return _shown(text, paper)
    last = memory.last
    if last is None:
        return _new_topic(text, text, shelf)
    return (
        _returned(text, memory, shelf)
        or _widened(text, memory)
        or _more(text, last, shelf)
        or _narrowed(text, memory, shelf)
        or _recorded(text, last, memory, shelf)
        or _pointed(text, last, memory, shelf)
        or _completed(text, last, shelf)
        or _continued(text, last, shelf)
        or _left(text, shelf)
    )


def call(key: str, memory: Memory, shelf: Shelf) -> str:
    """Return what this conversation calls the paper `key`: as it did before, else the paper's own short name."""
    paper = shelf.paper(key)
    if paper is None:
        return key
    for turn in reversed(memory.turns):
        if turn.focus == (key,) and turn.name:
            return turn.name
        compared = key in turn.focus and turn.reading.intent is Intent.COMPARE
        if compared and (name := name_in_question(turn.reading.question, paper)):
            return name
    return own_name(paper, shelf.is_rare)


def _new_topic(text: str, question: str, shelf: Shelf) -> Reading:
    """Read a question that stands on its own; filters that earlier words asked for are gone."""
    question = _capital(question)
    rest, filters = filters_in(question, shelf)
    return Reading(text, _capital(rest), detect_intent(question), filters=filters, base=_capital(rest))


def _left(text: str, shelf: Shelf) -> Reading:
    """Read what is no follow-up: "what about X?" asks for X itself."""
    rest, led = split_lead(text)
    if led and is_fragment(rest, led=True) and opens_with_noun(rest):
        return _new_topic(text, f"What is {rest}?" if is_name(rest) else f"What is known about {rest}?", shelf)
    return _new_topic(text, text, shelf)


def _shown(text: str, paper: Paper, *, follows: bool = False) -> Reading:
    """Read `text` as a wish to see one paper."""
    title = paper.title
    return Reading(text, title, Intent.LOOKUP, papers=(paper.key,), only=True, base=title, follows=follows)


def _summary(text: str, memory: Memory, shelf: Shelf) -> Reading | None:
    """Read "give me an overview of X" as the topic X; "summarise that paper" wants a paper, not a topic."""
    found = _TOPIC.search(text) if detect_intent(text) is Intent.SUMMARY else None
    if found is None or resolve((found["of"] or found["all"]).strip(" ?.!"), memory, shelf, lambda _: "*").text == "*":
        return None
    topic, filters = filters_in(_ABOUT.sub("", (found["of"] or found["all"]).rstrip(" ?.!")), shelf)
    return Reading(text, topic, Intent.SUMMARY, filters=filters, base=topic)


def _returned(text: str, memory: Memory, shelf: Shelf) -> Reading | None:
    """Read "back to X: ..." as if the turn about X had been the last."""
    found = back_to(text)
    if found is None:
        return None
    name, rest = found
    turn = next((turn for turn in reversed(memory.turns) if turn.name.lower() == name.lower()), None)
    if turn is None:
        return _new_topic(text, f"{name}: {rest}", shelf)
    return _read(rest, replace(memory, turns=(*memory.turns, turn)), shelf)


def _widened(text: str, memory: Memory) -> Reading | None:
    """Read "forget the year: which one is about audio?" as the question before, without that filter."""
    found = lifted(text)
    before = next((turn.reading for turn in reversed(memory.turns) if turn.reading.filters), None)
    if found is None or before is None:
        return None
    field, rest = found
    kept = Filter(tuple(term for term in before.filters.terms if field and term.field != field))
    question = before.question
    if phrase := re.match(
        r"(?:and )?(?:which|what)(?: (?:one|ones|papers?|of them))? (?:is|are) (?P<is>.+)", rest, re.IGNORECASE
    ):
        question = complete(phrase["is"].rstrip(" ?.!"), question)
    return replace(before, text=text, question=question, base=question, filters=kept, papers=(), only=False)


def _more(text: str, last: Turn, shelf: Shelf) -> Reading | None:
    """Read "more" as a wish for the paper in focus, or for other papers than those of the last list."""
    focus = shelf.paper(last.focus[0]) if len(last.focus) == 1 else None
    if not asks_for_more(text) or not last.cited:
        return None
    if focus is not None and last.reading.intent is not Intent.LIST:
        return _shown(text, focus, follows=True)
    seen = Filter((Term("key", last.cited, negated=True),))
    return replace(last.reading, text=text, filters=last.reading.filters & seen, follows=True)


def _narrowed(text: str, memory: Memory, shelf: Shelf) -> Reading | None:
    """Read "only before 2018", "and by Chen?" as the last question to more than one paper, under one more filter."""
    asked = [turn.reading for turn in memory.turns if turn.reading.intent.needs_papers]
    before = next((reading for reading in reversed(asked) if not reading.only), asked[-1])
    wish = only_filters(text, shelf)
    return replace(before, text=text, filters=narrowed(before.filters, wish), follows=True) if wish else None


def _recorded(text: str, last: Turn, memory: Memory, shelf: Shelf) -> Reading | None:
    """Read "who wrote it?", "when was that?", "which conference?" as a question to a paper's record."""
    found = resolve(text, memory, shelf, lambda _: "*")
    form = record_question(split_lead(found.text)[0])
    papers = tuple(found.papers) or last.focus
    if not form or len(papers) != 1:
        return None
    question = form.format(call(papers[0], memory, shelf))
    return Reading(text, question, Intent.LOOKUP, papers=papers, only=True, base=question, follows=True)


def _pointed(text: str, last: Turn, memory: Memory, shelf: Shelf) -> Reading | None:
    """Read a question with "it", "that paper", "the second one" with names in their place."""
    rest, led = split_lead(text)
    if question := embedded(rest, [turn.reading.base for turn in reversed(memory.turns)]):
        return _new_topic(text, question, shelf)
    found = resolve(text, memory, shelf, lambda key: call(key, memory, shelf))
    if not found.papers and found.text == text:
        return None
    papers = tuple(found.papers)
    bare = resolve(text, memory, shelf, lambda _: "*").text  # the words around the pointers
    if len(papers) == 1:
        if led and split_lead(bare)[0] == "*" and last.reading.intent is not Intent.LIST:
            return _about_another(text, papers[0], last, memory, shelf)
        if bare.startswith("*, "):  # "the second one, who made it?"
            turn = Turn(last.reading, papers, papers, call(papers[0], memory, shelf))
            return _read(text.partition(",")[2].strip(), replace(memory, turns=(*memory.turns, turn)), shelf)
        paper = shelf.paper(papers[0])
        if paper is not None and _SHOW.match(split_lead(bare)[0]):
            return _shown(text, paper, follows=True)
    rest, led = split_lead(found.text)
    if is_fragment(rest, led=led):
        return _fragment(text, rest, last, papers)
    more, filters = filters_in(found.text, shelf)
    question = _capital(split_lead(more)[0]) + ("?" if text.endswith("?") else "")
    intent = _intent_about(question, papers)
    only = found.only or _asks_only(text, papers)
    return Reading(text, question, intent, filters=filters, papers=papers, only=only, base=question, follows=True)


def _asks_only(text: str, papers: tuple[str, ...]) -> bool:
    """Return whether only `papers` can answer: `text` names no other, asks what the one says or compares several."""
    if any(not is_kind(name) for name in entities(text)):
        return False
    if len(papers) > 1:
        return _COMPARES.match(text) is not None or detect_intent(text) is Intent.QUESTION
    return len(papers) == 1 and detect_intent(text) is Intent.QUESTION and not _COMPARES.search(text)


def _about_another(text: str, key: str, last: Turn, memory: Memory, shelf: Shelf) -> Reading:
    """Read "and the third one?" as the question before with that paper's name in the place of the last one's."""
    name, base = call(key, memory, shelf), last.reading.base
    titles = [paper.title for paper in map(shelf.paper, last.focus) if paper is not None]
    before = [last.name, *titles, *(call(old, memory, shelf) for old in last.focus)]
    old_name = max((old for old in before if old and old in base), key=len, default=None)
    question = base.replace(old_name, name) if old_name else f"{name}: {base}"
    intent = last.reading.intent
    return Reading(text, question, intent, papers=(key,), only=intent is Intent.LOOKUP, base=question, follows=True)


def _completed(text: str, last: Turn, shelf: Shelf) -> Reading | None:
    """Read a fragment as part of the question before, unless it is the keywords of another topic."""
    rest, led = split_lead(text)
    if not is_fragment(rest, led=led):
        return None
    if last.name and last.name in last.reading.base and is_name(rest):
        question = last.reading.base.replace(last.name, rest)  # "and Llama 3?", "no, I meant Llama 2"
        intent = detect_intent(question)
        return Reading(text, question, intent, filters=last.reading.filters, base=question)
    # "What about cold start?" after a question that only one paper could answer is no part of that question.
    apart = not led or last.reading.only or not (last.cited or last.name)
    if opens_with_noun(rest) and apart and _is_about_another_paper(rest, last, shelf):
        return None
    return _fragment(text, rest, last, ())


def _fragment(text: str, rest: str, last: Turn, papers: tuple[str, ...]) -> Reading:
    before = last.reading
    defined = re.fullmatch(rf"what (?:is|are) {re.escape(last.name)}\?*", before.base, re.IGNORECASE)
    if last.name and opens_with_noun(rest) and (defined or not last.cited):
        # What nothing answered is no frame for the next question.
        question = f"{_capital(rest)}?" if last.name in rest else f"{last.name}: {rest}?"
    else:
        question = complete(rest, before.base, last.name)
    # A fragment that asked for a detail leaves the question before as the base of the next one.
    detail = re.match(r"(?:\w+ )?(?:what|which|how|why|when|where)\b", rest, re.IGNORECASE)
    intent = before.intent if before.intent is not Intent.LOOKUP else Intent.QUESTION
    appended = question.startswith(before.base.rstrip(" ?.!") + ":")
    base = before.base if detail or appended else question
    # Details of what only some papers were asked are asked of them.
    only = before.only and not papers and not entities(rest)
    papers = before.papers if only else papers
    return Reading(text, question, intent, filters=before.filters, papers=papers, only=only, base=base, follows=True)


def _continued(text: str, last: Turn, shelf: Shelf) -> Reading | None:
    """Read a question without any pointer as one about the paper in focus, where that answers it as well as any."""
    focus = shelf.paper(last.focus[0]) if len(last.focus) == 1 else None
    if focus is None or (detect_intent(text) is Intent.LIST and re.search(r"\bpapers?\b", text, re.IGNORECASE)):
        return None
    if filters_in(text, shelf)[1]:  # whoever names years or authors asks for papers
        return None
    of_any_paper = not entities(text) and set(content_words(text)) <= _OF_ANY_PAPER
    if not of_any_paper and _is_about_another_paper(text, last, shelf):
        return None
    name = last.name or focus.title
    named = [name, *(own for own in entities(text) if own in focus.title)]
    if any(own.lower() in text.lower() for own in named):
        return None
    question = f"{name}: {text[0].lower()}{text[1:]}"
    intent = _intent_about(text, last.focus)
    only = of_any_paper and intent is Intent.QUESTION
    return Reading(text, question, intent, papers=last.focus, only=only, base=question, follows=True)


def _is_about_another_paper(text: str, last: Turn, shelf: Shelf) -> bool:
    """Return whether another paper speaks of `text` more than the one in focus does."""
    focus = shelf.paper(last.focus[0]) if last.focus else None
    if focus is None:
        return True
    own_words = f"{focus.title} {focus.abstract}"
    if any(name.lower() not in own_words.lower() for name in entities(text)):
        return True
    words = {word: shelf.weight(word) for word in content_words(text)}
    others = [paper for paper in shelf.nearest(text, Filter()) if paper.key != focus.key]
    best = max((_share(words, f"{paper.title} {paper.abstract}") for paper in others), default=0.0)
    return _share(words, own_words) < COVERED * best


def _share(words: dict[str, float], text: str) -> float:
    """Return which share of the weighted `words` stands in `text`, from 0 to 1."""
    total = sum(words.values())
    present = set(content_words(text))
    return sum(weight for word, weight in words.items() if word in present) / total if total else 0.0


def _intent_about(question: str, papers: tuple[str, ...]) -> Intent:
    """Return the intent of a question about known papers: it asks for a fact unless it compares them."""
    if len(papers) > 1 and _COMPARES.match(question):
        return Intent.COMPARE
    intent = detect_intent(question)
    return Intent.QUESTION if papers and intent is Intent.LIST else intent


def _capital(text: str) -> str:
    """Return `text` with a capital in front, unless its first word is a name such as gpt-oss."""
    first = text.partition(" ")[0].rstrip(",:")
    return text[:1].upper() + text[1:] if first.isalpha() and first[1:].islower() else text
