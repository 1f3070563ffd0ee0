"""`/metrics`, in the text format of Prometheus. Each figure is read from the database: right with several workers.

For whoever holds RTES_METRICS_TOKEN. Without one set, there is nothing at this address: behind a reverse proxy every
request comes from this machine, so that its address proves nothing.
"""

from collections.abc import Iterator
from hmac import compare_digest

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from federation.models import Delivery, Incoming
from federation.operating import state


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    token = settings.RTES.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not compare_digest(given.encode(), token.encode()):
        raise Http404
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Database())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _Database(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield _by_state("rtes_deliveries", "Deliveries by state.", Delivery)
        yield _by_state("rtes_incoming", "Activities received, by state.", Incoming)
        yield from _partners()
        yield _tasks()


def _by_state(name: str, told: str, model: type[Delivery] | type[Incoming]) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, told, labels=["state"])
    counted = dict(model._default_manager.order_by().values_list("state").annotate(number=Count("pk")))
    for value in model.State.values:
        gauge.add_metric([value], counted.get(value, 0))
    return gauge


def _partners() -> Iterator[GaugeMetricFamily]:
    waiting = GaugeMetricFamily("rtes_partner_waiting", "Messages that wait for a partner.", labels=["hub"])
    oldest = GaugeMetricFamily("rtes_partner_oldest_seconds", "Age of the oldest of these.", labels=["hub"])
    closed = GaugeMetricFamily("rtes_partner_closed", "1 while nothing is sent: breaker or pause.", labels=["hub"])
    now = timezone.now()
    for line in state.known():
        hub = [line.peer.origin]
        waiting.add_metric(hub, line.waiting)
        oldest.add_metric(hub, (now - line.oldest).total_seconds() if line.oldest else 0)
        closed.add_metric(hub, line.state in ("closed", "paused"))
    yield from (waiting, oldest, closed)


def _tasks() -> GaugeMetricFamily:
    first = DBTaskResult.objects.ready().order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
    age = (timezone.now() - first).total_seconds() if first else 0
    return GaugeMetricFamily("rtes_oldest_task_seconds", "Age of the oldest task that no worker took.", value=age)
