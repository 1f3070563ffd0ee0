"""What resources do by themselves, again and again."""

from resources import leftovers
from rtes_hub.periodic import every


@every(24 * 3600, "resources.leftovers")
def delete_leftovers() -> None:
    leftovers.delete()
