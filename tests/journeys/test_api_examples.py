"""docs/api-examples.md, run as it stands against a running installation; answers are compared by their shape."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from journeys import installation as installations
from journeys.conftest import furnish
from journeys.visiting import sign_up

PAGE = Path(__file__).parents[2] / "docs" / "api-examples.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```\n(?:```json\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)

EXACT = (".code", ".status", ".access", ".hears", ".repeat", ".state")
"""Fields whose very value is compared."""

pytestmark = pytest.mark.journey


def differences(shown, given, at="answer"):
    """Where an answer has not the fields or kinds of what is shown. What is shown may leave fields out."""
    if shown is None and at.endswith("used_at"):
        return []
    if type(shown) is not type(given):
        return [f"{at} is {given!r}, not a {type(shown).__name__}"]
    if isinstance(shown, dict):
        found = [f"{at}.{name} is missing" for name in shown if name not in given]
        for name in shown.keys() & given.keys():
            found += differences(shown[name], given[name], f"{at}.{name}")
        return found
    if isinstance(shown, list):
        return differences(shown[0], given[0], f"{at}[0]") if given else [f"{at} is empty"]
    exact = isinstance(shown, bool) or at.endswith(EXACT)
    return [f"{at} is {given!r}, not {shown!r}"] if exact and shown != given else []


def test_shapes_are_told_apart():
    assert differences({"a": [{"b": 1}]}, {"a": [{"b": 2, "c": 3}], "d": 4}) == []
    assert differences({"a": 1}, {"b": 1}) == ["answer.a is missing"]
    assert differences({"a": 1}, {"a": "1"}) != []
    assert differences({"a": ["x"]}, {"a": []}) != []
    assert differences({"code": "invalid"}, {"code": "failed"}) != []
    assert differences({"ready": False}, {"ready": True}) != []


@pytest.fixture
def installation(tmp_path):
    furnished = furnish(tmp_path / "data", access="open").installation
    with installations.running(furnished):
        yield furnished


def test_every_example_answers_as_shown(installation, tmp_path):
    work = tmp_path / "work"
    work.mkdir()
    sign_up(installation.url, "wren@example.com", "four ordinary words do")
    environment = installation.environment | {"API": f"{installation.url}/api/v1"}
    state = "declare -p | grep -v -E '^declare -[a-z]*[ir]' > .vars; declare -f > .functions"
    shown = BLOCK.findall(PAGE.read_text())
    assert len(shown) > 12
    for commands, answer in shown:
        script = f"[ -f .vars ] && {{ source .vars; source .functions; }} 2>/dev/null\nset -e -o pipefail\n{commands}\n{state}\n"
        done = subprocess.run(
            ["bash", "-c", script], cwd=work, env=environment, capture_output=True, text=True, timeout=120, check=False
        )  # fmt: skip
        assert done.returncode == 0, f"{commands}\n{done.stdout}{done.stderr}\n{installation.log()}"
        if answer:
            given = json.loads(done.stdout)
            assert differences(json.loads(answer), given) == [], f"{commands}\n{done.stdout}"
