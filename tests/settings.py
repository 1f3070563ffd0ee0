"""The hub's own settings, in the test environment."""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("RTES_ENV", "test")
if "RTES_DATA_DIR" not in os.environ:
    # A folder of its own for each run: two may go on at once.
    os.environ["RTES_DATA_DIR"] = tempfile.mkdtemp(prefix="rtes-test-")
    atexit.register(shutil.rmtree, os.environ["RTES_DATA_DIR"], ignore_errors=True)

from rtes_hub.settings import *  # noqa: F403
from rtes_hub.settings import DATABASES, RTES

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: several threads and processes must see it, as in life.
    DATABASES["default"]["TEST"] = {"NAME": str(RTES.data_dir / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
else:
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"
(RTES.data_dir / "static").mkdir(parents=True, exist_ok=True)
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default"]}}
LANGUAGE_CODE = "en"  # tests quote the sentences of the code; those about French say so
