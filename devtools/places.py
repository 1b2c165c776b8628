"""Where a checkout keeps what its runs make.

Two checkouts, or two users, never share a folder or a socket.
"""

import hashlib
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


class ServiceError(Exception):
    """A service that cannot start. Its text is for the person at the keyboard."""


@dataclass(frozen=True)
class Account:
    """The system account that PostgreSQL and Valkey run under."""

    uid: int
    gid: int

    @property
    def popen(self) -> dict[str, Any]:
        """Arguments for subprocess: none when the account is our own."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def service_account() -> Account:
    """Ourselves; as root `nobody`, because PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return Account(65534, 65534)
    return Account(nobody.pw_uid, nobody.pw_gid)


@dataclass(frozen=True)
class Places:
    root: Path = ROOT

    @property
    def key(self) -> str:
        return hashlib.sha256(str(self.root).encode()).hexdigest()[:8]

    @property
    def local(self) -> Path:
        """What only the person who runs it may read: secret key, mail, addresses, logs."""
        return self.root / ".local"

    @property
    def data(self) -> Path:
        """The services' own files; as root outside the checkout, which `nobody` may not enter."""
        return Path("/var/tmp") / f"lcps-{self.key}" if os.geteuid() == 0 else self.local

    @property
    def sockets(self) -> Path:
        """Short however deep the checkout lies: a socket's path has 107 bytes at most."""
        return Path("/tmp") / f"lcps-{os.geteuid()}-{self.key}"

    @property
    def running(self) -> Path:
        """The addresses of the services of a running `make run`."""
        return self.local / "running.json"


def make_private(folder: Path, owner: Account | None = None) -> Path:
    """Make a folder only its owner can enter; refuse one that somebody else put there."""
    uid = owner.uid if owner else os.geteuid()
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (uid, os.geteuid()):
        raise ServiceError(f"{folder} is not ours (uid {found.st_uid}): remove it first")
    if found.st_uid != uid and owner:
        os.chown(folder, owner.uid, owner.gid)
    if stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)
    return folder
