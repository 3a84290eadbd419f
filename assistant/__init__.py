"""A literature assistant: answers over paper abstracts, each sentence tied to the words of a paper."""

__version__ = "0.1.0"
