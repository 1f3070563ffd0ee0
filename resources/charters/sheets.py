"""The scoreboard as a file for spreadsheets: UTF-8, in the reader's language; nothing in it runs when it is opened."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from resources.charters.board import Followed

#: What makes a spreadsheet read a cell as a formula (CWE-1236).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_of(rows: Iterable[Followed], *, measure: str = "", status: str = "") -> str:
    """One line a measure of a pledge. The mark at the head tells spreadsheets that it is UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(_head())
    for row in rows:
        writer.writerows([safe(cell) for cell in line] for line in _lines(row, measure, status))
    return "\ufeff" + out.getvalue()


def safe(value: Any) -> str:
    """As text, whatever it looks like."""
    text = "" if value is None else str(value)
    return "'" + text if text.startswith(_FORMULA) else text


def _head() -> list[str]:
    return [
        _("Local authority"),
        _("Territory"),
        _("Signed on"),
        _("Start of the mandate"),
        _("End of the window"),
        _("Withdrawn on"),
        _("Code of the measure"),
        _("Measure"),
        _("Status"),
        _("Progress (%)"),
        _("To be done by"),
        _("Updated on"),
        _("Next update"),
        _("In a few words"),
    ]


def _lines(row: Followed, measure: str, status: str) -> Iterator[list[Any]]:
    pledge = row.pledge
    for line in row.lines:
        one = line.commitment
        if (measure and one.measure != measure) or (status and one.status != status):
            continue
        yield [
            pledge.name,
            pledge.territory,
            pledge.signed_on,
            pledge.mandate_starts_on,
            row.end,
            pledge.withdrawn_on,
            one.measure,
            line.statement,
            one.get_status_display(),
            line.counted,
            line.deadline,
            one.updated_on,
            one.next_update_due,
            one.comment,
        ]
