import pytest
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from alpheus.api import limits
from alpheus.api.limits import Meter, Policy
from alpheus.api.models import Attempt
from alpheus.api.problems import TooMany

FEW = Policy("few", 5, 10)


class Clock:
    seconds = 1000.0

    def __call__(self):
        return self.seconds


@given(st.lists(st.floats(0, 30), max_size=60))
def test_never_more_than_twice_the_quota_in_a_window_and_always_some_again(pauses):
    clock = Clock()
    meter, let_in = Meter(clock=clock), []
    for pause in pauses:
        clock.seconds += pause
        try:
            meter.take(FEW, "caller")
        except TooMany as refused:
            clock.seconds += int(refused.headers["Retry-After"])
            meter.take(FEW, "caller")
        let_in.append(clock.seconds)
    for at in let_in:
        # A full quota at once, and what flows in again during the window.
        assert sum(at - FEW.window_seconds < other <= at for other in let_in) <= 2 * FEW.quota


def test_the_quota_may_be_used_at_once_and_is_told():
    clock = Clock()
    meter = Meter(clock=clock)
    left = [meter.take(FEW, "a").remaining for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    with pytest.raises(TooMany) as refused:
        meter.take(FEW, "a")
    assert refused.value.headers == {"Retry-After": "2"}
    assert meter.take(FEW, "b").remaining == 4
    clock.seconds += 2
    assert meter.take(FEW, "a").remaining == 0


def test_a_meter_forgets_those_longest_silent(monkeypatch):
    monkeypatch.setattr(limits, "CALLERS_MAX", 10)
    meter = Meter(clock=Clock())
    for number in range(50):
        meter.take(FEW, str(number))
    assert len(meter._empty_at) == 10


@pytest.mark.django_db
def test_answers_tell_what_is_left(guest):
    first, second = guest.get("/me"), guest.get("/me")
    assert first.headers["RateLimit-Policy"] == '"browse";q=600;w=60'
    assert first.headers["RateLimit"] == '"browse";r=599;t=1'
    assert second.headers["RateLimit"] == '"browse";r=598;t=1'


@pytest.mark.django_db
def test_too_many_calls_are_told_when_to_come_back(guest, member, program, monkeypatch):
    monkeypatch.setattr(limits.METER, "_clock", lambda: 5.0)
    for _ in range(limits.BROWSE.quota):
        limits.METER.take(limits.BROWSE, str(member.pk))
    response = program(member).get("/me")
    assert (response.status_code, response.json()["code"]) == (429, "too_many")
    assert response.headers["Retry-After"] == "1"
    assert guest.get("/me").status_code == 200


@pytest.mark.django_db
def test_guessing_passwords_ends_soon_and_says_until_when(guest, member):
    with freeze_time("2027-03-01 12:05:00"):
        for _ in range(limits.SIGN_IN_HERE_MAX):
            assert guest.post("/tokens", {"email": member.email, "password": "x"}).status_code == 401
        response = guest.post("/tokens", {"email": member.email, "password": "a long password"})
        assert response.status_code == 429
        assert response.headers["Retry-After"] == "600"
    with freeze_time("2027-03-01 12:15:00"):
        assert (
            guest.post("/tokens", {"email": member.email, "password": "a long password"}).status_code == 201
        )
    assert Attempt.objects.count() == 3  # those of the quarter before are gone


@pytest.mark.django_db
def test_one_network_does_not_try_many_accounts(guest):
    codes = [
        guest.post("/tokens", {"email": f"a{number}@example.com", "password": "x"}).status_code
        for number in range(limits.SIGN_IN_NETWORK_MAX + 1)
    ]
    assert codes[-2:] == [401, 429]


@pytest.mark.django_db
def test_addresses_are_not_kept(guest):
    guest.post("/tokens", {"email": "wren@example.com", "password": "x"})
    assert not [row for row in Attempt.objects.all() if "wren" in row.key or "127.0" in row.key]


@pytest.mark.django_db
def test_guests_behind_our_proxy_are_networks_of_their_own(guest, settings):
    settings.TRUSTED_PROXIES = 1

    def left(address):
        return guest.get("/me", X_Forwarded_For=f"203.0.113.9, {address}").headers["RateLimit"]

    assert left("198.51.100.7") == left("198.51.100.8") != left("198.51.100.7")


@pytest.mark.django_db
def test_without_a_proxy_of_ours_nobody_invents_a_network(guest):
    first, second = (guest.get("/me", X_Forwarded_For=f"198.51.100.{n}").headers["RateLimit"] for n in (7, 8))
    assert first != second
