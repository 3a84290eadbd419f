"""Questions to answers: intent, evidence, grounding and the keyless answer."""

from assistant.qa.answering import AskOptions, QuestionAnswering
from assistant.qa.events import ClaimStated, Event, PapersFound, Restarted
from assistant.qa.intent import detect_intent
from assistant.qa.numbering import Numbering

__all__ = [
    "AskOptions",
    "ClaimStated",
    "Event",
    "Numbering",
    "PapersFound",
    "QuestionAnswering",
    "Restarted",
    "detect_intent",
]
