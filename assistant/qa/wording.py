"""The assistant's own words around the evidence: leads, refusals and small talk. None of it is a claim."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answers import Claim, Intent, Support
from assistant.aspects import asked_aspect, asked_count
from assistant.evidence import Evidence, mentions
from assistant.filters import Filter
from assistant.papers import Paper, family_names
from assistant.phrasing import (
    asks_change,
    asks_definition,
    asks_instructions,
    defines,
    named_things,
    system_names,
    topic_words,
    without_names,
)
from assistant.refusal import RefusalReason, quoted, typed_words
from assistant.text import content_words, counted, split_sentences
from assistant.verification import denial, says, stands, statement_of

_FORMS = {
    Intent.QUESTION: "Answer in one to three sentences; the first one answers the question itself.",
    Intent.LIST: "Write one sentence for each paper that answers the question, saying what that paper does or finds; "
    "leave out the other papers.",
    Intent.COMPARE: "Say what the papers report of each of the things compared, two or three sentences each, "
    "then how they differ, as far as the papers state it.",
    Intent.SUMMARY: "Write an overview of four to eight sentences, related papers next to each other.",
}
_SIZES = {Intent.LIST: (12, 1), Intent.COMPARE: (8, 2), Intent.SUMMARY: (8, 2)}


def answer_form(intent: Intent) -> str:
    """Return what a model is told about the form of its answer."""
    return _FORMS.get(intent, _FORMS[Intent.QUESTION])


def answer_size(intent: Intent) -> tuple[int, int]:
    """Return how many sentences a model that is held to a schema may write, and how many sources each may have."""
    return _SIZES.get(intent, (3, 2))


def byline(paper: Paper) -> str:
    """Return authors and year as a reader would say them: "Naumov et al., 2019"; empty where both are unknown."""
    names = [family_names(author)[0] for author in paper.authors[:3] if family_names(author)]
    if len(paper.authors) > 2 or (names and not paper.authors_complete):
        who = f"{names[0]} et al."
    else:
        who = " and ".join(names)
    return ", ".join(part for part in (who, str(paper.year) if paper.year else "") if part)


def extractive_lead(intent: Intent, evidence: Sequence[Evidence], limit: int, question: str = "") -> str:
    """Return the line in front of a keyless answer: what is shown, and how many papers stand behind it.

    As many papers as were considered, `limit`, may not be all there are. The `question` says in which order they stand.
    """
    papers = len({piece.paper.key for piece in evidence})
    sentences = len(evidence)
    if intent in (Intent.LIST, Intent.SUMMARY):
        if unsaid := _undone(question, evidence):
            return f"No paper found speaks of {unsaid}; what comes nearest, quoted word for word:"
        if papers == 1:
            return "One paper in the library speaks of this; its most telling sentence:"
        least = "At least " if papers >= limit else ""
        order = ", oldest first" if asks_change(question) else ""
        order += ", none step by step" if asks_instructions(question) else ""
        return f"{least}{papers} papers in the library speak of this{order}; the most telling sentence of each:"
    if intent is Intent.COMPARE:
        shown = {piece.paper.key: piece.paper for piece in evidence}.values()
        names = [name for name in named_things(question) if not any(mentions(paper, name) for paper in shown)]
        if names:
            return f"No paper found speaks of {' or '.join(names)}; what comes nearest, quoted word for word:"
    if intent is Intent.COMPARE and papers > 1:
        return f"What {papers} papers in the library say of it, side by side:"
    if sentences == 1:
        return "One sentence in the library answers this, quoted word for word:"
    return f"{sentences} sentences from {counted(papers, 'paper')} answer this best, quoted word for word:"


def _undone(question: str, evidence: Sequence[Evidence]) -> str:
    """Return what a question wants to do with a system that no paper shown speaks of; empty where one does."""
    wanted = content_words(without_names(question)) if asks_instructions(question) and system_names(question) else []
    wanted = list(topic_words(dict.fromkeys(wanted, 1.0)))
    said = {word for piece in evidence for word in content_words(f"{piece.paper.title} {piece.paper.abstract}")}
    return quoted(typed_words(question, wanted)) if wanted and said.isdisjoint(wanted) else ""


def denying(question: str, evidence: Sequence[Evidence]) -> Evidence | None:
    """Return the sentence that says the opposite of what a question asks to confirm or takes for granted, if any."""
    statement = statement_of(question)
    if not statement:
        return None
    return next((piece for piece in evidence if denial(statement, piece.sentence.text, [piece.paper.title])), None)


def denying_lead(question: str, against: Evidence) -> str:
    """Return the line that says so of the sentence that `denying` found."""
    said = f"the abstract of {against.paper.key} says the opposite"
    if re.match(r"\W*(?:so |and |but )?(?:why|how)\b", question, re.IGNORECASE):
        return f"The question takes for granted what may not be so: {said}:"
    return f"{said[0].upper()}{said[1:]}:"


def missing_remark(question: str, said: Sequence[tuple[str, str]]) -> str:
    """Return that no sentence defines, states or speaks of what the question asks for; empty where one does.

    `said` are the sentences that the answer shows or cites, each with the title of its paper.
    """
    subject, statement = asks_definition(question), statement_of(question)
    if subject and not any(defines(subject, text) for text, _ in said):
        return f"No sentence found says outright what {subject} is"
    asks_why = re.match(r"\W*(?:so |and |but )?(?:why|how)\b", question, re.IGNORECASE)
    if statement and not any(says(statement, text, [title]) for text, title in said):
        if not asks_why:
            return "No sentence found says just this"
        if stands(statement, "") is not None:
            return "No sentence found says that this is so"
    for aspect in (asked_aspect(question), asked_count(question)):
        if aspect and not any(aspect.spoken_of(text) for text, _ in said):
            return f"No sentence found {aspect.name}"
    return ""


def catalogue_lead(passing: int, evidence: Sequence[Evidence]) -> str:
    """Return the line in front of the papers of a filter."""
    papers = len({piece.paper.key for piece in evidence})
    shown = "here they are" if papers == passing else f"{papers} of them"
    return f"{counted(passing, 'paper')} passed the filter; {shown}, each with its most telling sentence:"


_RECORD = re.compile(
    r"\b(?:who (?:(?P<made>proposed|introduced|developed|invented|created|designed|presented)|wrote|are the authors"
    r"|is the author|authored|published)|(?:which|what) authors?|authors? of)\b"
    r"|\b(?:when (?:was|were|did)|(?:in )?(?:what|which) year)\b.*\b(?:publish|written|appear|released|come out)"
    r"|\b(?P<where>where (?:was|were) .*\bpublished)\b",
    re.IGNORECASE,
)


def record_lead(question: str, evidence: Sequence[Evidence]) -> str:
    """Return what the record of the first paper says of its authors, date and venue, where the question asks that."""
    found = _RECORD.search(question)
    if not evidence or found is None:
        return ""
    paper = evidence[0].paper
    asked = system_names(question)
    if found["made"] and not asked:
        return ""
    if asked and not any(_introduces(paper, name) for name in asked):
        return f"No paper found introduces {' or '.join(asked)}; what mentions it, quoted word for word:"
    names = [*paper.authors, *([] if paper.authors_complete else ["others"])]
    who = " and ".join(part for part in (", ".join(names[:-1]), names[-1] if names else "") if part)
    when = paper.date if paper.date and not paper.date.startswith("--") else str(paper.year or "")
    where = f", {paper.venue or 'in a venue that the record does not name'}" if found["where"] or paper.venue else ""
    who = who or "authors that the record does not name"
    return f"{paper.title}: by {who}, {when or 'of a year it does not give'}{where}. What it says:"


def _introduces(paper: Paper, name: str) -> bool:
    """Return whether a paper is the one about `name`: its title has it, or its abstract begins by defining it."""
    in_title = re.search(rf"(?<![\w-]){re.escape(name)}(?!\w)", paper.title, re.IGNORECASE) is not None
    sentences = split_sentences(paper.abstract)
    return in_title or any(defines(name, sentence.text) for sentence in sentences[: -(-len(sentences) // 2)])


def model_lead(model: str, claims: Sequence[Claim], *, cut: bool = False) -> str:
    """Return the line in front of a model's answer: who wrote it, how its sentences fared, and whether it broke off."""
    papers = len({citation.key for claim in claims for citation in claim.citations})
    verified = sum(claim.support is Support.VERIFIED for claim in claims)
    found = f"{verified} of {counted(len(claims), 'sentence')} verified"
    return (
        f"Written by {model} from {counted(papers, 'paper')}; {found}{'; it broke off before its end' if cut else ''}:"
    )


NO_SENTENCE = RefusalReason("not_stated", "No sentence was found that answers this.")


def silent_reason(paper: Paper) -> RefusalReason:
    """Return that the one paper that was asked does not answer."""
    return RefusalReason("not_stated", f"The abstract of {paper.key} does not say this.")


def hidden_reason(hiding: Filter) -> RefusalReason:
    """Return that papers outside a filter, or outside one term of it, would answer."""
    return RefusalReason("hidden", f"Papers in the library answer this, but none that passes {hiding}.")


def small_talk(text: str) -> str:
    """Return one line for a greeting or thanks."""
    if re.search(r"\bthank|\bthx|great|cool|nice|perfect|awesome|got it", text, re.IGNORECASE):
        return "You're welcome. Ask on whenever you like."
    if re.search(r"\bbye", text, re.IGNORECASE):
        return "Goodbye. Your library and your answers are saved."
    greeting = "Hello. " if re.match(r"\W*(?:hi|hello|hey|good \w+)\b", text, re.IGNORECASE) else ""
    return f"{greeting}Ask what the papers in your library say, which of them study something, or for an overview."
