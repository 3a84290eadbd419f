"""A question made to stand alone by a language model, where the rules cannot tell whether it follows on."""

from __future__ import annotations

from dataclasses import replace

from assistant.conversation.names import entities
from assistant.conversation.turns import Memory, Reading
from assistant.errors import ModelError
from assistant.llms import ChatModel, Deadline
from assistant.prompts import load_prompt
from assistant.text import content_words, sanitise

LONGEST = 8  # content words of a question that may lean on the turns before; longer ones say enough
TURNS = 4  # earlier questions that the model sees
SECONDS = 8.0  # an answer should not wait longer for its question
_LONGEST_REPLY = 300


def is_unsure(reading: Reading, memory: Memory) -> bool:
    """Return whether `reading`, taken for a new topic, may follow on after all: short, and naming nothing."""
    if memory.last is None or reading.follows or reading.papers or not reading.intent.needs_papers:
        return False
    return not entities(reading.text) and len(content_words(reading.text)) <= LONGEST


def rewritten(reading: Reading, memory: Memory, model: ChatModel) -> Reading:
    """Return `reading` with the question that `model` makes of it; as it was where the model fails or invents names."""
    asked = [turn.reading.question for turn in memory.turns[-TURNS:] if turn.reading.intent.needs_papers]
    named = [turn.name for turn in memory.turns[-TURNS:] if turn.name]
    conversation = "\n".join([*(f"Q: {question}" for question in asked), f"About: {', '.join(dict.fromkeys(named))}"])
    prompt = load_prompt("standalone", variables={"conversation", "question"})
    messages = prompt.render(conversation=conversation, question=reading.text)
    try:
        stream = model.stream(messages, deadline=Deadline(SECONDS), max_tokens=100)
        reply = "".join(stream)
    except ModelError:
        return reading
    question = " ".join(sanitise(reply).split()).strip("\"'“” ")
    known = f"{conversation} {reading.text}".lower()
    invented = any(name.lower() not in known for name in entities(question))
    if not question or len(question) > _LONGEST_REPLY or invented or question.lower() == reading.question.lower():
        return reading
    return replace(reading, question=question, base=question, follows=True)
