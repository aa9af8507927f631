"""Who is who across articles: what must stay apart, what must come together, and who held an office when."""

from __future__ import annotations

import json

import pytest

from kgraph.build import build
from kgraph.folder import Folder
from kgraph.lookup import actor_lines, actors

# Two articles (date and text), a kind, and whom they name: one who is in both, or two.
PAIRS = [
    ("2024 North Korea fired at sea.", "2024 South Korea fired at sea.", "State", "North Korea", "South Korea"),
    ("2024 Niger sent envoys.", "2024 Nigeria sent envoys.", "State", "Niger", "Nigeria"),
    ("2024 Sudan closed its border.", "2024 South Sudan closed its border.", "State", "Sudan", "South Sudan"),
    (
        "2024 They fled the Democratic Republic of the Congo.",
        "2024 They fled the Republic of the Congo.",
        "State",
        "Democratic Republic of the Congo",
        "Republic of the Congo",
    ),
    ("2024 Guinea voted.", "2024 Equatorial Guinea voted.", "State", "Guinea", "Equatorial Guinea"),
    ("2024 Guinea voted.", "2024 Guinea-Bissau voted.", "State", "Guinea", "Guinea-Bissau"),
    ("2024 Guinea voted.", "2024 Papua New Guinea voted.", "State", "Guinea", "Papua New Guinea"),
    ("2024 They drove to Savannah, Georgia, in May.", "2024 They flew to Georgia.", "State", "", "Georgia"),
    ("2024 The Su-24 crashed.", "2024 The Su-27 crashed.", "WeaponSystem", "Su-24", "Su-27"),
    ("2024 The T-72 burned.", "2024 The T-72B3 burned.", "WeaponSystem", "T-72", "T-72B3"),
    ("2024 The Pantsir burned.", "2024 The SA-22 burned.", "WeaponSystem", "SA-22", "SA-22"),
    (
        "2024 The Russian Ministry of Defence spoke.",
        "2024 The Ukrainian Ministry of Defence spoke.",
        "Organization",
        "Russian Ministry of Defence",
        "Ukrainian Ministry of Defence",
    ),
    ("2024 ISIS struck.", "2024 Daesh struck.", "Group", "Islamic State", "Islamic State"),
    (
        "2024 Islamic State struck.",
        "2024 Islamic State Khorasan Province struck.",
        "Group",
        "Islamic State",
        "Islamic State – Khorasan Province",
    ),
    (
        "2024 Odo Branwick met envoys. Branwick left.",
        "2024 Lena Branwick met envoys. Branwick left.",
        "Person",
        "Odo Branwick",
        "Lena Branwick",
    ),
    (
        "2024 The rebel group Sahel Vanguard Front struck.",
        "2024 Sahel Vanguard Front struck twice.",
        "Group",
        "Sahel Vanguard Front",
        "Sahel Vanguard Front",
    ),
    (
        "2013 Syria burned, and President Assad spoke.",
        "2025 Syria rested, and the Syrian president spoke.",
        "Person",
        "Bashar al-Assad",
        "Ahmed al-Sharaa",
    ),
    (
        "2016 The American president spoke in Cuba.",
        "2022 The American president flew home from Cuba.",
        "Person",
        "Barack Obama",
        "Joe Biden",
    ),
]


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], set[str]]:
    """The names of the actors of each article, by kind; all articles are in one graph."""
    folder = tmp_path_factory.mktemp("pairs")
    texts = dict.fromkeys(text for one, other, *_ in PAIRS for text in (one, other))
    rows = [{"id": text, "published": f"{text[:4]}-06-01", "text": text[5:]} for text in texts]
    (folder / "articles.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    build(folder / "g.kg", [folder / "articles.jsonl"])
    found: dict[tuple[str, str], set[str]] = {}
    with Folder(folder / "g.kg").read() as db:
        for line in actor_lines(db, actors(db)):
            for article in line["articles"]:
                found.setdefault((article, line["actor"]["kind"]), set()).add(line["actor"]["name"])
    return found


@pytest.mark.parametrize("one, other, kind, first, second", PAIRS, ids=[f"{row[0]} | {row[1]}" for row in PAIRS])
def test_who_is_who(
    one: str, other: str, kind: str, first: str, second: str, named: dict[tuple[str, str], set[str]]
) -> None:
    for article, name, stranger in ((one, first, second), (other, second, first)):
        found = named.get((article, kind), set())
        assert (name in found) if name else not found, found
        assert stranger == name or stranger not in found, found
