"""A real Celery worker on services of a test, to be killed."""

import os
import signal
import subprocess
import sys
from urllib.parse import quote

import redis
from celery import Celery
from django.db import connection

from devtools.places import ROOT
from devtools.processes import die_with_parent
from devtools.valkey import Valkey

TICKS = (("capacity.deadlines.tick", "deadlines"), ("communications.post.deliver_due", "post"))


class Worker:
    """The worker with two processes, a broker of its own, and the ticks that beat would send."""

    def __init__(self, mail_port: int) -> None:
        self.valkey = Valkey(f"post-{os.getpid()}")
        self.valkey.start()
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.communications.post.worker_settings",
            "LCPS_ENV": "test",
            "LCPS_DEMO": "1",
            "DATABASE_URL": database_url(),
            "REDIS_URL": self.valkey.url,
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        }
        self.beat = Celery(broker=f"redis+socket://{self.valkey.socket}?virtual_host=0")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        celery = [sys.executable, "-m", "celery", "-q", "-A", "lcps", "worker"]
        options = ["-Q", "deadlines,post", "-c", "2", "-l", "error"]
        self.process = subprocess.Popen(
            [*celery, *options, "--without-gossip", "--without-mingle"],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGKILL),
        )

    def tick(self) -> None:
        for task, queue in TICKS:
            self.beat.send_task(task, queue=queue, expires=5, ignore_result=True)

    def kill(self) -> None:
        """SIGKILL for the worker and its processes: nobody gets to tidy up."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def empty_broker(self) -> None:
        with redis.Redis.from_url(self.valkey.url) as client:
            client.flushall()

    def close(self) -> None:
        if self.process:
            self.kill()
        self.beat.close()
        self.valkey.stop()
        self.valkey.remove()


def database_url() -> str:
    """The test's own database, where other processes find it."""
    found = connection.settings_dict
    host = quote(found["HOST"], safe="")
    if found["HOST"].startswith("/"):
        return f"postgresql://{found['USER']}@/{found['NAME']}?host={host}"
    login = ":".join(filter(None, (found["USER"], quote(found["PASSWORD"] or "", safe=""))))
    return f"postgresql://{login}@{host}:{found['PORT'] or 5432}/{found['NAME']}"
