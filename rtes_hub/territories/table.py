"""The official table, carried with the hub: reading it into the database."""

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

from rtes_hub.territories.models import Territory
from rtes_hub.territories.search import fold

#: Source and licence: LICENCE.md beside it.
PATH = Path(__file__).parent / "data" / "territories.csv.gz"
_COLUMNS = [f.name for f in Territory._meta.concrete_fields if not f.primary_key]


def load(path: Path = PATH) -> int:
    """Insert or refresh every row; those that are no longer in the file stay, since members may stand on them.

    Returns the number of rows read. Raises: OSError, and KeyError when a column is missing.
    """
    rows = list(_read(path))
    Territory.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=_COLUMNS)
    return len(rows)


def _read(path: Path) -> Iterator[Territory]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Territory(
                id=row["id"],
                kind=row["kind"],
                subtype=row["subtype"],
                code=row["code"],
                siren=row["siren"],
                name=row["name"],
                folded=fold(row["name"]),
                region=row["region"],
                department=row["departement"],
                departments=row["departements"],
                epci=row["epci"],
                population=int(row["population"]) if row["population"] else None,
                postal_codes=row["postal_codes"],
            )
