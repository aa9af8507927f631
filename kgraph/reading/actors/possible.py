"""Which paragraphs may speak of two actors, seen by their words alone: only those need a tree, since a claim joins two.

A name that the catalogue knows is an actor, any other capitalised word may be one, and the words of descriptions.yaml and
pronouns may stand for one that is named elsewhere. All of them are counted, whatever else they may mean: a paragraph is
left alone only where it cannot hold a claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from spacy.lang.en.stop_words import STOP_WORDS

from kgraph.reading.actors.words import all_words
from kgraph.reading.documents import Paragraph

_PRONOUNS = frozenset(
    """i me my mine myself you your yours yourself he him his himself she her hers herself it its itself we us our ours
    ourselves they them their theirs themselves who whom whose which that this these those both two either neither each
    another other others one former latter""".split()
)
_ENDS = frozenset(". ! ? : ; \" “ ” ‘ ’ ' `` '' ( ) [ ] - – — … • *".split())
_NAMES_TOO = frozenset(("may", "will"))  # "May said": no small words


def may_hold_claims(paragraphs: Sequence[Paragraph], somebody: bool = False) -> list[bool]:
    """For each paragraph of an article, whether a claim may stand in it. Where nobody is named, nothing stands for anybody.

    `somebody` says that somebody is named elsewhere in the article.
    """
    known = [sum(1 + (name.use == "capital") for name in each.known) for each in paragraphs]  # a capital is two actors
    new = [_capitals(each) for each in paragraphs]
    if not (somebody or any(known) or any(new)):
        return [False] * len(paragraphs)
    return [more > 0 or some + _stand_ins(each) > 1 for each, some, more in zip(paragraphs, known, new, strict=True)]


def _capitals(paragraph: Paragraph) -> int:
    """How many words may be a part of a name that the catalogue lacks."""
    known = {name.start for name in paragraph.known}
    before = ["", *paragraph.words]
    return sum(
        word != word.lower() and i not in known and not (_begins(before[i]) and _is_small(word))
        for i, word in enumerate(paragraph.words)
    )


def _begins(before: str) -> bool:
    """Whether the word after this one begins a sentence, or a part of one."""
    return not before or before in _ENDS or before[-1] in ".!?"


def _is_small(word: str) -> bool:
    """Whether a word has its capital only from where it stands: "The", "But"."""
    lower = word.lower()
    return word.istitle() and lower not in _NAMES_TOO and (lower in STOP_WORDS or lower in _PRONOUNS)


def _stand_ins(paragraph: Paragraph) -> int:
    """How many words may stand for somebody who is named elsewhere."""
    return sum(word.lower() in _standing() for word in paragraph.words)


@cache
def _standing() -> frozenset[str]:
    words = all_words()
    plurals = {form for word in words for form in (f"{word}s", f"{word}es", f"{word[:-1]}ies", f"{word[:-3]}men")}
    return _PRONOUNS | words | plurals | {"women", "men", "people"}
