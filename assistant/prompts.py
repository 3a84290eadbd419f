"""Prompts: text files with `$variables`, checked when they are loaded.

    prompts/NAME/system.md    who the model is and what holds for every answer
    prompts/NAME/user.md      one request

A file of the same name in the user's configuration folder (prompts/NAME/system.md or user.md) takes the place of ours.
"""

from __future__ import annotations

import hashlib
import string
from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import PromptError
from assistant.settings import config_dir

_ROLES = ("system", "user")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A pair of templates; `digest` names the exact wording in saved answers."""

    name: str
    system: str
    user: str

    @property
    def digest(self) -> str:
        """The first 16 hex digits of the SHA-256 over both templates."""
        return hashlib.sha256(f"{self.system}\0{self.user}".encode()).hexdigest()[:16]

    def render(self, **values: str) -> list[dict[str, str]]:
        """Return the messages to send, with `values` in place of the variables."""
        return [
            {"role": role, "content": string.Template(text).substitute(values).strip()}
            for role, text in (("system", self.system), ("user", self.user))
        ]


@dataclass(frozen=True, slots=True)
class PromptSource:
    """A paper as a model sees it: its number in this answer and the sentences it may cite.

    `sentences` pairs the number of a sentence in its abstract, from 1, with its text.
    """

    number: int
    title: str
    authors: str  # "Naumov et al., 2019", or empty
    sentences: tuple[tuple[int, str], ...]


def load_prompt(name: str, *, variables: Set[str], folder: Path | None = None) -> Prompt:
    """Return the prompt `name`.

    Args:
        name: folder of the prompt, such as "answer".
        variables: what the caller fills; the files must use these and no others.
        folder: the user's own prompts; by default `prompts` in the configuration folder.

    Raises:
        PromptError: a file is missing or cannot be read, or its variables are not `variables`.
    """
    own = folder if folder is not None else config_dir() / "prompts"
    paths = [_find(name, role, own) for role in _ROLES]
    texts = [_read(path) for path in paths]
    found: set[str] = set()
    for path, text in zip(paths, texts, strict=True):
        template = string.Template(text)
        if not template.is_valid():
            raise PromptError(f"the prompt {path} has a stray $", "write $$ for a dollar sign")
        found.update(template.get_identifiers())
    places = " and ".join(str(path) for path in paths)
    if unknown := sorted(found - set(variables)):
        known = ", ".join(f"${name}" for name in sorted(variables))
        raise PromptError(f"${unknown[0]} in {places} is filled by nobody", f"known are {known}")
    if missing := sorted(set(variables) - found):
        raise PromptError(f"${missing[0]} stands neither in {places}", "each variable must be used")
    return Prompt(name=name, system=texts[0], user=texts[1])


def format_sources(sources: Sequence[PromptSource]) -> str:
    """Return the papers as a model reads them: a line each, below it their numbered sentences.

    White space inside a title or sentence becomes single spaces, so no text can pass for another source's line.
    """
    lines: list[str] = []
    for source in sources:
        authors = f" ({_flat(source.authors)})" if source.authors else ""
        lines.append(f"[{source.number}] {_flat(source.title)}{authors}")
        lines.extend(f"  [{source.number}.{number}] {_flat(text)}" for number, text in source.sentences)
    return "\n".join(lines)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _find(name: str, role: str, own: Path) -> Path:
    package = Path(__file__).resolve().parent
    for root in (own, package / "_prompts", package.parent / "prompts"):
        path = root / name / f"{role}.md"
        if path.is_file():
            return path
    raise PromptError(f"there is no prompt {name}/{role}.md", f"looked in {own} and in the package")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"cannot read the prompt {path}: {error}", "it must be a UTF-8 text file") from None
