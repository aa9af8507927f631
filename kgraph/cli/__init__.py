"""The command line: every command reads its options, calls one function and prints. stdout is data, stderr is talk."""

from kgraph.cli import build, decide, history, measure, outputs, query, review_walk, show  # each adds its commands
from kgraph.cli.options import main

__all__ = ["build", "decide", "history", "main", "measure", "outputs", "query", "review_walk", "show"]
