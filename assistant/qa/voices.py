"""Questions of whether papers agree: which papers say what is asked, and which say the opposite."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evidence import Evidence
from assistant.retrieval import RankedPaper
from assistant.text import counted
from assistant.verification import stands

HEARD = 30  # papers whose sentences are read for a side
_SENTENCES = 3  # of each, those that answer best
_AGREE = re.compile(
    r"^\W*(?:so |and |but )?(?:do|did|have|has|are|is|does)\s+(?:all |most )?(?:of )?(?:the |these |those |my )?"
    r"(?:papers?|stud(?:y|ies)|authors?|researchers?|results?|findings?|literature)\s+"
    r"(?:(?:dis)?agreed?s?|consistent|unanimous|conflict(?:ing)?|contradict(?:ory)?|differ)\s+"
    r"(?:(?:(?:on|about|over)\s+)?(?P<states>that|whether|if)\s+|(?:on|about|over|in|with regard to)\s+)"
    r"(?P<matter>.+?)\W*$",
    re.IGNORECASE,
)

_ANNOUNCES = re.compile(r"\bcompar\w+", re.IGNORECASE)
_FINDS = re.compile(
    r"\b(?:outperform|surpass|exceed|beat)\w*|\b(?:better|worse|higher|lower|faster|slower|more \w+) than\b"
    r"|\b(?:equally|comparabl[ey])\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Matter:
    """What papers are asked to agree on: a statement ("that A improves B") or a topic."""

    text: str
    is_statement: bool


def agreement_asked(question: str) -> Matter | None:
    """Return what a question asks papers to agree on, None where it asks something else."""
    found = _AGREE.match(" ".join(question.split()))
    return Matter(found["matter"], found["states"] is not None) if found else None


def voices(statement: str, papers: Sequence[RankedPaper]) -> tuple[list[Evidence], list[Evidence]]:
    """Return the sentences that say a statement and those that say its opposite, one a paper, the best papers first."""
    sides: dict[int, list[Evidence]] = {1: [], -1: []}
    for ranked in papers[:HEARD]:
        for scored in ranked.sentences[:_SENTENCES]:
            side = stands(statement, scored.sentence.text, [ranked.paper.title])
            if side:
                sides[side].append(Evidence(ranked.paper, scored.index, scored.sentence, scored.score, ranked.rank))
                break
    return sides[1], sides[-1]


def with_findings(evidence: Sequence[Evidence], papers: Sequence[RankedPaper]) -> list[Evidence]:
    """Return each sentence, and behind one that announces a comparison the next one that says how it ended."""
    ranked = {each.rank: each for each in papers}
    told: dict[tuple[int, int], Evidence] = {}
    for piece in evidence:
        told.setdefault((piece.rank, piece.index), piece)
        if _ANNOUNCES.search(piece.sentence.text) and not _FINDS.search(piece.sentence.text):
            later = sorted(ranked[piece.rank].sentences, key=lambda scored: scored.index)
            found = next((s for s in later if s.index > piece.index and _FINDS.search(s.sentence.text)), None)
            if found:
                outcome = Evidence(piece.paper, found.index, found.sentence, found.score, piece.rank)
                told.setdefault((piece.rank, found.index), outcome)
    return list(told.values())


def voices_lead(matter: Matter, saying: Sequence[Evidence], denying: Sequence[Evidence]) -> str:
    """Return the line in front of what papers say of a matter on which they are asked to agree."""
    if not matter.is_statement:
        return "Whether papers agree on a whole topic is not judged here; what they say of it, quoted word for word:"
    if not (saying or denying):
        return "No sentence found says outright that it is so, or that it is not; what comes nearest, word for word:"
    sides = [_side(saying, "so"), _side(denying, "the opposite")]
    told = " and ".join(side for side in sides if side)
    judged = "they do not agree" if saying and denying else "none found says otherwise"
    return f"{told[0].upper()}{told[1:]}, outright; {judged}:"


def _side(pieces: Sequence[Evidence], what: str) -> str:
    if not pieces:
        return ""
    return f"{counted(len(pieces), 'paper')} {'says' if len(pieces) == 1 else 'say'} {what}"
