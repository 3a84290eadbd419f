r"""LaTeX in titles and abstracts turned into plain text that reads well.

Abstracts carry accents, font commands, references and small formulas, not whole documents. Formulas stay
readable in one line: `$\mathcal{O}(n^2)$` becomes `O(n^2)`, `\frac{1}{2}` becomes `1/2`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from assistant.text.word_sets import word_set

_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", ".": "\u0307", '"': "\u0308",
    "u": "\u0306", "r": "\u030a", "H": "\u030b", "v": "\u030c", "c": "\u0327", "k": "\u0328", "d": "\u0323",
    "b": "\u0331",
    "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303", "bar": "\u0304", "vec": "\u20d7",
    "dot": "\u0307", "ddot": "\u0308", "acute": "\u0301", "grave": "\u0300", "check": "\u030c", "breve": "\u0306",
}  # fmt: skip
_TEXT_ACCENTS = frozenset("urHvckdb")  # letters that are accents in text and unknown commands in formulas
_LETTERS = {
    "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å",
    "i": "i", "j": "j", "dj": "đ", "DJ": "Đ", "th": "þ", "TH": "Þ", "dh": "ð", "DH": "Ð",
}  # fmt: skip
_SYMBOLS = {
    "ldots": "...", "dots": "...", "cdots": "...", "textellipsis": "...", "item": "•", "quad": " ", "qquad": " ",
    "ie": "i.e.", "eg": "e.g.", "le": "≤", "ge": "≥", "ne": "≠", "to": "→", "leqslant": "≤", "geqslant": "≥",
    "eps": "ε",
    "textless": "<", "textgreater": ">", "lbrace": "{", "rbrace": "}", "textbraceleft": "{", "textbraceright": "}",
    "backslash": "\\", "mid": "|", "vert": "|",
    "lvert": "|", "rvert": "|", "Vert": "‖", "colon": ":", "cdot": "·", "star": "*", "ast": "*", "prime": "′",
    "deg": "deg",
    "textregistered": "®", "texttrademark": "™", "copyright": "©", "textendash": "–", "textemdash": "—", "neg": "¬",
    "textquoteright": "’", "textquoteleft": "‘", "textquotedblleft": "“", "textquotedblright": "”",
    "textasciitilde": "~",
    "textbackslash": "\\", "textunderscore": "_", "textbar": "|", "textdegree": "°", "degree": "°", "lnot": "¬",
    "LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX", "ell": "ℓ", "emptyset": "∅", "varepsilon": "ε", "epsilon": "ε",
    "setminus": "∖", "parallel": "∥", "lor": "∨", "land": "∧", "choose": " choose ", "over": "/", "R": "ℝ", "RR": "ℝ",
    "NN": "ℕ", "ZZ": "ℤ", "implies": "⇒", "iff": "⇔", "varphi": "φ", "phi": "φ",
}  # fmt: skip
_DROPPED = word_set("""
    left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr limits displaystyle textstyle scriptstyle nolimits
    bf it em rm sc sf sl tt cal bfseries itshape scshape sffamily ttfamily rmfamily upshape slshape normalfont small
    large Large tiny footnotesize scriptsize normalsize noindent protect par newline linebreak hfill centering
    selectfont mathsurround relax xspace maketitle ensuremath
""")
_DROPPED_ARGUMENTS = {
    "cite": 1, "citep": 1, "citet": 1, "citealp": 1, "citeauthor": 1, "citeyear": 1, "parencite": 1, "textcite": 1,
    "label": 1, "begin": 1, "end": 1, "vspace": 1, "hspace": 1, "textcolor": 1, "color": 1, "href": 1, "newcommand": 2,
    "renewcommand": 2, "thanks": 1, "footnotemark": 0, "phantom": 1, "pagestyle": 1, "usepackage": 1, "index": 1,
}  # fmt: skip
_CHARACTERS = {
    ",": "",
    ";": " ",
    ":": " ",
    "!": "",
    "/": "",
    "-": "",
    " ": " ",
    "\\": " ",
    "\n": " ",
    "|": "‖",
    "@": "",
}
_BLACKBOARD = dict(zip("CHNPQRZEFAKSTD1", "ℂℍℕℙℚℝℤ𝔼𝔽𝔸𝕂𝕊𝕋𝔻𝟙", strict=True))
_ORDINALS = frozenset(("th", "st", "nd", "rd"))

_PIECE = re.compile(r"\\(?P<word>[A-Za-z]+)\*?|\\(?P<char>.)|(?P<mark>[{}$^_~])|[^\\{}$^_~]+|\\", re.DOTALL)
# A dollar sign opens a formula only where another closes it: not before a space, not after one, no digit behind it.
# With spaces inside it must look like one.
_FORMULA = re.compile(
    r"\$\$?(?=[^\s$])(?:\\.|[^$\\])*?(?<!\s)\$\$?(?!\d)|\$\$?(?=[^$]{0,400}?[\\^_{])(?:\\.|[^$\\]){1,400}?\$\$?(?!\d)",
    re.DOTALL,
)
_SPACE = re.compile(r"\s*")
_OPTIONS = re.compile(r"(?:\s*\[[^\][]{0,200}\]){0,2}")
_ENSURED = re.compile(r"\\ensuremath\{\\([A-Za-z]+)\}|\\([A-Za-z]+)")
_PROTECTED = re.compile(r"[\w+./&'’ :-]*[A-Z][\w+./&'’ :-]*")
_MAX_DEPTH = 40
JOINT = "\u2060"  # invisible; where an empty group stood, what is left and right of it stays apart, as "-{}-" in TeX


def decode_latex(text: str, *, braces: bool = False) -> str:
    """Return `text` with LaTeX commands and formulas as plain Unicode text; never raises.

    Args:
        text: any text; dollar amounts and sets such as {0, 1} outside formulas stay.
        braces: whether bare braces are markup, as in BibTeX, rather than text; an empty pair then becomes JOINT.
    """
    return unicodedata.normalize("NFC", _Decoder(text, braces).text())


@cache
def _symbols() -> dict[str, str]:
    """Return command name to character: our readable choices over pylatexenc's table."""
    from pylatexenc.latexencode import get_builtin_uni2latex_dict

    table: dict[str, str] = {}
    for code, command in sorted(get_builtin_uni2latex_dict().items()):
        match = _ENSURED.fullmatch(command)
        if match:
            table.setdefault(match.group(1) or match.group(2), chr(code))
    return table | _SYMBOLS | _LETTERS


class _Decoder:
    """One pass over a text; groups nest up to a fixed depth, deeper ones are read flat."""

    def __init__(self, source: str, braces: bool) -> None:
        self.source = source
        self.braces = braces
        self.position = 0
        self.depth = 0

    def text(self) -> str:
        parts = []
        while self.position < len(self.source):
            parts.append(self.run(math=False))
            self.position += 1  # a closing brace without its opening one
        return "".join(parts)

    def run(self, *, math: bool, stop: int | None = None) -> str:
        """Decode up to an unmatched closing brace, or up to `stop`."""
        end = len(self.source) if stop is None else stop
        out: list[str] = []
        while self.position < end:
            match = _PIECE.match(self.source, self.position, end)
            if match is None or match.group() == "}":
                break
            out.append(self.piece(match, out, math=math))
        return "".join(out)

    def piece(self, match: re.Match[str], out: list[str], *, math: bool) -> str:
        start = self.position
        self.position = match.end()
        if match["word"]:
            return self.command(match["word"], out, math=math)
        if match["char"]:
            return self.character(match["char"], math=math)
        mark = match["mark"]
        if mark == "$":
            return "" if math else self.formula(start)
        if mark == "{":
            return self.group(math=math)
        if mark in ("^", "_") and math:
            return self.script(str(mark))
        if mark == "~":
            return self.tie(start)
        return "" if match.group() == "\\" else match.group()

    def formula(self, start: int) -> str:
        match = _FORMULA.match(self.source, start)
        if match is None:
            return "$"
        width = 2 if match.group().startswith("$$") else 1
        self.position = start + width
        text = self.run(math=True, stop=match.end() - (2 if match.group().endswith("$$") else 1))
        self.position = match.end()
        return text.strip()

    def group(self, *, math: bool, argument: bool = False) -> str:
        start = self.position
        if self.depth >= _MAX_DEPTH:
            return ""
        self.depth += 1
        inner = self.run(math=math)
        self.depth -= 1
        closed = self.position < len(self.source) and self.source[self.position] == "}"
        self.position += closed
        if not inner and self.braces and not (argument or math):
            return JOINT
        if argument or math or self.braces or self.source.startswith("\\", start) or _PROTECTED.fullmatch(inner):
            return inner
        return "{" + inner + ("}" if closed else "")

    def argument(self, *, math: bool) -> str:
        if self.depth >= _MAX_DEPTH:
            return ""
        self.depth += 1
        text = self.argument_at(self.skip(_SPACE), math=math)
        self.depth -= 1
        return text

    def argument_at(self, position: int, *, math: bool) -> str:
        self.position = position
        match = _PIECE.match(self.source, self.position)
        if match is None or match.group() == "}":
            return ""
        if match.group() == "{":
            self.position = match.end()
            return self.group(math=math, argument=True)
        if match["word"] or match["char"]:
            return self.piece(match, [], math=math)
        self.position += 1
        return match.group()[0]

    def skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self.source, self.position)
        return match.end() if match else self.position

    def command(self, word: str, out: list[str], *, math: bool) -> str:
        if word in _DROPPED_ARGUMENTS:
            self.position = self.skip(_OPTIONS)
            for _ in range(_DROPPED_ARGUMENTS[word]):
                self.argument(math=math)
            return self.argument(math=math) if word in ("href", "textcolor") else ""
        if word in _ACCENTS and (len(word) > 1 or not math or word not in _TEXT_ACCENTS):
            return _accented(self.argument(math=math), _ACCENTS[word])
        if word in _DROPPED:
            return self.dropped(word, math=math)
        if word in ("frac", "tfrac", "dfrac", "binom"):
            above, below = self.argument(math=math), self.argument(math=math)
            return f"C({above}, {below})" if word == "binom" else f"{_bracketed(above)}/{_bracketed(below)}"
        if word == "sqrt":
            self.position = self.skip(_OPTIONS)
            return "√" + _bracketed(self.argument(math=math))
        if word == "footnote":
            return f" ({self.argument(math=math).strip()})"
        if word == "mathbb":
            return "".join(_BLACKBOARD.get(letter, letter) for letter in self.argument(math=math))
        return self.symbol(word, out, math=math)

    def dropped(self, word: str, *, math: bool) -> str:
        if word in ("left", "right") and self.source.startswith(".", self.position):
            self.position += 1
        if not math or word in ("rm", "bf", "it", "cal", "em"):
            self.position = self.skip(_SPACE)
        return " " if word in ("par", "newline", "linebreak") else ""

    def symbol(self, word: str, out: list[str], *, math: bool) -> str:
        """Decode a symbol, a command with one argument, or a name: a function's or an author's own macro."""
        if self.source.startswith("{", self.position) and not self.source.startswith("{}", self.position):
            if word not in _symbols():
                return self.argument(math=math or word == "ensuremath")
        elif self.source.startswith("{}", self.position):
            self.position += 2
        character = _symbols().get(word)
        if character is None:
            if word.startswith(("math", "text", "operatorname")) and len(word) > 4:
                return self.argument(math=math)
            character = word
            if math and out and out[-1][-1:].isalnum():
                character = " " + character
            if math and self.source[self.position : self.position + 1].isalnum():
                character += " "
        elif not math and word in _LETTERS:
            self.position = self.skip(_SPACE)
        return character

    def character(self, char: str, *, math: bool) -> str:
        if char in _ACCENTS and not (math and char in "=.~"):
            return _accented(self.argument(math=math), _ACCENTS[char])
        if char in "([":
            close = self.source.find("\\" + (")" if char == "(" else "]"), self.position)
            if close >= 0 and self.depth < _MAX_DEPTH:
                text = self.run(math=True, stop=close)
                self.position = close + 2
                return text.strip()
        if char in ")]":
            return ""
        return _CHARACTERS.get(char, char)

    def script(self, mark: str) -> str:
        text = self.argument(math=True).strip()
        if mark == "^" and text in _ORDINALS:
            return text
        if mark == "^" and text == "∘":
            return "°"
        return text if mark == "^" and text == "′" else mark + _bracketed(text)

    def tie(self, start: int) -> str:
        """A tilde between words is a space that does not break; elsewhere it is a tilde ("~10%", "/~user")."""
        before, after = self.source[start - 1 : start], self.source[start + 1 : start + 2]
        return (
            " "
            if (before.isalnum() or before in (".", ",", ")", "}")) and (after.isalnum() or after in "\\[($")
            else "~"
        )


def _accented(base: str, mark: str) -> str:
    return unicodedata.normalize("NFC", base[0] + mark) + base[1:] if base.strip() else base


def _bracketed(text: str) -> str:
    simple = text.replace(".", "").replace("*", "").isalnum() or len(text) == 1 or not text
    return text if simple or (text.startswith("(") and text.endswith(")")) else f"({text})"
