"""kgraph: articles in, a graph of who does what to whom out, every line with the sentences behind it.

`Graph` is a graph folder, `read` takes the claims from one text; the rest are the records that they give and the errors
that they raise. Nothing is loaded before it is asked for.
"""

__version__ = "0.1.0"

TYPE_CHECKING = False  # as typing has it, which takes its time to import
if TYPE_CHECKING:
    from kgraph.api import Graph, question, questions, read
    from kgraph.articles import Problem
    from kgraph.build.summary import Summary
    from kgraph.decisions import Decision, Merged
    from kgraph.errors import ArticleError, DecisionError, KgraphError, KnowledgeError, StoreError, UsageError
    from kgraph.folder.settling import Difference
    from kgraph.graph import Answer
    from kgraph.graph.push import PushSummary
    from kgraph.graph.questions import Parameter, Question
    from kgraph.lookup import Actor, Claim, Edge, Quote
    from kgraph.lookup.answers import Background, Changes, Community, Dossier, Explanation, Line, Past, Remark, Step
    from kgraph.lookup.changes import Change
    from kgraph.lookup.counts import Outlet
    from kgraph.lookup.networks import Broker, Central, Stats
    from kgraph.records import Article, Evidence, Filler, Kind, LocalActor, Mention, Reading, Speaker, Stance, Status
    from kgraph.review import Part
    from kgraph.review.queue import Doubt
    from kgraph.view.notebook import Shown

__all__ = [
    "Actor", "Answer", "Article", "ArticleError", "Background", "Broker", "Central", "Change", "Changes", "Claim",
    "Community", "Decision", "DecisionError", "Difference", "Dossier", "Doubt", "Edge", "Evidence", "Explanation", "Filler",
    "Graph", "KgraphError", "Kind", "KnowledgeError", "Line", "LocalActor", "Mention", "Merged", "Outlet", "Parameter",
    "Part", "Past", "Problem", "PushSummary", "Question", "Quote", "Reading", "Remark", "Shown", "Speaker", "Stance",
    "Stats", "Status", "Step", "StoreError", "Summary", "UsageError", "__version__", "question", "questions", "read",
]  # fmt: skip

_ROOMS = {
    "api": "Graph question questions read",
    "articles": "Problem",
    "build.summary": "Summary",
    "decisions": "Decision Merged",
    "errors": "ArticleError DecisionError KgraphError KnowledgeError StoreError UsageError",
    "folder.settling": "Difference",
    "graph": "Answer",
    "graph.push": "PushSummary",
    "graph.questions": "Parameter Question",
    "lookup": "Actor Claim Edge Quote",
    "lookup.answers": "Background Changes Community Dossier Explanation Line Past Remark Step",
    "lookup.changes": "Change",
    "lookup.counts": "Outlet",
    "lookup.networks": "Broker Central Stats",
    "records": "Article Evidence Filler Kind LocalActor Mention Reading Speaker Stance Status",
    "review": "Part",
    "review.queue": "Doubt",
    "view.notebook": "Shown",
}
_HOMES = {name: f"kgraph.{room}" for room, names in _ROOMS.items() for name in names.split()}


def __getattr__(name: str) -> object:
    """A public name, loaded when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"kgraph has no {name!r}; dir(kgraph) lists what it has")
    from importlib import import_module

    found: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
