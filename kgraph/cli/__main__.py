"""`python -m kgraph.cli`."""

from kgraph.cli import main

main()
