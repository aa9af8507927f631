"""What the projection asks besides what was read: the graph's catalogue, its decisions, the owners of outlets."""

from __future__ import annotations

from typing import NamedTuple

from kgraph.catalogue import Catalogue
from kgraph.catalogue.kept import learn
from kgraph.copies import load_owners
from kgraph.decisions import Decision, load_decisions
from kgraph.folder.contents import Contents


class Knowledge(NamedTuple):
    """What a graph folder knows besides its articles."""

    catalogue: Catalogue
    decisions: tuple[Decision, ...]  # those that stand
    owners: dict[str, str]  # of outlets


def load_knowledge(folder: Contents) -> Knowledge:
    """Raises KnowledgeError or DecisionError where one of its files is wrong."""
    return Knowledge(learn(folder.catalogue_files), load_decisions(folder.decisions), load_owners(folder.owners))
