"""A receiver over real sockets that misbehaves on order, drops repeats by `webhook-id`, and remembers the truth."""

from __future__ import annotations

import asyncio
import ssl
from datetime import datetime, timedelta, timezone
from enum import Enum
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from admissions.core import signing
from tests.fakes import FixedClock


class Fault(Enum):
    """What the receiver does with the next request; those with `kept` have it although we do not hear so."""

    NONE = "200"
    ERROR = "500"
    BUSY = "503 with Retry-After"
    REDIRECT = "302"
    GONE = "410"
    SILENCE = "kept, no answer"
    SLOW_BODY = "kept, an answer that trickles"
    CUT_OFF = "kept, an answer cut off"
    RESET = "reset before it is read"
    WRONG_CERTIFICATE = "a certificate nobody vouches for"


#: The whole answer of the faults that have one.
ANSWERS = {
    Fault.NONE: b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
    Fault.ERROR: b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    Fault.BUSY: b"HTTP/1.1 503 Busy\r\nRetry-After: 90\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    Fault.REDIRECT: b"HTTP/1.1 302 There\r\nLocation: /x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    Fault.GONE: b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
}

#: Faults in which the receiver has kept the handoff.
KEEPS = frozenset((Fault.NONE, Fault.SILENCE, Fault.SLOW_BODY, Fault.CUT_OFF))


class FaultyReceiver:
    """Serves plain and TLS on loopback ports; `fault` is what happens next."""

    def __init__(self, secret: str, clock: FixedClock) -> None:
        self.fault = Fault.NONE
        self.kept: dict[str, bytes] = {}  #: what a receiver that drops repeats has, by webhook-id
        self.repeats = 0
        self.answered_2xx: set[str] = set()
        self.wrong: list[str] = []  #: requests that should never have come
        self._secret = secret
        self._clock = clock

    async def start(self, folder: Path) -> None:
        """Listen; `folder` holds the certificate."""
        self._plain = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._tls = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self_signed(folder))
        self.url = f"http://127.0.0.1:{self._plain.sockets[0].getsockname()[1]}/hook"
        self.tls_url = f"https://127.0.0.1:{self._tls.sockets[0].getsockname()[1]}/hook"

    async def stop(self) -> None:
        """Close both doors."""
        for server in (self._plain, self._tls):
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fault = self.fault
        try:
            if fault is Fault.RESET:
                writer.transport.abort()
                return
            head = await reader.readuntil(b"\r\n\r\n")
            lines = head.decode().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:] if line)}
            body = await reader.readexactly(int(headers["content-length"]))
            self._take(lines[0], headers, body, fault)
            await self._answer(writer, fault)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _take(self, first_line: str, headers: dict[str, str], body: bytes, fault: Fault) -> None:
        id = headers["webhook-id"]
        if first_line != "POST /hook HTTP/1.1":
            self.wrong.append(first_line)
        if not signing.verify(headers, body, [self._secret], self._clock.now()):
            self.wrong.append(f"{id}: the signature does not verify")
        if self.kept.get(id, body) != body:
            self.wrong.append(f"{id}: another body under the same id")
        if fault in KEEPS:
            self.repeats += id in self.kept
            self.kept[id] = body
        if fault is Fault.NONE:
            self.answered_2xx.add(id)

    async def _answer(self, writer: asyncio.StreamWriter, fault: Fault) -> None:
        if fault in ANSWERS:
            writer.write(ANSWERS[fault])
        elif fault is Fault.SLOW_BODY:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while not writer.is_closing():  # until the sender hangs up
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.01)
        elif fault is Fault.CUT_OFF:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        elif fault is Fault.SILENCE:
            await asyncio.sleep(3600)
        await writer.drain()


def self_signed(folder: Path) -> ssl.SSLContext:
    """Return the TLS side of a server whose certificate no authority signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "receiver.example.org")])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = folder / "receiver.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
