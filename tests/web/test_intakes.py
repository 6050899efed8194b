"""The studio's bulk intake: a sheet is brought, mended, laid out and handed in; and whose it is, on pages and by the API."""

import csv
import io
from dataclasses import replace

import pytest
from applying import NOW, account, give_sound
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_tasks_db.models import DBTaskResult
from opened_shop import opened

from alpheus.parties.models import StaffRole
from alpheus.submissions.bulk import bring_sheet as bringing
from alpheus.submissions.bulk.columns import Column
from alpheus.submissions.bulk.hand_in_all import hand_in_portion
from alpheus.submissions.bulk.lay_out import lay_out
from alpheus.submissions.bulk.models import Intake
from alpheus.submissions.models import Submission, Track
from alpheus.submissions.tasks import hand_in_many
from alpheus.submissions.tasks import lay_out as lay_out_task
from alpheus.submissions.terms import terms
from alpheus.tasks.retry import policy_of

pytestmark = pytest.mark.django_db
GOOD = "File,Title,Release,Release artist,AI\n1.wav,夜明け,潮汐集,潮汐,none\n2.wav,港,港,潮汐,none\n"
BAD = GOOD.replace("港,潮汐", "港,雀").replace("2.wav", "=cmd.txt")


@pytest.fixture(autouse=True)
def _objects(settings, tmp_path):
    settings.SUBMISSIONS = replace(
        settings.SUBMISSIONS, objects_url=(tmp_path / "objects").as_uri(), uploads=tmp_path / "up"
    )


@pytest.fixture
def shop(member, db):
    return opened(member, account("owl", StaffRole.Role.AUDITOR))


def sheet(text, name="tide.csv"):
    return {"sheet": SimpleUploadedFile(name, text.encode(), "text/csv"), "encoding": ""}


def text(answer):
    return answer.content.decode()


def worked(row):
    while lay_out(intake=row.pk, terms=terms(), now=lambda: NOW):
        pass


def test_who_has_no_shop_has_no_catalogue(signed_in):
    assert "No shop yet" in text(signed_in.get("/studio/intake"))
    assert signed_in.post("/studio/intake", sheet(GOOD)).status_code == 422


def test_a_sheet_that_was_found_good_is_not_checked_by_whoever_asks_how_far_it_is(
    signed_in, shop, monkeypatch
):
    assert signed_in.post("/studio/intake", sheet(BAD)).status_code == 302
    faulty = Intake.objects.get()
    told = signed_in.get(f"/api/v1/studio/intakes/{faulty.gid}").json()
    assert (told["faults_count"], told["faults"][0]["row"]) == (2, 3)
    good = GOOD.replace("AI", "Hue").replace("none", "3")
    signed_in.post(f"/studio/intake/{faulty.gid}", sheet(good))
    monkeypatch.setattr(bringing, "checked", lambda _row: pytest.fail("it was checked already"))
    told = signed_in.get(f"/api/v1/studio/intakes/{faulty.gid}").json()
    assert (told["state"], told["faults"], told["unknown"]) == ("laying_out", [], ["Hue"])


def test_from_a_sheet_with_faults_to_the_queue(signed_in, shop):
    page = signed_in.post("/studio/intake", sheet(BAD))["Location"]
    html = text(signed_in.get(page))
    assert "Row 3, column Release artist" in html
    assert "“雀” is not an artist of your shop" in html
    told = list(csv.reader(io.StringIO(signed_in.get(f"{page}/to-mend.csv").content.decode("utf-8-sig"))))
    assert [row[:3] for row in told[1:]] == [["3", "File", "'=cmd.txt"], ["3", "Release artist", "雀"]]
    assert signed_in.post(page, sheet("a,b")).status_code == 409, "the old one stays"
    assert signed_in.post(page, sheet(GOOD))["Location"] == page
    row = Intake.objects.get()
    assert "Releases are being laid out: 0 of 2" in text(signed_in.get(page))
    worked(row)
    html = text(signed_in.get(page))
    assert "0 of 2 are here" in html
    assert "1 thing left to do" in html
    give_sound(Track.objects.get(title="港"))
    declared = {"owns_recording": "on", "owns_composition": "on", "no_cover": "on"}
    assert signed_in.post(f"{page}/hand-in", declared).status_code == 302
    assert signed_in.post(f"{page}/drop").status_code == 409
    while hand_in_portion(intake=row.pk, now=lambda: NOW):
        pass
    states = dict(Submission.objects.filter(kind="release").values_list("title", "state"))
    assert states == {"港": "submitted", "潮汐集": "draft"}
    assert signed_in.post(f"{page}/drop")["Location"] == "/studio/intake"
    assert Submission.objects.filter(kind="release").count() == 1


@pytest.mark.parametrize("handing_in", [False, True], ids=["laying out", "handing in"])
def test_what_was_given_up_says_so_and_is_tried_again(signed_in, shop, handing_in):
    where = signed_in.post("/studio/intake", sheet(GOOD))["Location"]
    row = Intake.objects.get()
    task, said = lay_out_task, "Its releases could not be laid out."
    if handing_in:
        worked(row)
        signed_in.post(f"{where}/hand-in", {})
        task, said = hand_in_many, "Its releases could not be handed in."
    assert said not in text(signed_in.get(where))
    given_up = {"status": "FAILED", "worker_ids": ["w"] * policy_of(task.module_path).attempts}
    rows = DBTaskResult.objects.filter(task_path=task.module_path)
    assert rows.update(exception_class_path="alpheus.storage.errors.StoreUnavailable", **given_up) == 1
    page = text(signed_in.get(where))
    assert said in page
    assert "The last failure: StoreUnavailable" in page
    assert "every 3s" not in page, "nobody waits for what nobody does"
    gid = where.rsplit("/", 1)[1]
    assert signed_in.get(f"/api/v1/studio/intakes/{gid}").json()["failure"] == "StoreUnavailable"
    assert signed_in.post(where, {"again": "on"})["Location"] == where
    assert said not in text(signed_in.get(where))
    assert rows.filter(status="READY").count() == 1
    assert signed_in.post(where, {"again": "on"}).status_code == 409
    stranger = Client()
    stranger.force_login(account("lark"))
    assert stranger.post(where, {"again": "on"}).status_code == 404


def test_templates_say_every_column(signed_in):
    for name in ("catalogue", "columns"):
        told = signed_in.get(f"/studio/intake/{name}.csv")
        assert told["Content-Disposition"] == f'attachment; filename="{name}.csv"'
        assert all(it.value in told.content.decode("utf-8-sig") for it in Column)


def test_nobody_comes_to_what_is_another_s(signed_in, shop):
    page = signed_in.post("/studio/intake", sheet(GOOD))["Location"]
    other = Client()
    other.force_login(account("kite"))
    assert other.get(page).status_code == 404
    for path in ("", "/hand-in", "/drop"):
        assert other.post(page + path, sheet(GOOD)).status_code == 404, path
    assert other.get(f"{page}/to-mend.csv").status_code == 404
    gid = page.rpartition("/")[2]
    api = f"/api/v1/studio/intakes/{gid}"
    for answered in (
        other.get(api),
        other.get(f"{api}/faults"),
        other.post(f"{api}/match", {"names": SimpleUploadedFile("n.txt", b"1.wav")}),
        other.delete(api),
    ):
        assert answered.json()["code"] == "intake_unknown"


def test_the_api_says_the_same(signed_in, shop):
    api = "/api/v1/studio/intakes"
    made = signed_in.post(api, sheet(BAD))
    told = made.json()
    assert (made.status_code, told["state"], told["faults_count"]) == (201, "faulty", 2)
    assert told["faults"][1]["sentence"].startswith("Row 3, column Release artist: “雀”")
    own = f"{api}/{told['gid']}"
    assert signed_in.post(f"{own}/sheet", sheet("PK\x03\x04")).json()["code"] == "sheet_unreadable"
    assert signed_in.post(f"{own}/sheet", sheet(GOOD)).json()["state"] == "laying_out"
    assert signed_in.post(f"{own}/sheet", sheet(GOOD)).json()["code"] == "intake_working"
    worked(Intake.objects.get())
    names = SimpleUploadedFile("n.txt", "music/1.WAV\nmusic/更多.wav".encode())
    found = signed_in.post(f"{own}/match", {"names": names}).json()
    first = Track.objects.get(title="夜明け")
    assert [(it["path"], it["track"]) for it in found["places"]] == [("music/1.WAV", str(first.gid))]
    assert (found["missing"], found["superfluous"]) == ([{"row": 3, "file": "2.wav"}], ["music/更多.wav"])
    read = signed_in.get(own).json()
    assert (read["state"], read["files"], len(read["submissions"])) == ("open", 2, 2)
    assert [it["gid"] for it in signed_in.get(api).json()["items"]] == [told["gid"]]
    assert signed_in.get(f"{own}/faults").content.decode("utf-8-sig").count("\n") == 1
    assert signed_in.get(f"{api}/template?columns=true").status_code == 200
    assert signed_in.delete(own).status_code == 204
    assert not Submission.objects.filter(kind="release").exists()


PRICED = (
    "File,Title,Release,Release artist,Release price,Price\n"
    "1.wav,夜明け,潮汐集,潮汐,12.00,1\n2.wav,港,潮汐集,潮汐,,free\n3.wav,汽笛,潮汐集,潮汐,,\n"
)


def test_what_a_sheet_asks_stands_in_the_editor_with_where_it_is_changed(signed_in, shop, guest):
    intake = signed_in.post("/studio/intake", sheet(PRICED))["Location"]
    worked(Intake.objects.get())
    draft = Submission.objects.get(kind="release")
    page = f"/studio/application/{draft.gid}"
    html = text(signed_in.get(page))
    asks = html[html.index('id="asks"') :]
    assert "¥12.00" in asks
    assert f'href="{intake}"' in asks
    assert 'href="/studio/prices"' in asks
    rows = html[html.index('id="items"') : html.index("</ol>")].split("<li")[1:]
    assert [price in row for row, price in zip(rows, ("¥1.00", "Free", "¥0.80"), strict=True)] == [True] * 3
    first = draft.tracks.get(title="夜明け")
    assert "¥1.00" in text(signed_in.get(f"{page}/tracks/{first.gid}"))
    assert guest.get(page).status_code == 302
    for track in draft.tracks.all():
        give_sound(track)
    Submission.objects.filter(pk=draft.pk).update(state="submitted", submitted_at=NOW)
    html = text(signed_in.get(page))
    assert "¥12.00" in html
    assert intake not in html, "what is handed in asks what it was handed in with"
    Submission.objects.filter(pk=draft.pk).update(state="withdrawn")
    assert "¥12.00" not in text(signed_in.get(page))
