"""What reading articles costs beside the bare model, in CPU time of one process, and what is not parsed.

    python benchmarks/reading_speed.py [FEED.jsonl | FOLDER …] [--every N] [--rounds N]

Without a source it reads the sample articles. Batches of articles go to `nlp.pipe(texts)` of the pinned model and to
kgraph in turn, so that a busy machine troubles both alike; the first round warms up and is not counted. Prints the CPU
seconds of both and their ratio, articles of 500 words a second, how much text was not parsed, and whether reading
everything finds any claim more: it must not.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from spacy.language import Language

from kgraph.articles import read_articles
from kgraph.catalogue import Catalogue, load_catalogue
from kgraph.reading import read
from kgraph.reading.actors.possible import may_hold_claims
from kgraph.reading.documents import Paragraph, read_document
from kgraph.reading.language_model import load_model
from kgraph.records import Article
from kgraph.samples import samples

BATCH = 40


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("sources", nargs="*", type=Path)
    options.add_argument("--every", type=int, default=1, help="only every n-th article")
    options.add_argument("--rounds", type=int, default=2)
    chosen = options.parse_args()
    articles = list(_articles(chosen.sources or [samples()]))[:: chosen.every]
    nlp, catalogue = load_model(), load_catalogue()
    bare, own = _costs(articles, nlp, catalogue, chosen.rounds)
    words = sum(len(article.text.split()) for article in articles)
    print(f"{len(articles)} articles of {words} words: bare {bare:.1f} s, kgraph {own:.1f} s, ratio {own / bare:.2f}")
    print(f"{words / 500 / own:.1f} articles of 500 words a CPU second; the bare model {words / 500 / bare:.1f}")
    print(_not_parsed(articles, nlp, catalogue))
    print(_differences(articles, nlp, catalogue))


def _articles(sources: Sequence[Path]) -> Iterator[Article]:
    for source in sources:
        if source.suffix == ".jsonl":
            with source.open(encoding="utf-8") as lines:
                yield from (Article(f"a{n}", "1", "", json.loads(line)["text"]) for n, line in enumerate(lines))
        else:
            yield from (each for each in read_articles([source]) if isinstance(each, Article))


def _costs(articles: Sequence[Article], nlp: Language, catalogue: Catalogue, rounds: int) -> tuple[float, float]:
    bare, own = 0.0, 0.0
    for number in range(rounds + 1):
        for start in range(0, len(articles), BATCH):
            batch = articles[start : start + BATCH]
            one = _cpu(lambda batch=batch: list(nlp.pipe(article.text for article in batch)))  # type: ignore[misc]
            other = _cpu(lambda batch=batch: [read(article, nlp, catalogue) for article in batch])  # type: ignore[misc]
            if number:
                bare, own = bare + one / rounds, own + other / rounds
    return bare, own


def _cpu(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _not_parsed(articles: Sequence[Article], nlp: Language, catalogue: Catalogue) -> str:
    left_out, every = 0, 0

    def choose(paragraphs: Sequence[Paragraph]) -> list[bool]:
        nonlocal left_out, every
        wanted = may_hold_claims(paragraphs)
        every += sum(len(paragraph.words) for paragraph in paragraphs)
        left_out += sum(len(p.words) for p, tree in zip(paragraphs, wanted, strict=True) if not tree)
        return wanted

    for article in articles:
        read_document(article, nlp, catalogue, choose)
    return f"not parsed: {left_out / every:.1%} of the words"


def _differences(articles: Sequence[Article], nlp: Language, catalogue: Catalogue) -> str:
    one = [row for article in articles for row in read(article, nlp, catalogue).evidence]
    other = [row for article in articles for row in read(article, nlp, catalogue, parse_all=True).evidence]
    lost, new = set(map(repr, other)) - set(map(repr, one)), set(map(repr, one)) - set(map(repr, other))
    return f"{len(other)} claims' evidence where all is parsed; without what is not: {len(lost)} lost, {len(new)} new"


if __name__ == "__main__":
    main()
