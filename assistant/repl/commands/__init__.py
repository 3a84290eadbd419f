"""The commands of the chat; importing this registers them, in the order in which /help lists them."""

from assistant.repl.commands import asking, keeping, looking
from assistant.repl.registry import COMMANDS

__all__ = ["COMMANDS", "asking", "keeping", "looking"]
