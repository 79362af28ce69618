"""One of the two processes: `python -m handrail.startup.child web|worker`, started by the parent, ended with it."""

import os
import signal
import socket
import sys
import threading
from pathlib import Path
from types import FrameType

from handrail.kernel.environment import Environment
from handrail.startup.home import ROOT

GRACE = 8  # seconds for open pages and messages in flight, once asked to stop


def end_with_parent() -> None:
    """Stop when the parent is gone, however it went: its end of our standard input closes even on kill -9."""

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)
        threading.Event().wait(GRACE + 2)
        os._exit(1)

    threading.Thread(target=wait, name="parent", daemon=True).start()


def web(environment: Environment, listening: int) -> None:
    """Serve on the socket that the parent holds: while this process restarts, callers wait instead of being refused."""
    import uvicorn

    config = uvicorn.Config(
        "handrail.asgi:application",
        http="httptools",
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        proxy_headers=environment.behind_proxy,
        forwarded_allow_ips="127.0.0.1",
        timeout_graceful_shutdown=GRACE,
        # A tab's doorbell and its pages share few connections; a quiet one may stay for the next page.
        timeout_keep_alive=30,
    )

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            from handrail.engine.stream import porch  # Django is up by now

            super().handle_exit(sig, frame)
            # In a thread: the handler may have interrupted whoever holds the porch's lock.
            threading.Thread(target=porch.hang_up, name="hang-up", daemon=True).start()

    Server(config).run(sockets=[socket.socket(fileno=listening)])


def worker() -> None:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["manage.py", "worker"])


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handrail.settings")
    os.chdir(ROOT)
    end_with_parent()
    if arguments[0] == "web":
        web(Environment.read(Path(ROOT)), int(arguments[1]))
    else:
        worker()


if __name__ == "__main__":
    main(sys.argv[1:])
