"""Requests as a browser sends them, on a connection each, as most reverse proxies do."""

import http.client
import uuid
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

CSRF = "b" * 32


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    body: str


@dataclass(frozen=True)
class Browser:
    """Somebody signed in by a session made beforehand."""

    port: int
    session: str
    patience: float = 300  # seconds until an answer counts as none

    def get(self, path: str) -> Answer:
        return self._send("GET", path, b"", {})

    def post(self, path: str, fields: dict[str, str], file: tuple[str, bytes] | None = None) -> Answer:
        """Send a form; with a file, as the form's `file`."""
        fields = {"csrfmiddlewaretoken": CSRF, **fields}
        if file is None:
            return self._send("POST", path, urlencode(fields).encode(), {"Content-Type": FORM})
        edge = uuid.uuid4().hex
        parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}' for name, value in fields.items()]
        named = f'Content-Disposition: form-data; name="file"; filename="{file[0]}"\r\nContent-Type: text/csv\r\n\r\n'
        text = "".join(f"--{edge}\r\n{part}\r\n" for part in parts)
        body = f"{text}--{edge}\r\n{named}".encode() + file[1] + f"\r\n--{edge}--\r\n".encode()
        return self._send("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={edge}"})

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        try:
            cookies = {"Cookie": f"sessionid={self.session}; csrftoken={CSRF}"}
            connection.request(method, path, body or None, {**headers, **cookies, "Connection": "close"})
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
            return Answer(answer.status, urlsplit(answer.headers.get("Location", "")).path, text)
        finally:
            connection.close()


FORM = "application/x-www-form-urlencoded"


def filled_in(page: str) -> dict[str, str]:
    """What the page's own forms, outside the shell, would send if nothing were changed."""
    reader = _Fields()
    reader.feed(page)
    return reader.fields


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.inside = False
        self.select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attributes}
        if tag == "main":
            self.inside = True
        if not self.inside:
            return
        name, value = said.get("name", ""), said.get("value", "")
        if tag == "input" and name and name != "csrfmiddlewaretoken":
            if said.get("type") not in ("checkbox", "radio", "submit", "file") or "checked" in said:
                self.fields[name] = value
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in said:
            self.fields[self.select] = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self.inside = False
        if tag == "select":
            self.select = ""
