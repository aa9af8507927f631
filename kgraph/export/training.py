"""What people decided → training data: articles in sentences, and the claims that a person says are there (docs/training.md).

A decision is about a sentence: who accepts, corrects, rejects or adds a claim has read it. The other sentences go along, since
"it" and "the group" need them, and are listed as unread; claims of read sentences that nobody decided on are listed as
undecided. Of both nothing is known: to learn that they hold no claim would be to learn what no one said.
"""

from __future__ import annotations

import json
import re
import sqlite3
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, combinations, compress, pairwise, product
from pathlib import Path
from typing import Any

from kgraph.decisions import VERDICTS, Decision, from_json, latest
from kgraph.errors import UsageError
from kgraph.folder.rows import CITED
from kgraph.projection.judgement import Correction
from kgraph.records import digest
from kgraph.schema import RelationType, load_schema

TEXTS, CLAIMS = "texts.jsonl", "claims.jsonl"

Span = tuple[int, int]  # code points of an article's text


def write_training(db: sqlite3.Connection, target: Path) -> None:
    """Two files: texts.jsonl and claims.jsonl, a line an article on whose claims a person decided, in the order of keys."""
    reviewed = _review(db)
    if not reviewed.decided:
        advice = "`kgraph review` shows what to decide first"
        raise UsageError(
            f"{target.name}: nobody has decided on a claim of this graph, so nothing is to be learned; {advice}"
        )
    target.mkdir(parents=True, exist_ok=True)
    with (
        (target / TEXTS).open("w", encoding="utf-8", newline="\n") as texts,
        (target / CLAIMS).open("w", encoding="utf-8", newline="\n") as claims,
    ):
        for key in _articles(db, reviewed):
            text, said = _lines(db, key, reviewed)
            texts.write(json.dumps(text, ensure_ascii=False) + "\n")
            claims.write(json.dumps(said, ensure_ascii=False) + "\n")


# What was decided. ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Review:
    """The evidence that a person decided on, with the decisions about each that change or add its roles."""

    decided: frozenset[str]
    roles: Mapping[str, Sequence[Decision]]


def _review(db: sqlite3.Connection) -> _Review:
    made = [
        (from_json(line), about) for line, about in db.execute("SELECT decision, evidence FROM decided ORDER BY number")
    ]
    decided = {id for (id,) in db.execute("SELECT evidence FROM revision UNION SELECT id FROM added")}
    for target in latest(
        (decision for decision, _ in made), *VERDICTS
    ):  # what is said of a claim holds for its evidence
        for table in ("claim_evidence", "rejected"):
            decided |= {id for (id,) in db.execute(f"SELECT evidence FROM {table} WHERE claim = ?", (target,))}
    roles = defaultdict[str, list[Decision]](list)
    for decision, about in made:
        if about and (decision.action == "add" or decision.field.startswith("role:")):
            roles[about].append(decision)
    return _Review(frozenset(decided), roles)


def _articles(db: sqlite3.Connection, reviewed: _Review) -> list[str]:
    rows = (db.execute("SELECT article FROM told WHERE id = ?", (id,)).fetchall() for id in reviewed.decided)
    return sorted({article for found in rows for (article,) in found})


# What an article says. ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Taker:
    """Who takes a role; `span`: the words that stand for him, as they were read; None where a person named him."""

    role: str
    actor: str
    span: Span | None
    instead_of: Span | None = None  # the words of whom a person put him in the place of


@dataclass(frozen=True, slots=True)
class _Told:
    """An evidence as it stands after review."""

    id: str
    relation: RelationType
    span: Span
    trigger: Span
    status: str
    speakers: str
    takers: Sequence[_Taker]


def _told(db: sqlite3.Connection, article: str, reviewed: _Review) -> list[_Told]:
    """The evidence of an article that gives a claim, in the order of the text: what a person rejected gives none."""
    rows = db.execute(
        """SELECT id, type, start, "end", trigger_start, trigger_end, status FROM told WHERE article = ?
           AND EXISTS (SELECT 1 FROM claim_evidence AS c WHERE c.evidence = told.id) ORDER BY start, trigger_start, id""",
        (article,),
    )
    return [
        _Told(
            id,
            load_schema()[type_],
            (start, end),
            (first, last),
            status,
            " > ".join(_plain(text) for (text,) in db.execute(_SPEAKERS, (id,))),
            _takers(db, article, id, load_schema()[type_], reviewed.roles.get(id, ())),
        )
        for id, type_, start, end, first, last, status in rows.fetchall()
    ]


_SPEAKERS = "SELECT text FROM speaker WHERE evidence = ? ORDER BY depth DESC"  # who tells of whom comes first


def _takers(
    db: sqlite3.Connection, article: str, evidence: str, relation: RelationType, decisions: Sequence[Decision]
) -> Sequence[_Taker]:
    """Who takes which role of an evidence, after all corrections; not in what a person rejected as a claim."""
    rows = db.execute(
        """SELECT f.role, r.actor, f.start, f."end" FROM filler AS f JOIN resolution AS r ON r.article = ? AND r.local = f.local
           WHERE f.evidence = ? ORDER BY f.start, f."end", f.role""",
        (article, evidence),
    )
    found = [_Taker(role, actor, (start, end)) for role, actor, start, end in rows]
    for decision in decisions:
        if decision.action == "add":
            named = decision.details["roles"].items()
            found = [_Taker(role, _today(db, actor), None) for role, actors in named for actor in actors]
        else:
            found = _corrected(db, found, decision)
    if db.execute("SELECT 1 FROM rejected WHERE evidence = ?", (evidence,)).fetchone():
        stands = {*db.execute(_STANDS, (evidence,))}
        found = [one for one in found if one.role not in relation.identity or (one.role, one.actor) in stands]
    unique = dict[tuple[str, str], _Taker]()
    for one in found:
        unique.setdefault((one.role, one.actor), one)
    return [*unique.values()]


_STANDS = (
    "SELECT r.role, r.actor FROM claim_evidence AS c JOIN claim_role AS r ON r.claim = c.claim WHERE c.evidence = ?"
)


def _corrected(db: sqlite3.Connection, before: list[_Taker], decision: Decision) -> list[_Taker]:
    role, right = decision.field.removeprefix("role:"), _today(db, decision.value)
    wrong = _today(db, str(decision.details.get("instead", "")))
    pairs = tuple((one.role, one.actor) for one in before)
    kept = {pair: one for pair, one in zip(reversed(pairs), reversed(before), strict=True)}
    gone = [one for one in before if one.role == role and (one.actor == wrong or (role, wrong) not in pairs)]
    instead_of = next((one.span or one.instead_of for one in gone), None)
    after = Correction(role, right, wrong).apply(pairs)
    return [kept.get(pair) or _Taker(*pair, None, instead_of) for pair in after]


def _today(db: sqlite3.Connection, actor: str) -> str:
    """The id that an actor goes by now."""
    found = db.execute("SELECT new FROM redirect WHERE old = ?", (actor,)).fetchone()
    return str(found[0]) if found else actor


@dataclass(frozen=True, slots=True)
class _Actor:
    """An actor of an article, and where the article speaks of him."""

    name: str  # no other actor of the article has it
    kind: str
    also: Sequence[str]
    spans: Sequence[Span]


def _actors(db: sqlite3.Connection, article: str, text: str, more: Iterable[str]) -> dict[str, _Actor]:
    """Whom an article names, and `more` that people named, by their ids."""
    forms, spans = defaultdict[str, set[str]](set), defaultdict[str, list[Span]](list)
    for actor, name, also in db.execute(
        """SELECT r.actor, l.name, l.forms FROM local_actor AS l
           JOIN resolution AS r ON r.article = l.article AND r.local = l.local WHERE l.article = ?""",
        (article,),
    ):
        forms[actor] |= {name, *json.loads(also)}
    for actor, start, end in db.execute(
        """SELECT r.actor, m.start, m."end" FROM mention AS m
           JOIN resolution AS r ON r.article = m.article AND r.local = m.local WHERE m.article = ? ORDER BY m.start""",
        (article,),
    ):
        spans[actor].append((start, end))
    rows = {
        id: row
        for id in sorted({*forms, *more})
        if (row := db.execute("SELECT name, kind, aliases FROM actor WHERE id = ?", (id,)).fetchone())
    }
    names, kinds = Counter(name for name, *_ in rows.values()), Counter((name, kind) for name, kind, _ in rows.values())
    found = {}
    for id, (name, kind, aliases) in rows.items():
        alone = name if names[name] == 1 else f"{name} ({kind})" if kinds[name, kind] == 1 else f"{name} ({id})"
        known = forms[id] | {name, *json.loads(aliases)}
        named = _find_names(text, known)
        also = sorted({_plain(text[start:end]) for start, end in named} | forms[id] - {name, alone})
        found[id] = _Actor(alone, kind, [one for one in also if one != alone], spans[id] or named)
    return found


def _find_names(text: str, names: Iterable[str]) -> list[Span]:
    """Where some names stand in a text, the longest at each place."""
    choices = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)) if name)
    return [match.span() for match in re.finditer(rf"(?<!\w)(?:{choices})(?!\w)", text)]


# Sentences. -----------------------------------------------------------------------------------------------------------

_MARK = "¶"  # begins the first sentence of a paragraph, but for the first
_BLANK_LINE = re.compile(r"\s*\n\s*\n\s*")
_LINE = re.compile(r"\s*\n\s*")
_WRAPPED = re.compile(r"[^\W\d_A-Z],?\n[^\W\d_A-Z]")  # a sentence goes on in the next line: lines were broken by hand
_END = re.compile(
    r"(?<!\b[A-Z])(?<!\b(?:Mr|Ms|Dr|St|Lt))(?<!\b(?:Mrs|Gen|Sen|Col|Gov|Maj|Sgt|Adm|Rep))[.!?…][\"'”’)\]]*\s+"
    r"(?=[\"'“‘(\[]?[A-Z])"
)


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of an article: as they are written down, and where each begins and ends in its text."""

    text: str
    spans: Sequence[Span]
    lines: Sequence[str]

    def number(self, offset: int) -> int:
        """Which sentence a place of the text belongs to, from 1."""
        return max(1, bisect_right(self.spans, offset, key=lambda span: span[0]))

    def words(self, span: Span, number: int) -> str:
        """How sentence `number` names a stretch of the text: its words, with their sentence and place where needed."""
        there = self.number(span[0])
        start, stop = self.spans[there - 1]
        line, shift = self.lines[there - 1], 2 * self.lines[there - 1].startswith(_MARK)
        begin, end = (
            shift + len(_plain(f"{self.text[start:at]}.")) - 1 for at in (max(span[0], start), min(span[1], stop))
        )
        begin, end = _to_whole_words(line, begin, end)
        while begin not in (places := _find(line, line[begin:end])):
            begin = line.rfind(" ", 0, begin - 1) + 1  # "a a" in "a a a" is the first of one: more words make it plain
        words = line[begin:end]
        is_first = begin == places[0] and not re.search(r"#\d+$", words)
        words = words if is_first else f"{words}#{places.index(begin) + 1}"
        return words if there == number and not re.match(r"@\d+ ", words) else f"@{there} {words}"


def _to_whole_words(line: str, begin: int, end: int) -> Span:
    while begin > 0 and re.match(r"\w", line[begin - 1]):
        begin -= 1
    while end < len(line) and re.match(r"\w", line[end]):
        end += 1
    return begin, end


def _find(line: str, words: str) -> list[int]:
    return [match.start() for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", line)]


def cut(text: str, read: Sequence[Span], quoted: Sequence[Span]) -> Sentences:
    """A text in sentences: those that were read as such, what lies between them cut at full stops; nothing that a person
    quoted is cut."""
    text = text.replace(_MARK, " ")
    paragraphs = _BLANK_LINE if _WRAPPED.search(text) else _LINE
    begins = {0: False} | {match.end(): True for match in paragraphs.finditer(text)}
    for at in (*(match.end() for match in _END.finditer(text)), *(at for span in read for at in span)):
        begins.setdefault(at, False)
    inside = _inside([*read, *quoted])
    places = [*sorted(at for at in begins if at < len(text) and not inside(at)), len(text)]
    has_words = [begins[at] or re.search(r"\w", text[at:stop]) for at, stop in pairwise(places)]
    # a quotation mark alone belongs to what stands before
    places = [0, *compress(places[1:], has_words[1:]), len(text)]
    spans, lines = list[Span](), list[str]()
    for start, end in pairwise(places):
        if line := _plain(text[start:end]):
            lines.append(f"{_MARK} {line}" if begins[start] and lines else line)
            spans.append((start, end))
    return Sentences(text, spans, lines)


def _inside(spans: Sequence[Span]) -> Callable[[int], bool]:
    """Whether a place lies between the ends of some span."""
    ordered = sorted(spans)
    furthest = [*accumulate((end for _, end in ordered), max)]

    def is_inside(at: int) -> bool:
        before = bisect_left(ordered, (at, 0))
        return before > 0 and furthest[before - 1] > at

    return is_inside


def _plain(text: str) -> str:
    """A text in one line, with one blank between words."""
    return " ".join(text.split())


# Lines. ---------------------------------------------------------------------------------------------------------------


def _lines(db: sqlite3.Connection, article: str, reviewed: _Review) -> tuple[dict[str, Any], dict[str, Any]]:
    """The lines of an article in both files."""
    title, source, published, text = db.execute(
        """SELECT title, iif(fingerprint = ?, title, coalesce(outlet, url, path, key)), published, text
           FROM article WHERE key = ?""",
        (CITED, article),
    ).fetchone()
    told = _told(db, article, reviewed)
    sentences = cut(text, *_spans(db, article))
    named = {taker.actor for one in told for taker in one.takers}
    actors = _actors(db, article, sentences.text, named)
    id = digest(article)
    read = {
        sentences.number(start)
        for evidence, start in db.execute("SELECT id, start FROM told WHERE article = ?", (article,))
        if evidence in reviewed.decided
    }
    decided = {one.id: [*_claims(one, actors, sentences)] for one in told if one.id in reviewed.decided}
    # a sentence of which something cannot be said would teach that nothing is claimed there
    read -= {sentences.number(one.span[0]) for one in told if None in decided.get(one.id, ())}
    others = [one for one in told if one.id not in decided and sentences.number(one.span[0]) in read]
    said = {
        "id": id,
        "actors": [[one.name, one.kind, *one.also] for one in actors.values()],
        "claims": _once(claim for found in decided.values() for claim in found),
        "undecided": _once(claim for one in others for claim in _claims(one, actors, sentences)),
        "unread": [number for number in range(1, len(sentences.lines) + 1) if number not in read],
    }
    about = {"id": id, "source": source, "licence": "", "title": title, "published": published, "from": article}
    return about | {"sents": sentences.lines}, said


def _spans(db: sqlite3.Connection, article: str) -> tuple[list[Span], list[Span]]:
    """Where the sentences of all evidence stand, and those that people quoted."""
    sql = 'SELECT start, "end" FROM {} WHERE article = ?'
    read, quoted = (db.execute(sql.format(table), (article,)).fetchall() for table in ("evidence", "added"))
    return read, quoted


def _once(claims: Iterable[dict[str, Any] | None]) -> list[dict[str, Any]]:
    found = {json.dumps(claim): claim for claim in claims if claim}
    return [*found.values()]


def _claims(told: _Told, actors: Mapping[str, _Actor], sentences: Sentences) -> Iterator[dict[str, Any] | None]:
    """The claims of an evidence, one a pair of key actors; None for one whose actors no words of the article stand for."""
    number, filled = sentences.number(told.span[0]), defaultdict[str, list[_Taker]](list)
    for taker in told.takers:
        filled[taker.role].append(taker)
    first, second = told.relation.key_roles
    firsts: list[_Taker | None] = [*filled.pop(first, [])] or [None]
    seconds: list[_Taker | None] = [*filled.pop(second, [])] or [None]
    pairs = [*product(firsts, seconds)]
    if told.relation.symmetric:
        pairs = [*combinations(firsts, 2)] or [(firsts[0], None)]
    many = max(map(len, filled.values()), default=1)
    for pair in pairs:
        keys = [one for one in pair if one]
        spans, near = dict[_Taker, Span | None](), told.span[0]
        for one in (*keys, *chain.from_iterable(filled.values())):
            spans[one] = span = _span(one, told, actors, near)
            near = span[0] if span and one in keys else near  # of many places the one nearest to who stands with him
        if len({one.actor for one in keys}) < len(keys) or not keys:
            continue  # nobody relates to himself
        if any(spans[one] is None for one in keys):
            yield None
            continue
        filler = {
            one: [actors[one.actor].name, sentences.words(span, number)]
            for one, span in spans.items()
            if span is not None
        }
        trigger = (
            told.trigger if told.trigger[0] < told.trigger[1] else _between(told, sentences, *(spans[k] for k in keys))
        )
        for nth in range(many):  # what has several items is a claim each
            others = {role: some[min(nth, len(some) - 1)] for role, some in filled.items()}
            more = {role: filler[one] for role, one in others.items() if one in filler}
            yield {
                "n": number,
                "t": told.relation.name,
                **{key: filler[one] if one else None for key, one in zip("ab", pair, strict=True)},
                **({"r": more} if more else {}),
                "st": told.status,
                **({"by": told.speakers} if told.speakers else {}),
                "w": sentences.words(trigger, number),
            }


def _span(taker: _Taker, told: _Told, actors: Mapping[str, _Actor], near: int) -> Span | None:
    """The words that stand for whom a claim is about: as read; else a name in the sentence, what was taken for somebody
    else ("the group"), a name elsewhere."""
    if taker.span or taker.actor not in actors:
        return taker.span if taker.actor in actors else None
    known, (start, end) = actors[taker.actor].spans, told.span
    near = taker.instead_of[0] if taker.instead_of else near
    if there := [span for span in known if start <= span[0] and span[1] <= end]:
        return min(there, key=lambda span: (abs(span[0] - near), span))
    before = [span for span in known if span[0] < start]
    return taker.instead_of or next(iter([*before[-1:], *known]), None)


def _between(told: _Told, sentences: Sentences, *ends: Span | None) -> Span:
    """What makes a claim that a person added: the words between its actors, else all that was quoted."""
    inside = sorted(span for span in ends if span and told.span[0] <= span[0] and span[1] <= told.span[1])
    if len(inside) == 2:
        (_, start), (end, _) = inside
        if words := re.search(r"\w[\w’'-]{2,}(?:.*\w)?", sentences.text[start:end], re.S):
            return start + words.start(), start + words.end()
    return told.span
