"""Who speaks where: quotations, "according to", "..., officials said", headlines and transcripts, by surface.

The tree says who speaks in "officials said that ...". What stands here needs no tree, since the model often errs there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kgraph.actors import Cast
from kgraph.claims.cues import WORDS
from kgraph.documents import Document
from kgraph.model import Speaker
from kgraph.parsed import Doc, Span, Token

_OPENING, _CLOSING = {"“": "”", "‘": "’", "«": "»", "„": "“"}, {"”": "“", "’": "‘", "»": "«"}
_NOUNS = ("NOUN", "PROPN", "PRON")
_STOPS = (".", "!", "?", ";", ":")
_FINITE = ("VBD", "VBZ", "VBP", "MD")  # two or three words without a verb are only a name, or put at a distance
_REACH = 14  # tokens between a quotation and the verb that says whose it is


@dataclass(frozen=True, slots=True)
class Voice:
    """A stretch of tokens that somebody says, word for word or not; `verb` is the word that says so."""

    start: int
    end: int
    quoted: bool
    cue: str
    speaker: Token | None = None
    verb: Token | None = None
    open: bool = False  # a quotation that the next paragraph takes up again


Voices = dict[int, tuple[Voice, ...]]


def voices_of(document: Document) -> Voices:
    """The voices at each token of a document, found once."""
    cache = document.doc.user_data
    if "voices" not in cache:
        cache["voices"] = _by_token(
            [*_quotations(document), *_attributions(document), *_headlines(document), *_transcript(document)]
        )
    found: Voices = cache["voices"]
    return found


def _by_token(voices: list[Voice]) -> Voices:
    index = defaultdict[int, tuple[Voice, ...]](tuple)
    for voice in voices:
        for i in range(voice.start, voice.end):
            index[i] += (voice,)
    return dict(index)


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
    children = list(verb.children)
    agents = [t for child in children if child.dep_ == "agent" for t in child.children if t.dep_ == "pobj"]
    if agents or any(child.dep_ in ("nsubjpass", "auxpass") for child in children):
        return agents[0] if agents else None
    own = next((child for child in children if child.dep_ == "nsubj" and child.tag_ != "EX"), None)
    if own is not None:
        return verb.head if own.tag_ in ("WDT", "WP") and verb.dep_ == "relcl" else own
    if verb.dep_ in ("acl", "relcl") and verb.tag_ in ("VBG", "VBD", "VBZ", "VBP"):
        return verb.head
    if verb.dep_ in ("conj", "xcomp", "advcl", "pcomp") and verb.head.i != verb.i:
        host = verb.head.head if verb.dep_ == "pcomp" else verb.head
        return subject_of(host) if host.pos_ in ("VERB", "AUX") else None
    return _misread_subject(verb)


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


def _quotations(document: Document) -> Iterator[Voice]:
    """What stands in quotation marks, with its speaker; a speaker goes on through his paragraph, and over open ends."""
    last: Voice | None = None
    for start, end in document.paragraphs:
        carried = last if last and last.open else None
        last = None
        for first, stop, is_open in _quoted_ranges(document.doc, start, end):
            verb, speaker = (
                _said_after(document.doc, stop, end) or _said_before(document.doc, first, start) or (None, None)
            )
            earlier = last or carried
            if speaker is None and earlier and stop - first > 4:
                speaker = earlier.speaker
            if stop - first > 4 or verb or any(t.tag_ in _FINITE for t in document.doc[first:stop]):
                last = Voice(first, stop, True, "quotation", speaker, verb, is_open)
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


def _attributions(document: Document) -> Iterator[Voice]:
    for sentence in document.doc.sents:
        for token in sentence:
            if token.lower_ == "according" and token.i + 1 < sentence.end and token.nbor().lower_ == "to":
                start, end = _scope(sentence, token)
                yield Voice(start, end, False, "according to", _after_preposition(token.nbor()))
            elif token.lower_ in ("account", "accounts", "reckoning") and (owner := _owner(token)):
                by = token.head.i  # in the middle of a sentence it speaks only of what follows
                start = by if sentence.start + 1 < by and token.i + 2 < sentence.end else sentence.start
                yield Voice(start, sentence.end, False, "by ... account", owner)
            elif token.lower_ in ("citing", "quoting") and (source := _after_preposition(token)) is not None:
                yield Voice(sentence.start, sentence.end, False, token.lower_, source, token)
            elif _speaks(token) and token.i > sentence.start:
                yield from _aside(sentence, token) if _is_aside(token) else _tag(sentence, token)


def _is_aside(verb: Token) -> bool:
    """ "As CNN reported", "as reported by CNN"."""
    return verb.dep_ == "advcl" and any(t.lower_ == "as" and t.dep_ in ("mark", "advmod") for t in verb.children)


def _aside(sentence: Span, verb: Token) -> Iterator[Voice]:
    yield Voice(sentence.start, sentence.end, False, f"as ... {verb.lemma_.lower()}", subject_of(verb), verb)


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
    yield Voice(sentence.start, sentence.end if parenthesis else edge, False, verb.lemma_.lower(), speaker, verb)


# --- headlines and transcripts ---------------------------------------------------------------------------------------


def _headlines(document: Document) -> Iterator[Voice]:
    """ "Iran sent drones: officials", "US intelligence: Iran sent drones"."""
    doc = document.doc
    for start, end in document.paragraphs:
        marks = [i for i in range(start + 1, end - 1) if doc[i].text in (":", "-", "–", "—") and doc[i].whitespace_]
        if end - start > 25 or doc[end - 1].text == "." or not marks:
            continue
        mark = marks[-1]
        before, after = doc[start:mark], doc[mark + 1 : end]
        if len(after) <= 5 and _names_source(after):
            yield Voice(start, mark, False, "headline", after[-1])
        elif len(before) <= 5 and doc[mark].text == ":" and _names_source(before):
            yield Voice(mark + 1, end, False, "headline", before[-1])


def _names_source(span: Span) -> bool:
    return any(t.lemma_.lower() in WORDS["sources"] for t in span) and not any(t.pos_ == "VERB" for t in span)


def _transcript(document: Document) -> Iterator[Voice]:
    """ "GEN. SMITH: We have ...": in an article with several such paragraphs each goes on until the next."""
    labels = {start: stop for start, end in document.paragraphs if (stop := _label(document.doc[start:end]))}
    if len(labels) < 3:
        return
    current: Voice | None = None
    for start, end in document.paragraphs:
        if start in labels:
            mark = labels[start]
            current = Voice(mark + 1, end, True, "transcript", document.doc[mark - 1])
        if current:
            current = replace(current, start=max(current.start, start), end=end)
            yield current


def _label(paragraph: Span) -> int | None:
    """Where the colon after a speaker's name stands, if a paragraph begins with one."""
    for token in paragraph[:8]:
        if token.text == ":":
            return token.i if token.i > paragraph.start and len(paragraph) > 6 else None
        if not (token.text.isupper() or token.pos_ == "PROPN" or token.text in ".'’-"):
            return None
    return None
