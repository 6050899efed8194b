"""Bulk intake: a sheet, the drafts that it becomes, which files it waits for. Files come by tus, as everywhere; a zip too."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import File, Router, Schema, Status, UploadedFile
from pydantic import Field

from alpheus.api.callers import Admitted, caller_of
from alpheus.api.limits import BROWSE
from alpheus.api.once import once
from alpheus.api.seats import shop_called
from alpheus.api.shapes import Given
from alpheus.api.studio import MEMBERS
from alpheus.api.token import Scope
from alpheus.mail.addresses import absolute
from alpheus.parties.models import Account
from alpheus.submissions.bulk import bring_sheet as bringing
from alpheus.submissions.bulk import queries
from alpheus.submissions.bulk.again import failure
from alpheus.submissions.bulk.drop_intake import drop_intake
from alpheus.submissions.bulk.files import Figures, figures, sort_files
from alpheus.submissions.bulk.hand_in_all import hand_in_all
from alpheus.submissions.bulk.models import Intake
from alpheus.submissions.bulk.report import columns_as_csv, faults_as_csv
from alpheus.submissions.bulk.sheet import unknown_columns
from alpheus.submissions.bulk.template import template
from alpheus.submissions.bulk.words import place, sentence
from alpheus.submissions.rules import Ai
from alpheus.submissions.terms import terms

router = Router(tags=["studio"])
FAULTS_MAX = 500
"""Faults of one answer; the CSV has all of them."""
NAMES_MAX = 8 * 10**6
"""Bytes of a list of files' names: 50,000 of 160."""


class _Files(Admitted):
    """Admits as every call of the API is admitted, but for its body, which is a form with a file."""

    json_only = False


FILES = _Files(scope=Scope.STUDIO, policy=BROWSE, member=True)


class FaultOut(Schema):
    """Something to mend in a sheet."""

    row: int
    column: str
    wrong: str
    value: str
    sentence: str = Field(
        description="where it is, what is wrong and what to write, in the language asked for"
    )


class IntakeOut(Schema):
    """A catalogue that is taken in, and how far it is."""

    gid: UUID
    state: Intake.State
    name: str
    rows: int
    releases: int
    done: int = Field(description="releases that what is under way is done with")
    files: int
    here: int = Field(description="files that can be heard")
    working: int = Field(description="files that are being prepared")
    refused: int
    handed_in: int = Field(description="releases that are no drafts any more")
    superfluous: list[str] = Field(description="files of the last zip that no row names")
    several: list[str]
    unfit: list[str] = Field(description="files of it that cannot be used")
    created_at: datetime
    changed_at: datetime


class OwnIntakeOut(IntakeOut):
    """The same with what is to be mended in its sheet."""

    encoding: str
    unknown: list[str] = Field(description="names of columns that are passed over")
    faults: list[FaultOut] = Field(description="the first 500")
    faults_count: int
    failure: str = Field(
        description="what kind of failure ended the laying out or handing in for good; empty where none did"
    )
    submissions: list[UUID] = Field(description="its releases' drafts, in the order of the sheet")


class IntakesOut(Schema):
    """Intakes, the latest first."""

    items: list[IntakeOut]


class PlaceOut(Schema):
    """Where a file goes."""

    path: str
    submission: UUID
    track: UUID | None = Field(description="null: it is the release's cover")
    upload: UUID | None = Field(description="what was begun of it, to go on with")
    length: int
    is_here: bool


class MissingOut(Schema):
    """A row whose file is not there."""

    row: int
    file: str


class SortedOut(Schema):
    """What the files that are there are for."""

    places: list[PlaceOut]
    missing: list[MissingOut]
    several: dict[str, list[str]] = Field(description="names that several files have")
    superfluous: list[str]
    covers_missing: list[str]


class HandInIn(Given):
    """What is declared of all releases; `ai` for those whose rows do not say it."""

    owns_recording: bool
    owns_composition: bool
    no_cover: bool
    ai: Ai | None = None

    def declared(self) -> dict[str, str]:
        """As the room takes it."""
        told = self.model_dump(exclude={"ai"})
        return {it: "on" for it, said in told.items() if said} | ({"ai": self.ai.value} if self.ai else {})


@router.get("/studio/intakes", response=IntakesOut, auth=MEMBERS, operation_id="list_intakes")
def list_intakes(request: HttpRequest) -> IntakesOut:
    """Intakes of the caller's, and of the shops for which they hand in releases, the latest first."""
    rows = queries.own_intakes(caller_of(request).account_or_refuse)
    return IntakesOut(items=[IntakeOut.model_validate(_shown(it)) for it in rows])


@router.get("/studio/intakes/template", auth=MEMBERS, operation_id="get_intake_template")
def get_template(request: HttpRequest, columns: bool = False) -> HttpResponse:  # noqa: ARG001, FBT001, FBT002 - a query parameter
    """The sheet to fill in as CSV, or what each column means."""
    return HttpResponse(columns_as_csv() if columns else template(), content_type="text/csv; charset=utf-8")


@router.post("/studio/intakes", response={201: OwnIntakeOut}, auth=FILES, operation_id="begin_intake")
def begin_intake(request: HttpRequest, sheet: File[UploadedFile], encoding: str = "") -> Status[OwnIntakeOut]:
    """Bring a sheet: a form with the file `sheet`; `encoding` where it is known."""
    account = caller_of(request).account_or_refuse
    return Status(201, _bring(account, shop_called(request), sheet, encoding, None))


@router.get("/studio/intakes/{gid:gid}", response=OwnIntakeOut, auth=MEMBERS, operation_id="get_intake")
def get_intake(request: HttpRequest, gid: UUID) -> OwnIntakeOut:
    """An intake of the caller's, and what is to be mended in its sheet."""
    account = caller_of(request).account_or_refuse
    return _own(queries.own_intake(account, gid))


@router.post(
    "/studio/intakes/{gid:gid}/sheet", response=OwnIntakeOut, auth=FILES, operation_id="correct_intake"
)
def correct_intake(
    request: HttpRequest, gid: UUID, sheet: File[UploadedFile], encoding: str = ""
) -> OwnIntakeOut:
    """Bring a corrected sheet: what was sent for its rows stays."""
    return _bring(caller_of(request).account_or_refuse, None, sheet, encoding, gid)


@router.get("/studio/intakes/{gid:gid}/faults", auth=MEMBERS, operation_id="get_intake_faults")
def get_faults(request: HttpRequest, gid: UUID) -> HttpResponse:
    """All that is to be mended, as CSV."""
    account = caller_of(request).account_or_refuse
    row = queries.own_intake(account, gid)
    _, found = bringing.checked(row)
    return HttpResponse(faults_as_csv(found), content_type="text/csv; charset=utf-8")


@router.post("/studio/intakes/{gid:gid}/match", response=SortedOut, auth=FILES, operation_id="match_intake")
def match_intake(request: HttpRequest, gid: UUID, names: File[UploadedFile]) -> SortedOut:
    """What files that are there are for: a form with the file `names`, a path a line."""
    row = queries.own_intake(caller_of(request).account_or_refuse, gid)
    told = names.read(NAMES_MAX).decode("utf-8", "replace").splitlines() if names.size else []
    found = sort_files(row, [it for it in told if it.strip()])
    return SortedOut(
        places=[PlaceOut(**vars(it)) for it in found.places],
        missing=[MissingOut(row=it.number, file=it.file) for it in found.missing],
        several={name: list(paths) for name, paths in found.several.items()},
        superfluous=list(found.superfluous),
        covers_missing=list(found.covers_missing),
    )


@router.post(
    "/studio/intakes/{gid:gid}/hand-in", response=OwnIntakeOut, auth=MEMBERS, operation_id="hand_in_intake"
)
@once
def hand_in_intake(request: HttpRequest, gid: UUID, given: HandInIn) -> OwnIntakeOut:
    """Hand in all of its drafts with which nothing is left to do. Takes an Idempotency-Key."""
    account = caller_of(request).account_or_refuse
    link = absolute(request, reverse("web:studio-intake", args=[gid]))
    row = hand_in_all(account=account, gid=gid, declared=given.declared(), link=link, now=timezone.now())
    return _own(row)


@router.delete("/studio/intakes/{gid:gid}", response={204: None}, auth=MEMBERS, operation_id="drop_intake")
def drop(request: HttpRequest, gid: UUID) -> Status[None]:
    """Let an intake go, with drafts of it that nobody handed in."""
    drop_intake(account=caller_of(request).account_or_refuse, gid=gid, terms=terms())
    return Status(204, None)


def _bring(
    account: Account, shop: UUID | None, sheet: UploadedFile, encoding: str, gid: UUID | None
) -> OwnIntakeOut:
    row = bringing.bring_sheet(
        account=account,
        shop=shop,
        data=sheet.read(),
        name=sheet.name or "",
        encoding=encoding,
        gid=gid,
        now=timezone.now(),
    )
    return _own(row)


def _shown(row: Intake) -> dict[str, object]:
    told: Figures = figures(row)
    own = ("gid", "state", "name", "rows", "releases", "done", "created_at", "changed_at")
    lists = {it: getattr(row, it).splitlines() for it in ("superfluous", "several", "unfit")}
    return {it: getattr(row, it) for it in own} | vars(told) | lists


def _own(row: Intake) -> OwnIntakeOut:
    # A sheet in which nothing was to be mended is not checked again by everyone who asks how far it is.
    found = bringing.checked(row)[1] if row.state == Intake.State.FAULTY else ()
    return OwnIntakeOut.model_validate(
        _shown(row)
        | {
            "encoding": row.encoding,
            "unknown": list(unknown_columns(row.sheet)),
            "faults_count": len(found),
            "failure": failure(row),
            "submissions": queries.drafts_of(row),
            "faults": [
                FaultOut(
                    row=it.row,
                    column=it.column.value if it.column else "",
                    wrong=it.wrong.value,
                    value=it.value,
                    sentence=f"{place(it)}: {sentence(it)}",
                )
                for it in found[:FAULTS_MAX]
            ],
        }
    )
