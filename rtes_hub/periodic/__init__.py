"""Work that recurs, whichever engine runs the rest.

    # resources/recurring.py, found by itself as `admin.py` is by the Django admin
    @every(3600, "resources.freshness")
    def remind_of_stale_sheets() -> None: ...

One process loops on `manage.py tick`; several may, since one conditional UPDATE elects who runs what is due.
A job is short: one that is long, or that speaks to the network, enqueues a task instead.
"""

from rtes_hub.periodic.jobs import every, tick

__all__ = ["every", "tick"]
