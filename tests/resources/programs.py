"""Programs that call the API, as tests see them."""

import json
from typing import Any

from rtes_hub.accounts.actions import make_token
from rtes_hub.accounts.models import User

API = "/api/v1/"


def signed(user: User, *scopes: str) -> dict[str, Any]:
    token = make_token(user, name="essai", scopes=scopes or ("read", "write"), by=None)
    return {"headers": {"Authorization": f"Token {token}"}}


def send(client, method: str, path: str, body: Any = None, **extra: Any):
    if method == "get":
        return client.get(API + path, **extra)
    text = "" if body is None else json.dumps(body)
    return getattr(client, method)(API + path, data=text, content_type="application/json", **extra)


def is_problem(answer, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert set(problem) == {"type", "title", "status", "detail", "errors"}
    assert problem["status"] == status
    return problem
