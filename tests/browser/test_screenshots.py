"""`make screenshots`, for real on few pages; and nothing is left of it when somebody stops it."""

import os
import signal
import struct
import subprocess
import sys
from time import monotonic, sleep

import pytest

from devtools import contact_sheet, pages, screenshots
from devtools.pages import Page
from devtools.places import ROOT, Places
from devtools.processes import is_alive

# Small pages: a picture of a large one takes seconds on a busy machine.
OWN = Page("account", "account_logout", "/accounts/logout/", ("toezicht",))
PUBLIC = Page("notices", "notices", "/notices")
WRONG = Page("lost", "", "/nowhere")
# The same page at an address where nobody answers.
GONE = Page("notices", "", "http://127.0.0.1:1/")
PATIENCE = 120


def width_of(picture):
    header = picture.read_bytes()[:24]
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">I", header[16:20])[0]


@pytest.fixture
def take(stage, browser, tmp_path, monkeypatch):
    """`take(page, ...)` photographs a list of pages of its own, with the given words."""

    def take(*listed, words=()):
        monkeypatch.setattr(pages, "PAGES", listed)
        return screenshots.take(stage, browser, words, tmp_path)

    return take


def test_page_has_four_pictures_and_a_place_on_the_sheet(take, tmp_path):
    assert take(OWN, PUBLIC) == 0

    for name in ("account-toezicht", "notices-nobody"):
        pictures = {path.name: path for path in tmp_path.glob(f"{name}-*.png")}
        expected = {
            f"{name}-{width}-{theme}.png": width
            for width in (1440, 390)
            for theme in ("light", "dark")
        }
        assert {file: width_of(path) for file, path in pictures.items()} == expected
        assert pictures[f"{name}-1440-light.png"].read_bytes() != (
            pictures[f"{name}-1440-dark.png"].read_bytes()
        )
    sheet = (tmp_path / "index.html").read_text()
    shown = [f'src="{path.name}"' in sheet for path in tmp_path.glob("*.png")]
    assert shown == [True] * 8
    assert "LCPS at 08:05" in sheet


def test_other_status_than_listed_fails_and_is_shown(take, tmp_path, capsys):
    assert take(OWN, WRONG) == 1

    assert "lost as nobody  WRONG: 404" in capsys.readouterr().out
    assert 'src="lost-nobody-390-dark.png"' in (tmp_path / "index.html").read_text()


def test_page_that_gives_no_picture_fails_and_its_earlier_picture_goes(take, tmp_path, capsys):
    take(PUBLIC)

    assert take(GONE, words=["notices"]) == 1

    assert "4 pictures missing" in capsys.readouterr().out
    assert not list(tmp_path.glob("notices*"))


def test_no_two_pages_share_a_picture():
    seen = [(page.name, role) for page in pages.PAGES for role in page.roles]
    names = {
        contact_sheet.file_name(page, role, 390, "dark")
        for page in pages.PAGES
        for role in page.roles
    }

    assert len(names) == len(seen)
    assert contact_sheet.DRAWN.keys() <= set(seen)


def test_drawing_stands_below_its_page(tmp_path):
    page = Page("home", "home", "/", ("lcps",))
    for variant in contact_sheet.VARIANTS:
        (tmp_path / contact_sheet.file_name(page, "lcps", *variant)).touch()
    mockups = tmp_path / "drawn"
    mockups.mkdir()
    (mockups / "home-coordinator-1440-light.png").touch()

    sheet = contact_sheet.write(tmp_path, "LCPS", [(page, "lcps", "/")], mockups).read_text()
    assert sheet.count("<figure>") == 5
    assert 'src="drawn/home-coordinator-1440-light.png"' in sheet

    sheet = contact_sheet.write(tmp_path, "LCPS", [(page, "lcps", "/")], tmp_path / "none")
    assert sheet.read_text().count("<figure>") == 4


@pytest.mark.slow
def test_every_page_of_the_list_has_its_pictures(stage, browser, tmp_path):
    assert screenshots.take(stage, browser, (), tmp_path) == 0

    seen = [(page, role) for page in pages.PAGES for role in page.roles]
    expected = {
        contact_sheet.file_name(*one, *variant)
        for one in seen
        for variant in contact_sheet.VARIANTS
    }
    assert {path.name for path in tmp_path.glob("*.png")} == expected


@pytest.mark.slow
def test_words_choose_pages_and_keep_the_others_pictures(take, tmp_path, capsys):
    take(OWN, PUBLIC)
    before = (tmp_path / "notices-nobody-390-dark.png").stat().st_mtime_ns
    capsys.readouterr()

    assert take(OWN, PUBLIC, words=["acc"]) == 0

    assert "notices" not in capsys.readouterr().out
    assert (tmp_path / "notices-nobody-390-dark.png").stat().st_mtime_ns == before
    assert 'src="notices-nobody-390-dark.png"' in (tmp_path / "index.html").read_text()
    take(OWN)
    assert not list(tmp_path.glob("notices*"))


def test_word_that_fits_no_page_starts_nothing(capsys):
    assert screenshots.main(["no-such-page"]) == screenshots.NO_SUCH_PAGE
    assert "national-board" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_nothing_is_left_when_it_is_stopped(number):
    env = {
        key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")
    }
    run = subprocess.Popen(
        [sys.executable, "-m", "devtools.screenshots", "home"],
        cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    database = Places().data / f"postgresql-test-{run.pid}"
    server = wait_for_server(database)

    # The keyboard's Ctrl-C goes to all of them at once; `kill` and `make` to this one.
    (os.killpg if number == signal.SIGINT else os.kill)(run.pid, number)
    said, _ = run.communicate(timeout=PATIENCE)

    assert run.returncode == screenshots.INTERRUPTED
    assert "interrupted" in said
    assert not is_alive(server)
    assert not [
        path for place in (Places().data, Places().sockets) for path in place.glob(f"*-{run.pid}*")
    ]


def wait_for_server(database):
    """Its PostgreSQL runs, so the next thing it does is the world."""
    end = monotonic() + PATIENCE
    while True:
        assert monotonic() < end, "PostgreSQL did not start"
        found = database / "postmaster.pid"
        lines = found.read_text().splitlines() if found.exists() else []
        if len(lines) > 7 and lines[7].strip() == "ready":
            return int(lines[0])
        sleep(0.1)
