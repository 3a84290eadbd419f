"""A second opinion: a model asked whether the quotes carry the claims. It can lower a verdict, never raise one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.answers import Claim, Support
from assistant.llms import Message
from assistant.prompts import load_prompt

_LINE = re.compile(r"^\W*(\d{1,3})\W{1,4}(yes|no|partly)\W*$", re.IGNORECASE)
_MOST = 40  # characters of a reply for each claim asked about; what comes after is not read
_LOWERED = {
    "partly": (Support.WEAK, "the model finds only part of it in the quotes"),
    "no": (Support.UNSUPPORTED, "the model does not find it in the quotes"),
}


def opinion_messages(claims: Sequence[Claim]) -> list[Message]:
    """Return the messages that ask a model about `claims`, numbered from 1."""
    prompt = load_prompt("verify", variables={"claims"})
    return list(prompt.render(claims="\n\n".join(_shown(number, claim) for number, claim in enumerate(claims, 1))))


def asked_about(claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims that an opinion could lower: those that are supported at all."""
    return [claim for claim in claims if claim.support is not Support.UNSUPPORTED]


def lowered(claims: Sequence[Claim], reply: Iterable[str]) -> list[Claim]:
    """Return `claims` with the verdicts that a model's `reply` lowers.

    A line that is not a number and one of the three words counts for nothing, nor does a number that was not asked
    about or that is answered in two ways.
    """
    asked = asked_about(claims)
    words = _read(reply, _MOST * len(asked) + 200)
    numbers = {id(claim): number for number, claim in enumerate(asked, 1)}
    return [_lower(claim, words.get(numbers[id(claim)], set())) if id(claim) in numbers else claim for claim in claims]


def _lower(claim: Claim, said: set[str]) -> Claim:
    if len(said) != 1 or not (found := _LOWERED.get(next(iter(said)))) or found[0] is claim.support:
        return claim
    support, reason = found
    return replace(claim, support=support, verdict_reason=f"{claim.verdict_reason}; {reason}")


def _read(reply: Iterable[str], limit: int) -> dict[int, set[str]]:
    """Return the words that the first `limit` characters of a reply give each number."""
    text = ""
    for delta in reply:
        text += delta
        if len(text) > limit:
            text = text[:limit].rpartition("\n")[0]
            break
    words: dict[int, set[str]] = {}
    for line in text.splitlines():
        if match := _LINE.match(line.strip()):
            words.setdefault(int(match[1]), set()).add(match[2].lower())
    return words


def _shown(number: int, claim: Claim) -> str:
    quotes = "\n".join(f'   quote: "{_one_line(citation.quote)}"' for citation in claim.citations)
    return f"{number}. {_one_line(claim.text)}\n{quotes}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
