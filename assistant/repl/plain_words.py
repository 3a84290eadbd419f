"""Commands said in plain words: "exit", "help", "from now on only papers since 2020", "drop the filter"."""

from __future__ import annotations

from assistant.repl.chat import Chat

_SAID = {
    **dict.fromkeys(("exit", "quit", ":q", "/exit"), "/quit"),
    **dict.fromkeys(("help", "?", "/?"), "/help"),
}


def command_in(chat: Chat, text: str) -> str:
    """Return the `/command` that `text` means, empty where it is a question or a command already."""
    said = " ".join(text.lower().split()).rstrip("!. ")
    if said in _SAID:
        return _SAID[said]
    wish = None if text.startswith("/") else chat.conversation.standing_filter(text)
    return "" if wish is None else f"/filter {wish or 'off'}"
