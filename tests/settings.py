"""The hub's own settings, in the test environment."""

import os

os.environ.setdefault("RTES_ENV", "test")

from rtes_hub.settings import *
from rtes_hub.settings import DATABASES, RTES

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: several threads and processes must see it, as in life.
    DATABASES["default"]["TEST"] = {"NAME": str(RTES.data_dir / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
(RTES.data_dir / "static").mkdir(parents=True, exist_ok=True)
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default"]}}
