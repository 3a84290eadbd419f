"""Cleaning, sentences and words."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text import (
    clean_abstract,
    clean_line,
    content_words,
    fold,
    inferred_title,
    sanitise,
    split_sentences,
)


def sentences(text: str) -> list[str]:
    return [sentence.text for sentence in split_sentences(text)]


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("red \x1b[31malert\x1b[0m", "red alert"),
        ("\x1b]0;window title\x07rest", "rest"),
        ("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("a\x9b31mb", "ab"),
        ("one\ttwo\r\nthree\rfour\u2028five", "one two\nthree\nfour\nfive"),
        ("right\u202eto left\u2066x\u2069", "rightto leftx"),
        ("zero\u200bwidth\ufeff soft\u00adhyphen", "zerowidth softhyphen"),
        ("tag\U000e0041s half\ud800", "tags half"),
        ("bell\x07 null\x00", "bell null"),
        ("\x1bPdevice control\x1b\\after", "after"),
    ],
)
def test_sanitise_removes_control_and_keeps_line_breaks(raw: str, clean: str) -> None:
    assert sanitise(raw) == clean


@given(st.text())
def test_sanitised_text_has_no_control_characters_and_stays_so(text: str) -> None:
    clean = sanitise(text)
    assert not any((ord(char) < 32 and char != "\n") or 0x7F <= ord(char) <= 0x9F for char in clean)
    assert sanitise(clean) == clean
    clean.encode("utf-8")


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (r"improves by 65.8\% in NDCG", "improves by 65.8% in NDCG"),
        (r"\textbf{Bold} and {\em slanted} words", "Bold and slanted words"),
        (r"we present \shadowsync, a framework", "we present shadowsync, a framework"),
        (r"a $25\%$ gain", "a 25% gain"),
        (r"$\epsilon$-greedy with $\alpha=0.1$", "ε-greedy with α=0.1"),
        (r"in $O(n \log n)$ time", "in O(n log n) time"),
        (r"$\mathcal{O}(\sqrt{n+1})$ and $\frac{1}{2}$", "O(√(n+1)) and 1/2"),
        (r"$k \in \{0,1\}^n$, $x \leq y$, $\mathbb{R}^d$", "k ∈ {0,1}^n, x ≤ y, ℝ^d"),
        (r"the $i^{th}$ of $x_{i+1}$ at $25^\circ$C", "the ith of x_(i+1) at 25°C"),
        (r"as shown \cite{naumov2019,abc}. Next \citep[see][p. 3]{x}, too", "as shown. Next, too"),
        (r"see Fig.~3 at http://x.org/~user, about ~10\%", "see Fig. 3 at http://x.org/~user, about ~10%"),
        (r"``quoted'' text --- with dashes", '"quoted" text — with dashes'),
        (
            r"P\'oczos, Bj\"orn, Fu\v{c}kar, \O stergaard, {\L}ukasz, Na\"{\i}ve",
            "Póczos, Björn, Fučkar, Østergaard, Łukasz, Naïve",
        ),
        (r"\href{http://a.b}{our site} \footnote{Not here.}", "our site (Not here.)"),
        ("costs $5 and $10 a day", "costs $5 and $10 a day"),
        ("a set {0, 1} and a {DNA} test", "a set {0, 1} and a DNA test"),
        (r"\begin{itemize}\item one \item two\end{itemize}", "• one • two"),
        (r"\unknown{kept} \$5 \& more\\next", "kept $5 & more next"),
    ],
)
def test_latex_becomes_readable_text(raw: str, clean: str) -> None:
    assert clean_abstract(raw) == clean


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("<jats:title>Abstract</jats:title><jats:p>We show.</jats:p>", "We show."),
        ("<jats:sec><jats:title>Methods</jats:title><jats:p>We did.</jats:p></jats:sec>", "Methods: We did."),
        ("CO<sub>2</sub> at 10<sup>5</sup> <i>E. coli</i>", "CO2 at 10^5 E. coli"),
        ("a &lt; b &amp;amp; c &#945; &eacute;", "a < b & c α é"),
        ("x < y and y > z stays", "x < y and y > z stays"),
        ("AT&T &c stays", "AT&T &c stays"),
        ("eﬃcient ﬁne-tuning", "efficient fine-tuning"),
        (
            "recom-\nmender and state-of-the-\nart and self-\nsupervised",
            "recommender and state-of-the-art and self-supervised",
        ),
        ("Abstract: We show.", "We show."),
        ("ABSTRACT We show.", "We show."),
        ("Abstract syntax trees are trees.", "Abstract syntax trees are trees."),
        ("two  spaces\u00a0and\nlines", "two spaces and lines"),
    ],
)
def test_markup_and_typography_become_plain(raw: str, clean: str) -> None:
    assert clean_abstract(raw) == clean


def test_a_hyphen_at_a_line_end_follows_the_text_itself() -> None:
    assert clean_abstract("embed-\nding of an embedding") == "embedding of an embedding"
    assert clean_abstract("we co-\ntrain, and co-train") == "we co-train, and co-train"


def test_braces_are_markup_only_in_tex() -> None:
    assert clean_line("{A} {{Bayesian}} view of {x, y}", tex=True) == "A Bayesian view of x, y"
    assert clean_line("view of {x, y}") == "view of {x, y}"


@given(st.text(alphabet=st.sampled_from("\\{}$^_~%&<>ab'\"`[]() \n-.|é,1"), max_size=120))
def test_cleaning_never_raises_and_leaves_one_line(text: str) -> None:
    for tex in (False, True):
        clean = clean_abstract(text, tex=tex)
        assert "\n" not in clean
        assert "  " not in clean
        assert clean == clean.strip()


@pytest.mark.parametrize(
    "text", ["{" * 5000 + "x" + "}" * 5000, "\\" * 4001, "$" * 4001, r"\(" * 3000, "\\'" * 3000, "<" * 9000]
)
def test_cleaning_survives_nonsense(text: str) -> None:
    assert isinstance(clean_abstract(text), str)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("We use X (Smith et al. 2019) here. It works.", 2),
        ("See Fig. 3 and Sec. 2, i.e. the end. Yes.", 2),
        ("It was 1.4 +/- 0.24 vs. 1.1 before. Good.", 2),
        ("Is it so? It is! Really…", 3),
        ("We thank J. R. Smith, A. Jones and B. Lee. They helped.", 2),
        ("the role of vitamin D. This review shows it.", 2),
        ("We call it DLRM. pyTorch is used. iOS too.", 3),
        ("(It is bracketed.) And it goes on.", 2),
        ('He said "it works." Then he left.', 2),
        ("Code is at https://github.com/a/b.c and www.tensorflow.org.", 1),
        ("gains of 5.3x to 15.2x over Llama 2. 70B models too.", 2),
        ("it was done.However, it failed.", 2),
        ("Node.js and H2A.Z stay. No. 5 is alive.", 2),
        ("one sentence without an end", 1),
        ("", 0),
        ("   ", 0),
        ("...", 1),
    ],
)
def test_sentence_boundaries(text: str, count: int) -> None:
    assert len(sentences(text)) == count, sentences(text)


@given(st.text(alphabet=st.sampled_from("abC .!?\"')(\n1,ée…"), max_size=200) | st.text(max_size=100))
def test_sentence_offsets_are_exact_and_cover_the_text(text: str) -> None:
    found = split_sentences(text)
    assert all(text[s.start : s.end] == s.text and s.text.strip() == s.text and s.text for s in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    covered = "".join(s.text for s in found)
    assert "".join(covered.split()) == "".join(text.split())


def test_fold_reaches_ascii() -> None:
    assert fold("Barnabás Póczos, Øystein Łukasz, Straße") == "barnabas poczos, oystein lukasz, strasse"


def test_content_words_keep_figures_whole_and_drop_stop_words() -> None:
    words = content_words("HSTU is 5.3x to 15.2x faster than the 405B-parameter Transformers, a 0.67% gain")
    assert words == ["hstu", "5.3x", "15.2x", "faster", "405b", "paramet", "transform", "0.67%", "gain"]


def test_inferred_title_is_short_and_marked() -> None:
    title = inferred_title(
        "We propose a very long sentence about the training of recommendation models at the largest scale."
    )
    assert title == "We propose a very long sentence about the training of recommendation models…"
    assert inferred_title("Short one.") == "Short one…"
