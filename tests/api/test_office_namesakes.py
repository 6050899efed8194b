"""Musicians of one name by the API, for operators alone."""

import pytest
from applying import account
from opened_shop import accepted, opened

from alpheus.api import token
from alpheus.parties.models import StaffRole
from alpheus.shops.models import Shop

pytestmark = pytest.mark.django_db


def test_told_apart_by_an_operator(program):
    auditor = account("owl", StaffRole.Role.AUDITOR)
    first = opened(account("tide"), auditor)
    accepted(account("ebb"), auditor, title="晨雾")
    waits = Shop.objects.get(owner__name="ebb")
    client = program(account("crane", StaffRole.Role.OPERATOR), token.Scope.OFFICE)
    (seen,) = client.get("/office/namesakes").json()["waiting"]
    assert (seen["shop"], seen["artist"], seen["sold_by"]) == (
        str(waits.gid), str(first.artist.gid), "tide",
    )  # fmt: skip
    path = f"/office/namesakes/{waits.gid}"
    assert client.post(path, {"disambiguation": ""}).json()["code"] == "disambiguation_refused"
    done = client.post(path, {"disambiguation": "singer from Xiamen"}).json()
    assert done["waiting"] == []
    assert (done["told_apart"][0]["by"], done["told_apart"][0]["other"]) == ("crane", str(first.artist.gid))
    assert client.post(path, {"disambiguation": "x"}).json()["code"] == "no_namesake"
