r"""Text from articles, catalogues and decisions, made safe for where it goes: a spreadsheet, XML, a terminal.

A spreadsheet runs a cell that begins like a formula, XML has no place for control characters, a terminal obeys escape
sequences and turns text around. Each medium has its one function here; what is stored stays as it was said.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable

# CSV. -----------------------------------------------------------------------------------------------------------------

# What a spreadsheet may run, behind what it may skip; the page's exports.js has the same.
_SKIPPED = (
    r'[\s"\x00-\x1f\x7f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069'
    r"\u3164\ufeff\uffa0]*"
)
_FORMULA = re.compile(f"'*{_SKIPPED}[=+\\-@\t\r|%＝＋－＠％｜﹢﹣﹦﹪﹫−]")


def csv_line(cells: Iterable[object]) -> str:
    """A line of a CSV file. Numbers stay numbers, a text that begins like a formula gets an apostrophe before it."""
    return (",".join(map(_cell, cells)) or '""') + "\n"  # a line with nothing on it would be no line


def _cell(value: object) -> str:
    text = inert(value) if isinstance(value, str) else "" if value is None else str(value)
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\n\r') else text


def inert(text: str) -> str:
    """The text as a cell that no spreadsheet runs; `as_said` is the way back, for any text."""
    return f"'{text}" if _FORMULA.match(text) else text


def as_said(cell: str) -> str:
    """The text of a cell that `inert` or the page has written."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


# XML. -----------------------------------------------------------------------------------------------------------------

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """The text with a replacement character for each one that XML cannot hold."""
    return _NO_XML.sub("\ufffd", text)


# A terminal. ----------------------------------------------------------------------------------------------------------

# Controls (C0, C1), what is invisible or turns text around, separators of lines, halves of pairs, what is no character.
_OBEYED = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Joiners and marks of direction stay beside a letter of a script that is written with them: Hebrew to Arabic, Indic.
_MARKS = "\u061c\u200c-\u200f"
_SCRIPTS = "\u0590-\u061b\u061d-\u109f\u1780-\u17b3\ufb1d-\ufdff\ufe70-\ufefc"
_UNSEEN = re.compile(f"[{_OBEYED}]|(?<![{_SCRIPTS}{_MARKS}])[{_MARKS}]+(?![{_SCRIPTS}{_MARKS}])")
_IN_JSON = re.compile(f"[{_OBEYED}{_MARKS}]")


def for_terminal(text: str) -> str:
    r"""The text with everything that a terminal obeys or does not show written out, as \x1b or \u202e; lines stay."""
    return text if text.isascii() and text.isprintable() else _UNSEEN.sub(_written_out, text)


def one_line(text: str) -> str:
    """The text for a terminal as one line: a line break in a name begins no further row."""
    return for_terminal(text.replace("\r\n", " ").replace("\n", " ").replace("\t", " "))


def is_unicode(text: str) -> bool:
    """Whether a text is one: what a command line or a file's name has of bytes that are no UTF-8 is none."""
    return not re.search("[\ud800-\udfff]", text)


def _written_out(found: re.Match[str]) -> str:
    return (
        found[0].encode("ascii", "backslashreplace").decode("ascii") if not found[0].isascii() else repr(found[0])[1:-1]
    )


def json_line(value: object) -> str:
    """The value as a line of JSON, the same data as ever, in which nothing is a control to any terminal."""
    try:
        line = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except ValueError:  # JSON has no numbers such as 0.0 / 0.0
        line = json.dumps(_finite(value), ensure_ascii=False)
    return _IN_JSON.sub(lambda found: json.dumps(found[0])[1:-1], line)


def _finite(value: object) -> object:
    """The value with nothing in the place of each number that is none."""
    if isinstance(value, dict):
        return {name: _finite(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return value if not isinstance(value, float) or math.isfinite(value) else None
