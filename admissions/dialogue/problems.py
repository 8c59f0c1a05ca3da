"""Errors as the widget gets them: problem JSON (RFC 9457), never a stack trace and never anybody's words."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse


@dataclass(eq=False)
class Problem(Exception):
    """One refusal: HTTP status, a short code the widget can look at, and a sentence for a person."""

    status: int
    code: str
    title: str

    def response(self) -> HTTPResponse:
        """Return the problem as an HTTP response."""
        body = {"type": f"urn:admissions:problem:{self.code}", "title": self.title, "status": self.status}
        return HTTPResponse(json.dumps(body), status=self.status, content_type="application/problem+json")


NOT_JSON = Problem(400, "not-json", "The body must be a JSON object.")
WRONG_TYPE = Problem(415, "content-type", "Send the body as application/json.")
TOO_LARGE = Problem(413, "too-large", "The message is too large. Please send a shorter one.")
NO_TOKEN = Problem(401, "no-session", "Start a session first: POST /chat/session.")
BAD_TOKEN = Problem(401, "bad-session", "This session is not known. Please start a new one.")
EXPIRED = Problem(401, "session-expired", "This session has expired. Please start a new one.")
GONE = Problem(401, "session-gone", "This conversation was deleted. Please start a new one.")
BAD_ID = Problem(400, "bad-id", "`id` must be a UUID that the client made for this message.")
BAD_TEXT = Problem(400, "bad-text", "Send either `text` or `payload`, as a string that is not empty.")
NOT_OFFERED = Problem(409, "not-offered", "This button was not offered in this conversation.")
FOREIGN_ORIGIN = Problem(403, "origin", "This website may not use this assistant.")
UNAVAILABLE = Problem(503, "unavailable", "The assistant cannot start a conversation right now.")
NOT_FOUND = Problem(404, "not-found", "There is nothing at this address.")
METHOD = Problem(405, "method", "This address does not take that method.")
INTERNAL = Problem(500, "internal", "Something went wrong on our side.")
BAD_REQUEST = Problem(400, "bad-request", "The request could not be read.")

_BY_STATUS = {problem.status: problem for problem in (BAD_REQUEST, NOT_FOUND, METHOD, TOO_LARGE)}


def problem_of(request: Request, error: Exception) -> HTTPResponse:
    """Return the response for any error that leaves a handler."""
    if isinstance(error, Problem):
        # Each is raised again and again: a traceback that stays would grow with every refusal and keep visitors' words.
        error.__traceback__ = error.__context__ = None
        return error.response()
    if isinstance(error, SanicException):
        status = getattr(error, "status_code", None) or 500
        return _BY_STATUS.get(status, INTERNAL if status >= 500 else Problem(status, "refused", "Refused.")).response()
    return INTERNAL.response()
