"""What only the operator may ask."""

# ruff: noqa: ARG001 - the framework gives every operation the request, by that name
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from alpheus.api.callers import Admitted
from alpheus.api.limits import BROWSE
from alpheus.api.shapes import KeyLogFaultOut, OfficeOut
from alpheus.api.token import Scope
from alpheus.listening import queries
from alpheus.parties.models import StaffRole

router = Router(tags=["office"])

OPERATOR = Admitted(scope=Scope.OFFICE, policy=BROWSE, role=StaffRole.Role.OPERATOR)


@router.get("/office/listening", response=OfficeOut, auth=OPERATOR, operation_id="get_office_listening")
def get_office_listening(request: HttpRequest) -> OfficeOut:
    """How many listen now, and damage noticed in key logs."""
    return OfficeOut(
        listening_now=queries.listening_now(now=timezone.now()),
        key_log_faults=[KeyLogFaultOut.from_orm(row) for row in queries.key_log_faults()],
    )
