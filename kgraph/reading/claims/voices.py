"""Who speaks where: quotations, "according to", "..., officials said", headlines and transcripts, by surface.

The tree says who speaks in "officials said that ...". What stands here needs no tree, since the model often errs there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kgraph.reading.actors import Cast
from kgraph.reading.claims.cues import WORDS
from kgraph.reading.documents import Document
from kgraph.reading.tokens import Doc, Span, Token
from kgraph.records import Speaker

_OPENING, _CLOSING = {"“": "”", "‘": "’", "«": "»", "„": "“"}, {"”": "“", "’": "‘", "»": "«"}
_NOUNS = ("NOUN", "PROPN", "PRON")
_STOPS = (".", "!", "?", ";", ":")
_FINITE = ("VBD", "VBZ", "VBP", "MD")  # two or three words without a verb are only a name, or put at a distance
_REACH = 14  # tokens between a quotation and the verb that says whose it is


@dataclass(frozen=True, slots=True)
class Voice:
    """A stretch of tokens that somebody says, word for word or not; `verb` is the word that says so.

    Who speaks may stand far from what he says: words are kept by their places.
    """

    start: int
    end: int
    quoted: bool
    cue: str
    speaker: int | None = None
    verb: int | None = None
    open: bool = False  # a quotation that the next paragraph takes up again


_Voices = dict[tuple[int, int], list[Voice]]  # by paragraph


def voices_at(document: Document, token: Token) -> Iterator[Voice]:
    """The voices at a token of a document; they are found once."""
    cache = document.doc.user_data
    if "voices" not in cache:
        cache["voices"] = _by_paragraph(document)
    voices: _Voices = cache["voices"]
    found = voices.get(document.paragraph(token), ())
    return (voice for voice in found if voice.start <= token.i < voice.end)


def _by_paragraph(document: Document) -> _Voices:
    """No voice goes on beyond its paragraph; one that the next paragraph takes up again is another there."""
    index, last, labels = _Voices(), None, _labels(document)
    current: Voice | None = None
    for paragraph in document.paragraphs:
        quoted = list(_quotations(document, *paragraph, last))
        last = quoted[-1] if quoted else None
        current = _transcript(document, *paragraph, current, labels)
        spoken = [*quoted, *_attributions(document, *paragraph), *_headlines(document, *paragraph)]
        if spoken or current:
            index[paragraph] = [*spoken, current] if current else spoken
    return index


def _at(token: Token | None) -> int | None:
    return None if token is None else token.i


# --- speakers --------------------------------------------------------------------------------------------------------


def speakers_of(head: Token | None, cast: Cast) -> tuple[Speaker, ...]:
    """The speakers that a noun phrase names; for "Britain and France" two."""
    if head is None or head.tag_ in ("WDT", "WP"):
        return ()
    heads = [head, *(t for t in head.children if t.dep_ == "conj" and t.pos_ in _NOUNS)]
    return tuple(Speaker(_phrase(one), _reference(one, cast)) for one in heads)


def _phrase(head: Token) -> str:
    """A noun phrase without what only adds to it: relative clauses, appositions, what it is joined to."""
    end = head.i + 1
    for child in head.rights:
        if child.dep_ not in ("prep", "compound", "nmod") or child.i != end:
            break
        end = _without_clauses(child)
    return str(head.doc[head.left_edge.i : end].text).strip(" ,“”\"'‘’")


def _without_clauses(token: Token) -> int:
    clauses = [t.left_edge.i for t in token.subtree if t.dep_ in ("relcl", "acl", "appos", "punct") and t.i > token.i]
    return min(clauses, default=token.right_edge.i + 1)


def _reference(head: Token, cast: Cast) -> str | None:
    near = [head, *(t for t in head.children if t.dep_ == "appos"), *_behind(head)]
    return next((cast.at[token.i][0].local for token in near if cast.at.get(token.i)), None)


def _behind(mouth: Token) -> Iterator[Token]:
    """For whom a spokesman speaks, whose statement it is, who has the intelligence."""
    if mouth.lemma_.lower() not in WORDS["mouthpieces"]:
        return
    yield from (t for t in mouth.children if t.dep_ == "poss")
    yield from (
        t for by in mouth.children if by.lower_ in ("for", "from", "by", "of") for t in by.children if t.dep_ == "pobj"
    )
    holder = mouth
    while holder.dep_ in ("dobj", "compound", "attr"):
        holder = holder.head
    if holder.lemma_ in ("have", "possess", "obtain", "gather"):
        yield from (t for t in holder.children if t.dep_ == "nsubj")


def subject_of(verb: Token) -> Token | None:
    """Who says it: the subject of a verb of speaking, "by ..." in the passive, the noun that "who said" is about."""
    while True:
        children = verb.children
        agents = [t for child in children if child.dep_ == "agent" for t in child.children if t.dep_ == "pobj"]
        if agents or any(child.dep_ in ("nsubjpass", "auxpass") for child in children):
            return agents[0] if agents else None
        own = next((child for child in children if child.dep_ == "nsubj" and child.tag_ != "EX"), None)
        if own is not None:
            return verb.head if own.tag_ in ("WDT", "WP") and verb.dep_ == "relcl" else own
        if verb.dep_ in ("acl", "relcl") and verb.tag_ in ("VBG", "VBD", "VBZ", "VBP"):
            return verb.head
        if verb.dep_ not in ("conj", "xcomp", "advcl", "pcomp") or verb.head.i == verb.i:
            return _misread_subject(verb)
        verb = verb.head.head if verb.dep_ == "pcomp" else verb.head
        if verb.pos_ not in ("VERB", "AUX"):
            return None


def _misread_subject(verb: Token) -> Token | None:
    """The noun before a verb that the model gave another part: "UNSMIL, the mission, says", "intelligence indicating"."""
    left = [
        t
        for t in verb.lefts
        if t.pos_ in ("NOUN", "PROPN") and t.dep_ in ("advcl", "compound", "npadvmod", "dep", "attr")
    ]
    return left[0] if left and left[0].ent_type_ not in ("DATE", "TIME") else None


def _speaker_beside(verb: Token) -> Token | None:
    """The subject of a verb of speaking, or the noun next to it where the model missed that it is one."""
    if found := subject_of(verb):
        return found
    doc = verb.doc
    near: Token
    for near in (*doc[verb.i + 1 : verb.i + 6], *reversed(list(doc[max(verb.i - 3, 0) : verb.i]))):
        if near.pos_ in _NOUNS:
            while near.dep_ in ("compound", "nmod", "poss") and near.head.i > near.i:
                near = near.head
            return near
    return None


def _speaks(token: Token) -> bool:
    return token.lemma_.lower() in WORDS["speaking"] and token.pos_ == "VERB" and token.tag_ not in ("VB", "VBG")


# --- quotations ------------------------------------------------------------------------------------------------------


def _quotations(document: Document, start: int, end: int, before: Voice | None) -> Iterator[Voice]:
    """What stands in quotation marks, with its speaker; a speaker goes on through his paragraph, and over open ends.

    `before` is the last of the paragraph before.
    """
    doc, last = document.doc, before if before and before.open else None
    for first, stop, is_open in _quoted_ranges(doc, start, end):
        verb, speaker = _said_after(doc, stop, end) or _said_before(doc, first, start) or (None, None)
        whose = last.speaker if speaker is None and last and stop - first > 4 else _at(speaker)
        if stop - first > 4 or verb or any(t.tag_ in _FINITE for t in doc[first:stop]):
            last = Voice(first, stop, True, "quotation", whose, _at(verb), is_open)
            yield last


def _quoted_ranges(doc: Doc, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """The outermost quotations of a paragraph: first token, last token + 1, whether it ends without a closing mark."""
    opened: tuple[int, str] | None = None
    for i in range(start, end):
        closing = _closing_for(doc, i, start)
        if (
            opened
            and doc[i].text in (opened[1], "''" if opened[1] == '"' else opened[1])
            and _closes(doc, i, end)
            and not (closing and opened[1] == '"')
        ):
            yield opened[0] + 1, i, False
            opened = None
        elif closing and (opened is None or closing == opened[1]):
            if opened:  # the mark that should have closed it is missing
                yield opened[0] + 1, _end_of_sentence(doc, opened[0] + 1, i), False
            opened = i, closing
    if opened and opened[0] + 1 < end:
        takes_up = end < len(doc) and _closing_for(doc, end, end) == opened[1]
        yield opened[0] + 1, end if takes_up else _end_of_sentence(doc, opened[0] + 1, end), takes_up


def _end_of_sentence(doc: Doc, start: int, end: int) -> int:
    return min(int(doc[start].sent.end), end)


def _closing_for(doc: Doc, i: int, start: int) -> str | None:
    """The mark that closes a quotation that opens at a token, if one does."""
    text, after_space = doc[i].text, i == start or bool(doc[i - 1].whitespace_) or doc[i - 1].text in "([—–-"
    if text in _OPENING:
        return _OPENING[text]
    if text in ('"', "``", "'", "''") and after_space and not doc[i].whitespace_:
        return "'" if text == "'" else '"'
    return None


def _closes(doc: Doc, i: int, end: int) -> bool:
    """Whether a mark closes: an apostrophe after a plural ("the rebels' arms") does not."""
    if doc[i].text not in ("’", "'"):
        return True
    return i + 1 == end or doc[i - 1].text in ",.!?…" or not doc[i - 1].text.endswith("s")


def _said_after(doc: Doc, stop: int, end: int) -> tuple[Token, Token | None] | None:
    """'..., " said X': the verb of speaking after a quotation in the same sentence."""
    if stop >= end or (doc[stop - 1].text not in ",.!?…—–-" and doc[min(stop + 1, end - 1)].text != ","):
        return None
    for token in doc[stop + 1 : min(stop + 1 + _REACH, end)]:
        if token.text in _STOPS or token.text in _OPENING or token.text == '"':
            return None
        if _speaks(token):
            return token, _speaker_beside(token)
    return None


def _said_before(doc: Doc, first: int, start: int) -> tuple[Token, Token | None] | None:
    """'X said: "...': the verb of speaking before a quotation in the same sentence."""
    for token in reversed(doc[max(first - 1 - _REACH, start) : max(first - 1, start)]):
        if token.text in (".", "!", "?", ";") or token.text in _CLOSING:
            return None
        if _speaks(token):
            return token, _speaker_beside(token)
    return None


# --- attributions in a sentence ---------------------------------------------------------------------------------------


def _attributions(document: Document, start: int, end: int) -> Iterator[Voice]:
    for sentence in _sentences(document.doc, start, end):
        for token in sentence:
            if token.lower_ == "according" and token.i + 1 < sentence.end and token.nbor().lower_ == "to":
                first, stop = _scope(sentence, token)
                yield Voice(first, stop, False, "according to", _at(_after_preposition(token.nbor())))
            elif token.lower_ in ("account", "accounts", "reckoning") and (owner := _owner(token)):
                by = token.head.i  # in the middle of a sentence it speaks only of what follows
                first = by if sentence.start + 1 < by and token.i + 2 < sentence.end else sentence.start
                yield Voice(first, sentence.end, False, "by ... account", owner.i)
            elif token.lower_ in ("citing", "quoting") and (source := _after_preposition(token)) is not None:
                yield Voice(sentence.start, sentence.end, False, token.lower_, source.i, token.i)
            elif _speaks(token) and token.i > sentence.start:
                yield from _aside(sentence, token) if _is_aside(token) else _tag(sentence, token)


def _sentences(doc: Doc, start: int, end: int) -> Iterator[Span]:
    while start < end:
        sentence = doc[start].sent
        yield sentence
        start = sentence.end


def _is_aside(verb: Token) -> bool:
    """ "As CNN reported", "as reported by CNN"."""
    return verb.dep_ == "advcl" and any(t.lower_ == "as" and t.dep_ in ("mark", "advmod") for t in verb.children)


def _aside(sentence: Span, verb: Token) -> Iterator[Voice]:
    yield Voice(sentence.start, sentence.end, False, f"as ... {verb.lemma_.lower()}", _at(subject_of(verb)), verb.i)


def _scope(sentence: Span, according: Token) -> tuple[int, int]:
    """The sentence, or in the middle of a list of clauses the one that "according to" stands in."""
    clause = according.head
    after = sentence.doc[according.i : sentence.end]
    if clause.dep_ != "conj" or not any(t.dep_ == "conj" and t.head == clause for t in after):
        return sentence.start, sentence.end
    return clause.left_edge.i, according.right_edge.i + 1


def _owner(account: Token) -> Token | None:
    """Whose account it is: "by Kyiv's account", "by the army's reckoning"."""
    if account.dep_ != "pobj" or account.head.lower_ not in ("by", "in"):
        return None
    return next((t for t in account.children if t.dep_ == "poss"), None)


def _after_preposition(preposition: Token) -> Token | None:
    own = [t for t in preposition.children if t.dep_ in ("pobj", "dobj")]
    return (
        own[0]
        if own
        else next(
            (
                t
                for t in preposition.doc[preposition.i + 1 : preposition.i + 8]
                if t.pos_ in _NOUNS and t.dep_ not in ("compound", "nmod", "poss")
            ),
            None,
        )
    )


def _tag(sentence: Span, verb: Token) -> Iterator[Voice]:
    """ "..., officials said": a comma, a speaker and a verb of speaking that nothing is said after."""
    subject = next((t for t in verb.children if t.dep_ == "nsubj"), None)
    edge = min(subject.left_edge.i, verb.i) if subject is not None else verb.i
    if edge <= sentence.start + 1 or sentence.doc[edge - 1].text not in (",", "—", "–", "-", "”", '"', "’"):
        return
    if any(t.i > verb.i and t.dep_ in ("ccomp", "xcomp", "dobj") and t is not subject for t in verb.children):
        return
    speaker = _speaker_beside(verb)
    if speaker is None or speaker.tag_ in ("WDT", "WP"):
        return
    right = max(verb.i, speaker.right_edge.i if speaker.i > verb.i else verb.i)
    said = next((t for t in verb.children if t.dep_ == "ccomp"), verb.head)
    parenthesis = sentence.doc[min(right + 1, sentence.end - 1)].text == "," and said.i > verb.i
    yield Voice(sentence.start, sentence.end if parenthesis else edge, False, verb.lemma_.lower(), speaker.i, verb.i)


# --- headlines and transcripts ---------------------------------------------------------------------------------------


def _headlines(document: Document, start: int, end: int) -> Iterator[Voice]:
    """ "Iran sent drones: officials", "US intelligence: Iran sent drones"."""
    doc = document.doc
    if end - start > 25 or doc[end - 1].text == ".":
        return
    marks = [i for i in range(start + 1, end - 1) if doc[i].text in (":", "-", "–", "—") and doc[i].whitespace_]
    if not marks:
        return
    mark = marks[-1]
    before, after = doc[start:mark], doc[mark + 1 : end]
    if len(after) <= 5 and _names_source(after):
        yield Voice(start, mark, False, "headline", end - 1)
    elif len(before) <= 5 and doc[mark].text == ":" and _names_source(before):
        yield Voice(mark + 1, end, False, "headline", mark - 1)


def _names_source(span: Span) -> bool:
    return any(t.lemma_.lower() in WORDS["sources"] for t in span) and not any(t.pos_ == "VERB" for t in span)


def _transcript(document: Document, start: int, end: int, before: Voice | None, labels: dict[int, int]) -> Voice | None:
    """ "GEN. SMITH: We have ...": in an article with several such paragraphs each goes on until the next."""
    if start in labels:
        return Voice(labels[start] + 1, end, True, "transcript", labels[start] - 1)
    return replace(before, start=start, end=end) if before else None


def _labels(document: Document) -> dict[int, int]:
    """Where the colons after speakers' names stand, by the paragraphs that begin with one; of two or less, none."""
    doc = document.doc
    some = (p for p in document.paragraphs if any(doc.word(i) == ":" for i in range(p[0], min(p[0] + 8, p[1]))))
    labels = {start: stop for start, end in some if (stop := _label(doc[start:end]))}
    return labels if len(labels) > 2 else {}


def _label(paragraph: Span) -> int | None:
    """Where the colon after a speaker's name stands, if a paragraph begins with one."""
    for token in paragraph[:8]:
        if token.text == ":":
            return token.i if token.i > paragraph.start and len(paragraph) > 6 else None
        if not (token.text.isupper() or token.pos_ == "PROPN" or token.text in ".'’-"):
            return None
    return None
