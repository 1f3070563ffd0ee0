"""One client speaks to the network. A second one, forgotten, makes a server fetch for strangers (security D10)."""

import ast
from pathlib import Path

import federation

#: Who may speak to the network, or only listens to it.
MAY_IMPORT = {
    "federation/fetch.py": "the client",
    "federation/pinned.py": "its connections",
    "rtes_hub/prepare.py": "asks whether a port is free to listen on",
    "rtes_hub/processes.py": "asks its own web process whether it is up",
}
CLIENTS = ("requests", "urllib3", "urllib.request", "httpx", "aiohttp", "http.client", "socket", "ftplib", "smtplib")


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_nothing_else_in_the_hub_can_open_a_connection():
    root = Path(federation.__file__).parent.parent
    sinks = {
        str(path.relative_to(root)): found
        for package in ("rtes_hub", "federation", "resources", "forums")
        for path in (root / package).rglob("*.py")
        if (found := {n for n in imported(path) for c in CLIENTS if n == c or n.startswith(f"{c}.")})
    }
    assert set(sinks) - set(MAY_IMPORT) == set(), sinks
