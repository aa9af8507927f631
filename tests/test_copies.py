"""Near-copies and credits: ten papers that print one wire story are one origin, two reporters are two."""

from __future__ import annotations

import json
import random
import sqlite3
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph import copies
from kgraph.build import build, refresh
from kgraph.copies import PERMUTATIONS, Signed, bands, cluster, find_credit, join, load_owners, pair_up, sign
from kgraph.errors import KnowledgeError
from kgraph.folder import Folder
from kgraph.folder import near_copies as stories_kept
from kgraph.folder.digests import script
from kgraph.projection.statements import find_unnamed
from kgraph.records import Article, digest

WIRE = [
    "Russia delivered two batteries of S-300 missiles to Syria, two officials familiar with the shipment said.",
    "The launchers arrived at the port of Tartus aboard a cargo ship that had left Novorossiysk nine days earlier.",
    "Cranes moved the crates at night while the harbour was closed to fishing boats and civilian traffic.",
    "A column of at least fourteen trucks then took the coastal road north before dawn.",
    "Residents along the route were told to stay indoors and to keep away from their windows.",
    "The officials said the crews had trained for seven months at a range near Ashuluk in southern Russia.",
    "One of them called the handover the largest of its kind since the contract was first discussed.",
    "The embassy did not answer questions, and the port authority referred callers to the transport ministry.",
    "Analysts said the systems would take several weeks to be wired into the radars around the capital.",
    "Insurance premiums for ships that call at the port have doubled since the spring, brokers said.",
    "A former air defence officer said that crews usually need a season of practice before they stand alert.",
    "Satellite pictures taken last week show freshly poured concrete at two hilltop sites above the town.",
]
SYNONYMS = {
    "delivered": "handed", "shipment": "transfer", "arrived": "landed", "aboard": "on", "cargo": "freight",
    "closed": "shut", "told": "ordered", "several": "some", "usually": "normally", "pictures": "images",
    "largest": "biggest", "discussed": "raised", "route": "road", "systems": "batteries", "capital": "city",
}  # fmt: skip
REPORTS = [
    "Russia delivered S-300 missiles to Syria this month, according to shipping records seen by this newspaper. The "
    "records list eleven containers marked as agricultural machinery. Their weight does not fit any tractor sold in the "
    "region. Dockers interviewed on the quay described long green tubes under tarpaulin, and one had kept a photograph "
    "of a wheel taller than himself. He would not give his name because his brother serves in the coast guard.",
    "From a hill above the motorway our correspondent counted nine transporters with raised cabins. Russia delivered "
    "S-300 missiles to Syria. Drivers stopped for tea at a roadside stall whose owner complained about the noise. "
    "Soldiers waved them on without papers, and children ran beside the wheels as far as the bridge. By noon the road "
    "was empty again and only the broken asphalt told of the weight that had passed over it.",
]

COLUMNS = "key, version, title, text, published, language, boilerplate, cluster, signature, fingerprint, read_at, digest"


def rewritten(number: int) -> str:
    """The wire story as another paper prints it: a headline and an end of its own, cut, reordered, other words."""
    chance = random.Random(number)
    kept = [WIRE[0], *chance.sample(WIRE[1:], 8)]
    words = {word: other for word, other in SYNONYMS.items() if chance.random() < 0.4 and word != "delivered"}
    body = " ".join(" ".join(words.get(word, word) for word in sentence.split()) for sentence in kept)
    return f"What paper {number} says of it\n\n{body}\n\nOur reader number {number} may write to the editor of page {number}."


def article(key: str, text: str, published: str | None = None, outlet: str | None = None) -> Article:
    return Article(key, digest(text), "", text, published=published, outlet=outlet)


def stories(*articles: Article) -> dict[str, str]:
    return cluster([(each.key, each.published, each.version, sign(each)) for each in articles])


def test_ten_rewritten_copies_are_one_story_and_two_reports_are_two() -> None:
    printed = [article(f"copy {number}", rewritten(number)) for number in range(10)]
    assert len({each.version for each in printed}) == 10
    reports = [article(f"report {number}", text) for number, text in enumerate(REPORTS)]
    found = stories(*printed, *reports)
    assert {found[each.key] for each in printed} == {"copy 0"}
    assert {found[each.key] for each in reports} == {"report 0", "report 1"}


def origins(folder: Path, texts: list[str]) -> tuple[int, int]:
    """In how many articles and from how many origins the delivery is known."""
    feed = folder / f"{digest(*texts)}.jsonl"
    days = [f"2024-05-{1 + number % 5:02}" for number in range(len(texts))]
    lines = [
        {"id": str(n), "text": text, "published": day} for n, (text, day) in enumerate(zip(texts, days, strict=True))
    ]
    feed.write_text("".join(json.dumps(line) + "\n" for line in lines))
    build(folder / f"{feed.stem}.kg", [feed])
    with Folder(folder / f"{feed.stem}.kg").read() as db:
        sql = "SELECT articles, origins FROM claim WHERE type = 'SUPPLIES' AND text LIKE '%S-300%'"
        (found,) = db.execute(sql).fetchall()
    return int(found[0]), int(found[1])


def test_what_ten_papers_copy_has_one_origin(tmp_path: Path) -> None:
    printed = [rewritten(number) for number in range(10)]
    assert origins(tmp_path, printed) == (10, 1)
    assert origins(tmp_path, REPORTS) == (2, 2)
    assert origins(tmp_path, [*printed, REPORTS[0]]) == (11, 2)
    assert origins(tmp_path, [*printed, *REPORTS]) == (12, 3)


def test_what_is_printed_again_a_month_later_is_another_story() -> None:
    one, later = article("a", rewritten(0), "2024-05-01"), article("b", rewritten(1), "2024-06-20")
    assert stories(one, later) == {"a": "a", "b": "b"}


def test_a_few_words_in_common_are_no_copy() -> None:
    assert sign(article("a", "Russia condemned Israel.")) is None


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(6)))
def test_order_does_not_matter(order: list[int]) -> None:
    made = [article(f"{n}", rewritten(n) if n < 4 else REPORTS[n - 4]) for n in range(6)]
    assert stories(*(made[n] for n in order)) == stories(*made)


def signed(chance: random.Random) -> bytes:
    """A signature that shares much with those of one of four stories, and much of that by its first bands."""
    story = chance.randrange(4)
    values = [story if chance.random() < 0.6 else chance.randrange(1000) for _ in range(PERMUTATIONS)]
    return struct.pack(f"<{PERMUTATIONS}I", *([story] * 3 if chance.random() < 0.7 else values[:3]), *values[3:])


def by_bands(rows: list[tuple[str, str | None, str, bytes | None]]) -> dict[str, str]:
    """The stories as a cluster finds them: pairs among those that share a band, band by band."""
    groups: dict[tuple[int, int], dict[str, Signed]] = {}
    for key, published, version, signature in rows:
        for number, band in enumerate(bands(version, signature)):
            groups.setdefault((number, band), {})[key] = Signed(published, version, signature)
    pairs = (pair for (number, _), group in groups.items() for pair in pair_up(group, same_text=number == 0))
    return join((key for key, *_ in rows), pairs)


@pytest.mark.parametrize("seed", range(12))
def test_stories_kept_up_to_date_equal_those_of_all_articles(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (copies, stories_kept):
        monkeypatch.setattr(module, "MANY", 3 + seed % 4)  # so that large groups come and go
    monkeypatch.setattr(stories_kept, "FEW", 3)
    chance, db = random.Random(seed), sqlite3.connect(":memory:", isolation_level=None)
    db.executescript(script())
    db.execute("PRAGMA foreign_keys = ON")
    seen = set()
    for _ in range(60):
        for table in ("touched", "reclustered"):
            db.execute(f"DROP TABLE IF EXISTS temp.{table}")
            db.execute(f"CREATE TEMP TABLE {table} (id PRIMARY KEY)")
        touched = {f"article {chance.randrange(40):02}" for _ in range(chance.choice((1, 1, 2, 5)))}
        db.executemany("INSERT INTO temp.touched VALUES (?)", ((key,) for key in touched))
        before = dict(db.execute("SELECT key, cluster FROM article"))
        stories_kept.note_stories(db)
        db.executemany("DELETE FROM article WHERE key = ?", ((key,) for key in touched))
        for key in sorted(touched):
            if chance.random() < 0.75:
                row = (key, f"text {chance.randrange(30)}", chance.choice((None, "2024-05-01", "2024-05-08", "2024-06-20")), key, chance.choice((None, *(signed(chance) for _ in range(5)))))  # fmt: skip
                db.execute(f"INSERT INTO article ({COLUMNS}) VALUES (?, ?, '', '', ?, 'en', '[]', ?, ?, 'f', '', '')", row)
        stories_kept.tell_stories(db)
        rows = db.execute("SELECT key, published, version, signature FROM article ORDER BY key").fetchall()
        now = dict(db.execute("SELECT key, cluster FROM article"))
        assert now == cluster(rows) == by_bands(rows)
        changed = {key for (key,) in db.execute("SELECT id FROM temp.reclustered")}
        assert changed >= {key for key in now.keys() & before.keys() - touched if now[key] != before[key]}
        assert not db.execute("SELECT hash FROM band WHERE number NOT IN (SELECT number FROM signed)").fetchall()
        seen.add(len(set(now.values())) - len(now))
    assert len(seen) > 5  # stories of many sizes


CREDITS = [
    ("KYIV (Reuters) - Russia attacked Odesa.", None, "Reuters"),
    ("WASHINGTON (AP) — Officials said so.", None, "AP"),
    ("MOSCOW, October 18. /TASS/. Russia said so.", None, "TASS"),
    ("Russia attacked Odesa.\n\n— Agence France-Presse", None, "AFP"),
    ("Russia attacked Odesa.\n(With files from The Associated Press)", None, "AP"),
    ("Russia attacked Odesa.\nReporting by Ada Moss in Kyiv for Reuters", None, "Reuters"),
    ("The plan was first reported by the Harbour Gazette. It is secret.", None, "Harbour Gazette"),
    ("The Harbour Gazette first reported the plan.", None, "Harbour Gazette"),
    ("Russia attacked Odesa.", "Reuters", "Reuters"),
    ("Russia attacked Odesa, Reuters said on Monday.", None, None),  # a speaker, not the story's origin
    ("The AP course is hard. Ansar Allah first reported for duty.", None, None),
    ("Russia attacked Odesa.", "The Daily", None),
]


@pytest.mark.parametrize("text, outlet, expected", CREDITS)
def test_credits(text: str, outlet: str | None, expected: str | None) -> None:
    assert find_credit(article("a", text, outlet=outlet)) == expected


def test_outlets_of_one_owner_are_one_origin(tmp_path: Path) -> None:
    lines = [{"id": str(n), "text": text, "outlet": f"Paper {n}"} for n, text in enumerate(REPORTS)]
    (tmp_path / "feed.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    build(tmp_path / "g", [tmp_path / "feed.jsonl"])
    for owners, expected in (("", 2), ("outlet,owner\nPaper 0,Harbour Media\npaper 1,Harbour Media\n", 1)):
        if owners:
            (tmp_path / "g" / "owners.csv").write_text(owners)
        refresh(tmp_path / "g")
        with Folder(tmp_path / "g").read() as db:
            assert db.execute("SELECT origins FROM claim WHERE text LIKE '%S-300%'").fetchall() == [(expected,)]
            assert len(db.execute("SELECT * FROM outlet").fetchall()) == 2
    (tmp_path / "g" / "owners.csv").write_text("paper,group\n")
    with pytest.raises(KnowledgeError, match=r"owners\.csv, line 1: the columns outlet and owner"):
        refresh(tmp_path / "g")


def test_owners_are_read_line_by_line_as_csv_has_lines(tmp_path: Path) -> None:
    file = tmp_path / "owners.csv"
    file.write_bytes("\ufeffoutlet,owner\r\nThe\u2028Daily,Harbour\x85Media\r\nA\x0cB,C\r\n".encode())
    assert load_owners(file) == {"the\u2028daily": "Harbour\x85Media", "a\x0cb": "C"}
    file.write_text('outlet,owner\nA,B\n"C,D\nE,F\n')
    with pytest.raises(KnowledgeError, match=r"owners\.csv, line 4: a name goes on in the next line"):
        load_owners(file)


UNNAMED = [
    # what the text calls the speaker, and which origin that is in the week of 2024-05-01
    ("two Western diplomats", "unnamed:western diplomat 2024-W18"),
    ("a senior Western diplomat", "unnamed:western diplomat 2024-W18"),
    ("India's foreign secretary", "unnamed:india secretary 2024-W18"),
    ("officials in Brussels", "unnamed:brussels official 2024-W18"),
    ("a panel of United Nations experts", "unnamed:united nations panel 2024-W18"),
    ("two officials", None),
    ("Diplomats", None),
    ("people familiar with the matter", None),
]


@pytest.mark.parametrize("speaker, origin", UNNAMED)
def test_who_has_no_name_is_told_apart_by_where_from_and_role(speaker: str, origin: str | None) -> None:
    assert find_unnamed(speaker, "2024-05-01") == origin


SPEAKERS = [
    ("An Iranian official", "A US official", 2),
    ("A Western diplomat", "An Arab diplomat", 2),
    ("Two officials", "Another official", 1),
    ("A Western diplomat", "Another Western diplomat", 1),
]


@pytest.mark.parametrize("one, other, expected", SPEAKERS)
def test_speakers_without_a_name_are_origins(tmp_path: Path, one: str, other: str, expected: int) -> None:
    (tmp_path / "news.txt").write_text(f"{one} said that Russia supplied S-300 missiles to Syria. {other} said that Russia delivered S-300 missiles to Syria.")
    build(tmp_path / "g", [tmp_path / "news.txt"])
    with Folder(tmp_path / "g").read() as db:
        found = db.execute("SELECT origins FROM claim WHERE text LIKE '%S-300%'").fetchall()
        assert found == [(expected,)], db.execute("SELECT text, local FROM speaker").fetchall()
