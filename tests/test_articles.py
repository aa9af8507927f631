"""Articles from every kind of file, and what is said of the rest."""

from __future__ import annotations

import gzip
import io
import json
import os
import socket
import sys
import time
import zlib
from datetime import date
from itertools import pairwise
from pathlib import Path

import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import Table, parquet

from kgraph.articles import Problem, read_articles
from kgraph.articles.boilerplate import find_boilerplate
from kgraph.articles.places import printable, true_path
from kgraph.articles.problems import LARGEST
from kgraph.errors import UsageError
from kgraph.records import Article, digest
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
KEYED = {
    "x": {"id": "x", "url": URL}, "7": {"id": 7, "url": URL}, URL: {"id": " ", "url": URL}, "id:cited:x": {"id": "cited:x"},
    "id:text:x": {"id": "text:x"}, f"text:{digest(STORY)}": {"id": None, "outlet": "The Daily"},
}  # fmt: skip


@pytest.mark.parametrize("key", KEYED)
def test_in_feeds_the_id_decides_then_the_url_then_the_text(key: str) -> None:
    (found,) = read_articles(["-"], stdin=io.BytesIO(json.dumps(KEYED[key] | {"text": STORY}).encode()))
    given = str(KEYED[key].get("id") or "").strip() or None
    assert isinstance(found, Article)
    assert (found.key, found.given, found.url, found.place) == (key, given, KEYED[key].get("url"), "-:1")


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


def test_a_row_of_parquet_that_python_does_not_know_costs_no_other(tmp_path: Path) -> None:
    when = pyarrow.array([0, 2**62, None], pyarrow.timestamp("us"))
    table = pyarrow.table(
        {"id": ["first", "far", "second"], "text": [STORY, STORY, f"{STORY} More."], "published": when}
    )
    parquet.write_table(table, tmp_path / "a.parquet")
    articles, problems = read_all(tmp_path / "a.parquet")
    assert [(each.key, each.published) for each in articles] == [("first", "1970-01-01"), ("second", None)]
    assert [problem.where for problem in problems] == [f"{tmp_path}/a.parquet:2"]


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


# Nasty inputs. What is wrong is named in one line, and the rest is read. -----------------------------------------------


def read_all(*sources: Path) -> tuple[list[Article], list[Problem]]:
    """The articles of sources, and the problems; each of the latter is one line that can be kept and shown."""
    found = [*read_articles(sources)]
    problems = [each for each in found if isinstance(each, Problem)]
    for problem in problems:
        assert "\n" not in f"{problem.where}{problem.why}" and f"{problem.where}{problem.why}".isprintable(), problem
    articles = [each for each in found if isinstance(each, Article)]
    for each in articles:
        assert all(
            str(value).encode() is not None
            for value in (each.key, each.title, each.text, each.outlet, each.url, each.path)
        )
        assert "\x00" not in each.text + each.title + each.key
    return articles, problems


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{this}: &{this} [{', '.join([f'*{last}'] * 10)}]\n" for last, this in pairwise("abcdefghi")
)
FRONT = [  # front matter, what is named, what is taken
    ("title: A title\ndate: 2024-05-01\noutlet: Wire\nurl: https://a.org/1", None, ("A title", "2024-05-01", "Wire", "https://a.org/1")),
    ("title: 'Iran: a'\ndate: 1 May 2024\ntags: [a, b]\nauthor: {name: x}", None, ("Iran: a", "2024-05-01", None, None)),
    ("title: &x Anchored\noutlet: ~\nurl:", None, ("Anchored", None, None, None)),
    ("title: 5\noutlet: true\nurl: 0x10", None, ("5", None, "true", "0x10")),
    ("title: one\ntitle: two", None, ("two", None, None, None)),
    ("date: 2024-99-99\noutlet: Wire", "date: '2024-99-99' is no day", (None, None, "Wire", None)),
    ("date: 2023-02-29", "is no day", (None, None, None, None)),
    ("date: 2024-01-01T99:99:99Z", "has a time that is none", (None, "2024-01-01", None, None)),
    ("date: 1e400", "is no day", (None, None, None, None)),
    ("date: .nan", "is no day", (None, None, None, None)),
    (f"date: {'9' * 5000}", "is no day", (None, None, None, None)),
    ("url: [1, 2]\noutlet: Wire", "url: left out", (None, None, "Wire", None)),
    ("title: {a: b}", "title: left out", (None, None, None, None)),
    ("outlet: !!binary aGVsbG8=", "outlet: left out", (None, None, None, None)),
    ("title: !!python/object/apply:os.system [echo]", "title: left out", (None, None, None, None)),
    ("outlet: !!python/name:os.system x", "outlet: left out", (None, None, None, None)),
    ("base: &b {title: x}\n<<: *b", "<<: left out", (None, None, None, None)),
    (f"{LAUGHS}title: *i", "title: left out", (None, None, None, None)),
    ("outlet: Wire\nx: *nowhere\n? [", "no YAML", (None, None, "Wire", None)),
    (f"outlet: Wire\nx: {'[' * 10_000}", "no YAML: lists in lists", (None, None, "Wire", None)),
    ("x: " + "{a: " * 300, "no YAML: lists in lists", (None, None, None, None)),
    ("- " * 3_000, None, (None, None, None, None)),
    ("outlet: a\x07b", "no YAML", (STORY, None, None, None)),
    ("outlet: 'Wire", "no YAML", (None, None, None, None)),
    ("x: " + "a long story " * 3_000, "longer than", (None, None, None, None)),
]  # fmt: skip


@pytest.mark.parametrize("front, named, taken", FRONT, ids=range(len(FRONT)))
def test_front_matter_is_text_and_what_is_wrong_with_it_is_named(
    tmp_path: Path, front: str, named: str | None, taken: tuple[str | None, ...]
) -> None:
    (tmp_path / "a.md").write_text(f"---\n{front}\n---\n{STORY}\n")
    (found,), problems = read_all(tmp_path)
    assert STORY in found.text and not any(start <= found.text.find(STORY) < end for start, end in found.boilerplate)
    assert (found.published, found.outlet, found.url) == taken[1:] and taken[0] in (None, found.title)
    assert [problem.skipped for problem in problems] == ([True] if named else [])
    assert not named or named in problems[0].why, problems


def test_front_matter_with_other_ends_of_lines_and_a_text_between_rules(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(f"---\r\noutlet: Wire\r\n---\r\n**{STORY}**\r\n".encode())
    (tmp_path / "b.md").write_text(f"---\n{STORY}\n---\nMore of it.\n")
    (packed, ruled), problems = read_all(tmp_path)
    assert packed.outlet == "Wire" and not problems
    assert [packed.text[start:end] for start, end in packed.boilerplate] == ["---\noutlet: Wire\n---\n**", "**"]
    assert not any(start <= ruled.text.find(STORY) < end for start, end in ruled.boilerplate)


CHARSETS = """hex rot13 rot_13 undefined zip bz2 base64 uu quopri idna punycode unicode_escape raw_unicode_escape utf-7 utf-16
    utf-16-le utf-32 cp037 cp500 mbcs oem nothing aliases __init__ windows-1252""".split()


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_charset_of_no_text_is_as_none(tmp_path: Path, charset: str, encoding: str) -> None:
    page = f'<html><head><meta charset="{charset}"></head><body><article><h1>Élysée</h1><p>{STORY}</p></article></body></html>'
    (tmp_path / "a.html").write_bytes(page.encode(encoding))
    assert article(tmp_path / "a.html").text.startswith("Élysée")


def test_a_charset_of_text_counts(tmp_path: Path) -> None:
    page = f'<html><head><meta charset="windows-1251"></head><body><article><h1>Киев</h1><p>{STORY}</p></article></body></html>'
    (tmp_path / "a.html").write_bytes(page.encode("cp1251"))
    assert article(tmp_path / "a.html").text.startswith("Киев")


GOOD = [json.dumps({"id": name, "text": f"{STORY} {name}"}).encode() for name in ("first", "second")]
LINES = [  # a line between two good ones, and what is said of it
    (b'{"text": "a\x00b"}', "binary"),
    (b"\x00" * 50, "binary"),
    (b"[" * 100_000, "brackets in brackets"),
    (b'{"text":' * 100_000, "brackets in brackets"),
    (b'{"text": "x", "id": ' + b"9" * 5_000 + b"}", "digits"),
    (b'{"text": 5}', "no article"),
    (b'{"text": null}', "no article"),
    (b'{"text": ["x"]}', "no article"),
    (b'{"text": NaN}', "no article"),
    (b"5", "no article"),
    (b'{"text": "x"', "Expecting"),
    (b"\xff\xfe\xfd", ""),
    (b'{"text": "' + b"a" * LARGEST + b'"}', "5 MB"),
    (b" " * 900_000, None),
    (b"\n" * 100, None),
]  # fmt: skip


@pytest.mark.parametrize("line, why", LINES, ids=range(len(LINES)))
@pytest.mark.parametrize("packed", [False, True])
def test_a_bad_line_costs_no_other(tmp_path: Path, line: bytes, why: str | None, packed: bool) -> None:
    path = tmp_path / ("feed.jsonl.gz" if packed else "feed.jsonl")
    data = b"\n".join([GOOD[0], line, GOOD[1]])
    path.write_bytes(gzip.compress(data, 1) if packed else data)
    articles, problems = read_all(path)
    assert [each.key for each in articles] == ["first", "second"]
    assert [problem.where for problem in problems] == ([] if why is None else [f"{path}:2"])
    assert not why or why in problems[0].why, problems


ODD = {
    "\\ud800 " + STORY: "\ufffd " + STORY,
    STORY + "\\u0000 end": STORY + "  end",
    STORY + " \\ud83d\\ude00": STORY + " 😀",
    STORY + " \\ude00\\ud83d": STORY + " \ufffd\ufffd",
}


@pytest.mark.parametrize("written", ODD)
def test_what_no_text_holds_is_replaced(tmp_path: Path, written: str) -> None:
    line = ", ".join(f'"{key}": "{written}"' for key in ("text", "id", "title", "outlet"))
    (tmp_path / "feed.jsonl").write_text(f'{{{line}, "url": "https://a.org/\\ud800"}}\n')
    (found,), problems = read_all(tmp_path)
    assert not problems and found.text == ODD[written] and found.url == "https://a.org/\ufffd"
    assert found.title == " ".join(ODD[written].split()) and found.outlet


def test_numbers_and_the_like_in_a_feed(tmp_path: Path) -> None:
    record = '"id": 1e400, "title": true, "outlet": NaN, "published": 99999999999999999999, "url": {"a": 1}'
    (tmp_path / "feed.jsonl").write_text(f'{{"text": "old", {record}, "text": "{STORY}"}}')
    (found,), problems = read_all(tmp_path)
    assert not problems and (found.text, found.outlet, found.published, found.url) == (STORY, None, None, None)


WIDE = [json.dumps({"id": name, "text": f"{STORY} 😀 {name}"}, ensure_ascii=False) for name in ("first", "second")]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize("cut", [1, 2, 3, 41, 42, 43])
def test_a_cut_feed_in_utf_16_loses_its_last_line(tmp_path: Path, encoding: str, marked: bool, cut: int) -> None:
    data = (
        "\ufeff" * marked + "\n".join([WIDE[0], '{"text": "x', *WIDE[1:], WIDE[1].replace("second", "😀" * 9)])
    ).encode(encoding)
    (tmp_path / "a.jsonl").write_bytes(data[:-cut])
    articles, problems = read_all(tmp_path)
    assert [each.key for each in articles] == ["first", "second"]
    assert [problem.where.rpartition(":")[2] for problem in problems] == ["2", "4"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("before", ["", "\n", "\r\n \n"])
@pytest.mark.parametrize("ending", [".jsonl", ".jsonl.gz"])
def test_a_feed_is_read_in_any_unicode_whatever_it_begins_with(tmp_path: Path, encoding: str, before: str, ending: str) -> None:
    data = (before + "\r\n".join(WIDE)).encode(encoding)
    (tmp_path / f"a{ending}").write_bytes(gzip.compress(data) if ending.endswith(".gz") else data)
    articles, problems = read_all(tmp_path)
    assert [each.key for each in articles] == ["first", "second"] and not problems
    assert [each.key for each in read_articles(["-"], stdin=io.BytesIO(data)) if isinstance(each, Article)] == ["first", "second"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("place", [*range(9), 20])
def test_a_nul_costs_its_line_alone(tmp_path: Path, encoding: str, place: int) -> None:
    torn = f"{WIDE[0][:place]}\0{WIDE[0][place:]}"
    data = "\n".join([torn, WIDE[1], torn, WIDE[1].replace("second", "third")]).encode(encoding)
    (tmp_path / "a.jsonl").write_bytes(data)
    articles, problems = read_all(tmp_path)
    assert [each.key for each in articles] == ["second", "third"]
    assert [problem.where.rpartition(":")[2] for problem in problems] == ["1", "3"]
    assert len([*read_articles(["-"], stdin=io.BytesIO(data))]) == 4


def test_lines_of_no_feed_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"\x00\x01\x02\n" * 500 + b"\n".join(GOOD))
    articles, problems = read_all(tmp_path)
    assert not articles and len(problems) == 11
    assert "it begins with 10 lines that are no text; 492 lines more are not read" in problems[-1].why
    (tmp_path / "a.jsonl").write_bytes(GOOD[0] + b"\n" + b"\x00\x01\x02\n" * 15 + GOOD[1])
    articles, problems = read_all(tmp_path)
    assert len(articles) == 2 and len(problems) == 15


def bomb(*parts: bytes) -> bytes:
    return b"".join(gzip.compress(part) for part in parts)


BOMBS = {
    "newlines": (bomb(GOOD[0] + b"\n", b"\n" * 90_000_000, GOOD[1]), "bytes of blank lines up to line"),
    "endless line": (bomb(GOOD[0] + b"\n", *[b"a" * 50_000_000] * 5), "a line of more than 200,000,000 bytes"),
    "members": (bomb(GOOD[0] + b"\n", *[b""] * 20_000, b"{oops"), "Expecting"),
    "nested": (bomb(GOOD[0] + b"\n", gzip.compress(b"\n".join(GOOD))), "binary"),
    "garbage behind": (bomb(GOOD[0] + b"\n") + b"garbage", "damaged or cut off behind line 1"),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_packed_bombs_are_left_and_named(tmp_path: Path, name: str) -> None:
    data, why = BOMBS[name]
    assert len(data) < 2_000_000
    (tmp_path / "a.jsonl.gz").write_bytes(data)
    articles, problems = read_all(tmp_path)
    assert [each.key for each in articles] == ["first"] and why in problems[-1].why and len(problems) <= 2, problems


SIGNS = ["[](", "](", "![", "![](", "[", "]", "(", "*", "_", "`", "#", "# ", "> ", "- ", "-\n", "\n", " ", "\t", "<", "&", ",", "\\",
         "A", "a ", "By A ", "1 ", "1 May ", "JUNE 1, ", "/", "|", "é", "\u00a0", "\u3000", "…", "'", "```\n", "---\n", "a: ", "\r"]  # fmt: skip


@pytest.mark.parametrize("sign", SIGNS)
def test_runs_of_one_sign_take_no_time(tmp_path: Path, sign: str) -> None:
    run = (sign * 100_000)[:100_000]
    for name, text in {
        "a.md": run,
        "b.md": f"{STORY}\n{run}",
        "c.md": f"---\n{run}\n---\n{STORY}",
        "d.txt": f"{run}\n{STORY}",
    }.items():
        (tmp_path / name).write_text(text)
    begun = time.process_time()
    read_all(tmp_path)
    assert time.process_time() - begun < 4  # seconds for four files; what is quadratic takes minutes


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="file names there are Unicode")
def test_names_that_are_no_utf_8_are_kept_as_they_are_shown(tmp_path: Path) -> None:
    names = [
        b"caf\xe9.txt",
        rb"caf\xe9.txt",
        rb"caf\\xe9.txt",
        b"caf\\\xe9.txt",
        b"\xff\xfe.jsonl",
        b"x.\xe9",
        "é.txt".encode(),
    ]
    for number, name in enumerate(names):
        text = f"{STORY} {number}"
        with open(os.path.join(os.fsencode(tmp_path), name), "w") as file:
            file.write(json.dumps({"text": text}) if name.endswith(b"jsonl") else text)
    (tmp_path / os.fsdecode(b"d\xe9")).mkdir()
    (tmp_path / os.fsdecode(b"d\xe9/a.txt")).write_text(f"{STORY} in a folder")
    articles, problems = read_all(tmp_path)
    assert (
        len(articles) == 7
        and len({each.key for each in articles}) == 7
        and len({each.path for each in articles if each.path}) == 6
    )
    assert [(problem.where, problem.why) for problem in problems] == [(rf"{tmp_path}/x.\xe9", r".\xe9: no article")]
    for each in articles:
        if each.path:
            assert each.text in Path(true_path(each.path)).read_text()


@given(st.text(alphabet="\\x8fa/é\udc8f\udcff", max_size=12))
def test_printable_paths_say_which_path_it_is(path: str) -> None:
    assert true_path(printable(path)) == path and printable(path).encode() is not None


def test_what_is_no_file_is_named_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / "device.txt").symlink_to("/dev/zero")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    (tmp_path / "nowhere.txt").symlink_to(tmp_path / "nothing")
    (tmp_path / "round").symlink_to(tmp_path)
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "folder.txt" / "good.txt").write_text(STORY)
    server = socket.socket(socket.AF_UNIX)
    before = os.getcwd()
    try:
        os.chdir(tmp_path)  # its path may be too long for a socket
        server.bind("socket.txt")
    finally:
        os.chdir(before)
        server.close()
    articles, problems = read_all(tmp_path)
    assert [each.key for each in articles] == [f"{tmp_path}/folder.txt/good.txt"]
    assert {Path(problem.where).name: problem.why for problem in problems} == {
        "device.txt": "a device, not a file",
        "loop.txt": "Too many levels of symbolic links",
        "nowhere.txt": "no such file or folder",
        "pipe.jsonl": "a pipe, not a file",
        "socket.txt": "a socket, not a file",
    }
    behind = {
        Path(str(each.where)).name: each.why for each in read_articles([tmp_path.as_uri()]) if isinstance(each, Problem)
    }
    assert behind["pipe.jsonl"] == "a pipe, not a file"
    assert "a device, not a file" in one(Path("/dev/zero")).why or "no format" in one(Path("/dev/zero")).why  # type: ignore[union-attr]


def a_pdf(*objects: bytes, root: bytes = b"1 0 R") -> bytes:
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, one) for n, one in enumerate(objects, 1))
    return body + b"trailer << /Root %s /Size %d >>\nstartxref\n0\n%%%%EOF\n" % (root, len(objects) + 1)


def stream(data: bytes) -> bytes:
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(data), data)


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PDFS = {
    "kids loop": a_pdf(CATALOG, b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"),
    "kids in a ring": a_pdf(CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"),
    "previous loop": b"%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer << /Root 1 0 R /Prev 9 /Size 1 >>\nstartxref\n9\n%%EOF\n",
    "bomb": a_pdf(CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>", stream(zlib.compress(b"0 " * 100_000_000, 9))),
    "no catalog": a_pdf(b"5"),
    "itself": a_pdf(b"1 0 R"),
    "deep": a_pdf(CATALOG, b"[" * 50_000),
    "a zip": b"PK\x03\x04" + b"\x00" * 3000 + b"%%EOF",
    "many": a_pdf(CATALOG, b"<< /Type /Pages /Kids [%s] /Count 3000 >>" % (b"3 0 R " * 3000), b"<< /Type /Page /Parent 2 0 R >>"),
}  # fmt: skip


@pytest.mark.parametrize("name", PDFS)
def test_nasty_pdfs_are_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.pdf").write_bytes(PDFS[name])
    (tmp_path / "b.txt").write_text(STORY)
    articles, problems = read_all(tmp_path)
    assert len(articles) == 1 and len(problems) == 1, (articles, problems)


PAGES = {
    "deep": "<div>" * 100_000 + STORY,
    "deep table": "<table><tr><td>" * 3_000 + STORY,
    "attribute": f"<p title='{'a' * 1_000_000}'>{STORY}</p>",
    "comment": f"<!--{'-' * 100_000}--><p>{STORY}</p>",
    "metadata": f"<script type='application/ld+json'>{'[' * 100_000}</script><p>{STORY}</p>",
    "dates": f"<p>{STORY}</p>" + "<div class=date>" * 200 + "x" * 100_000,
    "times": "<time datetime='2024-99-99'>x</time>" * 500 + f"<p>{STORY}</p>",
    "entities": f"<p>{STORY} &#xD800; &#0; &#x110000; &nosuch;</p>",
    "surrogate title": f"<title>\\ud800</title><script type='application/ld+json'>{{\"@type\": \"Article\", \"publisher\": {{\"name\": \"\\ud800\"}}}}</script><p>{STORY}</p>",
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_nasty_pages_stop_no_other(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.html").write_text(f"<html><body><article>{PAGES[name]}</article></body></html>")
    (tmp_path / "b.txt").write_text("A plain text beside it.")
    articles, problems = read_all(tmp_path)
    assert len(articles) + len(problems) == 2 and articles[-1].text == "A plain text beside it.", (articles, problems)
