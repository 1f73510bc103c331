"""Sign-in from outside (OpenID Connect): code flow with PKCE, state and nonce; the provider only says who it is.

Rights are never made here: what comes back must name somebody the desk knows. The id token is believed when its
signature, issuer, audience, nonce and times are right, and nothing else is.
"""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from records.clock import Clock
from records.sealed import Seal, SealBroken

COOKIE = "luar"
LASTS = timedelta(minutes=10)
ALGORITHMS = ["RS256", "PS256", "ES256"]
LEEWAY = 60
KEEP = timedelta(hours=1)
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
BY_EMAIL, BY_USERNAME = "email", "username"


class NotBelieved(Exception):
    """The provider's answer cannot be trusted or could not be had; the reason is for the log, not for the page."""


@dataclass(frozen=True)
class OidcSettings:
    """Which provider, as whom we ask it, and by what it names our people."""

    issuer: str
    client_id: str
    client_secret: str
    redirect: str
    claim: str = BY_EMAIL
    name: str = "akun kantor"


@dataclass(frozen=True)
class Named:
    """Whom the provider named."""

    by: str
    """email or username."""
    value: str
    strong: bool
    """Whether it says that it asked for more than one factor."""


class Oidc:
    """One provider: what it publishes is asked for once an hour, and again when a key is new."""

    def __init__(self, settings: OidcSettings, seal: Seal, client: httpx.AsyncClient, real_clock: Clock) -> None:
        self.settings, self._seal, self._client, self._now = settings, seal, client, real_clock
        self._published: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._read_at: datetime | None = None

    async def begin(self, onward: str) -> tuple[str, str]:
        """Return where the browser is sent, and the cookie it must bring back; raises NotBelieved."""
        published = await self._publication()
        carried = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
        challenge = base64.urlsafe_b64encode(hashlib.sha256(carried["verifier"].encode()).digest()).rstrip(b"=")
        asked = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": self.settings.redirect,
            "scope": "openid email profile",
            "state": carried["state"],
            "nonce": carried["nonce"],
            "code_challenge": challenge.decode(),
            "code_challenge_method": "S256",
        }
        kept = {**carried, "onward": onward, "at": self._now().isoformat()}
        address = published["authorization_endpoint"]
        joint = "&" if urlsplit(address).query else "?"
        return address + joint + urlencode(asked), self._seal.close(json.dumps(kept)).decode()

    async def finish(self, cookie: str | None, state: str, code: str) -> tuple[Named, str]:
        """Return whom the provider names and where they wanted to go; raises NotBelieved."""
        kept = self._carried(cookie)
        if not code or not hmac.compare_digest(state.encode(), kept["state"].encode()):
            raise NotBelieved("state")
        published = await self._publication()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.settings.redirect,
            "code_verifier": kept["verifier"],
        }
        auth = httpx.BasicAuth(self.settings.client_id, self.settings.client_secret)
        answer = await self._asked("POST", published["token_endpoint"], data=form, auth=auth)
        claims = await self._believed(str(answer.get("id_token", "")), kept["nonce"])
        return self._named(claims), kept["onward"]

    def _carried(self, cookie: str | None) -> dict[str, str]:
        try:
            kept: dict[str, str] = json.loads(self._seal.open((cookie or "").encode()))
        except (SealBroken, ValueError) as broken:
            raise NotBelieved("cookie") from broken
        if datetime.fromisoformat(kept["at"]) < self._now() - LASTS:
            raise NotBelieved("too late")
        return kept

    async def _believed(self, token: str, nonce: str) -> dict[str, Any]:
        registry = jwt.JWTClaimsRegistry(
            now=lambda: int(self._now().timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": self.settings.issuer},
            aud={"essential": True, "value": self.settings.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            claims: dict[str, Any] = (await self._decoded(token)).claims
            registry.validate(claims)
        except (JoseError, ValueError) as refused:
            raise NotBelieved(type(refused).__name__) from refused
        audience = claims["aud"]
        if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != self.settings.client_id:
            raise NotBelieved("azp")
        return claims

    async def _decoded(self, token: str) -> jwt.Token:
        try:
            return jwt.decode(token, await self._key_set(), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            # the provider may have changed its keys since we read them: once more with what it publishes now
            self._keys = None
            return jwt.decode(token, await self._key_set(), algorithms=ALGORITHMS)

    def _named(self, claims: dict[str, Any]) -> Named:
        methods = claims.get("amr") or []
        strong = isinstance(methods, list) and "mfa" in methods
        if self.settings.claim == BY_USERNAME:
            value = str(claims.get("preferred_username") or "")
        else:
            value = str(claims.get("email") or "") if claims.get("email_verified") is True else ""
        if not value:
            raise NotBelieved("unnamed")
        return Named(self.settings.claim, value.strip().lower(), strong)

    async def _publication(self) -> dict[str, Any]:
        if self._read_at is None or self._read_at < self._now() - KEEP:
            address = self.settings.issuer.rstrip("/") + "/.well-known/openid-configuration"
            published = await self._asked("GET", address)
            if published.get("issuer") != self.settings.issuer:
                raise NotBelieved("issuer")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                _must_be_safe(str(published.get(name, "")))
            self._published, self._keys, self._read_at = published, None, self._now()
        return self._published

    async def _key_set(self) -> KeySet:
        if self._keys is None:
            published = await self._publication()
            self._keys = KeySet.import_key_set(await self._asked("GET", published["jwks_uri"]))  # type: ignore[arg-type]
        return self._keys

    async def _asked(self, method: str, address: str, **more: Any) -> dict[str, Any]:
        _must_be_safe(address)
        try:
            answer = await self._client.request(method, address, **more)
            answer.raise_for_status()
            said = answer.json()
        except (httpx.HTTPError, ValueError) as problem:
            raise NotBelieved(type(problem).__name__) from problem
        if not isinstance(said, dict):
            raise NotBelieved("no object")
        return said


def _must_be_safe(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise NotBelieved("not over TLS")
