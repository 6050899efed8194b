"""A small OpenID Connect provider on loopback: it checks what a client owes it, and signs what it says."""

import base64
import hashlib
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import time
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa


class Provider:
    """Who signs in, and what was asked."""

    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.url = ""
        self.client = ("alpheus-test", "a secret of ours")
        self.person = {
            "sub": "mei-1",
            "email": "mei@campus.example",
            "email_verified": True,
            "name": "Mei 梅",
        }
        self.codes = {}
        self.refuses = False

    def authorise(self, address):
        """What the person's browser does at the provider: say yes, and be sent back with a code."""
        given = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert given["client_id"] == self.client[0]
        assert given["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = given
        return given["redirect_uri"], {"code": code, "state": given["state"]}

    def token(self, form):
        given = self.codes.pop(form["code"], None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        right = given and proof.rstrip(b"=").decode() == given["code_challenge"]
        if not right or self.refuses or (form.get("client_id"), form.get("client_secret")) != self.client:
            return 400, {"error": "invalid_grant"}
        now = int(time())
        claims = self.person | {"iss": self.url, "aud": self.client[0], "iat": now, "exp": now + 60}
        signed = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "k1"})
        return 200, {"access_token": "at", "token_type": "Bearer", "expires_in": 60, "id_token": signed}

    def configuration(self):
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }


@contextmanager
def running():
    """The provider while it listens on a free port of this machine."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def answer(self, status, body):
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def do_GET(self):
            if self.path == "/.well-known/openid-configuration":
                self.answer(200, provider.configuration())
            elif self.path == "/userinfo" and self.headers["Authorization"] == "Bearer at":
                self.answer(200, provider.person)
            else:
                self.answer(404, {})

        def do_POST(self):
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.answer(*provider.token({name: values[0] for name, values in parse_qs(text).items()}))

        def log_message(self, *_given):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
