"""Articles from every kind of file, and what is said of the rest."""

from __future__ import annotations

import gzip
import io
import json
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import Table, parquet

from kgraph.articles import LARGEST, Article, Problem, find_boilerplate, read_articles
from kgraph.errors import UsageError
from kgraph.model import digest
from kgraph.samples import samples

STORY = "Russia delivered missiles to Syria on Monday, officials in Damascus said. Israel condemned the delivery."


def one(path: Path) -> Article | Problem:
    (found,) = read_articles([path])
    return found


def article(path: Path) -> Article:
    found = one(path)
    assert isinstance(found, Article), found
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes(f"Élysée “warns” Tehran\n\n{STORY}".encode(encoding))
    assert article(tmp_path / "a.txt").text.startswith("Élysée “warns” Tehran")


BAD = {
    "binary.txt": (b"\x00\x01\x02\x03" * 100, False, "binary"),
    "empty.txt": (b" \n ", True, "empty"),
    "large.txt": (b"a" * (LARGEST + 1), False, "5 MB"),
    "german.txt": (
        b"Die Bundesregierung hat am Montag weitere Waffen an die Ukraine geliefert, teilte das Ministerium mit.",
        True,
        "not English but de",
    ),
    "cut.pdf": (b"%PDF-1.4\n1 0 obj << /Type /Catalog", False, "damaged PDF"),
    "sheet.xlsx": (b"PK", False, "no format"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    data, skipped, why = BAD[name]
    (tmp_path / name).write_bytes(data)
    found = one(tmp_path / name)
    assert isinstance(found, Problem) and found.skipped is skipped and why in found.why, found
    assert "\n" not in found.why


def test_a_missing_file_is_a_failure(tmp_path: Path) -> None:
    found = one(tmp_path / "nowhere.txt")
    assert isinstance(found, Problem) and not found.skipped


def test_feed_is_read_line_by_line_and_bad_lines_are_named(tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": "one", "text": STORY, "published": "2024-05-01T10:00:00Z", "outlet": "Wire"}),
        "{oops",
        '{"id": 3}',
    ]
    (tmp_path / "feed.jsonl").write_text("\n".join(lines))
    good, oops, no_text = read_articles([tmp_path / "feed.jsonl"])
    assert isinstance(good, Article) and (good.key, good.published, good.outlet) == ("one", "2024-05-01", "Wire")
    assert [problem.where.rpartition("/")[2] for problem in (oops, no_text) if isinstance(problem, Problem)] == [
        "feed.jsonl:2",
        "feed.jsonl:3",
    ]


def test_feed_is_not_read_whole(tmp_path: Path) -> None:
    (tmp_path / "feed.jsonl").write_text(json.dumps({"text": STORY}) + "\n" + "{" * 100)
    assert isinstance(next(iter(read_articles([tmp_path / "feed.jsonl"]))), Article)


@pytest.mark.parametrize(
    "data",
    [
        STORY.encode(),
        json.dumps({"text": STORY}).encode(),
        f"<html><body><article><p>{STORY}</p><p>{STORY} Again.</p></article></body></html>".encode(),
    ],
)
def test_stdin(data: bytes) -> None:
    (found,) = read_articles(["-"], stdin=io.BytesIO(data))
    assert isinstance(found, Article) and "Russia delivered missiles" in found.text


def test_web_page_without_menus_banners_and_forms() -> None:
    found = article(samples() / "beirut-pagers.html")
    assert found.title == "After the pagers, the strikes"
    assert (found.published, found.outlet) == ("2024-09-29", "Levant Evening News")
    assert "Hamas, which attacked Israel" in found.text
    assert not any(noise in found.text for noise in ("cookies", "Sport", "Weather", "Imprint"))


def test_markdown_front_matter_and_marks_are_not_read() -> None:
    found = article(samples() / "drones-for-jets.md")
    assert (found.published, found.outlet) == ("2023-05-20", "Meridian Review")
    hidden = [found.text[start:end] for start, end in found.boilerplate]
    assert any("outlet" in words for words in hidden) and "**" in hidden


def test_pdf() -> None:
    assert "Germany has delivered two Patriot batteries" in " ".join(
        article(samples() / "patriots-for-kyiv.pdf").text.split()
    )


DATES = [
    ("KYIV, Oct 1, 2022 (Harbor Wire) - Russia fired missiles.", "2022-10-01", "Harbor Wire"),
    ("A headline\nBy Ann Lee in Rome | 3 March 2024 | 2 min read\nRussia fired missiles.", "2024-03-03", None),
    ("KYIV, Oct 1 (Harbor Wire) - Russia fired missiles.", None, "Harbor Wire"),
    (
        "Russia fired missiles at Kyiv on 3 March 2022, the day on which talks between the two governments were to begin again.",
        None,
        None,
    ),
]


@pytest.mark.parametrize("text, published, outlet", DATES)
def test_dates_and_outlets_are_read_and_never_invented(
    tmp_path: Path, text: str, published: str | None, outlet: str | None
) -> None:
    (tmp_path / "a.txt").write_text(text)
    found = article(tmp_path / "a.txt")
    assert (found.published, found.outlet) == (published, outlet)


def test_boilerplate_of_a_saved_text(tmp_path: Path) -> None:
    text = (
        f"Home News Russia Sends More Missiles to the Syrian Gov...\n\nRussia Sends More Missiles to the Syrian Government\n\n"
        f"{STORY}\n\nAdvertisement\n\n{STORY} Again.\n\nLEAVE A REPLY\n\nPlease enter your comment!"
    )
    marked = [text[start:end] for start, end in find_boilerplate(text)]
    assert [words.split()[0] for words in marked] == ["Home", "Advertisement", "LEAVE", "Please"]


@given(st.text(max_size=400))
def test_boilerplate_is_ranges_in_order(text: str) -> None:
    ranges = find_boilerplate(text)
    assert all(0 <= start < end <= len(text) for start, end in ranges)
    assert all(one[1] < other[0] for one, other in pairwise(ranges))


def test_keys(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY)
    assert article(tmp_path / "a.txt").key == (tmp_path / "a.txt").as_posix()


URL = "https://a.org/1"
LINES = {
    "x": {"id": "x", "url": URL}, "7": {"id": 7, "url": URL}, URL: {"id": " ", "url": URL}, "id:cited:x": {"id": "cited:x"},
    "id:text:x": {"id": "text:x"}, f"text:{digest(STORY)}": {"id": None, "outlet": "The Daily"},
}  # fmt: skip


@pytest.mark.parametrize("key", LINES)
def test_in_feeds_the_id_decides_then_the_url_then_the_text(key: str) -> None:
    (found,) = read_articles(["-"], stdin=io.BytesIO(json.dumps(LINES[key] | {"text": STORY}).encode()))
    given = str(LINES[key].get("id") or "").strip() or None
    assert isinstance(found, Article)
    assert (found.key, found.given, found.url, found.place) == (key, given, LINES[key].get("url"), "-:1")


def test_feeds_packed_in_parquet_and_behind_urls_are_one(tmp_path: Path) -> None:
    rows = [
        {"id": f"n{n}", "title": f"Title {n}", "text": f"{STORY} {n}", "published": date(2024, 5, n)} for n in (1, 2)
    ]
    written = [json.dumps(row, default=str) for row in rows]
    (tmp_path / "a.jsonl").write_text("\n".join(written))
    with gzip.open(tmp_path / "b.jsonl.gz", "wt") as packed:
        packed.write("\n".join(written))
    parquet.write_table(Table.from_pylist(rows), tmp_path / "c.parquet")
    plain, *others = (
        [*read_articles([source])] for source in (*sorted(tmp_path.iterdir()), (tmp_path / "a.jsonl").as_uri())
    )
    assert [one.published for one in plain if isinstance(one, Article)] == ["2024-05-01", "2024-05-02"]
    assert others == [plain, plain, plain]


def test_a_folder_behind_a_url_is_read_as_one_on_this_machine(tmp_path: Path) -> None:
    for name, text in {"b.txt": STORY, "a/c.txt": f"{STORY} More.", ".hidden.txt": "no", "d.xlsx": "no"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "own").mkdir()
    for name in ("kgraph.json", "x.jsonl"):
        (tmp_path / "own" / name).write_text("{}")
    here, there = ([*read_articles([source])] for source in (tmp_path, tmp_path.as_uri()))
    names = [one.key if isinstance(one, Article) else one.where for one in here]
    assert names == [(tmp_path / name).as_posix() for name in ("a/c.txt", "b.txt", "d.xlsx")]
    assert [one.key if isinstance(one, Article) else one.where for one in there] == [f"file://{name}" for name in names]


DAMAGED = {
    "cut.jsonl.gz": (gzip.compress(b'{"text": "x"}\n' * 9)[:-12], "damaged or cut off"),
    "no.jsonl.gz": (b"plain", "damaged or cut off"),
    "no.parquet": (b"PAR1 plain", "damaged Parquet"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_feeds_are_named(tmp_path: Path, name: str) -> None:
    data, why = DAMAGED[name]
    (tmp_path / name).write_bytes(data)
    *_, last = read_articles([tmp_path / name])
    assert isinstance(last, Problem) and why in last.why and not last.skipped


def test_what_is_not_behind_a_url(tmp_path: Path) -> None:
    (found,) = read_articles([(tmp_path / "nothing.txt").as_uri()])
    assert isinstance(found, Problem) and "no such file" in found.why
    with pytest.raises(UsageError, match="nowhere://x: cannot be reached"):
        list(read_articles(["nowhere://x"]))
