"""A small load generator, bounded: loopback only, so many requests, so many seconds, and it stops by itself."""

import http.client
import ipaddress
import math
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

MOST_REQUESTS = 2_000  #: of one measure
MOST_CLIENTS = 8
LONGEST = 20.0  #: seconds, of one measure
PATIENCE = 10.0  #: seconds, of one answer


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Of the answers to one page."""

    times: list[float]  #: milliseconds each, sorted
    seconds: float  #: from the first request to the last answer
    size: int  #: bytes of the last answer

    def percentile(self, rank: float) -> float:
        """Nearest rank: the smallest time that so many per cent of the answers did not exceed."""
        return self.times[max(math.ceil(rank / 100 * len(self.times)) - 1, 0)]

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds


def measure(
    port: int, path: str, headers: Mapping[str, str], *, requests: int, clients: int = 1, seconds: float = 5.0
) -> Figures:
    """Ask for one page again and again. Raises: RuntimeError for any answer but 200; OSError when nobody listens."""
    until = time.monotonic() + min(seconds, LONGEST)
    each = min(requests, MOST_REQUESTS) // min(clients, MOST_CLIENTS)
    begun = time.monotonic()
    with ThreadPoolExecutor(min(clients, MOST_CLIENTS)) as pool:
        asked = [pool.submit(_ask, port, path, headers, each, until) for _ in range(min(clients, MOST_CLIENTS))]
        found = [one.result() for one in asked]
    ended = time.monotonic()
    times = sorted(time for times, _size in found for time in times)
    return Figures(times=times, seconds=ended - begun, size=found[0][1])


def _ask(port: int, path: str, headers: Mapping[str, str], most: int, until: float) -> tuple[list[float], int]:
    """One client: a connection that is kept, one request after the other."""
    host = "127.0.0.1"
    assert ipaddress.ip_address(host).is_loopback
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    times: list[float] = []
    size = 0
    try:
        while len(times) < most and (not times or time.monotonic() < until):
            begun = time.perf_counter()
            connection.request("GET", path, headers=dict(headers))
            answer = connection.getresponse()
            size = len(answer.read())
            times.append((time.perf_counter() - begun) * 1000)
            if answer.status != http.client.OK:
                raise RuntimeError(f"{path} answered {answer.status}")
    finally:
        connection.close()
    return times, size
