"""The live stream as a process of its own: who hears what, when, and what happens when things break."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from crisisdesk.core import clock
from crisisdesk.incidents.domain.notebook import add_note
from crisisdesk.incidents.domain.roles import restrict
from crisisdesk.incidents.models import Incident
from crisisdesk.organisation.models import Membership
from crisisdesk.web.live import gate
from crisisdesk.web.live.gate import Answer, Visitor
from crisisdesk.web.live.hub import Hub, Listener
from crisisdesk.web.live.stream import PATH, _write
from tests.factories.incidents import Desk, make_desk, make_incident
from tests.factories.organisation import NOON, make_brand, make_user
from tests.web.streaming import StreamServer, session_of, stream_server

ORIGIN = "http://127.0.0.1:8000"


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    """People and a shelf, committed, so that the stream's process sees them."""
    return make_desk()


@pytest.fixture
def incident(desk: Desk) -> Incident:
    """An incident that everybody with a role on the brand may see."""
    return make_incident(desk, at=clock.now())


@pytest.fixture(scope="module")
def server(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StreamServer]:
    """The stream's process, one for all tests of this file."""
    log = tmp_path_factory.mktemp("stream") / "stream.log"
    with stream_server(log, page_origin=ORIGIN) as running:
        yield running


@pytest.fixture
def stream(server: StreamServer, desk: Desk) -> Iterator[StreamServer]:
    """The stream's process without pages of other tests."""
    yield server
    server.leave()


def note(desk: Desk, incident: Incident, text: str = "Seen again") -> int:
    """Write one line into the timeline; returns its number."""
    event = add_note(incident_id=incident.pk, text=text, actor=desk.actor("lead"), at=clock.now())
    return event.number


def backends(name: str, *, end: bool = False) -> list[int]:
    """Processes of the server that work for the stream in this test's database."""
    act = "pg_terminate_backend(pid)" if end else "true"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT pid, {act} FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND application_name LIKE %s",
            [name],
        )
        return [row[0] for row in cursor.fetchall()]


def test_numbers_come_after_the_commit_and_not_before(
    desk: Desk, incident: Incident, stream: StreamServer
) -> None:
    page = stream.listen(incident.reference, session_of(desk.observer))
    assert page.numbers == [incident.last_number]
    assert page.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-accel-buffering"] == "no"
    assert page.headers["access-control-allow-origin"] == ORIGIN
    assert page.headers["access-control-allow-credentials"] == "true"
    with transaction.atomic():
        number = note(desk, incident, "Not yet committed")
        assert b"data:" not in page.for_a_while(0.4).replace(b"data: alive", b"")
    page.number(number)
    with pytest.raises(RuntimeError), transaction.atomic():
        note(desk, incident)
        raise RuntimeError
    page.for_a_while(0.4)
    assert page.numbers == [incident.last_number, number]
    assert b"Not yet committed" not in page.heard


def test_news_of_one_incident_are_not_heard_in_another(
    desk: Desk, incident: Incident, stream: StreamServer
) -> None:
    other = make_incident(desk, at=clock.now())
    page = stream.listen(other.reference, session_of(desk.staff))
    before = page.numbers
    note(desk, incident)
    page.for_a_while(0.4)
    assert page.numbers == before
    page.number(note(desk, other))


def test_only_a_signed_in_person_who_may_see_it_gets_in(
    desk: Desk, incident: Incident, stream: StreamServer
) -> None:
    path = f"/incidents/{incident.reference}/stream"
    stranger = session_of(desk.stranger)
    unseen = stream.ask(path, session=stranger)
    nothing = stream.ask("/incidents/CD-2026-9999/stream", session=stranger)
    assert (unseen.status, nothing.status) == (404, 404)
    assert unseen.headers == nothing.headers | {"date": unseen.headers["date"]}
    unseen.until(lambda heard: heard.endswith(b"There is nothing here."))
    assert stream.ask(path).status == 401
    assert stream.ask(path, session="x" * 32).status == 401
    gone = session_of(desk.lead)
    Session.objects.filter(session_key=gone).update(expire_date=clock.now() - timedelta(hours=1))
    assert stream.ask(path, session=gone).status == 401
    restrict(incident_id=incident.pk, restricted=True, actor=desk.actor("lead"), at=clock.now())
    assert stream.ask(path, session=session_of(desk.admin)).status == 404
    assert stream.ask(path, session=session_of(desk.lead)).status == 200


def test_only_pages_of_this_desk_may_read_it(
    desk: Desk, incident: Incident, stream: StreamServer
) -> None:
    path, key = f"/incidents/{incident.reference}/stream", session_of(desk.lead)
    for origin in (
        "https://evil.example",
        "http://127.0.0.1:8001",
        "https://127.0.0.1:8000",
        "null",
    ):
        refused = stream.ask(path, session=key, origin=origin)
        assert refused.status == 403
        assert "access-control-allow-origin" not in refused.headers
    assert stream.ask(path, session=key, origin=None).status == 403
    assert stream.ask(path, session=key, origin=None, Sec_Fetch_Site="cross-site").status == 403
    assert stream.ask(path, session=key, origin=None, Sec_Fetch_Site="same-origin").status == 200
    local = stream.ask(
        path, session=key, origin="http://localhost:8000", Host=f"localhost:{stream.port}"
    )
    assert local.status == 200
    assert local.headers["access-control-allow-origin"] == "http://localhost:8000"
    evil = stream.ask(path, session=key, origin="http://evil.example:8000", Host="evil.example")
    assert evil.status == 404


def test_there_is_nothing_else(desk: Desk, incident: Incident, stream: StreamServer) -> None:
    path, key = f"/incidents/{incident.reference}/stream", session_of(desk.lead)
    for method in ("HEAD", "POST", "OPTIONS", "DELETE"):
        assert stream.ask(path, session=key, method=method).status == 404
    for other in ("/", f"{path}/", "/incidents/stream", "/api/v1/incidents/", "/healthz"):
        assert stream.ask(other, session=key).status == 404


def test_who_loses_access_is_out_within_thirty_seconds(
    desk: Desk, incident: Incident, stream: StreamServer
) -> None:
    keys = {name: session_of(getattr(desk, name)) for name in ("observer", "staff", "executive")}
    keys |= {name: session_of(getattr(desk, name)) for name in ("admin", "lead")}
    pages = {name: stream.listen(incident.reference, key) for name, key in keys.items()}
    Membership.objects.filter(user=desk.observer).delete()
    Session.objects.filter(session_key=keys["staff"]).delete()
    type(desk.executive).objects.filter(pk=desk.executive.pk).update(is_active=False)
    desk.admin.set_password("another-quiet-harbour-43")
    desk.admin.save(update_fields=["password"])
    started = time.monotonic()
    for name in ("observer", "staff", "executive", "admin"):
        pages[name].end(seconds=30 - (time.monotonic() - started))
    number = note(desk, incident)
    pages["lead"].number(number)
    assert all(number not in pages[name].numbers for name in pages if name != "lead")


def test_a_silent_room_says_that_it_lives(
    desk: Desk, incident: Incident, stream: StreamServer
) -> None:
    page = stream.listen(incident.reference, session_of(desk.lead))
    for count in (1, 2):
        page.until(lambda heard: heard.count(b"event: alive\n") >= count, seconds=8)  # noqa: B023
    assert page.numbers == [incident.last_number]


def test_a_lost_database_connection_is_made_again(
    desk: Desk, incident: Incident, stream: StreamServer
) -> None:
    page = stream.listen(incident.reference, session_of(desk.lead))
    ear = backends("desk live news", end=True)
    assert len(ear) == 1
    at_once = note(desk, incident, "Committed while nobody heard")
    page.number(at_once)
    page.for_a_while(0.5)
    later = note(desk, incident, "Committed later")
    page.number(later)
    again = backends("desk live news")
    assert len(again) == 1
    assert again != ear
    # The connections of the gate die as well: the next visitor does not notice.
    backends("%", end=True)
    stream.listen(incident.reference, session_of(desk.staff)).number(later)
    assert len(backends("%")) <= gate.CONNECTIONS + 1
    assert "Traceback" not in stream.log.read_text()


def test_two_hundred_pages_hear_one_event(
    desk: Desk, incident: Incident, stream: StreamServer, capsys: pytest.CaptureFixture[str]
) -> None:
    key = session_of(desk.staff)
    path = f"/incidents/{incident.reference}/stream"
    pages = [stream.ask(path, session=key) for _ in range(200)]
    for page in pages:
        page.number(incident.last_number, seconds=30)
    started = time.perf_counter()
    number = note(desk, incident)
    committed = time.perf_counter()
    for page in pages:
        page.number(number, seconds=10)
    done = time.perf_counter()
    with capsys.disabled():
        sys.stdout.write(
            f"\n200 pages: command {1000 * (committed - started):.0f} ms,"
            f" last page {1000 * (done - committed):.1f} ms after it\n"
        )
    assert all(page.numbers[-1] == number for page in pages)
    assert len(backends("%")) <= gate.CONNECTIONS + 1


def test_it_stops_at_once_and_ends_every_answer(
    desk: Desk, incident: Incident, tmp_path: Path
) -> None:
    key = session_of(desk.lead)
    with stream_server(tmp_path / "stream.log", page_origin=ORIGIN) as stream:
        pages = [stream.listen(incident.reference, key) for _ in range(20)]
        assert stream.stop(how=signal.SIGTERM) < 3
        for page in pages:
            page.end(seconds=1)
        assert stream.log.read_text() == ""


@pytest.mark.django_db
def test_a_thousand_visitors_are_a_few_questions(
    django_assert_num_queries: object,
) -> None:
    desk = make_desk()
    incident = make_incident(desk)
    far = make_brand("far")
    people = [desk.lead, desk.staff, desk.stranger, make_user("someone")]
    keys = [session_of(person) for person in people]
    assert far.pk != desk.brand.pk
    visitors = [Visitor(key, incident.reference) for key in keys]
    visitors += [Visitor(keys[0], "CD-2026-9999"), Visitor("unknown", incident.reference)]
    with django_assert_num_queries(4):  # type: ignore[operator]
        answers = gate.look(visitors * 50, at=NOON)
    seen = Answer(200, incident.pk, incident.last_number)
    assert answers[:6] == [seen, seen, Answer(404), Answer(404), Answer(404), Answer(401)]
    assert answers == answers[:6] * 50


def test_a_slow_page_gets_the_newest_number_only() -> None:
    async def story() -> list[bytes]:
        hub = Hub(gate.Gate())
        listener = Listener(Visitor("key", "CD-2026-0001"), Answer(200, 1, 3))
        hub.tell(1, 4)  # told while the answer was on its way
        hub.join(listener)
        sent: list[bytes] = []

        async def send(message: dict[str, object]) -> None:
            sent.append(message["body"])
            if len(sent) == 1:  # the page takes its time; meanwhile much happens
                for number in range(5, 500):
                    hub.tell(1, number)
                hub.tell(1, 7)
                hub.tell(2, 1000)
            else:
                listener.close()

        await _write(send, listener)
        hub.leave(listener)
        assert not hub.listeners
        return sent

    # In a thread: the browser of an earlier test may keep a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        sent = thread.submit(asyncio.run, story()).result()
    assert sent == [b"id: 4\ndata: 4\n\n", b"id: 499\ndata: 499\n\n", b""]


def test_both_servers_mean_the_same_address() -> None:
    address = reverse("web:incident-stream", args=["CD-2026-0042"])
    found = PATH.fullmatch(address)
    assert found is not None
    assert found["reference"] == "CD-2026-0042"


@pytest.mark.django_db
def test_room_pages_alone_may_connect_to_the_stream(client: Client, settings: Settings) -> None:
    desk = make_desk()
    incident = make_incident(desk)
    client.force_login(desk.lead)
    room = reverse("web:incident-statements", args=[incident.reference])

    def policy(address: str) -> str:
        answer = client.get(address, headers={"host": "localhost:8000"})
        parts = answer.headers["Content-Security-Policy"].split("; ")
        return next(part for part in parts if part.startswith("connect-src"))

    settings.STREAM_PORT = 9123
    assert policy(room) == "connect-src 'self' http://localhost:9123"
    assert policy(reverse("web:incidents")) == "connect-src 'self'"
    assert policy(room.replace(incident.reference, "CD-2026-9999")) == "connect-src 'self'"
    settings.STREAM_ORIGIN = "https://live.desk.test/"
    assert policy(room) == "connect-src 'self' https://live.desk.test"
    settings.STREAM_ORIGIN, settings.STREAM_PORT = "", 0
    assert policy(room) == "connect-src 'self'"
    client.logout()
    settings.STREAM_PORT = 9123
    assert policy(room) == "connect-src 'self'"


@pytest.mark.django_db
def test_the_page_server_has_nothing_at_the_streams_address(client: Client) -> None:
    desk = make_desk()
    incident = make_incident(desk)
    client.force_login(desk.lead)
    answer = client.get(reverse("web:incident-stream", args=[incident.reference]))
    assert answer.status_code == 404
    assert b"There is nothing here" in answer.content
