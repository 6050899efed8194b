"""Cleaning this device, as far as the server has a hand in it."""

from django.test import Client


def test_cleaning_has_the_browser_empty_its_cache_and_nothing_else(guest):
    response = guest.post("/device/clean")
    assert response.status_code == 204
    assert response["Clear-Site-Data"] == '"cache"', "who is signed in stays so"


def test_no_other_site_can_clean_it(db):
    assert Client(enforce_csrf_checks=True).post("/device/clean").status_code == 403


def test_the_page_leads_there(guest):
    assert 'data-holds-clean="/device/clean"' in guest.get("/device").content.decode()
