"""What `alpheus doctor` says of the machine's limits."""

import resource

import pytest

from alpheus.config import doctor
from alpheus.config.settings import Settings


@pytest.mark.parametrize(
    ("limits", "state", "says"),
    [
        ((1024, 65_536), "good", "16384 connections"),  # the edge raises the soft one itself
        ((1024, resource.RLIM_INFINITY), "good", "16384 connections"),
        ((1024, 4096), "note", "holds 3968 connections"),
    ],
)
def test_few_files_are_few_connections(monkeypatch, tmp_path, limits, state, says):
    monkeypatch.setattr(resource, "getrlimit", lambda _which: limits)
    found = [finding for finding in doctor.examine(Settings(data=tmp_path)) if "connections" in finding.what]
    assert [(finding.state, says in finding.what) for finding in found] == [(state, True)]
    assert ("LimitNOFILE=16512" in found[0].remedy) == (state == "note")
