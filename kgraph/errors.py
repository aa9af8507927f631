"""What can go wrong, as one tree.

KgraphError             the root: the command line prints it as one line and exits with 1
├── ArticleError        one article cannot be read: it is named, counted and the run goes on
├── UsageError          the caller asked for something that does not exist (exit code 2)
├── KnowledgeError      the schema, a cue, the catalogue or a saved question is wrong
├── DecisionError       a line of decisions.jsonl cannot be understood
└── StoreError          the graph folder, the embedded graph or the server cannot be used: the run stops
"""


class KgraphError(Exception):
    """Any failure that kgraph names; says what, where and what next, in one line."""


class ArticleError(KgraphError):
    """One article cannot be read."""


class UsageError(KgraphError):
    """The caller asked for something that does not exist."""


class KnowledgeError(KgraphError):
    """The schema, a cue, the catalogue or a saved question is wrong."""


class DecisionError(KgraphError):
    """A decision, or a line of decisions.jsonl, cannot be understood."""


class StoreError(KgraphError):
    """The graph folder, the embedded graph or the server cannot be used."""
