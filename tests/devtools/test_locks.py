"""What is installed is pinned, with hashes, and names no host: any mirror may serve it."""

import json
import re

import pytest

from devtools.places import ROOT

REQUIREMENTS = ROOT / "requirements"
NAMES = ["bootstrap", "base", "build", "dev"]


def pins(name):
    text = (REQUIREMENTS / f"{name}.txt").read_text()
    blocks = re.split(r"\n(?=\S)", text.replace("\\\n", ""))
    return {block.split("==")[0]: block for block in blocks if "==" in block}


@pytest.mark.parametrize("name", NAMES)
def test_python_lock_has_hashes_and_no_host(name):
    text = (REQUIREMENTS / f"{name}.txt").read_text()

    assert not re.search(r"https?://|file:|--(index|extra|find)", text)
    assert pins(name)
    assert all("--hash=sha256:" in block for block in pins(name).values())


@pytest.mark.parametrize("name", NAMES)
def test_every_wanted_package_is_exact_and_has_a_reason(name):
    lines = (REQUIREMENTS / f"{name}.in").read_text().splitlines()
    reason = ""
    for line in lines:
        if line.startswith("#"):
            reason = line
        elif not line:
            reason = ""
        elif not line.startswith(("-r", "-c")):
            assert "==" in line, f"{line} is not pinned"
            assert reason, f"{line} has no reason above it"


def test_development_has_the_versions_of_production():
    development = pins("dev")

    assert {name: development.get(name) for name in pins("base")}.keys() <= development.keys()
    for name, block in pins("base").items():
        version = block.split("==")[1].split()[0]
        assert development[name].split("==")[1].split()[0] == version


def test_node_lock_has_hashes_and_no_host():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]

    assert set(packages[""]["dependencies"].items()) == set(wanted.items())
    for name, package in packages.items():
        assert "resolved" not in package
        assert name == "" or package["integrity"].startswith("sha512-")


def test_wanted_browser_files_are_exact():
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]

    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
