"""What a text says to move what, and whether a sentence says the effect that a claim claims."""

from __future__ import annotations

import pytest

from assistant.verification.agreement import agreement
from assistant.verification.effects import effects
from assistant.verification.scales import Scale
from assistant.verification.words import read_words

CITED = "This study shows that citation-based lists are more semantically diverse than usage-based ones."


@pytest.mark.parametrize(
    ("text", "subject", "scale", "way", "measured"),
    [
        ("Early exit lowers accuracy.", "early exit", Scale.WORTH, -1, ["accuracy"]),
        ("Early exit lowers latency.", "early exit", Scale.WORTH, 1, ["latency"]),  # of which less is better
        ("Pruning improves accuracy and recall.", "pruning", Scale.WORTH, 1, ["accuracy", "recall"]),
        ("Hashing reduces the amount of memory.", "hashing", Scale.AMOUNT, -1, ["amount memory"]),
        ("The accuracy is reduced by pruning.", "pruning", Scale.WORTH, -1, ["accuracy"]),
        ("We show that pruning, when tuned, improves accuracy.", "pruning", Scale.WORTH, 1, ["accuracy"]),
        ("We improve accuracy.", "", Scale.WORTH, 1, ["accuracy"]),
        ("Pruning keeps accuracy.", "pruning", Scale.WORTH, 0, ["accuracy"]),
        ("Pruning is robust to noise.", "pruning", Scale.RESISTANCE, 1, ["noise"]),
        ("Edward runs faster than Stan.", "edward runs", Scale.SPEED, 1, []),
    ],
)
def test_an_effect_has_a_subject_a_way_and_what_is_measured(
    text: str, subject: str, scale: Scale, way: int, measured: list[str]
) -> None:
    (effect,) = effects(read_words([text]))
    groups = [" ".join(word.folded for word in group) for group in effect.measured]
    assert (" ".join(word.folded for word in effect.subject), effect.scale, effect.way) == (subject, scale, way)
    assert groups == measured


@pytest.mark.parametrize(
    "text",
    [
        "The study of high accuracy is old.",
        "Two-stage models for better ranking are proposed.",
        "A privacy-preserving recommender is built.",
    ],
)
def test_what_only_describes_is_no_effect_of_its_subject(text: str) -> None:
    assert not [effect for effect in effects(read_words([text])) if effect.subject]


@pytest.mark.parametrize(
    ("claim", "sentence", "side"),
    [
        ("FP8 improves model quality", "FP8 often lowers model quality.", -1),
        ("FP8 does not hurt model quality", "FP8 often lowers model quality.", -1),
        ("FP8 hurts model quality", "FP8 often lowers model quality.", 1),
        ("FP8 reduces latency", "FP8 improves latency.", 1),
        ("FP8 reduces latency", "FP8 increases latency.", -1),
        ("FP8 improves quality", "FP8 does not hurt quality.", 0),  # it may leave it as it is
        ("FP8 does not improve quality", "FP8 hurts quality.", 1),
        ("FP8 hurts quality", "FP8 preserves quality.", -1),
        ("FP8 improves quality", "FP8 may improve quality.", 0),
        ("FP8 improves quality", "We train in FP8 to improve quality.", 0),
        ("FP8 improves quality", "INT8 improves quality.", 0),
        ("FP8 improves quality", "In order to improve quality, FP8 is tuned.", 0),
        ("FP8 reduces memory", "We consider the problem of reducing memory with FP8.", 0),
        ("FP8 hurts quality", "FP8 trains fast with negligible loss of quality.", 0),
        ("FP8 improves quality", "A lack of FP8 improves quality.", 0),
        ("Trust improves quality", "An attack on trust improves quality.", 0),
        ("Statins reduce mortality", "Treatment with statins reduced mortality.", 1),
        ("Stan is faster than Edward", "Edward is faster than Stan.", -1),
        ("Stan is not faster than Edward", "Edward is faster than Stan.", 0),
        ("Usage-based lists are more diverse than citation-based ones", CITED, -1),
        ("Citation-based lists are more diverse than usage-based ones", CITED, 1),
        ("Citation-based lists are more diverse than random ones", CITED, 0),
        ("Stan is cheaper than Edward", "Edward is cheaper than Stan.", -1),
        ("Stan is cheaper than Edward", "Stan is cheaper than Gen.", 0),
        ("Stan is cheaper than Edward", "Stan is cheaper than Edward.", 1),
        ("Stan is more accurate than Edward", "Stan is accurate.", 0),
        ("MART beats ABC-MART", "ABC-MART clearly beats MART.", -1),
        ("MART improves ABC-MART", "ABC-MART improves MART.", 0),  # a variant is another one
        ("Stan ranks better than Edward in long tests", "Edward ranks better than Stan in long tests.", -1),
        ("Edward is faster than Stan", "Edward runs faster than Stan by 35x and faster than PyMC3 by 6x.", 1),
        ("FP8 improves quality and recall", "FP8 improves quality.", 0),
        ("FP8 improves quality and reduces latency", "FP8 improves quality at a given latency.", 0),
        ("FP8 improves quality and reduces latency", "FP8 improves quality and reduces latency.", 1),
        ("FP8 improves quality and reduces latency", "FP8 improves quality and increases latency.", -1),
        ("FP8 improves quality and recall", "FP8 improves recall and quality.", 1),
        ("FP8 improves quality and recall", "FP8 improves quality but hurts recall.", -1),
        ("FP8 does not improve quality and recall", "FP8 improves quality.", 0),
        ("FP8 does not improve quality and recall", "FP8 improves quality and recall.", -1),
        ("Rankers cannot improve quality and recall at the same time", "Our rankers improve quality and recall.", -1),
        ("Rankers cannot improve quality and recall at the same time", "Our rankers improve quality.", 0),
        ("FP8 improves quality", "FP8 prevents a loss of quality.", 0),
        ("FP8 hurts quality", "FP8 trains without a loss of quality.", -1),
        ("FP8 adds overhead", "FP8 adds no overhead.", -1),
        ("Reverb is written in C++", "Reverb is written in C++.", None),
    ],
)
def test_a_sentence_agrees_only_where_it_moves_the_same_thing(claim: str, sentence: str, side: int | None) -> None:
    assert agreement(read_words([claim]), read_words([sentence]), read_words(["A paper"])) == side


def test_what_can_be_done_is_shown_by_one_that_does_it() -> None:
    claim = read_words(["Rankers cannot improve quality and recall at the same time"])
    done = read_words(["We obtain, in C or another language, simultaneous gains in both quality and recall."])
    assert agreement(claim, done, read_words(["The dilemma of rankers"])) == -1
    assert agreement(claim, done, read_words(["The dilemma of parsers"])) == 0
    lost = read_words(["We lower quality and recall."])
    assert agreement(claim, lost, read_words(["The dilemma of rankers"])) == 0  # others may do better


def test_a_title_names_what_its_sentences_call_it() -> None:
    claim, sentence = read_words(["Reverb lowers latency"]), read_words(["It lowers latency."])
    assert agreement(claim, sentence, read_words(["Reverb: a replay buffer"])) == 1
    assert agreement(claim, sentence, read_words(["Another buffer"])) == 0
    assert agreement(claim, sentence, read_words(["Better Latency With Reverb"])) == 0  # it may be about a part of it
