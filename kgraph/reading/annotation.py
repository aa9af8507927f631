"""Words → what a spaCy pipeline says of them: the same as `nlp.pipe` gives, at about half its cost.

Two components of an English pipeline cost far more than what they decide is worth. The attribute ruler runs a general
matcher over every word, though its rules ask for nothing but a word, its tag and its dependency: what they and the
lemmatizer make of the three is remembered. The named entity recognizer steps from word to word and checks all of its
moves at each, though only inside a name does a step depend on the last one: all first steps are scored at once. Both
take the components' own rules, weights and scores. A pipeline that has anything else in it runs as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy
from numpy.typing import NDArray
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc

# What is said of a word, as the columns of Doc.to_array.
COLUMNS: list[str | int] = ["HEAD", "DEP", "TAG", "POS", "MORPH", "LEMMA", "SENT_START", "ENT_IOB", "ENT_TYPE"]
Annotations = NDArray[numpy.uint64]  # word × column
NOTHING: Annotations = numpy.zeros((0, len(COLUMNS)), numpy.uint64)
_Marks = NDArray[numpy.bool_]  # of words
_Moves = NDArray[numpy.intp]  # of words

# What may come before: components that set neither part of speech, morphology, lemma nor names.
_BEFORE = frozenset(("tok2vec", "transformer", "curated_transformer", "tagger", "parser"))
_REPLACED = ("attribute_ruler", "lemmatizer", "ner")
_BATCH = 256
_MOST = 50_000  # words with tag and dependency to remember: about 20 MB


def annotate(docs: Sequence[Doc], nlp: Language) -> list[Annotations]:
    """What a pipeline says of the words of some texts, a row a word. The texts are one batch."""
    full = [doc for doc in docs if len(doc)]
    found = iter(_annotate(full, nlp)) if full else iter(())
    return [next(found) if len(doc) else NOTHING for doc in docs]


def _annotate(docs: list[Doc], nlp: Language) -> list[Annotations]:
    shortcuts = _shortcuts(nlp, tuple(nlp.pipe_names))
    if shortcuts is None:
        return [_values(doc, COLUMNS) for doc in nlp.pipe(docs, batch_size=_BATCH)]
    rules, names = shortcuts
    parsed = list(nlp.pipe(docs, batch_size=_BATCH, disable=_REPLACED))
    tables = [_values(doc, COLUMNS) for doc in parsed]
    for doc, table, named in zip(parsed, tables, names.find(parsed), strict=True):
        table[:, _RULED] = rules.apply(_values(doc, _KEY))
        table[:, _NAMED] = named
    return tables


def _values(doc: Doc, columns: list[str | int]) -> Annotations:
    values: Any = doc.to_array(columns)  # declared as floats
    found: Annotations = values
    return found


@lru_cache(maxsize=4)
def _shortcuts(nlp: Language, components: tuple[str, ...]) -> tuple[_Rules, _Names] | None:
    """The cheaper ways through a pipeline; None where it has anything that they do not know."""
    factories = [nlp.get_pipe_meta(name).factory for name in components]
    if tuple(factories[-3:]) != _REPLACED or not _BEFORE.issuperset(factories[:-3]):
        return None
    parts: list[Any] = [component for _, component in nlp.pipeline[-3:]]
    ruler, lemmatizer, ner = parts
    known = _asks_little(ruler) and lemmatizer.mode in ("rule", "lookup") and _is_greedy(ner)
    return (_Rules(nlp, ruler, lemmatizer), _Names(ner)) if known else None


# Rules: part of speech, morphology, lemma. ----------------------------------------------------------------------------

_KEY: list[str | int] = ["ORTH", "TAG", "DEP"]
_SET: list[str | int] = ["POS", "MORPH", "LEMMA", "TAG", "DEP"]
_LEMMA = _SET.index("LEMMA")
_RULED = [COLUMNS.index(name) for name in _SET]
_ASKED = frozenset(("LOWER", "ORTH", "TEXT", "NORM", "TAG", "DEP", "IS_SPACE"))
_BETWEEN = "\x1f"  # no rule asks for it

Key = tuple[int, int, int]  # a word, its tag, its dependency
Ruled = tuple[int, ...]  # a value for each of _SET


def _asks_little(ruler: Any) -> bool:
    """Whether all rules ask for one word, or for two that follow each other, and for what is in a key."""
    patterns = [pattern for rule in ruler.patterns for pattern in rule["patterns"]]
    return all(len(pattern) <= 2 and all(_ASKED.issuperset(word) for word in pattern) for pattern in patterns)


class _Rules:
    """What an attribute ruler and a lemmatizer make of words; each different one is asked of them once."""

    def __init__(self, nlp: Language, ruler: Any, lemmatizer: Any) -> None:
        self._vocab, self._ruler, self._lemmatizer = nlp.vocab, ruler, lemmatizer
        self._alone: dict[Key, Ruled] = {}
        self._together: dict[tuple[Key, ...], list[Ruled]] = {}  # words that begin a rule of two, with the one after
        self._begin: set[Key] = set()
        self._lemmas: dict[int, str] = {}
        self._firsts = Matcher(nlp.vocab)
        longer = [pattern for rule in ruler.patterns for pattern in rule["patterns"] if len(pattern) == 2]
        if longer:
            self._firsts.add("first", [[first] for first, _ in longer])
        index = lemmatizer.lookups.get_table("lemma_index", {})
        for part, lemmas in index.items():  # lists of up to 60,000 words, searched from their beginning for each word
            index[part] = dict.fromkeys(lemmas)

    def apply(self, keys: NDArray[numpy.uint64]) -> NDArray[numpy.uint64]:
        """The values of a text's words, a row a word."""
        if len(self._alone) > _MOST:
            self._forget()
        words: list[Key] = [(orth, tag, dep) for orth, tag, dep in keys.tolist()]
        self._learn({*words} - self._alone.keys())
        values = [self._alone[word] for word in words]
        if not self._begin.isdisjoint(words):
            for start, end in self._runs(words):
                values[start:end] = self._of_run(tuple(words[start:end]))
        self._spell({value[_LEMMA] for value in values})
        return numpy.array(values, numpy.uint64)

    def _spell(self, lemmas: set[int]) -> None:
        """Tells the vocabulary lemmas again that it forgot at the end of a memory zone."""
        strings: Any = self._vocab.strings
        for lemma in lemmas:
            if lemma not in strings:
                strings.add(self._lemmas[lemma])

    def _forget(self) -> None:
        self._alone.clear()
        self._together.clear()
        self._begin.clear()
        self._lemmas.clear()

    def _runs(self, words: list[Key]) -> Iterator[tuple[int, int]]:
        """Where words stand that may be under a rule of two."""
        begins = [n for n, word in enumerate(words) if word in self._begin]
        breaks = [n for n, (one, after) in enumerate(pairwise(begins), 1) if after > one + 1]
        for start, stop in pairwise((0, *breaks, len(begins))):
            yield begins[start], min(begins[stop - 1] + 2, len(words))

    def _of_run(self, words: tuple[Key, ...]) -> list[Ruled]:
        if words not in self._together:
            self._together[words] = self._ask(self._doc(words))
        return self._together[words]

    def _learn(self, words: set[Key]) -> None:
        """Asks for words that were not met before, all at once, each by itself."""
        if not words:
            return
        between = (self._vocab.strings.add(_BETWEEN), 0, 0)
        new = sorted(words)
        doc = self._doc([key for word in new for key in (word, between)])
        self._begin |= {new[start // 2] for _, start, _ in self._firsts(doc, allow_missing=True) if start % 2 == 0}
        self._alone |= zip(new, self._ask(doc)[::2], strict=True)

    def _doc(self, words: Sequence[Key]) -> Doc:
        doc = Doc(self._vocab, [self._vocab.strings[orth] for orth, _, _ in words])
        values: Any = numpy.array([rest for _, *rest in words], numpy.uint64)
        return doc.from_array(_KEY[1:], values)

    def _ask(self, doc: Doc) -> list[Ruled]:
        ruled = self._lemmatizer(self._ruler(doc))
        self._lemmas |= {token.lemma: token.lemma_ for token in ruled}
        return [tuple(row) for row in ruled.to_array(_SET).tolist()]


# Names. ---------------------------------------------------------------------------------------------------------------

_NAMED = [COLUMNS.index(name) for name in ("ENT_IOB", "ENT_TYPE")]
_INSIDE, _OUTSIDE, _BEGIN = 1, 2, 3  # as in ENT_IOB
_FEATURES = 3  # of a state: the next word, the first and the last of the name that is open


def _is_greedy(ner: Any) -> bool:
    """Whether a recognizer takes the best step at each word, and looks at nothing but the three features."""
    attrs = ner.model.attrs
    plain = ner.cfg["beam_width"] == 1 and attrs["has_upper"] and not attrs["unseen_classes"]
    return bool(plain and ner.model.get_ref("lower").get_dim("nF") == _FEATURES)


class _Names:
    """What a named entity recognizer finds: its own scores, its own best step at each word, in a few large steps."""

    def __init__(self, ner: Any) -> None:
        self._model = ner.model
        moves = [ner.moves.get_class_name(n).partition("-") for n in range(ner.moves.n_moves)]
        self._moves = {step: [n for n, (kind, _, label) in enumerate(moves) if kind == step and label] for step in "BU"}
        self._out = [n for n, (kind, _, label) in enumerate(moves) if kind == "O" and not label]
        place = {(kind, label): n for n, (kind, _, label) in enumerate(moves)}
        strings = ner.vocab.strings
        self._labels = numpy.array([strings.add(label) if label else 0 for _, _, label in moves], numpy.uint64)
        # for every move that opens a name: those that go on with it and that end it
        self._on = numpy.array([place.get(("I", label), 0) for _, _, label in moves])
        self._end = numpy.array([place.get(("L", label), 0) for _, _, label in moves])

    def find(self, docs: Sequence[Doc]) -> list[NDArray[numpy.uint64]]:
        """Whether each word is in a name and in which kind of name; a table for each text."""
        starts = numpy.concatenate([doc.to_array("SENT_START") for doc in docs]) == 1
        spaces = numpy.concatenate([doc.to_array("IS_SPACE") for doc in docs]).astype(bool)
        ends = numpy.cumsum([len(doc) for doc in docs])
        alone = numpy.append(starts[1:], True)  # a name does not go on after these
        alone[ends - 1] = True
        step = self._model.predict(list(docs))
        try:
            moves = self._first_moves(step, alone, spaces)
            stops = self._stops(step, moves, alone)
        finally:
            step.clear_memory()
        return numpy.split(self._table(moves, stops), ends[:-1])

    def _first_moves(self, step: Any, alone: _Marks, spaces: _Marks) -> _Moves:
        """The best move at every word where no name is open."""
        states = numpy.full((len(alone), _FEATURES), -1, numpy.int32)
        states[:, 0] = numpy.arange(len(alone))
        scores = _score(step, states)
        allowed = numpy.zeros(scores.shape, bool)
        allowed[:, self._out] = True
        allowed[:, self._moves["U"]] = ~spaces[:, None]
        allowed[:, self._moves["B"]] = ~(spaces | alone)[:, None]
        best: _Moves = numpy.where(allowed, scores, -numpy.inf).argmax(axis=1)
        return best

    def _stops(self, step: Any, moves: _Moves, alone: _Marks) -> dict[int, int]:
        """Where the names end that the moves begin, by where they begin."""
        units = numpy.flatnonzero(numpy.isin(moves, self._moves["U"]))
        stops = {at: at + 1 for at in units.tolist()}
        begins = numpy.flatnonzero(numpy.isin(moves, self._moves["B"]))
        at = begins + 1
        while len(begins):
            scores = _score(step, numpy.stack((at, begins, at - 1), axis=1).astype(numpy.int32))
            rows, on, end = numpy.arange(len(at)), self._on[moves[begins]], self._end[moves[begins]]
            one, other = scores[rows, on], scores[rows, end]
            goes_on = ~alone[at] & ((one > other) | ((one == other) & (on < end)))
            stops |= zip(begins[~goes_on].tolist(), (at[~goes_on] + 1).tolist(), strict=True)
            begins, at = begins[goes_on], at[goes_on] + 1
        return stops

    def _table(self, moves: _Moves, stops: dict[int, int]) -> NDArray[numpy.uint64]:
        table = numpy.zeros((len(moves), 2), numpy.uint64)
        table[:, 0] = _OUTSIDE
        free = 0
        for start in sorted(stops):
            if start >= free:  # else the word is inside a name that is open
                free = stops[start]
                table[start:free] = (_INSIDE, self._labels[moves[start]])
                table[start, 0] = _BEGIN
        return table


def _score(step: Any, states: NDArray[numpy.int32]) -> NDArray[numpy.float32]:
    """How good each move is in some states."""
    scores: NDArray[numpy.float32] = step.vec2scores.predict(step.state2vec.predict(states))
    return scores
