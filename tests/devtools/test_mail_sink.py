import contextlib
import mailbox
import os
import smtplib
import subprocess
import sys
import time
from email.message import EmailMessage

import pytest

from devtools.places import ROOT
from devtools.supervisor import listen_on


@pytest.fixture
def sink(tmp_path):
    folder = tmp_path / "sent"
    with contextlib.closing(listen_on(0)) as listener:
        number = listener.fileno()
        command = [sys.executable, "-W", "error", "-m", "devtools.mail_sink"]
        process = subprocess.Popen(
            [*command, "--fd", str(number), "--maildir", folder], cwd=ROOT, pass_fds=[number]
        )
        yield listener.getsockname()[1], folder
        process.terminate()
        assert process.wait(10) == 0


def test_mail_is_kept_in_the_folder(sink):
    port, folder = sink
    letter = EmailMessage()
    letter["Subject"] = "Uiterlijk 08:30 melden"
    letter["From"], letter["To"] = "lcps@example.org", "mélder@example.org"
    letter.set_content("Uw ziekenhuis heeft nog niet gemeld.")

    with smtplib.SMTP("127.0.0.1", port, timeout=20) as connection:
        connection.send_message(letter)

    # Python 3.11 to 3.13 write into the folder before they answer; give the disk a moment.
    end = time.monotonic() + 5
    while not os.listdir(folder / "new") and time.monotonic() < end:
        time.sleep(0.05)
    box = mailbox.Maildir(folder)
    assert [message["Subject"] for message in box] == ["Uiterlijk 08:30 melden"]
