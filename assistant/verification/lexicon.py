"""Words and what they do to a claim: synonyms, opposites, negators, hedges, quantifiers, words that add nothing."""

from __future__ import annotations

import functools
import re
import threading
from collections import defaultdict
from dataclasses import dataclass
from importlib import resources

import Stemmer

from assistant.text import fold, word_set

# Irregular forms that a stemmer leaves apart.
_IRREGULAR_TEXT = """
    beaten:beat ran:run found:find shown:show taught:teach grew:grow grown:grow fell:fall fallen:fall rose:rise
    risen:rise chose:choose chosen:choose led:lead built:build made:make held:hold kept:keep meant:mean
    sought:seek drew:draw drawn:draw wrote:write written:write children:child mice:mouse men:man women:woman
    criteria:criterion hypotheses:hypothesis analyses:analysis indices:index matrices:matrix took:take
    taken:take gave:give given:give went:go gone:go came:come became:become began:begin begun:begin broke:break
    broken:break brought:bring bought:buy caught:catch cost:cost drove:drive driven:drive felt:feel
    forgot:forget forgotten:forget got:get gotten:get heard:hear knew:know known:know left:leave lost:lose
    met:meet paid:pay proven:prove said:say saw:see seen:see sent:send spent:spend spoke:speak spoken:speak
    stood:stand struck:strike thought:think told:tell understood:understand won:win worn:wear dealt:deal
    fed:feed fought:fight sped:speed tried:try tries:try varied:vary varies:vary arose:arise arisen:arise
    overcame:overcome withdrew:withdraw withdrawn:withdraw phenomena:phenomenon vertices:vertex bases:basis
    diagnoses:diagnosis lives:life people:person persons:person accuracies:accuracy stronger:strong
    strongest:strong faster:fast fastest:fast slower:slow slowest:slow higher:high highest:high lower:low
    lowest:low larger:large largest:large smaller:small smallest:small longer:long longest:long shorter:short
    shortest:short deeper:deep greater:great greatest:great easier:easy harder:hard simpler:simple cheaper:cheap
    richer:rich wider:wide broader:broad narrower:narrow weaker:weak closer:close earlier:early earliest:early
    later:late latest:late older:old younger:young newer:new newest:new fewer:few fewest:few safer:safe
    denser:dense tighter:tight lowers:low lowered:low lowering:low embedding:embed embeddings:embed
    embedded:embed embeds:embed choice:choose choices:choose theses:thesis syntheses:synthesis crises:crisis
    emphases:emphasis paralyses:paralysis metastases:metastasis prognoses:prognosis parentheses:parenthesis
    easily:easy proof:prove proofs:prove speeds:speed widely:wide quicker:quick quickest:quick closest:close
    better:better heavier:heavy busier:busy costly:expensive costlier:expensive lengths:length weakest:weak
    simplest:simple bigger:big biggest:big nearer:near poorer:poor poorest:poor finer:fine finest:fine noisier:noisy
    sparser:sparse sparsest:sparse smarter:smart lighter:light lightest:light lay:lie lain:lie hardest:hard
    easiest:easy deepest:deep cheapest:cheap commonest:common
"""
_IRREGULAR = dict(pair.split(":") for pair in _IRREGULAR_TEXT.split())
# A comparative is licensed by its plain form only where that form compares too, which `directions` looks at.
_BRITISH = (
    (re.compile(r"(?<=[a-z]{3})is(?=(?:e|es|ed|er|ers|ing|ation|ations|able)$)"), "iz"),
    (re.compile(r"(?<=[a-z]{2})ys(?=(?:e|es|ed|er|ers|ing)$)"), "yz"),
    (re.compile(r"(?<=[a-z]{2})our(?=(?:s|ed|ing|al|ally|able|ite|ites|hood|hoods|less)?$)"), "or"),
    (re.compile(r"(?<=[aeiou])ll(?=(?:ed|ing|er|ers)$)"), "l"),
    (re.compile(r"(?<=[nbtd])re(?=s?$)"), "er"),
    (re.compile(r"(?<=[a-z]{2})ae(?=[a-z]{2})|(?<=[a-z]{2})oe(?=[a-z]{2})|^oe(?=[a-z]{2})"), "e"),
    (re.compile(r"ogue(?=s?$)"), "og"),
    (re.compile(r"mme(?=s?$)"), "m"),
)
_local = threading.local()  # a stemmer keeps a cache and is not safe to share

NEGATORS = word_set("""
    not no never neither nor cannot without none nobody nothing nowhere hardly scarcely barely rarely seldom
    lack lacks lacked lacking absence unable fail fails failed failing failure unlike instead rather impossible
    unclear unknown neglect neglects neglected ignore ignores ignored prevent prevents prevented avoid avoids
    avoided refuse refuses refused exclude excludes excluded excluding except stop stops stopped cease ceases
    ceased false untrue little non poorly outside omit omits omitted discard discards discarded drop drops dropped
""")
# These negate only by what they mean: their own words are compared as well.
SOFT_NEGATORS = word_set("""
    unlike instead rather prevent prevents prevented avoid avoids avoided little exclude excludes excluded
    excluding except ignore ignores ignored unknown unclear stop stops stopped cease ceases ceased neglect
    neglects neglected poorly outside omit omits omitted discard discards discarded drop drops dropped
""")
HEDGES = word_set("""
    may might could possibly perhaps probably potentially likely presumably apparently seemingly suggest
    suggests suggested suggesting appear appears appeared seem seems seemed hypothesize hypothesizes
    hypothesized speculate conjecture conjectured conjectures plausible preliminary tend tends tended believe
    believed believes expected expect expects attempt attempts attempted aim aims aimed unclear seek seeks
    sought try tries tried hope hopes intend intends intended meant assume assumes assumed
""")
# Claims stronger than what they rest on: each class needs a word of its own class in the evidence.


def _classes(text: str) -> dict[str, frozenset[str]]:
    classes: dict[str, set[str]] = {}
    name = ""
    for entry in text.split():
        if entry.endswith(":"):
            name = entry.removesuffix(":")
            classes[name] = set()
        else:
            classes[name].add(entry)
    return {name: frozenset(words) for name, words in classes.items()}


_QUANTIFIERS_TEXT = """
    all: all always any both completely consistently each entire entirely every everywhere fully invariably
        throughout universally whole
    most: chiefly commonly frequently generally largely mainly majority most mostly often predominantly
        primarily typically usually
    none: never none
    only: alone exclusively just merely only purely sole solely
    first: earliest first novel pioneering unprecedented
    best: best cheapest fastest greatest highest largest lowest optimal perfect perfectly smallest
        state-of-the-art strongest unmatched unrivaled unrivalled worst
    part: certain few half many occasionally partially partly several some sometimes
"""
QUANTIFIERS = _classes(_QUANTIFIERS_TEXT)
_BOUNDS_TEXT = """
    most: up_to at_most less_than fewer_than under below no_more_than within lower_than smaller_than as_much_as
        as_many_as
    least: at_least more_than over above no_less_than no_fewer_than exceeding exceeds greater_than larger_than
        higher_than beyond as_little_as as_few_as
    about: almost nearly about around roughly approximately some close_to an_average_of on_average
"""
BOUNDS = {phrase.replace("_", " "): kind for kind, phrases in _classes(_BOUNDS_TEXT).items() for phrase in phrases}
# Words by which a writer introduces what a paper says; they add no fact of their own.
FREE = word_set("""
    paper papers article study studies work works author authors researcher researchers abstract abstracts
    report reports reported reporting show shows showed shown find finds found finding findings present presents
    presented propose proposes proposed introduce introduces introduced describe describes described note notes
    noted state states stated say says said according use uses used using usage include includes included
    including called named known given also moreover furthermore additionally however respectively namely well
    one ones thing things way ways order demonstrate demonstrates demonstrated result results resulting
    experiment experiments experimental discuss discusses discussed consider considers considered observe
    observes observed main overall several various specifically indeed make makes made making take takes taken
    do does did done get gets have has had be is are was were been being based via through among between across
    within toward towards upon per such so then thus therefore hence will would shall should can able their its
    his her our your my it they them this that these those which who whose what when where while whereas whether
    if as at by for from in into of on onto or and nor but to too with the a an there here same other others
    another each both either more most much many very quite rather still yet even already concerning regarding
    about over under after before during since until because due thanks like e.g i.e etc vs versus set sets
    provide provides provided offer offers offered particular example examples case cases term terms first
    second third finally lastly addition additional conclusion conclude concludes concluded investigate
    investigates investigated examine examines examined explore explores explored evaluate evaluates evaluated
    evaluation reveal reveals revealed indicate indicates indicated confirm confirms confirmed out up
    off down against than instead only just approach approaches method methods co cross though although despite
    lot seek seeks """)
USING = frozenset({"use", "uses", "used", "using"})  # they share a stem with "useful", whose synonyms are not theirs


@functools.lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the stem of a folded word, British and American spelling and irregular forms made one."""
    word = _IRREGULAR.get(word, word)
    for pattern, spelling in _BRITISH:
        word = pattern.sub(spelling, word)
    stemmer = getattr(_local, "stemmer", None)
    if stemmer is None:
        stemmer = _local.stemmer = Stemmer.Stemmer("english")
    stemmed: str = stemmer.stemWord(word)
    return stemmed


# Words that carry a sentence along; a claim may have a few that its evidence puts in others.
_LIGHT_TEXT = """
    appear become bring build comprise constitute contain consist deliver determine exist explain give handle
    hold involve keep let lie need offer operate perform play put rate regard remain represent require rest run
    serve set solve stand start support treat try turn underlie view want work yield together thereby alike
    afterwards currently already well problem performance ability fact aspect purpose basis role number amount
    kind level area process context act go come apply feature rely concern address task goal possible carry
    convey draw follow get live look mean obtain place possess produce pull reach receive see seek speak stay
    suit take tell think undergo understand capture cover express reflect denote define refer specify adopt
    reason case member part side lot range variety choice situation state shape form sort effort matter issue
    step apart alone long far behind actual certain whole suited able ready account plenty bit course sense end
    conduct realize perceive gather link arrange prepare accept assign attribute assume belong begin behave
    detail notion viewpoint simply clearly actually basically essentially broadly truly really
    accordingly beforehand meanwhile nowadays today throughout accord achieve acknowledge analyze argue assess
    associate attain cite coincide compare connect consider correspond create deal dedicate deduce depend depict
    derive describe design designate develop devise discover discuss distinguish elicit emerge emphasize employ
    encompass engage entail enumerate envision evaluate examine exhibit expect exploit explore feel grasp guide
    happen identify imply indicate interpret investigate know manage manifest mention necessitate note occur
    originate outline owe participate pertain pose prescribe proceed propose provide pursue recognize relate
    resemble reside respond reveal review say sketch spend stem study suffice suggest summarize suppose use
    utilize witness strike span count world date instance meet devote practice reality contribute face pave cast
    deem render bear comply leave version cope dub entitle equip house mirror criticize warn highlight observe remark
    caution complain underline clarify suffer target often frequently commonly typically usually generally mostly
    mainly largely sometimes occasionally
"""
LIGHT = frozenset(" ".join(stem(part) for part in word.split("_")) for word in _LIGHT_TEXT.split())
# Words that make one thing the cause or the means of another; only the evidence may say so.
_CAUSING_TEXT = """
    allow enable permit let cause lead result ensure make help force drive trigger induce prevent explain due because
    attribute account bring yield
"""
CAUSING = frozenset(stem(word) for word in _CAUSING_TEXT.split())


# Words by which a text speaks of itself; a sentence of nothing else says nothing of a paper's matter.
_ABOUT_TEXT_TEXT = """
    text sentence paragraph section answer question summary point content title heading page line word topic detail
    information source reference citation response reply message document passage bullet list next previous
    following follow above below end important interesting relevant useful good new more other additional
"""
ABOUT_TEXT = frozenset(stem(word) for word in _ABOUT_TEXT_TEXT.split())


# Phrases that only join or frame; they carry no content at all.
_FRAMING_TEXT = """
    according_to compared_with compared_to relative_to due_to owing_to in_order_to as_well_as in_terms_of a_number_of
    by_means_of based_on for_instance for_example above_all such_as in_contrast_to as_opposed_to in_comparison_with
    in_comparison_to with_respect_to with_regard_to
"""
FRAMING = frozenset(" ".join(stem(part) for part in phrase.split("_")) for phrase in _FRAMING_TEXT.split())


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Relations between stems. A phrase is one entry, its stems joined by spaces."""

    synonyms: dict[str, frozenset[str]]
    opposites: dict[str, frozenset[str]]
    phrases: dict[str, tuple[tuple[str, ...], ...]]  # first stem to phrases, longest first
    directions: frozenset[str]  # opposites on which a statement turns, such as rise and fall

    def same(self, left: str, right: str) -> bool:
        """Return whether two stems say the same."""
        if left == right or right in self.synonyms.get(left, _NONE) or derived(left, right):
            return True
        if " " in left or " " in right:  # "have trouble" says "trouble"
            return _weighty(left) == _weighty(right) != []
        return False

    def opposed(self, left: str, right: str) -> bool:
        """Return whether two stems say opposite things."""
        return right in self.opposites.get(left, _NONE)


_NONE: frozenset[str] = frozenset()


def _weighty(phrase: str) -> list[str]:
    return [part for part in phrase.split() if part not in LIGHT and part not in FREE]


def derived(left: str, right: str) -> bool:
    """Return whether one stem is the other with an ending (accur, accuraci), not merely alike."""
    short, long = (left, right) if len(left) <= len(right) else (right, left)
    if not (long.startswith(short) and short.isalpha() and long.isalpha()):
        return False
    return len(short) >= 4 and long[len(short) :] in _ENDINGS


_ENDINGS = word_set("""
    abl ation at ati iti iv ment er or ant ent anc enc ness ful i ar al ic ist ism ous ity ion iz y ari ori ific
    ship less age ure aci ible ibl ial ual ian ative ativ it itiv
""")


@functools.cache
def lexicon() -> Lexicon:
    """Return the lexicon of the package, read once."""
    synonyms: dict[str, set[str]] = defaultdict(set)
    opposites: dict[str, set[str]] = defaultdict(set)
    phrases: set[tuple[str, ...]] = set()
    directions: set[str] = set()
    wordnet = lines("wordnet.txt")
    for line in lines("synonyms.txt"):
        group = [_entry(word, phrases) for word in line.split()]
        for word in group:
            synonyms[word].update(group)
    # WordNet's pairs stand alone: the words of a line are not one another's synonyms.
    for head, *others in ([stem(word) for word in line.split()] for line in wordnet if "|" not in line):
        for other in others:
            synonyms[head].add(other)
            synonyms[other].add(head)
    for line in [*lines("opposites.txt"), *(line for line in wordnet if "|" in line)]:
        words = line.lstrip("=>")
        marks = line.removesuffix(words)
        found = _read_opposites(words, opposites, phrases)
        for side in found if "=" in marks else ():
            for word in side:
                synonyms[word].update(side)
        directions.update(word for side in found if ">" in marks for word in side)
    for word, contrary in opposites.items():
        synonyms[word] -= contrary
    by_first: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for phrase in sorted(phrases, key=len, reverse=True):
        by_first[phrase[0]].append(phrase)
    return Lexicon(
        {word: frozenset(group) for word, group in synonyms.items()},
        {word: frozenset(group) for word, group in opposites.items()},
        {word: tuple(group) for word, group in by_first.items()},
        frozenset(directions),
    )


def _read_opposites(line: str, opposites: dict[str, set[str]], phrases: set[tuple[str, ...]]) -> list[list[str]]:
    """Return the stems on the two sides of a line, noted as opposites."""
    sides = [[_entry(word, phrases) for word in side.split()] for side in line.split("|")]
    for here, there in (sides, sides[::-1]):
        for word in here:
            opposites[word].update(set(there) - set(here))
    return sides


def lines(name: str) -> list[str]:
    """Return the lines of one of the package's word lists, comments left out."""
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _entry(word: str, phrases: set[tuple[str, ...]]) -> str:
    stems = tuple(stem(fold(part)) for part in re.split(r"[_-]", word) if part)
    if len(stems) > 1:
        phrases.add(stems)
    return " ".join(stems)
