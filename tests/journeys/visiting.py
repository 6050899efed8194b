"""What a person does on pages without any script: forms filled in and sent."""

import re
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener


def sign_up(url: str, email: str, password: str) -> None:
    """Open an account through its form."""
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    page = opener.open(f"{url}/account/signup/", timeout=20).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    form = {"csrfmiddlewaretoken": token, "email": email, "password1": password}
    answer = opener.open(f"{url}/account/signup/", urlencode(form).encode(), timeout=20)
    assert answer.status == 200
