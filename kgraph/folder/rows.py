"""A reading as rows of the tables, and the rows as records."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from kgraph.articles.addresses import canonical
from kgraph.decisions.citations import Citation
from kgraph.folder import digests
from kgraph.folder.tables import READ, Row
from kgraph.records import Evidence, Reading


class ArticleRow(NamedTuple):
    key: str
    version: str
    title: str
    published: str | None
    outlet: str | None
    url: str | None
    path: str | None
    cluster: str
    credit: str | None = None
    given: str | None = None
    address: str | None = None


class LocalActorRow(NamedTuple):
    article: str
    local: str
    name: str
    kind: str
    entry: str | None
    country: str | None
    forms: str  # JSON


class EvidenceRow(NamedTuple):
    id: str
    event: str
    article: str
    type: str
    sentence: str
    start: int
    end: int
    trigger: str
    score: float
    status: str
    polarity: str
    stage: str
    certainty: str
    hypothetical: int
    voice: str
    event_from: str | None
    event_to: str | None
    date_precision: str | None


class FillerRow(NamedTuple):
    evidence: str
    role: str
    local: str
    surface: str


class SpeakerRow(NamedTuple):
    evidence: str
    depth: int  # 1 is the nearest
    text: str
    local: str | None


def rows_of(reading: Reading, fingerprint: str) -> dict[str, list[Row]]:
    """What was read from an article as rows of the tables of tables.sql; `fingerprint` is what read it."""
    key = reading.article.key
    evidence = list({each.evidence_id: each for each in reversed(reading.evidence)}.values())  # of equal ones the first
    actors = [(key, a.local, a.name, a.kind.value, a.entry, a.country, _json(a.forms)) for a in reading.actors]
    fillers = [(e.evidence_id, f.role, f.local, f.surface, f.start, f.end) for e in evidence for f in e.fillers]
    rows: dict[str, list[Row]] = {
        "local_actor": _unique(actors, 2),
        "mention": _unique([(key, m.local, m.start, m.end, m.text, m.source) for m in reading.mentions], 4),
        "evidence": [_evidence_row(each) for each in evidence],
        "filler": _unique(fillers, 3),
        "speaker": [
            (each.evidence_id, depth, speaker.text, speaker.local)
            for each in evidence
            for depth, speaker in enumerate(each.stance.speakers, start=1)
        ],
    }
    return {"article": [digests.sign(_article_row(reading, fingerprint), rows)], **rows}


def _unique(rows: Iterable[Row], key: int) -> list[Row]:
    """Of rows that begin with the same key the first ("Moscow and the Kremlin" fills a role with Russia once)."""
    found: dict[Row, Row] = {}
    for row in rows:
        found.setdefault(row[:key], row)
    return [*found.values()]


CITED = "cited"  # in the place of what read it: a quotation that a decision cites, which is never read


def cited_row(cited: Citation) -> Row:
    article = cited.article
    row = (
        article.key, article.version, article.title, article.text, article.published, article.outlet, article.url,
        article.path, None, None, article.language, _json(article.boilerplate), article.key, cited.by, None, CITED,
        cited.when, "",
    )  # fmt: skip
    return digests.sign(row, dict.fromkeys(READ, ()))


def _article_row(reading: Reading, fingerprint: str) -> Row:
    article = reading.article
    return (
        article.key, article.version, article.title, article.text, article.published, article.outlet, article.url,
        article.path, article.given, canonical(article.url), article.language, _json(article.boilerplate), article.key,
        reading.credit, reading.signature, fingerprint,
        datetime.now(UTC).isoformat(timespec="seconds"), "",
    )  # fmt: skip


def _evidence_row(each: Evidence) -> Row:
    stance = each.stance
    return (
        each.evidence_id, each.event_id, each.article, each.type, each.sentence, each.start, each.end,
        each.trigger, each.trigger_start, each.trigger_end, each.frame, each.reader, float(each.score),
        each.status.value, stance.polarity, stance.stage, stance.certainty, int(stance.hypothetical), stance.voice,
        _json(stance.cues), each.event_from, each.event_to, each.date_precision,
    )  # fmt: skip


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
