"""Keeps handoffs in SQLite. WEBHOOK_SECRETS=whsec_… PORT=8080 python3 receiver.py"""

import base64, hashlib, hmac, os, sqlite3, time  # noqa: E401, I001
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEYS = [base64.b64decode(one.strip().removeprefix("whsec_")) for one in os.environ["WEBHOOK_SECRETS"].split(",")]


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(min(int(self.headers.get("content-length") or 0), 256 * 1024))
        id, sent, given = (self.headers.get(f"webhook-{name}") or "" for name in ("id", "timestamp", "signature"))
        signed = f"{id}.{sent}.".encode() + body
        good = [b"v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)) for key in KEYS]
        ours = any(hmac.compare_digest(one.encode(), key) for one in given.split(" ") for key in good)
        if kept := ours and sent.isdecimal() and abs(time.time() - int(sent)) <= 300:
            with sqlite3.connect(os.environ.get("DATABASE", "handoffs.db")) as database:  # commits, then we answer
                database.execute("CREATE TABLE IF NOT EXISTS handoffs (id TEXT PRIMARY KEY, body TEXT)")
                database.execute("INSERT OR IGNORE INTO handoffs VALUES (?, ?)", (id, body.decode()))
        self.send_response_only(204 if kept else 401)
        self.end_headers()


ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Receiver).serve_forever()
