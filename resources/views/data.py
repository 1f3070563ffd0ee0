"""How to take the catalogue away: the door for programs, told to people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rtes_hub.rest.limits import PERIOD, REQUESTS
from rtes_hub.rest.pages import MAX_SIZE


@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    context = {"requests": REQUESTS, "minutes": PERIOD // 60, "max_size": MAX_SIZE}
    return render(request, "resources/open_data.html", context)
