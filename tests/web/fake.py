"""A small server for the widget's tests: the real coach, keywords instead of a model, faults on demand.

`tests/contract` holds it to what the real server does.
"""

from __future__ import annotations

import json
import re
import secrets
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR, socket
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from palmwise.coach.behaviour import act, plan, view
from palmwise.coach.cards import as_json
from palmwise.coach.commands import ClockReport, Command
from palmwise.coach.content import client_phrases
from palmwise.coach.replies import Reply, payloads
from palmwise.coach.session import Session
from palmwise.coach.talk import deletion_reply, is_deletion_request
from palmwise.coach.turns import Turn
from palmwise.errors import RefusedError
from palmwise.resources import ROOT, content
from palmwise.server import icons
from palmwise.server.assets import KINDS, Asset, Assets, find_file
from palmwise.server.sounds import SpeechStore
from palmwise.server.static import PICTURE_POLICY, PICTURES_KEPT, POLICY, WORKER
from palmwise.speech.delivery import sentence_at

WEB = ROOT / "web"
MADE = {"phrases.json": lambda: json.dumps(client_phrases(content())).encode(), **icons.makers()}
PICTURES = ROOT / "content" / "en" / "pictures"
ASSETS = Assets(WEB, WEB / "dist", MADE, PICTURES)
COOKIE = "palmwise_conversation"
HEADER = "X-Palmwise-Conversation"
LONGEST_TEXT = 1000
KEYWORDS: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    (r"\bhow long", "how_long", {}),
    (r"vaseline", "faq/vaseline", {}),
    (r"\b(oil|lotion)", "faq/oils", {}),
    (r"reflex point|which point", "faq/reflexology_points", {}),
    (r"broken", "report_red_flag", {"symptom": "fracture"}),
    (r"chest", "report_red_flag", {"symptom": "chest_pain"}),
    (r"right hand first", "hand_first", {"hand": "right"}),
    (r"ouch|hurts", "report_pain", {}),
    (r"sore|stiff", "report_symptom", {"symptom": "soreness"}),
    (r"arthritis", "report_symptom", {"symptom": "arthritis"}),
    (r"five minutes", "set_duration", {"minutes": "5"}),
    (r"reflexology", "start_routine", {"routine": "reflexology"}),
    (r"classic", "start_routine", {"routine": "classic"}),
    (r"what are the steps", "list_steps", {}),
    (r"routines", "list_routines", {}),
    (r"\bbegin\b|start", "start_routine", {}),
    (r"\bnext\b|done", "next_step", {}),
    (r"\bback\b", "previous_step", {}),
    (r"pause|wait", "pause", {}),
    (r"go on|carry on", "resume", {}),
    (r"\bstop\b", "stop", {}),
    (r"louder", "speak_up", {}),
    (r"^(yes|ready)\b", "affirm", {}),
    (r"^no\b", "deny", {}),
    (r"hello|^hi\b", "greet", {}),
    (r"thank", "thank", {}),
)


def understood(text: str) -> Command:
    """The command in a sentence, by the keywords that the tests use."""
    for pattern, intent, entities in KEYWORDS:
        if re.search(pattern, text.lower()):
            return Command(intent, {name: (value,) for name, value in entities.items()})
    return Command("nlu_fallback")


@dataclass
class Talk:
    """One conversation."""

    session: Session
    answered: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


@dataclass
class Coach:
    """All conversations, what was asked of them, and what is to go wrong."""

    now: Callable[[], float] = time.time
    talks: dict[str, Talk] = field(default_factory=dict)
    received: list[dict[str, Any]] = field(default_factory=list)
    acted: int = 0
    """Messages that were acted on, retries not counted."""
    swallow: int = 0
    """Answers to lose after acting."""
    refuse: list[tuple[int, str]] = field(default_factory=list)
    """Status and sentence for the coming messages."""
    say: list[str] = field(default_factory=list)
    """Texts to answer the coming messages with, instead of the coach's."""
    requests: list[str] = field(default_factory=list)
    """Method and path of every request."""
    hears: list[str] | None = None
    """Words for the coming sounds; None for a server without an ear."""
    sounds: list[bytes] = field(default_factory=list)
    """What was sent to be listened to."""
    origins: frozenset[str] = frozenset()
    voice: bytes | None = None
    """The sound of whatever is said; None: there is no voice."""
    speech: SpeechStore = field(default_factory=SpeechStore)
    asked_for_speech: list[str] = field(default_factory=list)
    """Addresses that were asked for."""
    lock: Lock = field(default_factory=Lock)
    """Who has it keeps the coach from answering."""

    def open(self) -> str:
        """A new conversation's id."""
        id = secrets.token_urlsafe(24)
        self.talks[id] = Talk(Session.new(secrets.token_hex(8)))
        return id

    def look(self, id: str, *, aloud: bool = False) -> dict[str, Any]:
        """The current card, and the plan, on request with the addresses of its sounds."""
        session = self.talks[id].session
        reply = view(content(), session, self.now())
        steps = as_json(plan(content(), session, self.now()))
        found = {"session": reply.custom["session"], "messages": self.spoken(id, messages(reply))}
        if steps and aloud and self.voice:
            steps = self.speech.plan_with_addresses(id, steps)
        return {**found, "plan": steps} if steps else found

    def spoken(self, id: str, answer: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The answer with the addresses of its sounds, if there is a voice."""
        return self.speech.with_addresses(id, answer) if self.voice else answer

    def message(self, id: str, given: dict[str, Any]) -> list[dict[str, Any]]:
        """The answer to a message; the same one again to a retry."""
        talk = self.talks[id]
        self.received.append(given)
        name = given.get("id") or secrets.token_hex(8)
        if name not in talk.answered:
            self.acted += 1
            turn = self._turn(talk, given)
            talk.session = turn.session
            talk.answered[name] = self.spoken(id, messages(turn.reply)) if turn.reply else []
            if self.say and talk.answered[name]:
                talk.answered[name][0]["text"] = self.say.pop(0)
        return talk.answered[name]

    def _turn(self, talk: Talk, given: dict[str, Any]) -> Turn:
        if is_deletion_request(content(), given.get("text", "")):
            new = Session.new(secrets.token_hex(8))
            return Turn(new, deletion_reply(content(), new, self.now()))
        return act(content(), talk.session, command(given), self.now())


def command(given: Mapping[str, Any]) -> Command:
    """The command in a message of the contract."""
    clock = ClockReport(**given["clock"]) if given.get("clock") else None
    if "text" in given:
        said = understood(given["text"])
        # Which hand comes first is read from the words.
        words = given["text"] if said.intent == "hand_first" else ""
        return Command(said.intent, said.entities, "person", None, clock, text=words)
    intent, _, rest = given["payload"].removeprefix("/").partition("{")
    entities = json.loads("{" + rest) if rest else {}
    return Command(intent, {name: (value,) for name, value in entities.items()}, given["by"], given.get("token"), clock)


def checked(kind: str, body: bytes, conversation: str) -> dict[str, Any]:
    """The message in a request, of `conversation` unless it names one. Raises `RefusedError` as the contract says."""
    if kind.partition(";")[0] != "application/json":
        raise RefusedError(415, "not_json", "Send the message as application/json.")
    try:
        given = json.loads(body)
    except ValueError:
        given = None
    if not isinstance(given, dict) or isinstance(given.get("text"), str) == isinstance(given.get("payload"), str):
        raise RefusedError(400, "malformed", "Send a JSON object with either text or payload.")
    if not isinstance(given.get("clock", {}), dict) or (given.get("by") == "timer" and not given.get("token")):
        raise RefusedError(400, "malformed", "A clock is an object, and a timer carries a token.")
    if len(given.get("text", "")) > LONGEST_TEXT:
        raise RefusedError(413, "too_long", f"A text has {LONGEST_TEXT} characters at most.")
    if "payload" in given and given["payload"] not in payloads(content()):
        raise RefusedError(400, "unknown_payload", "No button sends this payload.")
    if not given.setdefault("conversation", conversation):
        raise RefusedError(400, "malformed", "Say which conversation, or send its cookie.")
    return given


def messages(reply: Reply) -> list[dict[str, Any]]:
    """Rasa's message objects."""
    told: list[dict[str, Any]] = [{"recipient_id": "x", "text": text} for text in reply.texts]
    if told and reply.buttons:
        told[-1]["buttons"] = [{"title": button.title, "payload": button.payload} for button in reply.buttons]
    return [*told, {"recipient_id": "x", "custom": dict(reply.custom)}]


class Handler(BaseHTTPRequestHandler):
    """The contract's routes and the widget's files."""

    protocol_version = "HTTP/1.1"
    coach: Coach
    open: set[socket]

    def setup(self) -> None:
        """A browser keeps its connections; a server that is killed cuts them."""
        super().setup()
        self.open.add(self.connection)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""

    def parse_request(self) -> bool:
        """Notes what is asked for."""
        read = super().parse_request()
        if read:
            self.coach.requests.append(f"{self.command} {urlsplit(self.path).path}")
        return read

    def do_OPTIONS(self) -> None:
        """A browser asks whether another site may."""
        self._give(204, b"", "text/plain")

    def do_GET(self) -> None:
        """Files, and the current card."""
        path = urlsplit(self.path).path
        if path == "/coach/conversation":
            aloud = parse_qs(urlsplit(self.path).query).get("speech") == ["plan"]
            self._respond(self._conversation(), lambda id: self.coach.look(id, aloud=aloud))
        elif path == "/coach/speech":
            self._speech()
        elif path == "/coach/health":
            self._json(200, {"status": "ok"})
        elif path == "/coach/listen":
            self._json(200, {"ear": None if self.coach.hears is None else "fake"})
        elif path.startswith("/coach/pictures/"):
            file = find_file(PICTURES, path.removeprefix("/coach/pictures/"), frozenset({".svg"}))
            self._file(Asset(file.read_bytes(), file.suffix, PICTURES_KEPT) if file else None)
        else:
            self._file(ASSETS.get(path.removeprefix("/coach/").strip("/") or "index.html"))

    def _speech(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        self.coach.asked_for_speech.append(self.path)
        rate = query.get("rate", ["165"])[0]
        spoken = self.coach.speech.find(query.get("key", [""])[0])
        sentence = query.get("sentence", ["0"])[0]
        if self.coach.voice is None or spoken is None:
            self._json(404, {"error": "unknown_speech", "detail": "The coach has not said that."})
        elif not sentence.isdecimal():
            self._json(400, {"error": "malformed", "detail": "Sentences are numbered from 0."})
        elif sentence_at(spoken.text, int(sentence)) is None:
            self._json(404, {"error": "unknown_speech", "detail": "The coach has not said that."})
        elif not rate.isdecimal() or not 80 <= int(rate) <= 300:
            self._json(400, {"error": "malformed", "detail": "A rate is 80 to 300."})
        else:
            kind = "audio/mpeg" if self.headers.get("Accept") == "audio/mpeg" else "audio/ogg"
            self._give(200, self.coach.voice, kind, {"Cache-Control": "private, no-store"})

    def do_POST(self) -> None:
        """A new conversation, or a message."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self._foreign():
            self._json(403, {"error": "foreign", "detail": "Another site may not talk to the coach."})
        elif self.path == "/coach/conversation":
            id = self.coach.open()
            self._json(200, {"conversation": id}, f"{COOKIE}={id}; Path=/; HttpOnly; SameSite=Lax")
        elif urlsplit(self.path).path == "/coach/listen":
            self._respond(self._conversation(), lambda _: self._listen(body))
        elif self.coach.refuse:
            status, detail = self.coach.refuse.pop(0)
            self._json(status, {"error": "x", "detail": detail})
        else:
            try:
                given = checked(self.headers.get("Content-Type", ""), body, self._conversation())
            except RefusedError as error:
                self._json(error.status, {"error": error.code, "detail": error.detail})
            else:
                self._respond(given["conversation"], lambda id: self._answer(id, given))

    def _listen(self, sound: bytes) -> dict[str, Any]:
        self.coach.sounds.append(sound)
        text = self.coach.hears.pop(0) if self.coach.hears else ""
        return {"text": text, "complete": bool(text), "doubtful": False}

    def do_DELETE(self) -> None:
        """Forgets a conversation."""
        self._respond(self._conversation(), self._forget)

    def _forget(self, id: str) -> None:
        del self.coach.talks[id]
        self.coach.speech.forget(id)

    def _answer(self, id: str, given: dict[str, Any]) -> dict[str, Any] | None:
        answer = self.coach.message(id, given)
        if self.coach.swallow:
            self.coach.swallow -= 1
            self.close_connection = True
            self.connection.close()
            raise ConnectionAbortedError
        return {"messages": answer}

    def _conversation(self) -> str:
        """The id in the header, the query or the cookie; empty if there is none."""
        cookie = SimpleCookie(self.headers.get("Cookie", ""))
        query = parse_qs(urlsplit(self.path).query).get("conversation", [""])
        return self.headers.get(HEADER) or query[0] or (cookie[COOKIE].value if COOKIE in cookie else "")

    def _respond(self, id: str, answer: Callable[[str], dict[str, Any] | None]) -> None:
        if id not in self.coach.talks:
            self._json(404, {"error": "unknown_conversation", "detail": "No such conversation."})
            return
        try:
            with self.coach.lock:
                given = answer(id)
        except ConnectionAbortedError:
            return
        if given is None:
            self._give(204, b"", "text/plain")
        else:
            self._json(200, given)

    def _foreign(self) -> bool:
        origin = self.headers.get("Origin")
        own = f"http://{self.headers.get('Host')}"
        return origin is not None and origin != own and origin not in self.coach.origins

    def _json(self, status: int, given: dict[str, Any], cookie: str | None = None) -> None:
        self._give(status, json.dumps(given).encode(), "application/json", {"Set-Cookie": cookie} if cookie else {})

    def _file(self, asset: Asset | None) -> None:
        if asset is None:
            self._json(404, {"error": "not_found", "detail": "No such file."})
            return
        policy = PICTURE_POLICY if asset.suffix == ".svg" else POLICY
        tag = f'"{asset.tag}"'
        headers = {"Content-Security-Policy": policy, "Cache-Control": asset.caching, "ETag": tag}
        if self.path.endswith(f"/{WORKER}"):
            headers["Service-Worker-Allowed"] = "/"
        if self.headers.get("If-None-Match") == tag:
            self._give(304, b"", KINDS[asset.suffix], headers)
            return
        body = asset.compressed or asset.content
        if asset.compressed:
            headers["Content-Encoding"] = "gzip"
        self._give(200, body, KINDS[asset.suffix], headers)

    def _give(self, status: int, body: bytes, kind: str, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(HTTPStatus(status))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        origin = self.headers.get("Origin")
        if origin in self.coach.origins:
            self.send_header("Access-Control-Allow-Origin", str(origin))
            self.send_header("Access-Control-Allow-Headers", f"Content-Type, {HEADER}")
            self.send_header("Access-Control-Allow-Methods", "GET, POST, DELETE")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Quiet(ThreadingHTTPServer):
    """A server whose browsers may go away in the middle of an answer."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Reports what is not of a connection that was cut."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Served:
    """A coach on a port, to be killed and brought back."""

    def __init__(self, coach: Coach | None = None, port: int = 0) -> None:
        self.coach = coach or Coach()
        self._port = port
        self._server: ThreadingHTTPServer | None = None
        self.start()

    @property
    def address(self) -> str:
        """Where it is, without a slash."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Serves on the same port as before."""
        self._open: set[socket] = set()
        handler = type("OwnHandler", (Handler,), {"coach": self.coach, "open": self._open})
        self._server = Quiet(("127.0.0.1", self._port), handler)
        self._port = self._server.server_address[1]
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Answers nobody any more."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(SHUT_RDWR)


if __name__ == "__main__":
    served = Served(port=5180)
    while True:
        time.sleep(3600)
