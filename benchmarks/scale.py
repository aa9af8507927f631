"""What an article costs at each step of `kgraph build --engine ray`, and what that makes of a million, ten, a hundred.

    python benchmarks/scale.py FEED.jsonl [--articles N] [--words 500]

Each step runs in this one process, without Ray, by the functions that run on a cluster; CPU seconds count, so that what
else the machine does shows little. Growth of the graph is measured on an eighth, a quarter, half and all of the feed.
What is printed as measured was measured in this run; what is calculated from it says so. docs/scale.md explains both.
"""

from __future__ import annotations

import argparse
import math
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import numpy

from kgraph.articles import read_articles
from kgraph.build.workers import in_this_process
from kgraph.catalogue import load_catalogue
from kgraph.cluster import load, ray
from kgraph.cluster.parquet import Follows, Parquet, Part, Run, begin, save_run, write_part
from kgraph.export import export
from kgraph.folder import FOLLOWS, READ, open_for_reading, rows_of
from kgraph.graph.embedded import open_embedded
from kgraph.reading.language_model import DEFAULT_MODEL, fingerprint
from kgraph.records import Article

Value = TypeVar("Value")
SIZES = (1_000_000, 10_000_000, 100_000_000)
REPEATS = 3 * 40  # bytes an article: five numbers of 64 bits, and copies of them while they are sorted
PART = 16
LEAST = 100  # words; shorter texts, and those without capitals, are no articles of today


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("feed", type=Path)
    options.add_argument("--articles", type=int, default=600)
    options.add_argument("--words", type=int, default=500, help="of the articles for which is calculated")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as home:
        found = measure(chosen.feed, chosen.articles, Path(home))
    calculate(found, chosen.words)


# Measured. ------------------------------------------------------------------------------------------------------------


def measure(feed: Path, count: int, home: Path) -> dict[str, float]:
    found: dict[str, float] = {}
    every, seconds = timed(lambda: [one for one in read_articles([feed]) if isinstance(one, Article)])
    found["list"] = seconds / sum(len(one.text.split()) for one in every)
    say(f"reading files: {len(every) / seconds:.0f} articles a CPU second")
    news = [one for one in every if one.text != one.text.lower() and len(one.text.split()) >= LEAST]
    articles = news[:: max(1, len(news) // count)][:count]
    words = sum(len(one.text.split()) for one in articles)
    n = len(articles)
    say(f"{n} articles of {words / n:.0f} words, {sum(len(one.text) for one in articles) / n:.0f} characters")
    found["words"] = words / n
    place = Parquet(home / "evidence")
    run, seconds = timed(lambda: extract(place, articles))
    found["extract"] = seconds / words
    say(f"extraction: {n / seconds:.1f} articles a CPU second, {words / seconds:.0f} words; model loaded in it")
    found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(f"memory of a process that extracts: {found['memory']:.0f} MB at most")
    rows = {table: sum(len(place.read(table, part)) for part in run.parts) for table in READ}
    sizes = {table: size_of(home / "evidence" / table) for table in READ}
    for table in READ:
        say(f"  {table}: {rows[table] / n:.2f} rows an article, {sizes[table] / n:.0f} bytes an article as Parquet")
    found |= {"parquet": sum(sizes.values()) / n, "evidence": rows["evidence"] / n}
    for share in (8, 4, 2, 1):
        folder = f"follows-{share}/"
        parts = Run(run.parts[::share], n // share, run.model, run.reader, run.catalogue)
        made, seconds = timed(lambda parts=parts, folder=folder: follow(place, parts, folder))  # type: ignore[misc]
        told = sum(len(place.read("evidence", part)) for part in parts.parts)
        say(f"group-by of {len(parts.parts)} parts: {told / seconds:.0f} evidence a CPU second; " + ", ".join(f"{made[t]} {t}s" for t in ("actor", "claim", "edge")))  # fmt: skip
        found |= {f"{table} {share}": made[table] for table in made}
        found |= {"follow": seconds / told, f"articles {share}": n / share}
    found["followed"] = size_of(home / "evidence" / "follows-1") / n
    _, seconds = timed(lambda: load(home / "g", home / "evidence"))
    found |= {"load": seconds / n, "sqlite": (home / "g" / "evidence.db").stat().st_size / n}
    say(
        f"load into SQLite, with what follows: {n / seconds:.0f} articles a CPU second, {found['sqlite']:.0f} bytes an article"
    )
    _, seconds = timed(lambda: open_embedded(home / "g").close())
    say(f"embedded copy: {n / seconds:.0f} articles a CPU second, {size_of(home / 'g' / 'graph') / 1e6:.1f} MB in all")
    with open_for_reading(home / "g") as db:
        _, seconds = timed(lambda: export(db, home / "bulk", "neo4j-admin"))
    found |= {"bulk": size_of(home / "bulk") / n, "export": seconds / n}
    say(f"files for neo4j-admin: {n / seconds:.0f} articles a CPU second, {found['bulk']:.0f} bytes an article")
    return found


def say(text: str) -> None:
    print(f"measured    {text}", flush=True)


def timed(act: Callable[[], Value]) -> tuple[Value, float]:
    begun = time.process_time()
    done = act()
    return done, time.process_time() - begun


def size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def extract(place: Parquet, articles: list[Article]) -> Run:
    """As an actor of the cluster does."""
    begin(place)
    catalogue = load_catalogue()
    reader, names = fingerprint(DEFAULT_MODEL, catalogue), []
    with in_this_process().open(DEFAULT_MODEL, catalogue) as read_all:
        for at in range(0, len(articles), PART):
            rows: dict[str, list[Any]] = {table: [] for table in READ}
            for reading in read_all(articles[at : at + PART]):
                for table, some in rows_of(reading, reader).items():  # type: ignore[arg-type]
                    rows[table] += some
            names.append(f"{at:08}")
            write_part(place, Part(names[-1], len(rows["article"]), 0, ()), rows)
    run = Run(tuple(names), len(articles), DEFAULT_MODEL, reader, catalogue.digest)
    save_run(place, run)
    return run


def follow(place: Parquet, run: Run, folder: str) -> dict[str, int]:
    """All group-bys of ray.follow_all, one group after the other; how many rows of each table come of it."""
    count = run.articles // 2000 + 1
    common: dict[str, Any] = {"place": place, "folder": folder, "count": count}
    signed = [ray._sign({"part": [part]}, place, count) for part in run.parts]
    pairs = [*grouped(signed, ("band",), ray._pair, {"count": count})]
    assert pairs
    told = [ray._tell({"part": [part], "stories": ["{}"]}, owners={}, **common) for part in run.parts]
    named = [*grouped(told, ("actor", "learnt", "outlet"), ray._sum_names, common)]
    claims = [*grouped([*told, *named], ("claim",), ray._sum_claims, common)]
    [*grouped(claims, ("edge", "place"), ray._sum_edges, common)]
    tables = {table: tuple(place.names(f"{folder}{table}", ".parquet")) for table in FOLLOWS}
    made = Follows("", "", "", 0, tables)
    return {
        table: sum(len(place.read(table, name, folder=folder)) for name in made.tables[table])
        for table in ("actor", "claim", "edge", "claim_role")
    }


def grouped(
    packets: list[dict[str, Any]], kinds: tuple[str, ...], act: Callable[..., dict[str, Any]], common: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    buckets: dict[str, list[bytes]] = defaultdict(list)
    for packet in packets:
        for bucket, values in zip(packet["bucket"], packet["values"], strict=True):
            if bucket.partition("-")[0] in kinds:
                buckets[bucket].append(values)
    for bucket, values in buckets.items():
        yield act({"bucket": numpy.array([bucket]), "values": values}, **common)


# Calculated. ----------------------------------------------------------------------------------------------------------


def calculate(found: dict[str, float], words: int) -> None:
    """What so many articles of so many words cost, straight from the figures of one article of the feed."""
    longer = words / found["words"]  # articles of the feed for one of so many words
    for table in ("actor", "claim", "edge"):
        say(f"{table}s grow as the number of articles to the power of {slope(found, table):.2f}")
    for n in SIZES:
        many = n * longer
        hours = {
            "to read files twice": 2 * found["list"] * n * words,
            "to extract": found["extract"] * n * words,
            "to group": found["follow"] * found["evidence"] * many,
            "of one core to load into SQLite": found["load"] * many,
        }
        sizes = {
            "of evidence as Parquet": found["parquet"] * many, "of what follows as Parquet": found["followed"] * many,
            "of SQLite": found["sqlite"] * many, "of files for neo4j-admin": found["bulk"] * many, "in the process that runs it": REPEATS * n,
        }  # fmt: skip
        rows = {table: growth(found, table, many) for table in ("actor", "claim", "edge")}
        rows["evidence"] = found["evidence"] * many
        print(f"calculated  {n / 1e6:.0f} million articles of {words} words:")
        print("; ".join(f"{seconds / 3600:,.1f} hours {what}" for what, seconds in hours.items()))
        print("; ".join(f"{size / 1e9:,.1f} GB {what}" for what, size in sizes.items()))
        print("; ".join(f"{size / 1e6:,.1f} million rows of {table}" for table, size in rows.items()))


def growth(found: dict[str, float], table: str, n: float) -> float:
    """How many rows n articles give, if each doubling goes on to give as many times more as from an eighth to all."""
    return found[f"{table} 1"] * (n / found["articles 1"]) ** slope(found, table)


def slope(found: dict[str, float], table: str) -> float:
    return math.log(found[f"{table} 1"] / found[f"{table} 8"]) / math.log(8)


if __name__ == "__main__":
    main()
