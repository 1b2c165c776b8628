"""The printed table is the table."""

import pytest
from django.core.management import CommandError, call_command

from transfers.management.commands import document_states
from transfers.requests import documentation
from transfers.requests import status as states


def test_the_page_is_up_to_date():
    call_command("document_states", "--check")


def test_an_old_page_is_noticed_and_mended(tmp_path, monkeypatch):
    monkeypatch.setattr(document_states, "PAGE", tmp_path / "states.md")
    with pytest.raises(CommandError):
        call_command("document_states", "--check")

    call_command("document_states")

    call_command("document_states", "--check")


def test_every_status_and_step_stands_on_the_page():
    page = documentation.document()

    for code in states.ALL:
        assert f"| {code} |" in page
    for row in states.TABLE:
        assert f"| {row.name} |" in page
