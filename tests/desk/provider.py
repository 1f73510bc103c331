"""A small OpenID Connect provider on loopback: real keys and codes, PKCE checked, faults that can be switched on."""

import asyncio
import base64
import hashlib
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import uvicorn
from fastapi import FastAPI, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "meja", "rahasia-meja"


class Provider:
    """Who signs in there is decided by `user`; `fault` spoils the next token."""

    def __init__(self) -> None:
        self.issuer = ""
        self.key, self.stolen = RSAKey.generate_key(2048), RSAKey.generate_key(2048)
        self.user: dict[str, Any] = {}
        self.fault = ""
        self.now: datetime | None = None
        self._codes: dict[str, dict[str, str]] = {}
        self.app = FastAPI()
        self.app.get("/.well-known/openid-configuration")(self.configuration)
        self.app.get("/keys")(self.keys)
        self.app.get("/authorize")(self.authorize)
        self.app.post("/token")(self.token)

    async def configuration(self) -> dict[str, str]:
        issuer = "https://lain.example" if self.fault == "issuer" else self.issuer
        paths = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
        return {"issuer": issuer, **{name: self.issuer + path for name, path in paths.items()}}

    async def keys(self) -> dict[str, Any]:
        return {"keys": [{**self.key.as_dict(private=False), "kid": "satu", "use": "sig"}]}

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?code={code}&state={asked['state']}")

    async def token(
        self,
        request: Request,
        code: str = Form(),
        code_verifier: str = Form(),
        redirect_uri: str = Form(),
    ) -> Response:
        asked = self._codes.pop(code, None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(code_verifier.encode()).digest()).rstrip(b"=").decode()
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        known = request.headers.get("authorization") == f"Basic {basic}"
        if not asked or not known or asked["code_challenge"] != challenge or asked["redirect_uri"] != redirect_uri:
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse({"token_type": "Bearer", "access_token": "x", "id_token": self._signed(asked)})

    def _signed(self, asked: dict[str, str]) -> str:
        now = self.now or datetime.now().astimezone()
        if self.fault == "expired":
            now -= timedelta(hours=1)
        claims = {
            "iss": "https://lain.example" if self.fault == "token issuer" else self.issuer,
            "aud": "orang-lain" if self.fault == "audience" else asked["client_id"],
            "nonce": "lain" if self.fault == "nonce" else asked["nonce"],
            "iat": int(now.timestamp()),
            "exp": int((now + timedelta(minutes=5)).timestamp()),
            "sub": "u-1",
            **self.user,
        }
        if self.fault == "audiences":
            claims["aud"] = [asked["client_id"], "orang-lain"]
        if self.fault == "alg none":
            head, body = (_plain(part) for part in ({"alg": "none"}, claims))
            return f"{head}.{body}."
        if self.fault == "symmetric":
            return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET * 3), algorithms=["HS256"])
        key = self.stolen if self.fault == "key" else self.key
        token = jwt.encode({"alg": "RS256", "kid": "satu"}, claims, key)
        if self.fault == "altered":
            head, body, signature = token.split(".")
            return f"{head}.{_plain({**claims, 'email': 'ani@kantor.example'})}.{signature}"
        return token


@asynccontextmanager
async def provided() -> AsyncIterator[Provider]:
    """A provider behind a real socket."""
    provider = Provider()
    server = uvicorn.Server(uvicorn.Config(provider.app, port=0, log_level="error"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 (uvicorn offers no event to wait for)
        await asyncio.sleep(0.02)
    provider.issuer = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield provider
    server.should_exit = True
    await asyncio.wait_for(serving, 60)


def _plain(said: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()
