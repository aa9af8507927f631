"""Sources that a person cites and that no article of the graph is: a book, a report, a page.

The words that a decision quotes from one are kept as an article of their own, so that the claim has a sentence, a source and
a date like any other. Such articles follow from the decisions: they come and go with them and are never read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kgraph.decisions import CITED, Decision
from kgraph.records import Article, digest


@dataclass(frozen=True, slots=True)
class Citation:
    """A quotation of a source that is no article, as an article."""

    article: Article
    by: str  # who brought the source out, else the source: what has it in common is of one origin
    when: str  # it was cited


def key_of(decision: Decision) -> str:
    """The key of the article that an added claim stands in; quotations of one source are several."""
    if not decision.target.startswith(CITED):
        return decision.target
    return f"{decision.target} #{digest(str(decision.details['sentence']))[:8]}"


def citations(decisions: Iterable[Decision]) -> list[Citation]:
    """The quotations that decisions cite, in the order of their keys; of several of the same words the latest counts."""
    found = {key_of(one): one for one in decisions if one.action == "add" and one.target.startswith(CITED)}
    return [_citation(key, decision) for key, decision in sorted(found.items())]


def _citation(key: str, decision: Decision) -> Citation:
    title, text = decision.target.removeprefix(CITED), str(decision.details["sentence"])
    source = dict(decision.details.get("source") or {})
    url = title if title.startswith(("https://", "http://")) else None
    article = Article(key, digest(key, text), title, text, source.get("published") or None, None, url)
    return Citation(article, source.get("outlet") or title, decision.when)
