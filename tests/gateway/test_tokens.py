"""Nobody speaks in another's name, and no token outlives its time."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from bot.errors import ConfigError
from bot.gateway.app import create_app
from bot.gateway.errors import ApiError
from bot.gateway.parts import GatewayConfig, Parts
from bot.gateway.tokens import ConversationTokens, CustomerTokens
from bot.storage import Database
from tests.gateway.conftest import CUSTOMER_KEY, SECRET, Caller, customer_jwt, running

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)


class Hand:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_a_foreign_token_is_refused(http: httpx.AsyncClient, caller: Caller) -> None:
    other = await Caller(http).open()
    other.token = caller.token
    for method, path in (("POST", "messages"), ("GET", "messages"), ("GET", "events")):
        body = {"json": {"text": "查余额", "client_id": "a"}} if method == "POST" else {}
        answer = await other.call(method, path, **body)
        assert code_of(answer) == (403, "foreign_conversation")
    assert code_of(await other.call("POST", "identity", json={"customer_token": "x"}))[0] == 403
    assert code_of(await other.call("POST", "feedback", json={"rating": 5}))[0] == 403


async def test_missing_and_malformed_tokens(caller: Caller) -> None:
    caller.token = ""
    assert code_of(await caller.post(text="你好")) == (401, "token_missing")
    for bad in ("nonsense", "a.b.c", customer_jwt()):
        caller.token = bad
        assert code_of(await caller.post(text="你好")) == (401, "token_invalid")


async def test_only_the_events_call_takes_a_token_in_its_address(caller: Caller) -> None:
    token, caller.token = caller.token, ""
    answer = await caller.call("GET", "messages", params={"token": token})
    assert code_of(answer) == (401, "token_missing")


async def test_an_expired_token_says_so(config: GatewayConfig, db: Database) -> None:
    clock = Hand()
    async with running(create_app(config, db, clock=clock)) as http:
        caller = await Caller(http).open()
        assert (await caller.post(text="你好")).status_code == 202
        clock.now += timedelta(seconds=config.conversation_ttl + 1)
        answer = await caller.post(text="还在吗")
        assert code_of(answer) == (401, "token_expired")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert "刷新" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "forged",
    [
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJDMTAwMSIsImF1ZCI6ImJhbmtib3QifQ.",
        customer_jwt(key="another key of the same length or somewhat longer"),
        customer_jwt(aud="another-app"),
        customer_jwt(aud=None),
        customer_jwt(exp=None),
        customer_jwt(exp=1e30),
        customer_jwt(sub=None),
        customer_jwt(""),
        customer_jwt("C" * 65),
        customer_jwt(nbf=datetime.now(timezone.utc) + HOUR),
        "nonsense",
    ],
    # Tokens tell the time, which no worker of the suite may see in a test's name.
    ids=[
        "unsigned", "key", "audience", "no audience", "no end", "endless", "nobody", "empty",
        "too long", "not yet", "nonsense",
    ],
)  # fmt: skip
async def test_a_forged_customer_is_refused(http: httpx.AsyncClient, forged: str) -> None:
    headers = {"Authorization": f"Bearer {forged}"}
    answer = await http.post("/api/conversations", headers=headers)
    assert code_of(answer) == (401, "customer_token_invalid")
    caller = await Caller(http).open()
    answer = await caller.call("POST", "identity", json={"customer_token": forged})
    assert code_of(answer) == (401, "customer_token_invalid")


async def test_a_broken_authorization_header_is_not_an_anonymous_customer(
    http: httpx.AsyncClient,
) -> None:
    for header in ("Basic abc", "Bearer", "Bearer  ", customer_jwt()):
        answer = await http.post("/api/conversations", headers={"Authorization": header})
        assert code_of(answer) == (401, "token_invalid"), header


async def test_a_signed_customer_is_known(http: httpx.AsyncClient, parts: Parts) -> None:
    caller = await Caller(http).open(headers={"Authorization": f"Bearer {customer_jwt()}"})
    assert parts.log.get(caller.id).customer_id == "C1001"
    assert (await caller.read())["signed_in"] is True


async def test_signing_in_later_binds_once(caller: Caller, parts: Parts) -> None:
    assert (await caller.read())["signed_in"] is False
    for _ in range(2):
        answer = await caller.call("POST", "identity", json={"customer_token": customer_jwt()})
        assert answer.json() == {"conversation_id": caller.id, "signed_in": True}
    other = await caller.call("POST", "identity", json={"customer_token": customer_jwt("C1002")})
    assert code_of(other) == (403, "forbidden")
    assert parts.log.get(caller.id).customer_id == "C1001"


async def test_an_expired_customer_token_says_so(http: httpx.AsyncClient) -> None:
    old = customer_jwt(exp=datetime.now(timezone.utc) - HOUR)
    answer = await http.post("/api/conversations", headers={"Authorization": f"Bearer {old}"})
    assert code_of(answer) == (401, "customer_token_expired")


def pem_pair(private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> tuple[str, str]:
    secret = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return secret.decode(), public.decode()


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_public_keys(algorithm: str) -> None:
    private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    if algorithm == "RS256":
        private = rsa.generate_private_key(65537, 2048)
    else:
        private = ec.generate_private_key(ec.SECP256R1())
    secret, public = pem_pair(private)
    tokens = CustomerTokens(public, algorithm, Hand())
    claims = {"sub": "C1001", "aud": "bankbot", "exp": NOW + HOUR}
    assert tokens.verify(jwt.encode(claims, secret, algorithm)) == "C1001"
    with pytest.raises(ApiError):
        tokens.verify(jwt.encode(claims, CUSTOMER_KEY, "HS256"))
    with pytest.raises(ConfigError, match="HS256"):
        tokens.sign("C1001", HOUR)


@pytest.mark.parametrize(
    ("key", "algorithm", "told"),
    [(CUSTOMER_KEY, "none", "none"), ("short", "HS256", "32"), (CUSTOMER_KEY, "RS256", "PEM")],
)
def test_a_key_that_does_not_fit_is_found_at_the_start(key: str, algorithm: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        CustomerTokens(key, algorithm, Hand())


def test_the_two_kinds_of_token_are_not_exchangeable() -> None:
    clock = Hand()
    conversations = ConversationTokens(SECRET, HOUR, clock)
    customers = CustomerTokens(SECRET.decode(), "HS256", clock)
    token, grant = conversations.issue("abc")
    assert grant.expires_at == NOW + HOUR
    with pytest.raises(ApiError):
        customers.verify(token)
    with pytest.raises(ApiError):
        conversations.verify(customers.sign("abc", HOUR))
