"""What keeps searches and lists quick as a hub grows."""

from django.db import connection

from rtes_hub.periodic import every

DAY = 24 * 3600
SAMPLE = 1000  #: rows of an index that are looked at: a few milliseconds, whatever the size


@every(DAY, "search.statistics")
def statistics() -> None:
    """Tell SQLite how its tables are filled, or it guesses: what lies in a territory is then looked for everywhere.

    PostgreSQL looks by itself.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit = {SAMPLE}")
            cursor.execute("ANALYZE")
