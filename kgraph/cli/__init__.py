"""The command line: every command reads its options, calls one function and prints. stdout is data, stderr is talk."""

from kgraph.cli import (  # each adds its commands to the group
    analysing,
    asking,
    keeping,
    looking,
    making,
    reviewing,
    taking,
    walking,
)
from kgraph.cli.options import main

__all__ = ["analysing", "asking", "keeping", "looking", "main", "making", "reviewing", "taking", "walking"]
