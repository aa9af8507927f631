"""All packages that are there, and the saved questions, which in a checkout lie where a person finds them."""

from setuptools import find_packages, setup

setup(packages=[*find_packages(include=["kgraph", "kgraph.*"]), "kgraph.queries"], package_dir={"kgraph.queries": "queries"})
