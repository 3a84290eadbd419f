"""The commands of the chat; importing this registers them, in the order in which /help lists them."""

from assistant.repl.commands import asking, keeping, looking

__all__ = ["asking", "keeping", "looking"]
