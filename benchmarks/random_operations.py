"""Random operations on a graph folder: build, change, remove, decide, undo, break off; afterwards it must be whole.

python benchmarks/random_operations.py --count 10000 --seed 1
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from kgraph.build import bring_up_to_date
from kgraph.build.check import check
from kgraph.build.readings import keep
from kgraph.build.summary import Summary
from kgraph.catalogue import load_catalogue
from kgraph.decisions import add_decision, load_decisions, undo
from kgraph.folder import Folder
from kgraph.folder.articles import find_articles, list_keys
from kgraph.folder.readings import forget_read
from kgraph.folder.settling import NotKept
from kgraph.reading import read
from kgraph.reading.language_model import load_model
from kgraph.records import Article, Reading, digest

NAMES = ("Russia", "Ukraine", "Syria", "Mali", "Hamas", "Hezbollah", "Oban Front", "Oban Army", "Iran")
SAYINGS = (
    "{} attacked {}.", "{} agreed to supply {} with S-300 missiles.", "{} supplied {} with S-300 missiles in 2018.",
    "{} denied that it attacked {}.", "{} is allied with {}.", "{} condemned {}, officials said on Monday.",
)  # fmt: skip


class Operations:
    """A graph folder to which random things happen."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.chance = folder, random.Random(seed)
        self.nlp, self.catalogue = load_model(), load_catalogue()
        self.done: Counter[str] = Counter()

    def run(self, count: int) -> list[str]:
        """What is wrong after so many operations."""
        todo = {self.build: 5, self.remove: 2, self.decide: 4, self.undo: 2, self.break_off: 2, self.refuse: 1}
        for operation in self.chance.choices([*todo], [*todo.values()], k=count):
            operation()
            self.done[operation.__name__] += 1
        self.write()
        return check(self.folder)

    def write(
        self, *articles: Article, gone: tuple[str, ...] = (), look: Callable[[object], None] | None = None
    ) -> None:
        with Folder(self.folder).write() as db:
            keep(db, articles, self.read_all, "reader", Summary())
            forget_read(db, gone)
            bring_up_to_date(db, self.catalogue, Summary(), model="model", gone=gone, look=look)

    def read_all(self, articles: Iterable[Article]) -> Iterator[Reading]:
        return (read(article, self.nlp, self.catalogue) for article in articles)

    def article(self) -> Article:
        """One of twelve articles, as it is now."""
        chance = self.chance
        sentences = [chance.choice(SAYINGS).format(*chance.sample(NAMES, 2)) for _ in range(chance.randrange(1, 4))]
        text, key = " ".join(sentences), f"article {chance.randrange(12)}"
        day = chance.choice((None, "2024-05-01", "2024-05-15"))
        return Article(
            key, digest(text), key, text, published=day, outlet=chance.choice((None, "The Daily", "Reuters"))
        )

    def build(self) -> None:
        self.write(*(self.article() for _ in range(self.chance.randrange(1, 4))))

    def remove(self) -> None:
        with Folder(self.folder).write() as db:
            keys = list_keys(db)
            assert all(find_articles(db, key) == [key] for key in keys)
        if keys:
            self.write(gone=(self.chance.choice(keys),))

    def decide(self) -> None:
        with Folder(self.folder).write() as db:
            evidence = [id for (id,) in db.execute("SELECT id FROM told UNION SELECT id FROM claim ORDER BY 1")]
            actors = [id for (id,) in db.execute("SELECT id FROM actor ORDER BY id")]
        if len(actors) < 2 or not evidence:
            return
        one, other = self.chance.sample(actors, 2)
        target, file = self.chance.choice(evidence), Folder(self.folder).decisions
        action = self.chance.choice(("accept", "reject", "disbelieve", "edit", "same", "not_same", "unsure", "kind"))
        values = {"edit": "planned", "same": other, "not_same": other, "unsure": other, "kind": "Group"}
        about = one if action in ("same", "not_same", "unsure", "kind") else target
        add_decision(file, action, about, values.get(action, ""), field="status" if action == "edit" else "")
        self.write()

    def undo(self) -> None:
        if standing := load_decisions(Folder(self.folder).decisions):
            undo(Folder(self.folder).decisions, self.chance.choice(standing).id)
            self.write()

    def break_off(self) -> None:
        """What was read stays pending, as after a kill."""
        with Folder(self.folder).write() as db:
            keep(db, [self.article()], self.read_all, "reader", Summary())

    def refuse(self) -> None:
        """Breaks inside the transaction that makes everything seen."""

        def look(_: object) -> None:
            raise NotKept

        try:
            self.write(self.article(), look=look)
        except NotKept:
            pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        begun, operations = time.monotonic(), Operations(Path(folder) / "g", asked.seed)
        wrong = operations.run(asked.count)
        print(f"{asked.count} operations in {time.monotonic() - begun:.0f} s: {dict(operations.done)}")
    print("\n".join(wrong) or "the graph is whole")
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()
