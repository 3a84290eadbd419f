"""From a claim and the sentences it cites to a verdict with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.answers import Support
from assistant.verification.agreement import agreement
from assistant.verification.comparisons import (
    mismeasured,
    other_standard,
    turned_comparison,
    turned_order,
    unfounded_comparison,
)
from assistant.verification.conditions import dropped_condition
from assistant.verification.copies import altered_copy
from assistant.verification.extents import other_measure, other_time, other_variant, unstated_extent
from assistant.verification.figures import (
    level_for_difference,
    swapped_numbers,
    turned_change,
)
from assistant.verification.frames import frames
from assistant.verification.lexicon import ABOUT_TEXT, CAUSING, LIGHT, SOFT_NEGATORS, lexicon
from assistant.verification.licence import Licence, license_words
from assistant.verification.mixtures import mixed_statement
from assistant.verification.modality import (
    dropped_future,
    other_cause,
    other_modality,
    stated_ability,
    turned_cause,
    unstated_cause,
    unstated_dependence,
    unstated_primacy,
)
from assistant.verification.pairings import crossed_pairs, other_complement, other_modifier, turned_tie
from assistant.verification.polarity import (
    changed_count,
    changed_negation,
    dropped_hedge,
    one_for_each,
    other_number,
    stronger_quantifier,
    unstated_lack,
    unstated_part,
)
from assistant.verification.quantities import Quantity, is_measure, missing_quantity, read_quantities, turned_bound
from assistant.verification.relations import flipped_direction, swapped_names
from assistant.verification.roles import (
    converse_roles,
    exchanged_roles,
    misdirected,
    named_doer,
    other_amount,
    other_doer,
    other_object,
    other_place,
    ruled_out,
    standard_only,
)
from assistant.verification.statements import statements
from assistant.verification.verbs import is_verb_form
from assistant.verification.words import Word, Words, read_words

WEAK_COVERAGE = 0.5  # share of a claim's weighted words below which its evidence says little of it
MAX_LIGHT = 3  # words such as "serves" or "together" that a claim may have of its own
REPHRASED_SIMILARITY = 0.93  # cosine from which one ordinary word of the claim may be its own
WEAK_SIMILARITY = 0.8  # cosine of claim and evidence from which a claim counts as near all the same
_AUTHORS = re.compile(
    r"\b[A-Z][\w'’-]+(?: and [A-Z][\w'’-]+| et al\.?| and (?:colleagues|co-workers))?(?:['’]s)?"
    r" [(\[](?:19|20)\d\d[a-z]?[)\]]"
    r"|\b[A-Z][\w'’-]+ et al\.?(?:['’]s)?"
)
_ELLIPSIS = re.compile(
    r"(?P<first>.+?),? (?:whereas|while|but) "
    r"(?P<second>[^,;]+? (?:do|does|did|can|could|is|are|was|were)(?: not|n['’]t))\s*\.?"
)
_ANAPHOR = re.compile(
    r"\b(?:we|our|us|this|these|it|its|they|their|the (?:proposed|resulting|new|system|model|method|authors))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How well the evidence carries a claim, and why in words for the reader.

    `contradicted` says that the evidence says otherwise, not merely less.
    """

    support: Support
    reason: str
    contradicted: bool = False


def verify(
    claim: str,
    evidence: Sequence[str],
    *,
    idf: Callable[[str], float],
    similarity: float | None = None,
    context: Sequence[str] = (),
) -> Verdict:
    """Return whether the evidence says what the claim says.

    A claim is verified when each of its words is said by the evidence, or adds nothing, and its numbers, negations,
    directions, comparisons, names and hedges are the evidence's.

    Args:
        claim: one sentence without citation markers.
        evidence: the cited sentences.
        idf: weight of a stemmed word.
        similarity: cosine of claim and evidence, if known; it excuses one ordinary word of a claim's own, and makes an
            unsupported claim weak, no more.
        context: texts that name what the evidence calls "we" or "it", such as the paper's title.
    """
    evidence = [text for text in evidence if text.strip()]
    if not evidence:
        return Verdict(Support.UNSUPPORTED, "it cites no sentence")
    found = examine(claim, evidence, idf=idf, context=context)
    if found.empty:
        return Verdict(Support.UNSUPPORTED, "it says nothing that can be checked")
    if _flat(claim) in (_flat(text) for text in evidence):
        return Verdict(Support.VERIFIED, "the paper's own words")
    if found.contradiction:
        return Verdict(Support.UNSUPPORTED, found.contradiction, contradicted="do not say" not in found.contradiction)
    if found.unsaid and not _rephrased(found, similarity):
        listed = ", ".join(repr(word.text) for word in found.unsaid[:3])
        if found.coverage >= WEAK_COVERAGE or (similarity is not None and similarity >= WEAK_SIMILARITY):
            return Verdict(Support.WEAK, f"the cited words do not say {listed}")
        return Verdict(Support.UNSUPPORTED, f"the cited words say little of it: not {listed}")
    if found.doubt:
        return Verdict(Support.WEAK, found.doubt)
    return Verdict(Support.VERIFIED, "the cited words say all of it")


@dataclass(frozen=True, slots=True)
class Findings:
    """What a claim beside its evidence shows.

    `coverage` is the idf-weighted share of the claim's words that the evidence says; `unsaid` are the words that it
    does not say and that add something; `contradiction` and `doubt` are reasons in words, empty where there are none;
    `empty` says that the claim has nothing to check.
    """

    claim: Words
    coverage: float
    unsaid: tuple[Word, ...]
    contradiction: str
    doubt: str
    empty: bool


def examine(
    claim: str, evidence: Sequence[str], *, idf: Callable[[str], float], context: Sequence[str] = ()
) -> Findings:
    """Return what sets a claim apart from its evidence; the arguments are those of `verify`."""
    words = read_words([_without_titles(_AUTHORS.sub("it", claim), context)])
    told = context if any(_ANAPHOR.search(text) for text in evidence) else ()
    licence = license_words(words, read_words(evidence), read_words(told))
    claimed, known = read_quantities(licence.claim), read_quantities(licence.evidence)
    claimed = tuple(quantity for quantity in claimed if not _in_name(quantity, licence))
    spelled = {word for quantity in claimed for word in quantity.words}
    coverage, unsaid = _coverage(licence, spelled, idf)
    contradiction = _contradiction(licence, claimed, known) or _contrast_contradicted(words, evidence, told)
    doubt = "" if contradiction else _doubt(licence, claimed, known)
    return Findings(words, coverage, tuple(unsaid), contradiction, doubt, _says_nothing(claim, words))


def _says_nothing(claim: str, untitled: Words) -> bool:
    """Return whether a claim has nothing to check: one bare word, words about words, or the paper's title alone.

    `untitled` are its words with the title as "it".
    """
    named, rest = _AUTHORS.sub("it", claim), untitled.all
    words = rest if (named,) == untitled.texts else read_words([named]).all
    stems = {word.stem for word in words if word.content or (word.folded in SOFT_NEGATORS and len(word.folded) > 4)}
    if len(stems) < 2 or not stems - ABOUT_TEXT - LIGHT:
        return True
    return len(rest) < len(words) and not any(is_verb_form(word) for word in rest)


def _in_name(quantity: Quantity, licence: Licence) -> bool:
    """Whether a number belongs to a name that the evidence writes with a hyphen: GPT 4, GPT-4."""
    before = licence.claim.all[quantity.word.index - 1 : quantity.word.index]
    spelled = [f"{word.folded}-{quantity.word.folded}" for word in before if word.name]
    return any(word.folded.startswith(name) for word in licence.evidence.all for name in spelled)


def scattered(claim: str, groups: Sequence[Sequence[str]], titles: Sequence[str] = ()) -> str:
    """Return a word of the claim that is said beside the others by no one of several papers; empty where all are.

    Papers cited together may each say one of several statements, or each the same statement of a name of its own ("A
    and B do X"). But a statement is not said by the words that several of them happen to have, and a name is not said
    to do what only another paper speaks of.

    Args:
        claim: one sentence.
        groups: the cited sentences of each paper.
        titles: of these papers, in the same order; they name the papers' "we" and "it".
    """
    words = read_words([_AUTHORS.sub("it", claim)])
    told = [read_words([title]) for title in titles] or [read_words([])] * len(groups)
    licences = [license_words(words, read_words(group), own) for group, own in zip(groups, told, strict=True)]
    for statement in statements(words):
        plain = [word for word in statement if word.content and not (word.number or word.name or word.stem in LIGHT)]
        unsaid = [[word for word in plain if not licence.matches[word]] for licence in licences]
        if unsaid and all(unsaid):
            return min(unsaid, key=len)[0].text
        saying = [licence for licence, lacking in zip(licences, unsaid, strict=True) if not lacking]
        telling = [word for word in statement if word.content]
        said = {word for word in telling if any(licence.matches[word] for licence in saying)}
        for name in (word for word in telling if word.name and word not in said):
            # its own paper must add something of its own: "DLRM is in PyTorch and HSTU is faster"
            own = (licence for licence in licences if licence.matches[name])
            if not any(licence.matches[word] for licence in own for word in telling if word not in {name, *said}):
                return name.text
    return ""


def _without_titles(claim: str, titles: Sequence[str]) -> str:
    """Return the claim with the cited paper's own title as "it": naming the paper adds nothing to what it says."""
    for title in titles:
        if len(title.split()) > 2:
            claim = re.sub(re.escape(title.rstrip(" .…")), "it", claim, flags=re.IGNORECASE)
    return claim


_CHANGES: tuple[tuple[Callable[[Licence], str], str], ...] = (
    (altered_copy, "{}"),
    (changed_negation, "{}"),
    (changed_count, "it says {!r}, the paper the opposite"),
    (flipped_direction, "it says {!r}, the paper the opposite"),
    (turned_comparison, "the sides of {!r} are the other way round in the paper"),
    (swapped_names, "{} have changed places"),
    (crossed_pairs, "the paper has {} the other way round"),
    (turned_tie, "the paper does not say {!r} but the reverse"),
    (ruled_out, "it rules out {!r}, which the paper does not"),
    (exchanged_roles, "who {!r} whom is the other way round in the paper"),
    (turned_cause, "what {!r} ties stands the other way round in the paper"),
    (turned_order, "what stands before and after {!r} has changed places"),
)


def _contradiction(licence: Licence, claimed: Sequence[Quantity], known: Sequence[Quantity]) -> str:
    """Return what the evidence says otherwise; empty where nothing is."""
    missing = missing_quantity(claimed, known)
    if missing is not None:
        before = licence.claim.all[missing.word.index - 1 : missing.word.index]
        named = " ".join(word.text for word in before if word.name and word.sentence == missing.word.sentence)
        return f"the cited words do not say {f'{named} {missing.shown}'.strip()}"
    if found := turned_bound(claimed, known):
        return found
    for check, reason in _CHANGES:
        if found := check(licence):
            return reason.format(found)
    if _opposed_effect(licence):
        return "it says the opposite of what the paper says"
    found = mismeasured(licence, claimed, known) or swapped_numbers(licence, claimed, known)
    found = found or turned_change(licence, claimed, known) or other_amount(licence, claimed, known)
    return f"it says {found}" if found else ""


def _contrast_contradicted(claim: Words, evidence: Sequence[str], told: Sequence[str]) -> str:
    """Return what the evidence says otherwise of either side of "A does it, whereas B does not"; empty where nothing.

    What is left out after "B does not" is what A does, so each side is judged as a claim of its own.
    """
    match = _ELLIPSIS.fullmatch(claim.texts[0])
    verb = next((frame.verb for frame in frames(claim) if frame.kind == "finite"), None)
    if match is None or verb is None or verb.start >= match.end("first"):
        return ""
    second = f"{match['second']} {claim.texts[0][verb.start : match.end('first')]}"
    for side in (match["first"], second):
        licence = license_words(read_words([side]), read_words(evidence), read_words(told))
        quantities = read_quantities(licence.claim), read_quantities(licence.evidence)
        if found := _contradiction(licence, *quantities):
            return found
    return ""


def _opposed_effect(licence: Licence) -> bool:
    """Whether one cited sentence says the opposite of the effect that the claim states, and none says it."""
    none = read_words([])
    texts = licence.evidence.texts
    sentences = [licence.evidence] if len(texts) == 1 else [read_words([text]) for text in texts]
    sides = {agreement(licence.claim, sentence, none) for sentence in sentences}
    return -1 in sides and 1 not in sides


_DOUBTS: tuple[tuple[Callable[[Licence], str], str], ...] = (
    (dropped_hedge, "the paper says so with {!r} only"),
    (stronger_quantifier, "the paper does not say {!r}"),
    (unstated_primacy, "the paper does not say {!r}"),
    (other_modality, "the paper does not say {!r}"),
    (stated_ability, "the paper says so with {!r} only"),
    (dropped_future, "the paper says so with {!r} only"),
    (unstated_cause, "the paper does not say {!r}"),
    (other_cause, "the paper names another cause than what {!r} does"),
    (unstated_dependence, "the paper does not say {!r}"),
    (other_modifier, "the paper says {!r} of something else"),
    (unstated_part, "it says so without {!r}"),
    (unfounded_comparison, "the paper does not compare as {!r} does"),
    (other_standard, "the paper does not compare with {!r}"),
    (other_place, "the paper says so of {!r}"),
    (other_doer, "the paper says so of {!r}"),
    (named_doer, "the paper says so of {!r}"),
    (unstated_lack, "the paper says so of {!r}"),
    (other_object, "the paper says so of {!r}"),
    (standard_only, "the paper only compares with {!r}"),
    (converse_roles, "the paper may say the reverse of what {!r} says"),
    (misdirected, "the paper says {!r} of something else"),
    (other_complement, "the paper says so of {!r}"),
    (one_for_each, "the paper does not say {!r}"),
    (unstated_extent, "the paper does not say {!r}"),
    (other_time, "the paper does not say {!r}"),
    (other_variant, "the paper does not say so of {!r}"),
    (other_measure, "the paper does not say {!r}"),
    (other_number, "the paper does not say {!r}"),
    (mixed_statement, "no cited sentence says {!r} of the rest"),
    (dropped_condition, "it leaves out the paper's {!r}"),
)


def _doubt(licence: Licence, claimed: Sequence[Quantity], known: Sequence[Quantity]) -> str:
    """Return where the claim goes further than its evidence; empty where it does not."""
    for check, reason in _DOUBTS:
        if found := check(licence):
            return reason.format(found)
    if found := level_for_difference(licence, claimed, known):
        return f"it does not say {found} as the paper does: what is reached is not what is gained"
    for quantity in claimed:
        equal = [other for other in known if quantity.equals(other)]
        if equal and not quantity.bound and all(other.bound == "most" for other in equal):
            return f"the paper gives {quantity.shown} as a bound only"
        if equal and quantity.bound in ("most", "least") and not any(other.bound for other in equal):
            return f"the paper does not give {quantity.shown} as a bound"
    return ""


def _coverage(licence: Licence, spelled: set[Word], idf: Callable[[str], float]) -> tuple[float, list[Word]]:
    """Return the share of the claim's weighted words that the evidence says, and the words it does not."""
    unsaid = [word for word in licence.unlicensed() if word not in spelled]
    said = [word for word in licence.claim.content if word not in unsaid]
    if unsaid and all(word.name for word in said):
        return 0.0, unsaid  # who it is about, and nothing of what it says
    light = [word for word in unsaid if word.stem in LIGHT and not word.name and not _weighs(word)]
    if len(light) <= MAX_LIGHT and 3 * len(light) <= len(licence.claim.content):
        unsaid = [word for word in unsaid if word not in light]
    weights = [
        (word, max(idf(word.stem), 0.0)) for word in licence.claim.content if not word.number and word not in spelled
    ]
    total = sum(weight for _, weight in weights)
    missing = sum(weight for word, weight in weights if word in unsaid)
    return (1.0 - missing / total if total > 0 else 1.0), unsaid


def _weighs(word: Word) -> bool:
    """Whether a word says more than the light word whose stem it has: "longer", and "engagement" beside "engage"."""
    if word.folded.endswith(("ment", "ments")):
        return not word.stem.endswith("ment")
    return word.folded.endswith(("er", "est")) and word.stem in lexicon().opposites


def _rephrased(found: Findings, similarity: float | None) -> bool:
    """Whether the one word that the evidence lacks is an ordinary word put for another one of nearly the same sentence.

    Names, directions, causes and members of a list are never such words: they are what a claim adds.
    """
    if similarity is None or similarity < REPHRASED_SIMILARITY or len(found.unsaid) != 1:
        return False
    word = found.unsaid[0]
    if word.name or word.stem in lexicon().opposites or is_measure(word) or CAUSING & set(word.stem.split()):
        return False
    text = found.claim.texts[word.sentence]
    before, after = text[: word.start].rstrip(), text[word.end :].lstrip()
    listed = before.endswith(",") or before.split()[-1:] in (["and"], ["or"], ["nor"])
    return not (listed or after.startswith(",") or after.split()[:1] in (["and"], ["or"]))


def _flat(text: str) -> str:
    return " ".join(text.split()).rstrip(" .")
