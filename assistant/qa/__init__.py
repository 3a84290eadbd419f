"""Questions to answers: intent, evidence, grounding and the keyless answer.

`QuestionAnswering` itself is in `assistant.qa.answering`: it brings LlamaIndex, which takes over a second to import.
"""

from assistant.qa.events import ClaimStated, Event, PapersFound, Restarted
from assistant.qa.intent import detect_intent
from assistant.qa.numbering import Numbering
from assistant.qa.options import AskOptions

__all__ = [
    "AskOptions",
    "ClaimStated",
    "Event",
    "Numbering",
    "PapersFound",
    "Restarted",
    "detect_intent",
]
