"""The command line: every command reads its options, calls one function and prints. stdout is data, stderr is talk."""

from kgraph.cli import asking, keeping, looking, making, reviewing, taking  # each adds its commands to the group
from kgraph.cli.options import main

__all__ = ["asking", "keeping", "looking", "main", "making", "reviewing", "taking"]
