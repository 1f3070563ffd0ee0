"""How many signed activities the inbox takes a second, the worker stopped; then how many the worker makes visible.

Beside a bare Django view that is sent the same bytes, and the signatures that one core makes and checks.
`make bench` runs it; `python -m bench.door` runs it alone.
"""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, BinaryIO

import psycopg
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from bench import hub
from bench.hub import POSTGRES
from bench.partner import Partner
from federation.wire import keys
from federation.wire.sealing import sign
from rtes_hub import processes
from rtes_hub.env import ROOT

ACTIVITIES = 3_000
CLIENTS = 8  #: connections, kept open
LONGEST = 60.0  #: seconds of one measure
CRYPTO = 0.5  #: seconds that signatures are made, then checked, for
TAKEN, SHOWN = 600, 200  #: a second: the budgets


def crypto(key: keys.PrivateKey) -> str:
    public, base = key.public_key(), b"x" * 400
    assert isinstance(public, RSAPublicKey)
    seal = sign(key, base)
    made, checked = _rate(lambda: sign(key, base)), _rate(lambda: public.verify(seal, base, PKCS1v15(), SHA256()))
    return f"RSA-2048 on one core: {made:,.0f} signatures made a second, {checked:,.0f} checked"


def _rate(act: Callable[[], object]) -> float:
    begun, done = time.perf_counter(), 0
    while (spent := time.perf_counter() - begun) < CRYPTO:
        act()
        done += 1
    return done / spent


def knock(port: int, requests: Sequence[bytes], expected: int) -> float:
    """Send them all; how many were answered `expected` a second. Raises: RuntimeError for another answer."""
    begun = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda i: _talk(port, requests[i::CLIENTS], expected, begun + LONGEST), range(CLIENTS)))
    return len(requests) / (time.monotonic() - begun)


def _talk(port: int, requests: Sequence[bytes], expected: int, until: float) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection, connection.makefile("rb") as answers:
        for request in requests:
            if time.monotonic() > until:
                raise RuntimeError(f"not done in {LONGEST:.0f} s")
            connection.sendall(request)
            status, said = _answer(answers)
            if status != expected:
                raise RuntimeError(f"{status}: {said!r}")


def _answer(answers: BinaryIO) -> tuple[int, bytes]:
    """Status and body: less work than http.client has, on the cores that are measured."""
    status, length = int(answers.readline().split()[1]), 0
    while (line := answers.readline().lower()) not in (b"\r\n", b""):
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    return status, answers.read(length)


def in_the_hub(env: Mapping[str, str], call: str) -> Any:
    program = f"import django; django.setup(); from bench import receiving; receiving.{call}"
    done = subprocess.run([sys.executable, "-c", program], env=env, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return json.loads(done.stdout.splitlines()[-1])


def measured(name: str, database: AbstractContextManager[str], folder: Path, key: keys.PrivateKey) -> None:
    with database as url:
        env = hub.environ(folder, url)
        partner = Partner(**in_the_hub(env, f"ready({keys.public_pem(key)!r})"), key=key)
        bodies = [partner.create(i) for i in range(ACTIVITIES)]
        with hub.served(env) as server:
            knock(server.port, [partner.signed(partner.create(-i)) for i in range(1, 2 * CLIENTS)], 202)
            requests = [partner.signed(body) for body in bodies]
            before = server.cpu()
            taken = knock(server.port, requests, 202)
            cpu = (server.cpu() - before) / len(requests)
        size = len(bodies[0]) / 1024
        print(
            f"{name}: {taken:,.0f} taken a second (budget {TAKEN}), {cpu:.2f} ms of CPU each, {size:.1f} KB", flush=True
        )
        worker = processes.of_a_hub(env, bind="127.0.0.1:0", workers=1)[1]
        process = subprocess.Popen(worker.argv, env=dict(worker.env), cwd=ROOT, stdout=subprocess.DEVNULL)
        try:
            found = in_the_hub(env, f"watch({ACTIVITIES + 2 * CLIENTS - 1}, {LONGEST})")
        finally:
            process.terminate()
            process.wait(20)
        print(f"{name}: {found['seen'] / found['seconds']:,.0f} made visible a second (budget {SHOWN})", flush=True)


def bare(key: keys.PrivateKey) -> float:
    partner = Partner(model="", key=key)
    requests = [partner.signed(b"x" * 4096) for _ in range(ACTIVITIES)]
    with hub.a_folder() as folder, hub.served(hub.environ(folder, ""), app="bench.bare:application") as server:
        return knock(server.port, requests, 200)


def main() -> None:
    key = keys.generate_rsa()
    print(f"\nThe inbox, {hub.WORKERS} workers\n{crypto(key)}\nbare Django view: {bare(key):,.0f} a second", flush=True)
    with hub.a_folder() as folder:
        measured("SQLite", hub.sqlite(folder), folder, key)
    try:
        with hub.a_folder() as folder:
            measured("PostgreSQL", hub.postgres(POSTGRES), folder, key)
    except psycopg.OperationalError as error:
        print(f"PostgreSQL does not answer, and is left out: {str(error).strip().splitlines()[0]}")


if __name__ == "__main__":
    main()
