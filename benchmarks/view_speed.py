"""How quick the page and the explorer are, in headless Chromium without a GPU, on graphs made by a seed.

    python benchmarks/view_speed.py [--actors 300 1000] [--explorer 100000]

Page: a scale-free graph with three lines and six sentences an actor; from the start of loading to the first frame with
actors on it; frames a second over three seconds of dragging; the size of the file. Explorer: a graph folder of so many
actors and three times as many lines; the medians and maxima of search and expand, as a browser's request sees them.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import networkx

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from browsing import chromium, show

from kgraph.folder import Folder
from kgraph.folder.database import transaction
from kgraph.schema import load_schema
from kgraph.view import Picture
from kgraph.view.legend import KINDS
from kgraph.view.page import page

TYPES = [(edge.type, relation.family) for relation in load_schema().values() for edge in relation.projections]

DRAG = """() => new Promise(done => { let frames = 0, from = performance.now(), last = from, worst = 0;
  const step = now => { frames++; worst = Math.max(worst, now - last); last = now;
    if (now - from < 3000) requestAnimationFrame(step); else done([frames / 3, worst]); };
  requestAnimationFrame(step); })"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--actors", type=int, nargs="*", default=[300, 1000])
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--explorer", type=int, default=100_000)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for count in chosen.actors:
            file = Path(folder, f"{count}.html")
            begun = time.perf_counter()
            file.write_text(page(made_picture(count)), encoding="utf-8")
            made = time.perf_counter() - begun
            with chromium() as browser:
                runs = [_looked_at(browser, file) for _ in range(chosen.runs)]
            paints, frames = zip(*runs, strict=True)
            print(
                f"page of {count} actors: {file.stat().st_size / 1e6:.2f} MB, written in {made:.1f} s, "
                f"first picture {_spread(paints)} s, dragging {_spread(frames)} frames/s"
            )
        if chosen.explorer:
            _explore(Path(folder, "large.kg"), chosen.explorer)


def _spread(values: Any) -> str:
    return f"{statistics.median(values):.2f} (of {len(values)}: {min(values):.2f} to {max(values):.2f})"


def _looked_at(browser: Any, file: Path) -> tuple[float, float]:
    tab = show(browser, file.as_uri())
    painted = tab.page.evaluate("performance.getEntriesByName('kgraph-drawn')[0].startTime / 1000")
    tab.page.wait_for_timeout(500)
    box = tab.page.locator("#mynetwork canvas").bounding_box()
    x, y = box["x"] + 30, box["y"] + 30  # a corner: the picture is moved, not an actor
    tab.page.mouse.move(x, y)
    tab.page.mouse.down()
    tab.page.evaluate(f"window.measured = ({DRAG})()")
    before = tab.page.evaluate("network.getViewPosition().x")
    until, step = time.perf_counter() + 3, 0
    while time.perf_counter() < until:  # to and fro, so that every frame has something new to draw
        step += 1
        tab.page.mouse.move(x + 6 * abs(step % 80 - 40), y + 4 * abs(step % 60 - 30))
    frames = tab.page.evaluate("window.measured.then(([frames]) => frames)")
    tab.page.mouse.up()
    assert tab.page.evaluate("network.getViewPosition().x") != before and not tab.wrong
    tab.page.close()
    return painted, frames


def made_picture(count: int) -> Picture:
    """A graph as large as asked, with names and sentences as long as those of news."""
    rand = random.Random(1)
    graph = networkx.barabasi_albert_graph(count, 3, seed=1)
    words = [f"{rand.choice('bcdfgklmnprstvz')}{rand.choice('aeiou')}{rand.randrange(10**6):x}" for _ in range(9000)]
    actors = [
        {
            "id": f"group:a{n}",
            "name": " ".join(rand.choices(words, k=2)).title(),
            "kind": rand.choice(list(KINDS)),
            "aliases": rand.choices(words, k=2),
            "country": None,
            "articles": rand.randrange(1, 30),
            "ties": [],
        }
        for n in range(count)
    ]
    edges, evidence = [], {}
    for n, (a, b) in enumerate(graph.edges):
        type, family = rand.choice(TYPES)
        day = f"20{rand.randrange(18, 26)}-{rand.randrange(1, 13):02}-{rand.randrange(1, 29):02}"
        behind = [f"{n}.{k}" for k in range(2)]
        for id in behind:
            text = " ".join(rand.choices(words, k=25))
            evidence[id] = {
                "id": id,
                "sentence": text,
                "before": " ".join(rand.choices(words, k=18)),
                "after": " ".join(rand.choices(words, k=18)),
                "status": "reported",
                "speakers": [rand.choice(words)],
                "readBy": "read by frames, right in 94 of 100",
                "shownAt": "sure",
                "marks": [[0, 8], [20, 30]],
                "title": " ".join(rand.choices(words, k=7)),
                "outlet": "Reuters",
                "published": day,
                "article": f"a/{id}",
                "event": None,
                "review": None,
                "verdict": None,
                "remarks": [],
            }
        edges.append(
            {
                "id": f"e{n}",
                "type": type,
                "label": type.lower(),
                "family": family,
                "source": f"group:a{a}",
                "target": f"group:a{b}",
                "directed": True,
                "status": "reported",
                "realised": n % 3 > 0,
                "disputed": n % 50 == 0,
                "articles": rand.randrange(1, 9),
                "origins": 1,
                "firstReported": day,
                "lastReported": day,
                "trust": 0.94,
                "shownAt": "sure",
                "dates": [day],
                "items": [],
                "evidence": behind,
            }
        )
    return {"title": f"{count} actors", "trust": "likely", "actors": actors, "edges": edges, "evidence": evidence}


def _explore(folder: Path, count: int) -> None:
    import uvicorn

    from kgraph.serve.explorer import Explorer, application

    _fill(folder, count)
    server = uvicorn.Server(uvicorn.Config(application(Explorer(Folder(folder))), port=0, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        first, took = _post(port, "start", {})
        drawn = [actor["id"] for actor in first["actors"]]
        print(f"explorer of {count} actors: first picture's data after {took:.2f} s (of {len(drawn)} actors)")
        rand = random.Random(2)
        names = [f"name {rand.randrange(count)}" for _ in range(50)] + ["name", "zz", "7 of", "actor"]
        ids = [f"group:a{rand.randrange(count)}" for _ in range(40)] + drawn[:10]
        _say("search", [_post(port, "search", {"q": name})[1] for name in names])
        _say("expand", [_post(port, "expand", {"id": id, "drawn": drawn})[1] for id in ids])
        _say("dossier", [_post(port, "dossier", {"id": id})[1] for id in ids])
        edge = first["edges"][0]["id"]
        _say("evidence", [_post(port, "evidence", {"id": edge})[1] for _ in range(10)])
        _say("paths", [_post(port, "paths", {"a": a, "b": b})[1] for a, b in zip(ids[:20], ids[20:40], strict=True)])
    finally:
        server.should_exit = True
        thread.join()


def _say(what: str, seconds: list[float]) -> None:
    print(
        f"  {what}: median {1000 * statistics.median(seconds):.0f} ms, most {1000 * max(seconds):.0f} ms, of {len(seconds)}"
    )


def _post(port: int, name: str, body: object) -> tuple[Any, float]:
    begun = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("POST", f"/api/{name}", json.dumps(body), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    text = answer.read()
    took = time.perf_counter() - begun
    connection.close()
    assert answer.status == 200, text
    return json.loads(text), took


def _fill(folder: Path, count: int) -> None:
    """A graph folder of so many actors, three times as many lines and as many sentences."""
    graph = networkx.barabasi_albert_graph(count, 3, seed=1)
    text = "The one said that it had given the other what it had asked for. " * 3
    with Folder(folder).write() as db, transaction(db):

        def insert(table: str, **values: object) -> None:
            columns = ", ".join(f'"{name}"' for name in values)
            db.execute(
                f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(values))})", list(values.values())
            )

        for n in range(count):
            insert(
                "actor",
                id=f"group:a{n}",
                name=f"Name {n} of many",
                kind="Group",
                aliases=json.dumps([f"N{n}", f"Actor {n}"]),
                country=None,
                articles=n % 50,
                in_catalogue=0,
            )
        for n, (a, b) in enumerate(graph.edges):
            article, day = f"article {n // 10}", f"2024-{n % 12 + 1:02}-{n % 28 + 1:02}"
            if n % 10 == 0:
                insert(
                    "article",
                    key=article,
                    version="v",
                    title=article,
                    text=text,
                    published=day,
                    language="en",
                    boilerplate="[]",
                    cluster=article,
                    fingerprint="f",
                    read_at="2024",
                )
            insert(
                "evidence",
                id=f"v{n}",
                event="e",
                article=article,
                type="SUPPLIES",
                sentence=text[:60],
                start=0,
                end=60,
                trigger="given",
                trigger_start=24,
                trigger_end=29,
                frame="give",
                reader="frames",
                score=1.0,
                status="reported",
                polarity="affirmed",
                stage="done",
                certainty="certain",
                hypothetical=0,
                voice="attributed",
                cues="[]",
            )
            said = {
                "status": "reported",
                "latest_status": "reported",
                "realised": 1,
                "current": 1,
                "disputed": 0,
                "stage": "done",
                "articles": n % 7 + 1,
                "origins": 1,
                "first_reported": day,
                "last_reported": day,
                "trust": 1.0,
            }
            insert("claim", id=f"c{n}", type="SUPPLIES", text="…", denying_origins=0, **said)
            insert("claim_evidence", claim=f"c{n}", evidence=f"v{n}", origin=article)
            insert(
                "edge",
                id=f"e{n}",
                type="SUPPLIES",
                source=f"group:a{a}",
                target=f"group:a{b}",
                items="[]",
                claims=json.dumps([f"c{n}"]),
                **said,
            )


if __name__ == "__main__":
    main()
