"""What letters say: every wording, once, for HTML and text alike. Translations lie in this room's `locale/`."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Kind(StrEnum):
    """Every letter that an installation writes."""

    CONFIRM_ADDRESS = "confirm_address"
    CONFIRM_CODE = "confirm_code"
    NEW_PASSWORD = "new_password"  # noqa: S105 - a letter's name, no password
    ACCOUNT_EXISTS = "account_exists"
    NO_ACCOUNT = "no_account"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - likewise
    ADDRESS_CHANGED = "address_changed"
    ADDRESS_REMOVED = "address_removed"
    TWO_STEP_ON = "two_step_on"
    TWO_STEP_OFF = "two_step_off"
    RECOVERY_CODES = "recovery_codes"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    EXPORT_READY = "export_ready"
    DELETION_ASKED = "deletion_asked"
    DELETION_CANCELLED = "deletion_cancelled"
    ERASED = "erased"
    SUBMISSION_RECEIVED = "submission_received"
    SUBMISSION_ASKED = "submission_asked"
    SUBMISSION_ANSWERED = "submission_answered"
    SUBMISSION_ACCEPTED = "submission_accepted"
    SUBMISSION_REFUSED = "submission_refused"
    SUBMISSION_REFUSED_AGAIN = "submission_refused_again"
    SUBMISSION_WITHDRAWN = "submission_withdrawn"
    SUBMISSION_APPEALED = "submission_appealed"
    SUBMISSION_REOPENED = "submission_reopened"
    NOTICE_RECEIVED = "notice_received"
    NOTICE_SUSPENDED = "notice_suspended"
    NOTICE_DISMISSED = "notice_dismissed"
    RELEASE_SUSPENDED = "release_suspended"
    RELEASE_RESTORED = "release_restored"
    NEW_IN_SHOP = "new_in_shop"
    ON_SALE = "on_sale"
    SPLIT_PROPOSED = "split_proposed"
    SPLIT_AGREED = "split_agreed"
    SPLIT_DECLINED = "split_declined"
    SPLIT_WITHDRAWN = "split_withdrawn"
    SHOP_INVITATION = "shop_invitation"
    ROLE_CHANGED = "role_changed"
    MEMBER_REMOVED = "member_removed"
    SHOP_HANDED_TO = "shop_handed_to"
    SHOP_HANDED_ON = "shop_handed_on"
    TOLD_APART = "told_apart"
    MOVE_ASKED = "move_asked"
    MOVE_DONE = "move_done"
    MOVE_DECLINED = "move_declined"
    MOVE_WITHDRAWN = "move_withdrawn"


@dataclass(frozen=True)
class Wording:
    """A letter's sentences, with %(names)s of the values that it is written with."""

    subject: Text
    paragraphs: tuple[Text, ...]
    button: Text = ""
    """What stands on the link; empty where there is none."""
    why: Text = ""
    """Why the reader gets this letter."""
    shows_code: bool = False


_OWNER = _("You get this letter because this address belongs to an account on %(site)s.")
_TYPED = _(
    "You get this letter because someone typed this address on %(site)s. If it was not you, do nothing."
)
_WHEN = _("It was done on %(when)s, from %(place)s.")
_ALARM = _(
    "If it was you, there is nothing to do. If it was not, choose a new password and end all other sessions."
)
_LOOK = _("Look at the account")
_LOOK_APPLICATION = _("See where it stands")
_NOTICE = _("You get this letter because this address was given with a notice about “%(title)s” on %(site)s.")

_MOVE = _("You get this letter because this move on %(site)s needs your word.")
_SPLIT = _("You get this letter because you are part of this split on %(site)s.")


def _done(subject: Text, what: Text) -> Wording:
    """A notice that something about the account was changed."""
    return Wording(subject, (what, _WHEN, _ALARM), _LOOK, _OWNER)


LETTERS: Mapping[Kind, Wording] = {
    Kind.CONFIRM_ADDRESS: Wording(
        _("Confirm your address"),
        (
            _(
                "Is %(email)s yours? Confirm it, and letters from %(site)s, such as for a new password, reach you."
            ),
        ),
        _("Yes, it is mine"),
        _TYPED,
    ),
    Kind.CONFIRM_CODE: Wording(
        _("Your code for %(site)s"),
        (_("Type this code on the page that asked for it. It holds for a few minutes."),),
        why=_TYPED,
        shows_code=True,
    ),
    Kind.NEW_PASSWORD: Wording(
        _("Choose a new password"),
        (_("Someone asked for a new password for your account on %(site)s. The link opens once."),),
        _("Choose a password"),
        _TYPED,
    ),
    Kind.ACCOUNT_EXISTS: Wording(
        _("You have an account already"),
        (
            _(
                "Someone wanted to open an account on %(site)s with your address, which has one already. Sign in with it; if the password is lost, choose a new one."
            ),
        ),
        _("Choose a password"),
        _TYPED,
    ),
    Kind.NO_ACCOUNT: Wording(
        _("No account has this address"),
        (
            _(
                "Someone asked %(site)s for a new password for %(email)s, but no account has this address. Perhaps you signed up with another one."
            ),
        ),
        _("Open an account"),
        _TYPED,
    ),
    Kind.PASSWORD_CHANGED: _done(_("Your password was changed"), _("Your account has a new password.")),
    Kind.ADDRESS_CHANGED: _done(
        _("Your address was changed"), _("Letters now go to %(to)s instead of %(before)s.")
    ),
    Kind.ADDRESS_REMOVED: _done(
        _("An address was removed"), _("The address %(gone)s does not belong to your account any more.")
    ),
    Kind.TWO_STEP_ON: _done(
        _("Two-step sign-in is on"), _("From now on signing in also asks for a code of your app.")
    ),
    Kind.TWO_STEP_OFF: _done(
        _("Two-step sign-in is off"), _("Signing in does not ask for a code of your app any more.")
    ),
    Kind.RECOVERY_CODES: _done(
        _("New recovery codes"), _("Your account has new recovery codes; the old ones open nothing.")
    ),
    Kind.PASSKEY_ADDED: _done(_("A passkey was added"), _("Your account can be opened with a new passkey.")),
    Kind.PASSKEY_REMOVED: _done(_("A passkey was removed"), _("A passkey of your account opens it no more.")),
    Kind.CONNECTED: _done(
        _("A sign-in was connected"), _("Your account can now be opened by signing in with %(provider)s.")
    ),
    Kind.DISCONNECTED: _done(
        _("A sign-in was disconnected"), _("Signing in with %(provider)s opens your account no more.")
    ),
    Kind.EXPORT_READY: Wording(
        _("Your data is ready"),
        (
            _(
                "All that %(site)s keeps about you waits as one file until %(until)s. Only you can load it, signed in."
            ),
        ),
        _("Load the file"),
        _OWNER,
    ),
    Kind.DELETION_ASKED: Wording(
        _("Your account will be deleted"),
        (
            _("You asked to delete your account on %(site)s. It will be erased on %(day)s, for good."),
            _("Changed your mind? Sign in before that day, and everything stays as it was."),
        ),
        _("Sign in and keep the account"),
        _OWNER,
    ),
    Kind.DELETION_CANCELLED: Wording(
        _("Your account stays"),
        (_("You signed in, so your account on %(site)s is not deleted. Everything is as it was."),),
        _LOOK,
        _OWNER,
    ),
    Kind.ERASED: Wording(
        _("Your account is erased"),
        (
            _(
                "Your account on %(site)s is erased as you asked: address, name, devices, lists and all else that named you. What was heard stays counted, without you. This is the last letter."
            ),
        ),
    ),
    Kind.NOTICE_RECEIVED: Wording(
        _("We have your notice"),
        (
            _("You told us that “%(title)s” is not its seller's. A person reads it and decides."),
            _("You need not do anything. You hear from us when it is decided."),
        ),
        why=_NOTICE,
    ),
    Kind.NOTICE_SUSPENDED: Wording(
        _("Your notice was followed"),
        (_("“%(title)s” is not offered any more."), _("%(reason)s")),
        why=_NOTICE,
    ),
    Kind.NOTICE_DISMISSED: Wording(
        _("Your notice was dismissed"),
        (
            _("A person read your notice about “%(title)s” and dismissed it:"),
            _("%(reason)s"),
            _("If you can show more, give a new one on the release's page."),
        ),
        _("Go to the release"),
        _NOTICE,
    ),
    Kind.RELEASE_SUSPENDED: Wording(
        _("A release of yours is suspended"),
        (
            _(
                "Somebody told us that “%(title)s” is not yours to sell. A person read it and suspended the release:"
            ),
            _("%(reason)s"),
            _("Nobody can hear it until this is decided otherwise. If it is wrong, answer this letter."),
        ),
        why=_OWNER,
    ),
    Kind.RELEASE_RESTORED: Wording(
        _("A release of yours is back"),
        (_("“%(title)s” is offered again:"), _("%(reason)s")),
        _("Go to the release"),
        _OWNER,
    ),
    Kind.NEW_IN_SHOP: Wording(
        _("%(shop)s has something new"),
        (_("New in the shop of %(shop)s:"), _("%(titles)s")),
        _("Go to the shop"),
        _("You get this letter because you asked for it on the page of %(shop)s. There you can end it."),
    ),
    Kind.ON_SALE: Wording(
        _("What you asked for is on sale"),
        (
            _("On %(site)s this can be bought now:"),
            _("%(titles)s"),
            _("This is the only letter about it; there is nothing to end."),
        ),
        _("Go to the page"),
        _("You get this letter because you asked on %(site)s to be told when this is on sale."),
    ),
    Kind.SPLIT_PROPOSED: Wording(
        _("%(shop)s wants to share income with you"),
        (
            _("%(shop)s says that %(share)s of what these recordings earn on %(site)s is yours:"),
            _("%(titles)s"),
            _(
                "It counts once you and everyone else in it have accepted. If you do not know them, do nothing."
            ),
        ),
        _("See it and answer"),
        _("You get this letter because %(shop)s gave this address for sharing income on %(site)s."),
    ),
    Kind.SPLIT_AGREED: Wording(
        _("A split is agreed"),
        (
            _("Everyone has accepted how the income of these recordings of %(shop)s is shared:"),
            _("%(titles)s"),
        ),
        _("See the splits"),
        _SPLIT,
    ),
    Kind.SPLIT_DECLINED: Wording(
        _("A split was declined"),
        (
            _("%(name)s declined how the income of these recordings of %(shop)s was to be shared:"),
            _("%(titles)s"),
            _("Everything stays as it was."),
        ),
        _("See the splits"),
        _SPLIT,
    ),
    Kind.SPLIT_WITHDRAWN: Wording(
        _("A split was withdrawn"),
        (
            _("%(shop)s took back how the income of these recordings was to be shared:"),
            _("%(titles)s"),
            _("Everything stays as it was."),
        ),
        why=_SPLIT,
    ),
    Kind.SHOP_INVITATION: Wording(
        _("Join the shop of %(shop)s"),
        (
            _("%(shop)s invites you to its shop on %(site)s. Your role: %(role)s."),
            _("The link holds until %(until)s, for this address. If you do not know them, do nothing."),
        ),
        _("See the invitation"),
        _("You get this letter because %(shop)s gave this address for an invitation on %(site)s."),
    ),
    Kind.ROLE_CHANGED: Wording(
        _("Your role at %(shop)s: %(role)s"),
        (
            _("%(name)s gave you another role in the shop of %(shop)s on %(site)s: %(role)s."),
            _("Who works there, and what each role may do, stands on its page."),
        ),
        _("See who works there"),
        _OWNER,
    ),
    Kind.MEMBER_REMOVED: Wording(
        _("You work for %(shop)s no more"),
        (
            _(
                "%(name)s took you out of the shop of %(shop)s on %(site)s. You do not see behind its counter any more."
            ),
            _("Your account, what you keep and a shop of your own stay as they are."),
        ),
        why=_OWNER,
    ),
    Kind.SHOP_HANDED_TO: Wording(
        _("The shop of %(shop)s is yours"),
        (
            _(
                "%(name)s handed the shop of %(shop)s on %(site)s on to you. You own it from now on, and %(name)s manages it."
            ),
            _("You are who is paid and written to. See that your details are given."),
        ),
        _("Go to the shop"),
        _OWNER,
    ),
    Kind.SHOP_HANDED_ON: Wording(
        _("You handed the shop of %(shop)s on"),
        (
            _(
                "%(name)s owns the shop of %(shop)s on %(site)s from now on, and is paid and written to. You manage it."
            ),
            _("If that was not you, end all other sessions, choose a new password, and answer this letter."),
        ),
        _LOOK,
        _OWNER,
    ),
    Kind.TOLD_APART: Wording(
        _("Your shop %(shop)s can open"),
        (
            _(
                "Somebody else of this name sells on %(site)s too. Listeners tell you apart by these words beside your name:"
            ),
            _("%(words)s"),
            _(
                "Choose an address that is free, and open the shop. If the words are wrong, answer this letter."
            ),
        ),
        _("Go to the shop"),
        _OWNER,
    ),
    Kind.MOVE_ASKED: Wording(
        _("%(artist)s is asked to move"),
        (
            _("On %(site)s it is asked that %(artist)s moves from %(before)s to %(after)s."),
            _("The page says exactly what moves and what stays. Nothing moves before all have agreed."),
        ),
        _("See it and answer"),
        _MOVE,
    ),
    Kind.MOVE_DONE: Wording(
        _("%(artist)s has moved"),
        (_("All have agreed: %(artist)s moved from %(before)s to %(after)s."),),
        _("See what moved"),
        _MOVE,
    ),
    Kind.MOVE_DECLINED: Wording(
        _("%(artist)s does not move"),
        (_("The move from %(before)s to %(after)s was declined. Everything stays as it was."),),
        _("Look at it"),
        _MOVE,
    ),
    Kind.MOVE_WITHDRAWN: Wording(
        _("A move of %(artist)s was taken back"),
        (_("The move from %(before)s to %(after)s was taken back. Everything stays as it was."),),
        _("Look at it"),
        _MOVE,
    ),
    Kind.SUBMISSION_RECEIVED: Wording(
        _("“%(title)s” has arrived"),
        (
            _("“%(title)s” is handed in. A person will listen to it; nothing is decided by a machine."),
            _("You need not do anything. Where it stands is always on its page."),
        ),
        _LOOK_APPLICATION,
        _OWNER,
    ),
    Kind.SUBMISSION_ASKED: Wording(
        _("A question about “%(title)s”"),
        (_("Who listened to “%(title)s” asks:"), _("%(words)s"), _("It goes on as soon as you answer.")),
        _("Answer"),
        _OWNER,
    ),
    Kind.SUBMISSION_ANSWERED: Wording(
        _("Your answer has arrived"),
        (_("Thank you. “%(title)s” is back in its place in the queue, with your answer."),),
        _LOOK_APPLICATION,
        _OWNER,
    ),
    Kind.SUBMISSION_ACCEPTED: Wording(
        _("“%(title)s” is accepted"),
        (
            _("A person listened to “%(title)s” and accepted it."),
            _(
                "It stands in your shop on %(site)s as soon as the shop is open, or at the minute that you chose."
            ),
        ),
        _LOOK_APPLICATION,
        _OWNER,
    ),
    Kind.SUBMISSION_REFUSED: Wording(
        _("“%(title)s” is refused"),
        (
            _("A person listened to “%(title)s” and could not accept it: %(reason)s."),
            _("%(words)s"),
            _("If that is wrong, you can appeal once, and somebody else will listen."),
        ),
        _LOOK_APPLICATION,
        _OWNER,
    ),
    Kind.SUBMISSION_REFUSED_AGAIN: Wording(
        _("Your appeal is refused"),
        (
            _("Another person listened to “%(title)s” and could not accept it either: %(reason)s."),
            _("%(words)s"),
            _("It is appealed once. You can hand in something else."),
        ),
        _LOOK_APPLICATION,
        _OWNER,
    ),
    Kind.SUBMISSION_WITHDRAWN: Wording(
        _("“%(title)s” is withdrawn"),
        (_("You took “%(title)s” back. Nobody will listen to it, and you can hand in again at any time."),),
        why=_OWNER,
    ),
    Kind.SUBMISSION_APPEALED: Wording(
        _("Your appeal has arrived"),
        (_("“%(title)s” will be heard by another person than the first time."),),
        _LOOK_APPLICATION,
        _OWNER,
    ),
    Kind.SUBMISSION_REOPENED: Wording(
        _("“%(title)s” is heard again"),
        (_("The decision about “%(title)s” was opened again: a new one will be made."), _("%(words)s")),
        _LOOK_APPLICATION,
        _OWNER,
    ),
}
