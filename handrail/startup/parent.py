"""The parent: keeps web and worker running, tells when the page answers, and stops both cleanly."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

from handrail.kernel.environment import Environment
from handrail.startup.child import GRACE

SETTLED = 10.0  # seconds after which a process that ends did start properly
LONGEST_PAUSE = 30.0  # seconds between two tries to start a process again
TRIES = 5  # starts in a row without ever answering, before the parent gives up


class PortTaken(Exception):
    pass


class CannotStart(Exception):
    pass


@dataclass
class Child:
    """One process and how often it ended soon after its start."""

    name: str
    command: list[str]
    keep_open: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    quick_ends: int = 0
    start_again_at: float = field(default=0.0)

    def start(self) -> None:
        # Its own session: a Ctrl-C in the terminal reaches the parent alone, which stops both in order.
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, pass_fds=self.keep_open, start_new_session=True
        )
        self.started = time.monotonic()

    def look_after(self) -> None:
        """Start it again if it ended: at once the first time, then after 1, 2, 4 ... seconds."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_again_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.quick_ends = self.quick_ends + 1 if now - self.started < SETTLED else 0
        pause = min(LONGEST_PAUSE, 2.0 ** (self.quick_ends - 2)) if self.quick_ends > 1 else 0.0
        log("process ended", process=self.name, code=code, starting_again_in=pause)
        self._let_go()
        self.start_again_at = now + pause

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def wait_or_kill(self, until: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            log("process did not stop in time", process=self.name)
            self.process.kill()
            self.process.wait()
        self._let_go()

    def _let_go(self) -> None:
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()
        self.process = None


def listen(environment: Environment) -> socket.socket:
    """The port, held by the parent for as long as it lives; PortTaken where somebody else has it."""
    family = socket.AF_INET6 if ":" in environment.bind else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((environment.bind, environment.port))
    except OSError as why:
        listening.close()
        raise PortTaken(
            f"Port {environment.port} on {environment.bind} is not free ({why.strerror}): stop what uses it,"
            f" or choose another: HANDRAIL_PORT={environment.port + 1} ./run"
        ) from why
    listening.listen(1024)
    return listening


def keep_house(environment: Environment, listening: socket.socket, on_ready: Callable[[], None]) -> None:
    """Run until SIGTERM or Ctrl-C. Raises CannotStart when the page never answers."""
    asked_to_stop = []

    def stop(number: int, frame: FrameType | None) -> None:
        asked_to_stop.append(number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    handle = listening.fileno()
    child = [sys.executable, "-m", "handrail.startup.child"]
    children = [Child("web", [*child, "web", str(handle)], (handle,)), Child("worker", [*child, "worker"])]
    ready = False
    try:
        while not asked_to_stop:
            for one in children:
                one.look_after()
            if not ready and answers(environment, listening):
                ready = True
                on_ready()
            if not ready and any(one.quick_ends >= TRIES for one in children):
                raise CannotStart("Handrail could not start; the lines above say why.")
            time.sleep(0.05 if not ready else 0.5)
    finally:
        for one in children:
            one.ask_to_stop()
        until = time.monotonic() + GRACE + 1
        for one in children:
            one.wait_or_kill(until)


def answers(environment: Environment, listening: socket.socket) -> bool:
    """Whether the first page answers. The socket listens already, so this waits in the queue for a moment at most."""
    host, port = listening.getsockname()[:2]
    name = (environment.allowed_hosts or ("127.0.0.1",))[0].lstrip(".")
    asking = http.client.HTTPConnection("127.0.0.1" if host == "0.0.0.0" else host, port, timeout=1)  # noqa: S104
    try:
        asking.request("GET", "/help/now", headers={"Host": name.replace("*", "localhost")})
        return asking.getresponse().status < 600
    except OSError:
        return False
    finally:
        asking.close()


def log(event: str, **facts: object) -> None:
    print(json.dumps({"event": event, "pid": os.getpid(), **facts}), file=sys.stderr, flush=True)
