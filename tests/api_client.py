"""A caller of the API, in tests."""

import json

from django.test import Client


class Api:
    """Calls the API with JSON, as a page (signed in) or a program (with a token) does."""

    def __init__(self, *, account=None, secret=None, **client):
        self.http = Client(**client)
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        if account is not None:
            self.http.force_login(account)

    def call(self, method, path, body=None, **headers):
        given = {}
        if body is not None:
            text = body if isinstance(body, str | bytes) else json.dumps(body, default=str)
            given = {"data": text, "content_type": "application/json"}
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.generic(method.upper(), f"/api/v1{path}", headers=sent, **given)

    def get(self, path, **headers):
        return self.call("GET", path, **headers)

    def post(self, path, body=None, **headers):
        return self.call("POST", path, body, **headers)
