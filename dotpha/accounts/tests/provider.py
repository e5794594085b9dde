"""A small provider of OpenID Connect on loopback: discovery, token, keys, userinfo; what it says is set by the test."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "dotpha", "a-secret-for-tests-only"
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGE_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class FakeProvider:
    """`claims` and `key` make the identity token, `userinfo` is told by itself, `discovery` overrides."""

    def __init__(self) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.claims: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.discovery: dict[str, Any] = {}
        self.key: Any = _KEY
        self.asked: dict[str, str] = {}
        self.is_broken = False
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def authorize(self, address: str) -> dict[str, str]:
        """What the provider's page would do: keep the question, lead back with a code."""
        self.asked = dict(parse_qsl(urlsplit(address).query))
        return {"code": "c0de", "state": self.asked["state"]}

    def answer(self, path: str, sent: dict[str, list[str]]) -> Any:
        if self.is_broken:
            return None
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "jwks_uri": f"{self.issuer}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            } | self.discovery
        if path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_KEY.public_key()))
            return {"keys": [public | {"kid": "one", "use": "sig", "alg": "RS256"}]}
        if path == "/userinfo":
            return self.userinfo
        if path == "/token" and self._is_asked_rightly(sent):
            now = int(time.time())
            claims = {
                "iss": self.issuer, "aud": CLIENT, "sub": "42", "iat": now, "exp": now + 60,
                "nonce": self.asked["nonce"],
            } | self.claims  # fmt: skip
            token = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "one"})
            return {"access_token": "a", "token_type": "Bearer", "id_token": token}
        return None

    def _is_asked_rightly(self, sent: dict[str, list[str]]) -> bool:
        digest = hashlib.sha256(sent.get("code_verifier", [""])[0].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return (sent["client_secret"], sent["code"], challenge) == ([SECRET], ["c0de"], self.asked["code_challenge"])

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                found = provider.answer(self.path, parse_qs(self.rfile.read(length).decode()))
                body = json.dumps(found).encode()
                self.send_response(500 if found is None else 200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815 -- the name that the library calls

            def log_message(self, *_args: Any) -> None:
                pass

        return Handler
