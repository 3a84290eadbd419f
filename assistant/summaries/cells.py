"""Short values read from sentences: every value is a span of its sentence, cut marks apart."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.summaries.voice import without_lead

LONGEST = 150  # characters of a value
SHORTEST = 25
CLAUSE = re.compile(
    r"(?<=[;:])\s+|,\s+(?=(?:which|where|while|whereas|because|since|so|but|and thus|thus|as|with|in which|we)\s)"
    r"|\s+(?=(?:while|whereas|so that|and thus|because)\s)|\s[-–—]+\s"
)
_PIECE = re.compile(r"(?<=[,;:])\s+|\s[-–—]+\s")
HANGING = re.compile(
    r"(?:[\s,;:–—-]+(?:and|or|in|of|for|by|with|to|on|at|from|the|an?|that|which|is|are|made|meant|designed|how))+$"
)
_OPENING = re.compile(
    r"(?:while|with|despite|although|though|due to|in|to|in order to|aiming|as|when|if|since|inspired|by|recently|"
    r"most recently|for|on|given|based on|through|unlike|compared|from|at|after|during|because|given|even)\b",
    re.IGNORECASE,
)
_OBJECT = re.compile(
    r"\b(?:we|the authors?|this (?:paper|work|study|article|survey|report)|our \w+)\s"
    r"(?:(?:have|has) )?(?:(?:\w+ly|also|then|first|further|here|therefore|thus|hence) )?"
    r"(?:propos|present|introduc|develop|design|devis|build|built|offer|describ|releas|formulat|studi|study|investigat|"
    r"explor|examin|evaluat|address|provid|survey|review|analy[sz]|creat|giv)\w*\s+"
    r"(?!(?:it|them|that|this|these|how|and|their|its)\b)(?=\S)"
    r"|\b(?:we|the authors?)\s(?:\w+ly )?(?:posit|find|found|show|argue|demonstrate|observe|conclude)\w*\s+that\s+"
    r"(?=\S)",
    re.IGNORECASE,
)


def short_span(text: str, wanted: Callable[[str], bool] | None = None) -> str:
    """Return the main clause of a sentence as far as it fits a cell; its lead and "we propose" are left out.

    With `wanted` the span starts at the first piece between commas that it accepts.
    """
    if wanted is not None:
        body = without_lead(text)
        first = next((piece for piece in _PIECE.split(body) if wanted(piece)), body)
        return cut(body[body.find(first) :])
    return cut(main_clause(text))


def main_clause(text: str) -> str:
    """Return a sentence from its main clause on; its lead and "we propose" are left out."""
    body = without_lead(text)
    pieces = _PIECE.split(body)
    if len(pieces) > 1 and _OPENING.match(pieces[0]) and len(body) - len(pieces[0]) >= SHORTEST:
        body = body[len(pieces[0]) :].lstrip(" ,;:–—-")
    if found := _OBJECT.search(body):
        body = body[found.end() :]
    return body


def cut(text: str, *, clauses: bool = True) -> str:
    """Return `text` up to the last clause, else word, that fits a cell; an ellipsis marks what is left out."""
    body = text.strip().rstrip(".;,: ")
    if len(body) <= LONGEST:
        return body
    ends = [match.start() for match in CLAUSE.finditer(body) if LONGEST // 3 <= match.start() <= LONGEST and clauses]
    end = ends[-1] if ends else body.rfind(" ", 0, LONGEST)
    return HANGING.sub("", body[:end].rstrip(".;,: ")) + "…"
