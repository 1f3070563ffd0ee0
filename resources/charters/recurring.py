"""What charters do by themselves, again and again."""

from resources.charters import told
from rtes_hub.periodic import every


@every(6 * 3600, "charters.due")
def remind() -> None:
    told.of_due_dates()
