"""The project as files: what every house test walks."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("rtes_hub", "federation", "resources", "forums")


def modules(*, of: tuple[str, ...] = PACKAGES) -> Iterator[Path]:
    """Python files written by hand, as paths from the root, in order."""
    for package in of:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts and "__pycache__" not in path.parts:
                yield path.relative_to(ROOT)


def says_something(module: Path) -> bool:
    return bool((ROOT / module).read_text().strip())
