from datetime import timedelta

import pytest
from django.core import signing
from django.utils import timezone

from alpheus.parties import sign_in_link
from alpheus.parties.errors import SignInLinkRefused
from alpheus.parties.models import Account

NOW = timezone.now()
Why = SignInLinkRefused.Why


@pytest.fixture
def account(db):
    return Account.objects.create_user("heron@example.com")


def why(token, now=NOW):
    with pytest.raises(SignInLinkRefused) as refused:
        sign_in_link.redeem(token=token, now=now)
    return refused.value.why


def test_it_opens_once(account):
    token = sign_in_link.make(account=account, now=NOW)
    assert sign_in_link.redeem(token=token, now=NOW) == account
    assert why(token) is Why.USED


def test_looking_does_not_use_it_up(account):
    token = sign_in_link.make(account=account, now=NOW)
    sign_in_link.look(token=token, now=NOW)
    assert sign_in_link.redeem(token=token, now=NOW) == account


def test_it_opens_again_for_who_signed_in_before(account):
    first = sign_in_link.make(account=account, now=NOW)
    sign_in_link.redeem(token=first, now=NOW)
    account.refresh_from_db()
    later = NOW + timedelta(minutes=1)
    second = sign_in_link.make(account=account, now=later)
    assert sign_in_link.redeem(token=second, now=later) == account
    assert why(first, later) is Why.USED


def test_it_expires(account):
    token = sign_in_link.make(account=account, now=NOW)
    assert why(token, NOW + sign_in_link.LIFETIME) is Why.EXPIRED


def test_of_two_at_once_one_is_refused(account, monkeypatch):
    token = sign_in_link.make(account=account, now=NOW)
    stale = sign_in_link.look(token=token, now=NOW)
    sign_in_link.redeem(token=token, now=NOW)
    monkeypatch.setattr(sign_in_link, "look", lambda **_: stale)
    assert why(token) is Why.USED


@pytest.mark.parametrize("token", ["", "abc", "a:b:c", "\x00"])
@pytest.mark.django_db
def test_nonsense_is_forged(token):
    assert why(token) is Why.FORGED


def test_another_ones_signature_is_forged(account):
    assert why(signing.dumps({"account": account.gid.hex}, salt="elsewhere")) is Why.FORGED


def test_half_of_the_claims_is_forged(account):
    assert why(signing.dumps({"account": account.gid.hex}, salt=sign_in_link.SALT)) is Why.FORGED


def test_a_closed_account_is_not_opened(account):
    token = sign_in_link.make(account=account, now=NOW)
    Account.objects.update(is_active=False)
    assert why(token) is Why.FORGED
