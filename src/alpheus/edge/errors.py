"""What an edge refuses, each with the status, code and headers that a client sees (docs/protocol.md, "Errors").

EdgeError
├── Malformed, BodyTooLarge, BodyTooSlow                 the request itself
├── NotFound, MethodNotAllowed, InternalKeyWrong         the route
├── GrantForged, GrantOtherEdge, GrantOtherStream        a token that says something wrong
├── GrantUnknown, GrantExpired, GrantCancelled           a grant that does not hold here and now
├── AccountMoved                                         an account that another edge serves now
├── OutsideWindow, RenditionUnavailable                  a want that the grant does not cover
├── SequenceStale, OverBudget, TooManyRequests           the conversation
├── NameForged, TokenForged, TokenExpired, EpochOver     a segment's URL
└── StoreUnavailable, SegmentCorrupt, KeyLogUnavailable, Busy    our own trouble
OptionsError                                             the edge cannot start with these options
"""

from typing import ClassVar


class OptionsError(Exception):
    """The edge cannot start with these options; the message says which and what to do."""


class EdgeError(Exception):
    """A refusal.

    Attributes:
        status: HTTP status.
        code: what a program can tell it by.
        title: the same for people, always equal for one code.
        detail: this case, for people.
        retry_after_seconds: when trying again makes sense; None when time does not help.
        extra: further members of the problem (RFC 9457 §3.2).
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    title: ClassVar[str] = "The edge failed."

    def __init__(self, detail: str, *, retry_after_seconds: float | None = None, **extra: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after_seconds = retry_after_seconds
        self.extra = extra


class Malformed(EdgeError):
    """The request is not what the protocol says."""

    status, code, title = 400, "malformed", "The request is not understood."


class BodyTooLarge(EdgeError):
    """More than 64 KiB."""

    status, code, title = 413, "body_too_large", "The request is too large."


class BodyTooSlow(EdgeError):
    """The body did not arrive in time."""

    status, code, title = 408, "body_too_slow", "The request did not arrive in time."


class NotFound(EdgeError):
    """No such route."""

    status, code, title = 404, "not_found", "There is nothing here."


class MethodNotAllowed(EdgeError):
    """The route exists, for another method."""

    status, code, title = 405, "method_not_allowed", "This route has another method."


class InternalKeyWrong(EdgeError):
    """An internal route without its key."""

    status, code, title = 401, "internal_key_wrong", "Internal routes need the internal key."


class GrantForged(EdgeError):
    """A token that web did not sign."""

    status, code, title = 401, "grant_forged", "This is no grant of ours."


class GrantOtherEdge(EdgeError):
    """A grant for another audience."""

    status, code, title = 403, "grant_other_edge", "This grant is for another edge."


class GrantOtherStream(EdgeError):
    """A grant for another stream, or of another account than the stream's."""

    status, code, title = 403, "grant_other_stream", "This grant is for another stream."


class GrantUnknown(EdgeError):
    """A grant is named whose token this edge has not seen, or has forgotten."""

    status, code, title = 410, "grant_unknown", "This edge does not hold the grant."


class GrantExpired(EdgeError):
    """A grant's time is over."""

    status, code, title = 410, "grant_expired", "The grant has expired."


class GrantCancelled(EdgeError):
    """web took a grant back."""

    status, code, title = 410, "grant_cancelled", "The grant was taken back."


class AccountMoved(EdgeError):
    """web gave the account to another edge; its streams go on there."""

    status, code, title = 410, "account_moved", "Another edge serves this account now."


class OutsideWindow(EdgeError):
    """A segment that the grant does not cover."""

    status, code, title = 403, "outside_window", "The grant does not cover this."


class RenditionUnavailable(EdgeError):
    """A rendition that the grant does not name, or that is not there."""

    status, code, title = 404, "rendition_unavailable", "This rendition is not there."


class SequenceStale(EdgeError):
    """A sequence that the stream is past."""

    status, code, title = 409, "sequence_stale", "The stream is past this sequence."


class OverBudget(EdgeError):
    """The gate is shut."""

    status, code, title = 429, "over_budget", "Enough music is released for now."


class TooManyRequests(EdgeError):
    """More POSTs than any player needs."""

    status, code, title = 429, "too_many_requests", "There are too many requests."


class NameForged(EdgeError):
    """A name that no edge made, or that belongs to an edge that is gone."""

    status, code, title = 404, "name_forged", "No segment has this name."


class TokenForged(EdgeError):
    """A URL token that this edge did not make for this name."""

    status, code, title = 403, "token_forged", "The URL's token is not for this name."


class TokenExpired(EdgeError):
    """A URL token whose time is over."""

    status, code, title = 403, "token_expired", "The URL has expired."


class EpochOver(EdgeError):
    """A name whose epoch, grace included, is over."""

    status, code, title = 410, "epoch_over", "The epoch of this name is over."


class StoreUnavailable(EdgeError):
    """The object store does not answer."""

    status, code, title = 503, "store_unavailable", "The music cannot be reached now."


class SegmentCorrupt(EdgeError):
    """What the store holds is not what was sealed; it is never served."""

    status, code, title = 503, "segment_corrupt", "This passage is damaged."


class KeyLogUnavailable(EdgeError):
    """Releases cannot be recorded, so no keys leave."""

    status, code, title = 503, "key_log_unavailable", "Releases cannot be recorded now."


class Busy(EdgeError):
    """More is waiting than this edge can hold."""

    status, code, title = 503, "busy", "The edge is at its limit."
