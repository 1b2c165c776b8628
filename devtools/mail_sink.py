"""Receives the mail of `make run` and keeps it in a Maildir. Nothing leaves the machine."""

import argparse
import asyncio
import signal
import socket
from pathlib import Path

from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import SMTP


async def serve(listener: socket.socket, folder: Path) -> None:
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    handler = Mailbox(folder)
    server = await loop.create_server(
        lambda: SMTP(handler, enable_SMTPUTF8=True, loop=loop), sock=listener
    )
    async with server:
        await stopped.wait()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--fd", type=int, required=True, help="a listening socket, handed over")
    arguments.add_argument("--maildir", type=Path, required=True)
    given = arguments.parse_args()
    asyncio.run(serve(socket.socket(fileno=given.fd), given.maildir))


if __name__ == "__main__":
    main()
