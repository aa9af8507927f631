"""kgraph: articles in, a graph of who does what to whom out, every line with the sentences behind it."""

__version__ = "0.1.0"
