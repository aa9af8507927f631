"""Cypher texts as tokens, cut as the engines cut them: what is a name, a string, a comment, whatever its spelling."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from kgraph.errors import UsageError

NAME, QUOTED, STRING, NUMBER, PARAMETER, SIGN, APART = (
    "name",
    "quoted",
    "string",
    "number",
    "parameter",
    "sign",
    "apart",
)

# What one engine takes apart otherwise than the other is refused, so that nothing is hidden from a check: signs that stand for
# nothing in Cypher, and escapes that one of them undoes before it looks for the ends of strings and comments.
_TOKEN = re.compile(
    r"""(?P<apart>\s+|//[^\r\n]*|/\*.*?\*/)
    |(?P<name>[^\W\d]\w*)
    |(?P<quoted>`(?:[^`]|``)*`)
    |(?P<string>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")
    |(?P<number>0[xXoO]\w+|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?)
    |(?P<parameter>\$\s*(?:\w+|`(?:[^`]|``)*`))
    |(?P<sign>[!\#-&(-/:-@\[\]^{-~⟨〈﹤＜⟩〉﹥＞‐‑‒–—―−﹘﹣－…])""",
    re.DOTALL | re.VERBOSE,
)
_OPENED = {"'": "a string", '"': "a string", "`": "a name in backticks", "/*": "a comment"}
_ESCAPE = re.compile(r"\\u+([0-9a-fA-F]{4})")
_OPENING, _CLOSING = "([{", ")]}"


class Token(NamedTuple):
    """A piece of a text, with its place; `value` is a name without its backticks, else what is written."""

    kind: str
    value: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """A word of the language, in capitals; nothing for what cannot be one."""
        return self.value.upper() if self.kind == NAME and self.value.isascii() else ""

    @property
    def names(self) -> bool:
        return self.kind in (NAME, QUOTED)


END = Token(SIGN, "", -1, -1)  # what stands before the first token and after the last


@lru_cache(256)
def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a text, without blanks and comments. Raises UsageError for what cannot be cut."""
    found: list[Token] = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or (match.lastgroup == SIGN and text.startswith("/*", place)):
            raise _uncut(text, place)
        kind, place = str(match.lastgroup), match.end()
        _check_escapes(text, match[0], kind, match.start())
        if kind != APART:
            found.append(Token(kind, _value(kind, match[0]), match.start(), place))
    return tuple(found)


def _value(kind: str, written: str) -> str:
    if kind == PARAMETER:
        written = written[1:].lstrip()
    return written[1:-1].replace("``", "`") if written.startswith("`") else written


def _check_escapes(text: str, written: str, kind: str, start: int) -> None:
    if "\\u" not in written:
        return
    for escape in _ESCAPE.finditer(written):
        if kind != STRING or chr(int(escape[1], 16)) in "'\"\\`\r\n":
            raise UsageError(f"{_where(text, start + escape.start())}: write the sign itself instead of {escape[0]}")


def _uncut(text: str, place: int) -> UsageError:
    opened = next((what for sign, what in _OPENED.items() if text.startswith(sign, place)), None)
    if opened:
        return UsageError(f"{_where(text, place)}: {opened} begins there and does not end")
    sign = text[place]
    shown = f"U+{ord(sign):04X} ({unicodedata.name(sign, 'no sign')})"
    return UsageError(f"{_where(text, place)}: {shown} means nothing in Cypher; put it into quotes or backticks")


def _where(text: str, place: int) -> str:
    line = text.count("\n", 0, place) + 1
    return f"line {line}, column {place - text.rfind(chr(10), 0, place)}"


def at(found: Sequence[Token], place: int) -> Token:
    """The token at a place; beyond the ends none that is anything."""
    return found[place] if 0 <= place < len(found) else END


def depths(found: Sequence[Token]) -> list[int]:
    """For each token, how many brackets are open around it."""
    depth, all_of_them = 0, []
    for token in found:
        depth -= token.kind == SIGN and token.value in _CLOSING
        all_of_them.append(depth)
        depth += token.kind == SIGN and token.value in _OPENING
    return all_of_them
