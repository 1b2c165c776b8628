import contextlib
import os
import signal
import socket
import sys
import time

import pytest

from devtools import crew as crews
from devtools import supervisor
from devtools.crew import Crew, Stopped
from devtools.places import ServiceError, make_private
from devtools.supervisor import Supervisor, listen_for_web, listen_on, only_one, secret_key

# What a child is given beside Python itself.
ENV = {"PATH": os.environ["PATH"]}


@pytest.fixture
def crew():
    crew = Crew()
    yield crew
    for key in list(crew.selector.get_map().values()):
        key.data.stop()
        crew.selector.unregister(key.fileobj)
        key.fileobj.close()
    crew.selector.close()


@pytest.fixture
def said(monkeypatch):
    lines = []
    monkeypatch.setattr(crews, "say", lambda line, who="lcps": lines.append((who, line)))
    monkeypatch.setattr(supervisor, "say", lambda line, who="lcps": lines.append((who, line)))
    return lines


def python(crew, code, **options):
    return crew.start("child", [sys.executable, "-c", code], ENV, **options)


def test_second_run_in_a_checkout_is_refused_in_one_line(places):
    make_private(places.local)

    with only_one(places), pytest.raises(ServiceError) as refused, only_one(places):
        pass

    assert str(refused.value) == "`make run` is already running in this checkout"


def test_run_after_a_run_is_allowed(places):
    make_private(places.local)

    with only_one(places):
        pass
    with only_one(places):
        pass


def test_given_port_that_is_taken_is_refused_in_one_line(places, monkeypatch):
    with contextlib.closing(listen_on(0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))

        with pytest.raises(ServiceError) as refused:
            listen_for_web(places)

    assert str(refused.value) == f"port {port} is taken. Choose another: PORT=8080 make run"


@pytest.mark.parametrize("nonsense", ["abc", "0", "65536", "-1", "80 80"])
def test_port_that_is_no_port_is_refused(places, monkeypatch, nonsense):
    monkeypatch.setenv("PORT", nonsense)

    with pytest.raises(ServiceError, match="is not a port number"):
        listen_for_web(places)


def test_taken_port_is_passed_over_when_none_is_asked_for(places, monkeypatch):
    monkeypatch.delenv("PORT", raising=False)
    with contextlib.closing(listen_on(0)) as taken, contextlib.closing(listen_on(0)) as other:
        free = other.getsockname()[1]
        other.close()
        monkeypatch.setattr(supervisor, "PORTS", [taken.getsockname()[1], free])

        with contextlib.closing(listen_for_web(places)) as web:
            assert web.getsockname() == ("127.0.0.1", free)


def test_port_of_a_killed_run_is_waited_for(places, monkeypatch):
    make_private(places.local)
    holder = Crew()
    with contextlib.closing(listen_on(0)) as listener:
        port = listener.getsockname()[1]
        code = f"import time; time.sleep(1)  # holds {port}"
        child = python(holder, code, sockets=[listener.fileno()])
    places.running.write_text(f'{{"port": {port}}}')
    monkeypatch.setenv("PORT", str(port))

    with contextlib.closing(listen_for_web(places)):
        assert child.process.poll() == 0
    holder.selector.close()
    child.process.stdout.close()


def test_listening_socket_can_be_handed_over(crew, said):
    with contextlib.closing(listen_on(0)) as listener:
        number = listener.fileno()
        code = f"import socket; print(socket.socket(fileno={number}).getsockname())"
        child = python(crew, code, sockets=[number])

        assert crew.wait_for(child) == 0
        assert said == [("child", str(listener.getsockname()))]


def test_child_at_the_gate_waits_until_it_is_opened(crew, said):
    with supervisor.gate() as (entrance, open_gate):
        child = python(crew, f"import os; print(os.read({entrance}, 1))", sockets=[entrance])
        crew.show(0.5)
        assert said == []
        open_gate()

        assert crew.wait_for(child) == 0

    assert said == [("child", "b'1'")]


def test_closed_gate_lets_nobody_through(crew, said):
    with supervisor.gate() as (entrance, _):
        child = python(crew, f"import os; print(os.read({entrance}, 1))", sockets=[entrance])

    assert crew.wait_for(child) == 0
    assert said == [("child", "b''")]


def test_lines_of_children_appear_behind_their_name(crew, said):
    child = python(crew, "print('one\\ntwo'); print('three', end='')")

    assert crew.wait_for(child) == 0

    assert said == [("child", "one"), ("child", "two"), ("child", "three")]


def test_child_that_does_not_listen_is_killed_with_all_it_started(crew, said):
    stubborn = (
        "import os, signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "os.fork()\nprint(os.getpid(), flush=True)\n"
        "time.sleep(60)"
    )
    child = python(crew, stubborn, patience=0.3)
    end = time.monotonic() + 10
    while len(said) < 2 and time.monotonic() < end:
        crew.show(0.1)

    assert child.stop() is False

    assert {child.process.pid} < {int(line) for _, line in said}
    for _, line in said:
        assert not still_runs(int(line))


def still_runs(pid: int) -> bool:
    """A killed grandchild may wait for the system to collect it; it no longer runs."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        try:
            with open(f"/proc/{pid}/stat") as stat:
                if stat.read().rpartition(")")[2].split()[0] == "Z":
                    return False
        except OSError:
            return False
        time.sleep(0.05)
    return True


def test_request_to_stop_interrupts_the_waiting(crew, said):
    child = python(crew, "import time; time.sleep(60)")
    began = time.monotonic()
    signal.signal(signal.SIGUSR1, crew.ask_to_stop)
    os.kill(os.getpid(), signal.SIGUSR1)

    with pytest.raises(Stopped):
        crew.wait_for(child)

    assert time.monotonic() - began < 2


def test_secret_key_is_kept_and_private(places):
    make_private(places.local)

    first = secret_key(places)

    assert len(first) >= 50
    assert secret_key(places) == first
    assert (places.local / "secret-key").stat().st_mode & 0o777 == 0o600


def test_health_of_nothing_is_an_explanation():
    with contextlib.closing(listen_on(0)) as listener:
        port = listener.getsockname()[1]

    assert "refused" in supervisor.health(port)


def test_web_listens_on_this_machine_only():
    with contextlib.closing(listen_on(0)) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"
        assert listener.family == socket.AF_INET


def test_given_servers_are_used_instead_of_embedded_ones(places, crew):
    given = {"DATABASE_URL": "postgresql://elsewhere/lcps", "REDIS_URL": "redis://elsewhere"}
    env = dict(given)
    supervisor = Supervisor(places, crew)

    supervisor.start_services(env)

    assert env == given
    assert supervisor.services == []


def test_children_stop_in_the_reverse_order_of_their_start(places, crew, said):
    make_private(places.local)
    order = []

    class Child:
        def __init__(self, name, by_itself=True):
            self.name, self.by_itself = name, by_itself

        def stop(self):
            order.append(self.name)
            return self.by_itself

    supervisor = Supervisor(places, crew)
    for child in (Child("postgresql"), Child("web"), Child("worker", by_itself=False)):
        supervisor.started.append((child.name, child))
    places.running.touch()

    supervisor.stop()

    assert order == ["worker", "web", "postgresql"]
    assert ("lcps", "worker did not stop in time and was killed") in said
    assert not places.running.exists()


def test_child_that_ended_is_named_with_its_status(places, crew, said):
    supervisor = Supervisor(places, crew)
    supervisor.members.append(python(crew, "raise SystemExit(3)"))

    supervisor.members[0].process.wait(10)

    assert supervisor.watch() == 1
    assert ("lcps", "child ended by itself with status 3: stopping the rest") in said
