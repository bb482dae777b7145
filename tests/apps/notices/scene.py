"""Channels, servers and clocks for tests of delivery."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.factories import CITY, NOW
from zhengtu.accounts.models import Person
from zhengtu.core.notices.notice import NewNotice

DIRECTIVE = f"{CITY}-D0001"


def told(person: Person, *, key: str = f"{DIRECTIVE}/due", **fields: Any) -> NewNotice:
    """A notice about a directive, as the reminders make it."""
    values = {
        "kind": "directive_due", "message": "“%(title)s” is due on %(due_on)s.", "path": f"/directives/{DIRECTIVE}",
        "parameters": {"title": "西环线交地", "due_on": "2025-03-15"}, "subject": DIRECTIVE, **fields,
    }
    return NewNotice(person=person.code, key=key, **values)


@dataclass
class Clock:
    """A clock that the test moves."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **step: int) -> None:
        """Let time pass."""
        self.at += timedelta(**step)


@dataclass
class Robot:
    """A messenger's server on this machine: it keeps what came and answers what the test says.

    Attributes:
        answers: (status, body) in turn, the last one for ever; None drops the connection after the request was read.
    """

    port: int = 0
    answers: list[tuple[int, bytes] | None] = field(default_factory=lambda: [(200, b'{"errcode":0,"errmsg":"ok"}')])
    bodies: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    meanwhile: Callable[[], None] | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wecom(self, key: str = "693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa") -> str:
        return f"{self.origin}/cgi-bin/webhook/send?key={key}"

    def dingtalk(self, token: str = "f00d" * 16) -> str:
        return f"{self.origin}/robot/send?access_token={token}"


@contextmanager
def robot_server() -> Iterator[Robot]:
    """A robot that listens until the block ends."""
    robot = Robot()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            robot.bodies.append(json.loads(body))
            robot.paths.append(self.path)
            if robot.meanwhile is not None:
                robot.meanwhile()
            answer = robot.answers.pop(0) if len(robot.answers) > 1 else robot.answers[0]
            if answer is None:
                self.close_connection = True
                self.connection.close()
                return
            status, content = answer
            self.send_response(status)
            if status in (301, 302, 307):
                self.send_header("Location", content.decode())
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    robot.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield robot
    finally:
        server.shutdown()
        server.server_close()
