"""Cleaning this device, as far as the server has a hand in it."""

from django.test import Client

from alpheus.listening.models import Device, Listener


def test_cleaning_has_the_browser_empty_its_cache_and_nothing_else(guest):
    response = guest.post("/device/clean")
    assert response.status_code == 204
    assert response["Clear-Site-Data"] == '"cache"', "who is signed in stays so"


def test_no_other_site_can_clean_it(db):
    assert Client(enforce_csrf_checks=True).post("/device/clean").status_code == 403


def test_the_page_leads_there(guest):
    assert 'data-holds-clean="/device/clean"' in guest.get("/device").content.decode()


def test_devices_are_listed_with_what_and_where_they_are(signed_in, member):
    listener = Listener.objects.create(account=member)
    phone = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
    Device.objects.create(listener=listener, name="Kitchen", user_agent=phone, territory="KR")
    page = signed_in.get("/device", headers={"accept-language": "ja"}).content.decode()
    assert "Kitchen" in page
    assert "韓国" in page
