"""What words do: a question asks for papers or a definition, a sentence defines or contributes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from assistant.text import content_words

_ASKS_WHAT = re.compile(
    r"^\W*(?:what(?:'s| is| are| was| were| does| do)|define|explain|describe|tell me about|who or what is)\s+"
    r"(?:the |an? )?(?:(?:main |key |central |basic )?(?:idea|point|goal|purpose|aim|gist|contribution|definition)s?"
    r" (?:of|behind) )?(?:the |an? )?(?P<subject>\S+(?:\s+\S+){0,3}?)"
    r"(?:\s+(?:do|used for|good for|mean|about|all about|propose|for))?\W*$",
    re.IGNORECASE,
)
_CONTRIBUTES = re.compile(
    r"\b(?:we|this (?:paper|work|study|article|survey|thesis)|the (?:paper|authors?|study))\b[^.]{0,40}?\b"
    r"(?:propos|present|introduc|develop|describ|investigat|stud(?:y|ies)|explor|examin|design|address|survey|review"
    r"|analy[sz]|formulat|build|asks?\b|appl(?:y|ies)|compar|controls?\b|brings?\b|releas|decompos)"
    r"|^(?:we|here,? we|in this (?:paper|work|study|article))\b"
    r"|^[A-Z][\w.+-]*(?:\s[A-Z][\w.+-]*){0,2} (?:is|are) (?:an?|the)\b",
    re.IGNORECASE,
)
# "How can I ...", "what should I use for ...": any paper that is of help answers.
_ASKS_HELP = re.compile(
    r"\bhow (?:best )?to\b|\bhow (?:can|could|should|do|would|might) (?:i|we|you|one)\b"
    r"|\bwhat (?:can|could|should|do|would) (?:i|we|you|one) (?:use|do|try|read)\b"
    r"|^\W*(?:(?:any|some|the|good|best) )*(?:ways?|tips?|ideas?|advice|practices?|help) (?:to|for|on|of|with|about)\b",
    re.IGNORECASE,
)
# What keywords have none of: words that open questions and requests, and verbs that make them sentences.
_SAID_WHOLE = re.compile(
    r"[?!]|\.\s*$"
    r"|^\W*(?:compare|contrast|list|show|find|name|give|tell|explain|describe|define|discuss|summari[sz]e)\b"
    r"|\b(?:papers?|articles?|studies|works|literature|publications?|overview|survey"
    r"|what|which|who|whom|whose|how|why|when|where|whether|is|are|was|were|am|be|been|does|do|did|can|could"
    r"|will|would|should|may|might|must|has|have|had|isn't|aren't|doesn't|don't|i|we|you|it|they|me|please)\b",
    re.IGNORECASE,
)
_MOST_KEYWORDS = 10
_ASKS_CHANGE = re.compile(
    r"\bhow (?:has|have|had|did|does|do)\b.*\b(?:chang|evol|develop|gr[eo]w|progress|mov|shift)"
    r"|\b(?:history|evolution|timeline|development) of\b|\bover (?:the (?:years|decades)|time)\W*$",
    re.IGNORECASE,
)
_JOINS = re.compile(
    r"\W*(?:however|furthermore|moreover|additionally|also|besides|thus|therefore|hence|consequently|then|next"
    r"|nevertheless"
    r"|(?:first|second|third|last|final|specifical|similar|subsequent|according|unfortunate)(?:ly)?"
    r"|for (?:example|instance)"
    r"|in (?:addition|particular|contrast)|to this end|as a result|on the other hand|yet|but|and|so)\b,?",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"\W*(?:many|some|most|several|various|numerous|recent|previous|prior|earlier|existing|traditional|current|past)\b"
    r"(?:\W+[\w-]+){0,6}?\W+"
    r"(?:papers?|works?|stud(?:y|ies)|approach(?:es)?|methods?|efforts?|algorithms?|research\w*)\b",
    re.IGNORECASE,
)
# Words that ask for papers and say nothing of what the papers are about.
_FRAME = frozenset(
    content_words(
        "paper article study literature research author approach method technique way report describe apply use propose"
        " present design identify show address handle develop make bring result known know exist agree compare differ"
        " change year since first new recent main various several different good better best improve enough rather one"
        " mention idea main point speak talk say tell cover contain concern deal discuss write written publish try"
        " attempt help want tip advice choose worth matter benefit advantage"
        " disadvantage drawback limitation weakness shortcoming downside"
    )
)
_NAMES = re.compile(
    r"\b(?:propos|present|introduc|develop|describ|call|nam|releas)\w*\b"
    r"(?:(?!\b(?:outperform|surpass|beat|than|against|compar|such as|similar)\w*)(?:[^.]|i\.e\.|e\.g\.)){0,100}$",
    re.IGNORECASE,
)
# behind a name: "is a", "are two", "is Facebook's", ", a", " (Long Name"
_IS_SOMETHING = re.compile(
    r"(?:[^.,]{0,30})?(?:,? (?:is|are|was) (?:an?|the|one|two|three|four|[\w-]+['’]s)\b"
    r"|,?(?: \([^)]*\))?,? an? |\), | \([A-Z])"
)


def asked_subject(question: str) -> str:
    """Return what a question asks a definition of ("What is EOMM?", "the main idea of EOMM"); empty for others."""
    found = _ASKS_WHAT.match(" ".join(question.split()))
    return found["subject"].strip("?.!,;:\"'") if found else ""


def asks_definition(question: str) -> str:
    """Return what a question wants to have defined ("What is EOMM?"); empty for "What is the effect of X?"."""
    definition = re.match(r"\W*(?:what(?:'s| is| are| was| were)|define)\b", question, re.IGNORECASE)
    of_property = re.search(r"\b(?:the|of|in|on|for|between|over|to|than|from|with|by)\b", question, re.IGNORECASE)
    return asked_subject(question) if definition and not of_property else ""


def defines(subject: str, sentence: str) -> bool:
    """Return whether `sentence` says what `subject` is: "X is a ...", "we propose X", "X, a ..."."""
    found = re.search(rf"(?<![\w-]){re.escape(subject)}(?!\w)", sentence, re.IGNORECASE)  # RL-DARTS is not DARTS
    if found is None:
        return False
    before, after = sentence[: found.start()], sentence[found.end() :]
    said = _IS_SOMETHING.match(after)
    return bool(said) or _NAMES.search(before) is not None


def introduces(name: str, title: str, sentences: Iterable[str]) -> bool:
    """Return whether a paper brings `name` itself: it stands in the title, or a sentence says "we propose NAME"."""
    whole = re.compile(rf"(?<![\w-]){re.escape(name)}(?!\w)", re.IGNORECASE)
    if whole.search(title):
        return True
    found = ((sentence, whole.search(sentence)) for sentence in sentences)
    return any(match and _NAMES.search(sentence[: match.start()]) for sentence, match in found)


_OWN = re.compile(
    r"\b(?:we|us|ours?|proposed)\b|\b(?:this|the) (?:paper|work|model|method|approach|system|framework|architecture"
    r"|algorithm|network|technique)\b",
    re.IGNORECASE,
)


def tells_of_own(names: Iterable[str], sentence: str) -> bool:
    """Return whether a sentence of the paper about a system tells of it: by its name, or as "our", "the model"."""
    named = any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", sentence, re.IGNORECASE) for name in names)
    return named or _OWN.search(sentence) is not None


def asked_system(question: str) -> str:
    """Return the system whose workings a question asks for ("How does SR-GNN model sessions?"); else empty."""
    found = re.match(r"\W*(?:how|what|why) (?:does|do|did|is|was) (?:the )?(\S+)", question, re.IGNORECASE)
    names = system_names(found[1]) if found else ()
    return names[0] if names else ""


_PROPOSES = re.compile(
    r"\b(?:we|this (?:paper|work|study|article)|the (?:paper|authors?))\b[^.]{0,60}?\b"
    r"(?:propos|present|introduc|develop|devis|design|contribut|describ|formulat|provid|build|built|releas|extend)\w*"
    r"|\bour (?:proposal|proposed)\b|\bby (?:proposing|introducing)\b",
    re.IGNORECASE,
)


def proposes(sentence: str) -> bool:
    """Return whether `sentence` says what its paper brings: "we propose X", "this work introduces Y"."""
    return _PROPOSES.search(sentence) is not None


_POINTS_TO_CODE = re.compile(
    r"\b(?:available|released|open.?sourced|found) (?:at|on|in|here)\b.*https?:", re.IGNORECASE
)


def points_to_code(sentence: str) -> bool:
    """Return whether a sentence only says where code or data lie ("Codes are available at ...")."""
    return (
        re.search(r"\b(?:available|released|open.?sourced|found) (?:at|on|in|here)\b.*https?:", sentence, re.I)
        is not None
    )


def names_topic(question: str) -> bool:
    """Return whether a question is keywords, or asks for help: papers on its topic answer it, not one sentence."""
    if _ASKS_HELP.search(question):
        return True
    return 2 <= len(question.split()) <= _MOST_KEYWORDS and not _SAID_WHOLE.search(question)


_ASKS_INSTRUCTIONS = re.compile(r"\W*how (?:(?:do|can|should|would|could) (?:i|we|you|one)|to)\b", re.IGNORECASE)


def asks_instructions(question: str) -> bool:
    """Return whether a question asks how to do something ("How do I ..."), which abstracts seldom tell."""
    return _ASKS_INSTRUCTIONS.match(question) is not None


def asks_change(question: str) -> bool:
    """Return whether a question asks what became of something over time: the order of years answers it."""
    return _ASKS_CHANGE.search(question) is not None


def leans(sentence: str) -> bool:
    """Return whether a sentence begins by joining itself to the one before it ("However, ...", "Second, ...")."""
    return _JOINS.match(sentence) is not None


def tells_of_others(sentence: str) -> bool:
    """Return whether a sentence tells of other work ("Many methods have been proposed ...")."""
    return _OF_OTHERS.match(sentence) is not None


def contributes(sentence: str) -> bool:
    """Return whether `sentence` says what its paper does, rather than why the field matters."""
    return _CONTRIBUTES.search(sentence) is not None


def named_things(question: str) -> tuple[str, ...]:
    """Return the names in a question: runs of words with a capital or a digit, its first word left out."""
    words = question.split()[1:]
    names: list[str] = []
    run: list[str] = []
    for word in [*words, ""]:
        bare = word.strip("?.!,;:\"'()")
        if bare and (any(letter.isupper() for letter in bare) or (run and bare[0].isdigit())):
            run.append(bare)
        if run and (not bare or word != word.rstrip("?.!,;:") or bare != run[-1]):
            names.append(" ".join(run))
            run = []
    return tuple(dict.fromkeys(names))


def system_names(question: str) -> tuple[str, ...]:
    """Return the words of a question that name a system or a data set by their looks: MLGO, ShadowSync, GPT-4o."""
    words = (word.strip("?.!,;:\"'()") for word in question.split())
    return tuple(dict.fromkeys(word for word in words if _looks_named(word)))


def without_names(question: str) -> str:
    """Return a question without the words that name a system or a data set."""
    names = set(system_names(question))
    return " ".join(word for word in question.split() if word.strip("?.!,;:\"'()") not in names)


def _looks_named(word: str) -> bool:
    capitals = sum(letter.isupper() for letter in word)
    digits, letters = any(map(str.isdigit, word)), any(map(str.isalpha, word))
    return word[:1].isalpha() and (capitals > 1 or (capitals == 1 and digits and letters))


def topic_words(words: Mapping[str, float]) -> dict[str, float]:
    """Return the stemmed `words` that say what papers are about, their weights scaled to sum to 1."""
    kept = {word: weight for word, weight in words.items() if word not in _FRAME}
    total = sum(kept.values())
    return {word: weight / total for word, weight in kept.items()} if total else {}
