"""Every error of the API as problem+json (RFC 9457), in the reader's language, with a code for programs.

`PROBLEMS` is the whole table; docs/api.md lists it and a test keeps the two alike.
"""

import json
import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from alpheus.api.reasons import reason
from alpheus.catalogue.errors import NotInCatalogue
from alpheus.insight.errors import SeedUnknown
from alpheus.listening.errors import ListeningError
from alpheus.locker.errors import LockerError
from alpheus.rights.errors import RightsError
from alpheus.shops.brand.errors import PriceFixed
from alpheus.shops.errors import HandleTaken, ShopError
from alpheus.submissions.errors import SubmissionError
from alpheus.values.errors import CursorInvalid

log = logging.getLogger("alpheus.api")

Coded = ListeningError | LockerError | SubmissionError | ShopError | RightsError
"""What carries its code."""

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:alpheus:problem:"

Text = str | Promise


@dataclass(frozen=True)
class Kind:
    """One kind of problem: its status, what it is called, and what to do."""

    status: int
    title: Text
    detail: Text


PROBLEMS: Mapping[str, Kind] = {
    "malformed": Kind(
        HTTPStatus.BAD_REQUEST, _("Not readable"), _("The body is not JSON. Send JSON in UTF-8.")
    ),
    "cursor_invalid": Kind(
        HTTPStatus.BAD_REQUEST,
        _("Cursor not valid"),
        _("This cursor was cut, altered or made for another list. Begin again from the first page."),
    ),
    "sign_in_needed": Kind(
        HTTPStatus.UNAUTHORIZED,
        _("Sign in first"),
        _("This needs an account. Sign in, or send a token: Authorization: Bearer <token>."),
    ),
    "token_invalid": Kind(
        HTTPStatus.UNAUTHORIZED,
        _("Token not valid"),
        _("The token is unknown, expired or revoked. Make a new one: POST /api/v1/tokens."),
    ),
    "password_wrong": Kind(
        HTTPStatus.UNAUTHORIZED,
        _("Not signed in"),
        _("No account has this e-mail address and password. Check both, or set a new password on the page."),
    ),
    "proof_needed": Kind(
        HTTPStatus.FORBIDDEN,
        _("Prove again who you are"),
        _("Confirm on the page that it is you, and ask again. For a token, email and password do as well."),
    ),
    "second_factor": Kind(
        HTTPStatus.FORBIDDEN,
        _("Second factor needed"),
        _(
            "This account signs in with a second factor. Send `code` too: from its authenticator app, or a recovery code. With a passkey alone, make the token on the page."
        ),
    ),
    "code_wrong": Kind(
        HTTPStatus.UNAUTHORIZED,
        _("Code not valid"),
        _("This code is wrong, over, or was used already. Each opens once; take the next one."),
    ),
    "address_unconfirmed": Kind(
        HTTPStatus.FORBIDDEN,
        _("Confirm your address first"),
        _(
            "The link in our letter confirms it. For another letter: POST /api/v1/accounts/confirmation-letters."
        ),
    ),
    "signed_in": Kind(
        HTTPStatus.CONFLICT,
        _("Signed in already"),
        _("You have an account here. To open another one, send neither token nor cookie."),
    ),
    "csrf": Kind(
        HTTPStatus.FORBIDDEN,
        _("CSRF check failed"),
        _("The request did not prove that it comes from our own page. Send X-CSRFToken, or use a token."),
    ),
    "scope_missing": Kind(
        HTTPStatus.FORBIDDEN,
        _("Token may not do this"),
        _("This token was made for other things. Make one whose scopes include this."),
    ),
    "not_allowed": Kind(
        HTTPStatus.FORBIDDEN, _("Not allowed"), _("Only the operator of this installation may do this.")
    ),
    "not_found": Kind(
        HTTPStatus.NOT_FOUND,
        _("Not here"),
        _("There is nothing at this address. It may have been removed, or the address is wrong."),
    ),
    "explicit_hidden": Kind(
        HTTPStatus.FORBIDDEN,
        _("Explicit music is hidden"),
        _("This is explicit, and your account hides explicit music. You can show it in your account."),
    ),
    "nothing_to_play": Kind(
        HTTPStatus.NOT_FOUND,
        _("Nothing to play"),
        _("The recording at this place of the queue is not here. It may have been removed."),
    ),
    "device_unknown": Kind(
        HTTPStatus.NOT_FOUND,
        _("Device unknown"),
        _("This device is not one of yours. Send null to have it recognised."),
    ),
    "sign_in_unknown": Kind(
        HTTPStatus.NOT_FOUND,
        _("Session unknown"),
        _("This sign-in session is over already, or is not yours."),
    ),
    "playlist_unknown": Kind(
        HTTPStatus.NOT_FOUND,
        _("Playlist unknown"),
        _("There is no such playlist. It may have been deleted, or is not shared with you."),
    ),
    "item_unknown": Kind(
        HTTPStatus.NOT_FOUND,
        _("Track unknown"),
        _("This playlist has no such track. It may have been removed for good."),
    ),
    "not_yours": Kind(
        HTTPStatus.FORBIDDEN,
        _("Somebody else's playlist"),
        _("You may see it, but not do this. Ask its owner for an invitation to edit it."),
    ),
    "changed_meanwhile": Kind(
        HTTPStatus.PRECONDITION_FAILED,
        _("Changed meanwhile"),
        _("The playlist is not the version that If-Match names. Read it again, then try once more."),
    ),
    "too_much_kept": Kind(
        HTTPStatus.CONFLICT,
        _("Too much"),
        _("A playlist holds 10,000 tracks and 50 editors, and a listener 1,000 playlists."),
    ),
    "nothing_to_undo": Kind(
        HTTPStatus.CONFLICT,
        _("Nothing to undo"),
        _("There is no change of yours that can be undone, or what you described was changed since."),
    ),
    "invitation_over": Kind(
        HTTPStatus.GONE,
        _("Invitation over"),
        _("This invitation does not hold any more. Ask for a new one."),
    ),
    "title_missing": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Title missing"),
        _("A playlist needs a title. Give it one of at least a letter."),
    ),
    "file_refused": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Not a playlist"),
        _("This file cannot be read as M3U8 or XSPF, is too large, or declares what no playlist needs."),
    ),
    "key_reused": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Idempotency-Key used already"),
        _("This key came with another request in the last day, or is too long. Take a new one."),
    ),
    "method_not_allowed": Kind(
        HTTPStatus.METHOD_NOT_ALLOWED,
        _("Method not allowed"),
        _("This address does not take this method; the Allow header lists those that it takes."),
    ),
    "not_ready": Kind(
        HTTPStatus.CONFLICT,
        _("Not ready yet"),
        _("This recording is still being prepared. It can be played in a moment."),
    ),
    "device_away": Kind(
        HTTPStatus.CONFLICT,
        _("Device away"),
        _("That device does not hear: it sleeps, is closed, or has lost its network. Play here instead."),
    ),
    "plays_elsewhere": Kind(
        HTTPStatus.CONFLICT,
        _("Plays elsewhere"),
        _("Another of your devices plays now. Play here to take over."),
    ),
    "queue_full": Kind(
        HTTPStatus.CONFLICT,
        _("Queue full"),
        _("The queue holds 10,000 entries. Take some out, or begin a new one."),
    ),
    "too_many_grants": Kind(
        HTTPStatus.CONFLICT,
        _("Too many grants"),
        _("This stream holds 64 grants. Cancel those that will not be played, or wait until some end."),
    ),
    "stream_ended": Kind(
        HTTPStatus.GONE, _("Stream over"), _("This stream is over. Press play again to begin a new one.")
    ),
    "too_large": Kind(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("Too large"), _("The body is larger than 1 MiB. Send less.")
    ),
    "not_json": Kind(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        _("JSON only"),
        _("Send the body as JSON, with Content-Type: application/json."),
    ),
    "invalid": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Not valid"),
        _("Some of what was sent cannot be used; each place and reason stands in errors."),
    ),
    "language_unknown": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Language unknown"),
        _("Pages and letters are written in en, zh-Hans, ja and ko. Send one of these."),
    ),
    "too_many": Kind(
        HTTPStatus.TOO_MANY_REQUESTS,
        _("Too many requests"),
        _("Please wait; the Retry-After header says for how many seconds."),
    ),
    "edge_unavailable": Kind(
        HTTPStatus.BAD_GATEWAY,
        _("Audio server does not answer"),
        _("It did not confirm. What was asked for takes effect within ten minutes at the latest."),
    ),
    "auditors_only": Kind(
        HTTPStatus.FORBIDDEN, _("Auditors only"), _("Only who audits for this installation may do this.")
    ),
    "accountants_only": Kind(
        HTTPStatus.FORBIDDEN, _("Accountants only"), _("Only who pays out for this installation may do this.")
    ),
    "may_not_audit": Kind(
        HTTPStatus.FORBIDDEN,
        _("Not yours to decide"),
        _(
            "It is your own, of your own artist, or you decided or passed it on before. Another auditor hears it."
        ),
    ),
    "shop_unknown": Kind(
        HTTPStatus.NOT_FOUND, _("Shop unknown"), _("There is no open shop at this address.")
    ),
    "role_refused": Kind(
        HTTPStatus.FORBIDDEN,
        _("Not your role"),
        _("Your role in this shop does not allow this. Ask one of its owners."),
    ),
    "rate_refused": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Not a rate"),
        _(
            "A rate is of another currency than the house's, more than nothing with up to eight digits after the point, begins today or later, and is rounded as its currency can be."
        ),
    ),
    "rate_far": Kind(
        HTTPStatus.CONFLICT,
        _("Far from what holds"),
        _(
            "This is more than 20% away from the rate that holds until then. If it is right, say that you are sure."
        ),
    ),
    "no_namesake": Kind(
        HTTPStatus.NOT_FOUND, _("Nobody waits"), _("No shop waits here because of its name.")
    ),
    "disambiguation_refused": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Not told apart"),
        _("Say in a few words what tells them apart, and other ones than the first has."),
    ),
    "not_standing": Kind(
        HTTPStatus.CONFLICT, _("Not in the shop"), _("This does not stand in the shop. Choose another.")
    ),
    "label_refused": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Not a label"), _("A label needs a name and a country.")
    ),
    "label_has_shop": Kind(
        HTTPStatus.CONFLICT, _("Founded already"), _("This label has a brand shop already.")
    ),
    "agreement_refused": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Not an agreement"),
        _("It fixes more than nothing, begins today or later, and does not end before it begins."),
    ),
    "price_fixed": Kind(
        HTTPStatus.CONFLICT,
        _("Price fixed"),
        _("The label's agreement fixes what its tracks cost; detail says which, and how long."),
    ),
    "invitation_unknown": Kind(
        HTTPStatus.NOT_FOUND, _("Invitation unknown"), _("There is no such invitation.")
    ),
    "invitation_settled": Kind(
        HTTPStatus.CONFLICT,
        _("Invitation over"),
        _("This invitation was answered or withdrawn, or it ran out. Ask for a new one."),
    ),
    "invitation_elsewhere": Kind(
        HTTPStatus.FORBIDDEN,
        _("Sent to another address"),
        _(
            "This invitation was sent to another address than yours. Sign in with that one, or ask for an invitation to yours."
        ),
    ),
    "member_already": Kind(
        HTTPStatus.CONFLICT,
        _("A member already"),
        _("They belong to this shop already. Change their role instead."),
    ),
    "member_unknown": Kind(
        HTTPStatus.NOT_FOUND, _("Member unknown"), _("There is no such member of this shop.")
    ),
    "last_owner": Kind(
        HTTPStatus.CONFLICT,
        _("The last owner"),
        _("A shop is never without an owner. Hand the ownership on first."),
    ),
    "invited_too_many": Kind(
        HTTPStatus.TOO_MANY_REQUESTS,
        _("Invited too many"),
        _("Many were invited today, or there are 100 members. Invite the others tomorrow."),
    ),
    "address_refused": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("No address"),
        _("This is no e-mail address. They are asked by letter."),
    ),
    "artist_refused": Kind(HTTPStatus.UNPROCESSABLE_ENTITY, _("No name"), _("Write the artist's name.")),
    "artist_elsewhere": Kind(
        HTTPStatus.CONFLICT,
        _("Elsewhere"),
        _(
            "They have a shop of their own, or are on a label's roster. Invite them to move: they say so themselves."
        ),
    ),
    "not_rostered": Kind(
        HTTPStatus.CONFLICT, _("Not on the roster"), _("This artist is not on the label's roster.")
    ),
    "no_shop": Kind(
        HTTPStatus.NOT_FOUND, _("No shop"), _("A shop is founded when a recording of yours is accepted.")
    ),
    "shop_not_ready": Kind(
        HTTPStatus.CONFLICT,
        _("Not ready"),
        _("Something is left to do before the shop opens; it lists it under missing."),
    ),
    "split_unknown": Kind(
        HTTPStatus.NOT_FOUND, _("Split unknown"), _("There is no such split for you, or it was withdrawn.")
    ),
    "split_pending": Kind(
        HTTPStatus.CONFLICT,
        _("Waits for answers"),
        _("A split of one of these recordings waits for answers. Withdraw it first."),
    ),
    "split_settled": Kind(
        HTTPStatus.CONFLICT,
        _("Settled"),
        _("This split was agreed, declined or withdrawn before; nothing was changed."),
    ),
    "split_refused": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Not a split"),
        _(
            "It needs recordings of your shop, at least one other person, everyone once, shares of exactly 100% together, today or a later day, and not over 60 people asked in a day."
        ),
    ),
    "handle_refused": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Not an address"),
        _(
            "Two to thirty letters a to z and digits, with a dash, a dot or a line between them, and no word of the house."
        ),
    ),
    "handle_taken": Kind(
        HTTPStatus.CONFLICT,
        _("Address taken"),
        _("Another shop has this address, or yours is open under another one."),
    ),
    "name_taken": Kind(
        HTTPStatus.CONFLICT,
        _("Name taken"),
        _("Another shop sells under this artist's name. Write to the operator."),
    ),
    "offer_unknown": Kind(
        HTTPStatus.NOT_FOUND,
        _("Offer unknown"),
        _("There is no such offer, or something of it does not stand in your shop. Nothing was changed."),
    ),
    "not_free": Kind(HTTPStatus.CONFLICT, _("Not free"), _("This is not free. What is free can be kept.")),
    "not_for_sale": Kind(
        HTTPStatus.CONFLICT,
        _("Not for sale"),
        _("This is free, or not sold alone: there is nothing to wait for."),
    ),
    "price_refused": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Not a price"),
        _(
            "A fixed price and a minimum name an amount of more than nothing, in a currency's own digits; others name none, and only tracks are sold not alone."
        ),
    ),
    "currency_unknown": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Currency unknown"),
        _("Give an ISO 4217 code of a currency that is paid with, such as CNY."),
    ),
    "own_shop": Kind(
        HTTPStatus.FORBIDDEN, _("Your own shop"), _("It is about your own shop. Another decides it.")
    ),
    "own_notice": Kind(
        HTTPStatus.FORBIDDEN,
        _("Your own notice"),
        _("You gave this notice yourself. Another decides it."),
    ),
    "notice_unknown": Kind(HTTPStatus.NOT_FOUND, _("Notice unknown"), _("There is no such notice.")),
    "decided_already": Kind(
        HTTPStatus.CONFLICT, _("Decided already"), _("It is decided so by now. Nothing was changed.")
    ),
    "notice_incomplete": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Not complete"),
        _("A notice has words, proof, a name, an e-mail address that can be answered, and a signature."),
    ),
    "too_many_notices": Kind(
        HTTPStatus.TOO_MANY_REQUESTS,
        _("Too many notices"),
        _("Many notices came from there already. Come back tomorrow, or write to the operator."),
    ),
    "submission_unknown": Kind(
        HTTPStatus.NOT_FOUND, _("Application unknown"), _("There is no such application that you may see.")
    ),
    "not_now": Kind(
        HTTPStatus.CONFLICT,
        _("Not now"),
        _("The application is not in a state for this. Read it again: somebody may have been quicker."),
    ),
    "has_one": Kind(
        HTTPStatus.CONFLICT,
        _("One at a time"),
        _("An application of yours is under way. Wait for its decision, or withdraw it."),
    ),
    "artist_moved": Kind(
        HTTPStatus.CONFLICT,
        _("On a label"),
        _("This artist is on a label now: releases come out there."),
    ),
    "move_unknown": Kind(
        HTTPStatus.NOT_FOUND, _("Move unknown"), _("There is no such move for you, or you answered it.")
    ),
    "move_settled": Kind(
        HTTPStatus.CONFLICT, _("Settled"), _("This move was done, declined or taken back before.")
    ),
    "move_refused": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Not a move"),
        _("There is no such artist to move, they are there already, or nobody is known who runs them."),
    ),
    "move_asked_already": Kind(
        HTTPStatus.CONFLICT, _("Asked already"), _("This was asked already, and waits for an answer.")
    ),
    "move_hindered": Kind(
        HTTPStatus.CONFLICT,
        _("Not now"),
        _(
            "A release of theirs is being heard, a shop is closed, or they are somewhere else by now. Nothing was changed."
        ),
    ),
    "shop_missing": Kind(
        HTTPStatus.CONFLICT,
        _("No shop yet"),
        _("Releases stand in a shop. Yours is founded when an application is accepted."),
    ),
    "cover_unfit": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("No cover"),
        _(
            "This cannot be a cover. Send a JPEG, PNG, WebP or AVIF of at most 8,000 by 8,000 pixels and 32 MiB."
        ),
    ),
    "header_unfit": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("No header picture"),
        _(
            "This cannot be a shop's header picture. Send a JPEG, PNG, WebP or AVIF of at least 320 pixels on its shorter side, and at most 8,000 by 8,000 pixels and 32 MiB."
        ),
    ),
    "no_isrc": Kind(
        HTTPStatus.CONFLICT,
        _("No ISRC here"),
        _("No ISRC can be given: the operator has no prefix, or this year's numbers are used up."),
    ),
    "no_upc": Kind(
        HTTPStatus.CONFLICT,
        _("No UPC here"),
        _("No UPC can be given: the operator has no prefix, or all of its numbers are given."),
    ),
    "needs_version": Kind(
        HTTPStatus.CONFLICT,
        _("More than a slip"),
        _("This is more than a slip of the pen. Begin a new version, which a person looks at first."),
    ),
    "minute_past": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("This minute is over"),
        _("Choose a later minute, or none: then it appears at once."),
    ),
    "too_many_tracks": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Too many tracks"),
        _("A release has 100 tracks at most. Nothing of this file was taken."),
    ),
    "taken_by_another": Kind(
        HTTPStatus.CONFLICT, _("On another desk"), _("Another auditor has it on the desk. Take the next one.")
    ),
    "still_comparing": Kind(
        HTTPStatus.CONFLICT,
        _("Still being compared"),
        _("It is still being compared with what is here. Wait until that has ended, then accept."),
    ),
    "unheard": Kind(
        HTTPStatus.CONFLICT,
        _("Not heard yet"),
        _("Not every track was played by you since it was handed in. Hear what is left, then accept."),
    ),
    "opinion_awaited": Kind(
        HTTPStatus.CONFLICT,
        _("An opinion is awaited"),
        _("A colleague's opinion is asked. Wait for it, or take the question back; then decide."),
    ),
    "no_opinion_asked": Kind(
        HTTPStatus.CONFLICT,
        _("No opinion is asked"),
        _("Nobody asks for your opinion about it by now: it was given, or the question was taken back."),
    ),
    "leaning_missing": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("What would you do?"),
        _("Say whether you would accept it, refuse it or are unsure."),
    ),
    "appealed_already": Kind(
        HTTPStatus.CONFLICT, _("Appealed already"), _("An application is appealed once, and that was heard.")
    ),
    "incomplete": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Not complete"),
        _("Something is left to do before it can be handed in; the application lists it under missing."),
    ),
    "words_missing": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Words missing"), _("Say in a sentence why, or what you ask.")
    ),
    "reason_missing": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Reason missing"), _("A refusal needs a reason from the list.")
    ),
    "not_offered_here": Kind(
        HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS,
        _("Not offered where you are"),
        _("Its shop does not offer this release in your country. What you own of it plays from your locker."),
    ),
    "intake_unknown": Kind(
        HTTPStatus.NOT_FOUND, _("Intake unknown"), _("There is no such intake that you may see.")
    ),
    "intake_working": Kind(
        HTTPStatus.CONFLICT,
        _("Being worked on"),
        _("Its sheet is to be mended first, or its rows are being worked on. Wait until that is done."),
    ),
    "sheet_unreadable": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Sheet unreadable"),
        _(
            "The sheet cannot be read: send a CSV in UTF-8 of at most 8 MB and 20,000 rows, with the template's columns."
        ),
    ),
    "upload_malformed": Kind(
        HTTPStatus.BAD_REQUEST,
        _("Upload not understood"),
        _("A header that the upload needs is missing or cannot be read. Begin the upload again."),
    ),
    "length_missing": Kind(
        HTTPStatus.BAD_REQUEST,
        _("Empty file"),
        _("The file has no bytes. Choose the one that holds the recording."),
    ),
    "checksum_unknown": Kind(
        HTTPStatus.BAD_REQUEST, _("Checksum unknown"), _("Checksums here are sha1 and sha256.")
    ),
    "upload_unknown": Kind(
        HTTPStatus.NOT_FOUND,
        _("Upload unknown"),
        _("There is no such upload of yours. It may have been ended; begin it again."),
    ),
    "offset_wrong": Kind(
        HTTPStatus.CONFLICT,
        _("Not where it stopped"),
        _("These bytes do not follow those that are here. Ask where it stopped, and go on from there."),
    ),
    "upload_over": Kind(
        HTTPStatus.GONE,
        _("Upload over"),
        _("It waited too long for its next byte and was removed. Begin it again."),
    ),
    "tus_version": Kind(
        HTTPStatus.PRECONDITION_FAILED, _("Another tus version"), _("Uploads here speak tus 1.0.0.")
    ),
    "file_too_large": Kind(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        _("File too large"),
        _("The file has more bytes than one may have here. Send it as FLAC, which is smaller than WAV."),
    ),
    "quota_used_up": Kind(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        _("No more room"),
        _("Your uploads here take as much room as they may. Finish or remove one first."),
    ),
    "upload_too_long": Kind(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        _("More than announced"),
        _("More bytes came than the file was said to have. None of them were kept; begin the upload again."),
    ),
    "upload_type": Kind(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        _("Not an upload"),
        _("Send bytes with Content-Type: application/offset+octet-stream."),
    ),
    "upload_busy": Kind(
        HTTPStatus.LOCKED,
        _("Upload busy"),
        _("Bytes of it are still arriving on another connection. Try again in a moment."),
    ),
    "checksum_wrong": Kind(
        460,  # tus 1.0.0, "Checksum Mismatch"
        _("Damaged on the way"),
        _("The bytes are not those that were sent. None of them were kept; send them again."),
    ),
    "disk_full": Kind(
        HTTPStatus.INSUFFICIENT_STORAGE,
        _("No room on the server"),
        _("The server's disk is full. What arrived is kept; try again later, and it goes on from there."),
    ),
    "failed": Kind(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        _("Something went wrong here"),
        _("The fault is ours and has been logged. Please try again in a while."),
    ),
}


class Problem(Exception):
    """An answer that is an error, by its code in `PROBLEMS`; `errors` are the fields that are at fault."""

    def __init__(
        self,
        code: str,
        *,
        headers: Mapping[str, str] | None = None,
        errors: list[dict[str, str]] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.headers = dict(headers or {})
        self.errors = errors


class TooMany(Problem):
    """A rate limit is used up."""

    def __init__(self, wait_seconds: float) -> None:
        super().__init__("too_many", headers={"Retry-After": str(max(1, math.ceil(wait_seconds)))})


def answer(
    code: str,
    *,
    headers: Mapping[str, str] | None = None,
    errors: list[dict[str, str]] | None = None,
    detail: str = "",
) -> HttpResponse:
    """The answer for a code, in the language of the request; `detail` says more than the code's own sentence."""
    kind = PROBLEMS[code]
    body: dict[str, object] = {
        "type": TYPE_PREFIX + code,
        "title": str(kind.title),
        "status": int(kind.status),
        "code": code,
        "detail": detail or str(kind.detail),
    }
    if errors is not None:
        body["errors"] = errors
    return HttpResponse(
        json.dumps(body, ensure_ascii=False),
        status=kind.status,
        content_type=CONTENT_TYPE,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def handle(api: NinjaAPI) -> None:
    """Have an API answer every error of ours, of the framework and of none with a problem."""
    api.add_exception_handler(Problem, _problem)
    api.add_exception_handler(ListeningError, _coded)
    api.add_exception_handler(SubmissionError, _coded)
    api.add_exception_handler(ShopError, _coded)
    api.add_exception_handler(LockerError, _coded)
    api.add_exception_handler(PriceFixed, _fixed)
    api.add_exception_handler(HandleTaken, _taken)
    api.add_exception_handler(RightsError, _coded)
    api.add_exception_handler(CursorInvalid, lambda _request, _error: answer("cursor_invalid"))
    api.add_exception_handler(ValidationError, _validation)
    api.add_exception_handler(NotInCatalogue, lambda _request, _error: answer("not_found"))
    api.add_exception_handler(SeedUnknown, lambda _request, _error: answer("not_found"))
    api.add_exception_handler(Http404, lambda _request, _error: answer("not_found"))
    api.add_exception_handler(RequestDataTooBig, lambda _request, _error: answer("too_large"))
    api.add_exception_handler(AuthenticationError, lambda _request, _error: answer("sign_in_needed"))
    api.add_exception_handler(HttpError, _framework)
    api.add_exception_handler(Exception, _failed)


def _problem(_request: HttpRequest, error: Problem | type[Problem]) -> HttpResponse:
    if not isinstance(error, Problem):
        return answer("failed")
    return answer(error.code, headers=error.headers, errors=error.errors)


def _coded(_request: HttpRequest, error: Coded | type[Coded]) -> HttpResponse:
    """Rooms whose errors carry their code."""
    return answer(error.code)


def _taken(_request: HttpRequest, error: HandleTaken | type[HandleTaken]) -> HttpResponse:
    """Which address is free in place of the one that was wanted."""
    free = error.free if isinstance(error, HandleTaken) else ""
    if not free:
        return answer("handle_taken")
    return answer(
        "handle_taken",
        detail=gettext("Another shop has this address. %(handle)s is free.") % {"handle": free},
    )


def _fixed(_request: HttpRequest, error: PriceFixed | type[PriceFixed]) -> HttpResponse:
    """Which agreement fixes a price, and how long."""
    if not isinstance(error, PriceFixed):
        return answer("price_fixed")
    price = error.terms.price
    told = {"day": error.made_on.isoformat(), "price": f"{price.decimal:f} {price.currency}"}
    if error.terms.until is None:
        said = gettext(
            "Your agreement of %(day)s fixes the price of tracks at %(price)s until another is made."
        )
    else:
        told["until"] = error.terms.until.isoformat()
        said = gettext("Your agreement of %(day)s fixes the price of tracks at %(price)s until %(until)s.")
    return answer("price_fixed", detail=said % told)


def _framework(_request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
    """The framework itself raises one kind: a body that it cannot read."""
    status = error.status_code if isinstance(error, HttpError) else HTTPStatus.INTERNAL_SERVER_ERROR
    return answer("malformed" if status == HTTPStatus.BAD_REQUEST else "failed")


def _validation(_request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
    found = error.errors if isinstance(error, ValidationError) else []
    told = [{"at": _pointer(it["loc"]), "reason": reason(it["type"], it.get("ctx", {}))} for it in found]
    return answer("invalid", errors=told)


def _pointer(location: tuple[str | int, ...]) -> str:
    """Where the fault is: "query.limit", or for a body a JSON pointer into it (RFC 6901)."""
    source, *path = location
    if source == "body":
        return "/" + "/".join(str(part) for part in path[1:])
    return ".".join(str(part) for part in location)


def _failed(_request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    log.error("api_failed", exc_info=error if isinstance(error, Exception) else None)
    return answer("failed")
