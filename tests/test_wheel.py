"""The wheel works outside the checkout: it carries schema, cues, catalogue, questions, templates and samples."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's content, alone in a folder."""
    target = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(target), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    with zipfile.ZipFile(next(target.glob("*.whl"))) as wheel:
        wheel.extractall(target / "site")
    return target / "site"


def run(site: Path, folder: Path, *arguments: str) -> str:
    code = f"import sys; sys.path.insert(0, {str(site)!r}); import kgraph.cli as c; assert c.__file__.startswith({str(site)!r}); c.main()"
    command = [sys.executable, "-P", "-c", code, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_wheel_builds_asks_and_draws(unpacked: Path, tmp_path: Path) -> None:
    samples = unpacked / "kgraph" / "samples"
    run(unpacked, tmp_path, "build", str(samples), "-g", "g.kg")
    assert "SUPPLIES" in run(unpacked, tmp_path, "claims", "-g", "g.kg", "--type", "SUPPLIES", "--format", "jsonl")
    assert run(unpacked, tmp_path, "queries").strip()
    run(unpacked, tmp_path, "view", "-g", "g.kg", "-o", "g.html")
    assert (tmp_path / "g.html").stat().st_size > 100_000
