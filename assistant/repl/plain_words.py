"""Commands said in plain words: "exit", "how do I save this?", "any similar papers?"."""

from __future__ import annotations

import re

from assistant.repl.chat import Chat
from assistant.repl.registry import COMMANDS

_SAID = {
    **dict.fromkeys(("exit", "quit", ":q", "/exit"), "/quit"),
    **dict.fromkeys(("help", "?", "/?"), "/help"),
}
_HOW = re.compile(r"how (?:do|can|could) (?:i|you|one) (?P<verb>[a-z]+)(?P<object>[\w ]*)\??")
_VERBS = {"export": "save", "leave": "quit", "exit": "quit", "add": "ingest", "import": "ingest"}
# What a question about the chat itself may speak of; any other word makes it one for the papers.
_OF_CHAT = re.compile(
    r"(?: (?:this|that|it|them|the|an?|my|our|to|in|from|here|chat|conversation|session|answers?|questions?|papers?"
    r"|filters?|model|library|abstracts?|file))*"
)


def command_in(chat: Chat, text: str) -> str:
    """Return the `/command` that `text` means, empty where it is a question or a command already."""
    said = " ".join(text.lower().split()).rstrip("!. ")
    if said in _SAID:
        return _SAID[said]
    if text.startswith("/"):
        return ""
    how = _HOW.fullmatch(said)
    verb = _VERBS.get(how["verb"], how["verb"]) if how is not None else ""
    if how is not None and verb in COMMANDS and _OF_CHAT.fullmatch(how["object"]):
        return f"/help {verb}"
    if key := chat.conversation.similar_to(text):
        return f"/similar {key}"
    wish = chat.conversation.standing_filter(text)
    return "" if wish is None else f"/filter {wish or 'off'}"
