"""The bytes of a document, the same each time: what is signed, stored, served and sent."""

import json
from collections.abc import Mapping
from typing import Any


def dumps(document: Mapping[str, Any]) -> bytes:
    """Compact UTF-8, key order kept. Raises ValueError for NaN, an infinity or a lone surrogate."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
