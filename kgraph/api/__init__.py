"""What kgraph is for who programs: a graph folder as one object, and reading a text without one.

All goes to the rooms that do the work, which are loaded when they are needed: importing this costs nothing.
"""

from kgraph.api.builds import Builds
from kgraph.api.cypher import Questions, question, questions
from kgraph.api.measures import Measures
from kgraph.api.outputs import Outputs
from kgraph.api.past import Chronicle
from kgraph.api.texts import read

__all__ = ["Graph", "question", "questions", "read"]


class Graph(Builds, Questions, Chronicle, Measures, Outputs):
    """A graph folder: build it, look at it, ask it, judge it, take it elsewhere.

        import kgraph

        graph = kgraph.Graph("news.kg")
        graph.build("articles/")
        for claim in graph.claims(about="Hezbollah", status="planned"):
            print(claim.text, [quote.sentence for quote in claim.quotes])

    `Graph("x.kg")` opens nothing and makes nothing; the folder comes into being when it is first built. Each call sees
    the graph as it is then. Inside `with graph:` the database is opened once, so that many small lookups are quick and
    all see the same state. Actors may be given as such or by any of their names, claims and decisions by the beginning of
    their ids.

    folder: where the graph is or will be; a relative one stays where the program is now.
    say: takes lines of talk, such as that another kgraph is waited for, or how many articles without a date a period
    leaves out; without it they go to the log "kgraph", as information.
    """
