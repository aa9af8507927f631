"""Where decisions are looked up: in the database. What has followed so far is in the tables of `home`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from kgraph.folder.articles import find_today
from kgraph.folder.rows import EvidenceRow

COLUMNS = ", ".join(f'e."{name}"' for name in EvidenceRow._fields)


class Stored:
    """Implements judgement.Kept."""

    def __init__(self, db: sqlite3.Connection, home: str) -> None:
        self._db, self._home = db, home
        self.named = frozenset[str]()  # whom decisions name
        self._outlets: set[str] | None = None

    def _has(self, sql: str, *values: str) -> bool:
        return self._db.execute(f"{sql} LIMIT 1", values).fetchone() is not None

    def evidence(self, id: str) -> EvidenceRow | None:
        row = self._db.execute(f"SELECT {COLUMNS} FROM evidence AS e WHERE e.id = ?", (id,)).fetchone()
        return row and EvidenceRow._make(row)

    def evidence_of(self, article: str, sentence: str, type: str) -> Iterable[tuple[str, set[str]]]:
        rows = self._db.execute(
            "SELECT id FROM evidence WHERE article = ? AND sentence = ? AND type = ? ORDER BY id",
            (article, sentence, type),
        )
        return [(id, self._actors(article, id)) for (id,) in rows.fetchall()]

    def _actors(self, article: str, evidence: str) -> set[str]:
        sql = f"""SELECT r.actor FROM filler AS f JOIN {self._home}.resolution AS r ON r.article = ? AND r.local = f.local
                  WHERE f.evidence = ?"""
        return {actor for (actor,) in self._db.execute(sql, (article, evidence))}

    def articles(self, key: str) -> Sequence[str]:
        return find_today(self._db, key)

    def find(self, article: str, words: str, start: int) -> int:
        sql = "SELECT iif(substr(text, ?3 + 1, length(?2)) = ?2, ?3, instr(text, ?2) - 1) FROM article WHERE key = ?1"
        return int(self._db.execute(sql, (article, words, start)).fetchone()[0])

    def has_outlet(self, name: str) -> bool:
        if self._outlets is None:
            self._outlets = {own.casefold() for (own,) in self._db.execute(f"SELECT name FROM {self._home}.outlet")}
        return name in self._outlets

    def is_mentioned(self, actor: str) -> bool:
        return self._has(f"SELECT 1 FROM {self._home}.naming WHERE actor = ?", actor)

    def is_actor(self, actor: str) -> bool:
        return actor in self.named or self.is_mentioned(actor)

    def is_claim(self, claim: str) -> bool:
        return any(
            self._has(f"SELECT 1 FROM {self._home}.{table} WHERE claim = ?", claim)
            for table in ("claim_evidence", "rejected")
        )
