"""Debian's Firefox, driven over WebDriver BiDi: a few commands of the protocol, over a socket that it opens itself."""

from __future__ import annotations

import base64
import itertools
import json
import os
import re
import subprocess
import time
from pathlib import Path
from typing import Any, cast

from simple_websocket import Client  # type: ignore[import-untyped]

PROGRAM = Path("/usr/bin/firefox-esr")
PATIENCE = 60.0
"""Seconds until something should have happened; generous, for a busy machine."""
_LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
_PREFERENCES = {
    "app.normandy.enabled": False,
    "app.shield.optoutstudies.enabled": False,
    "nimbus.rollouts.enabled": False,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.enabled": False,
}


class _Socket(Client):  # type: ignore[misc]
    """Names the port as well, without which Firefox takes the address for a foreign one."""

    host: str

    def handshake(self) -> None:
        self.host = f"{self.host}:{self.port}"
        super().handshake()


class Firefox:
    """One window of a browser with an empty profile."""

    def __init__(self, profile: Path) -> None:
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in _PREFERENCES.items()]
        (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
        command = [str(PROGRAM), "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
        self._process = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "HOME": str(profile)},
        )
        self._numbers = itertools.count(1)
        self.complaints: list[str] = []
        """What scripts and the browser have put into the console as errors."""
        self._socket = _Socket(f"{self._address()}/session", max_message_size=50_000_000)
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["log.entryAdded"])
        self._window = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def _address(self) -> str:
        for line in cast("Any", self._process.stderr):
            found = _LISTENING.search(line)
            if found:
                return found[1]
        raise RuntimeError("Firefox has not opened its socket.")

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """The result of a command of the protocol. Raises `RuntimeError` if it is refused."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            told = json.loads(self._socket.receive(timeout=PATIENCE) or "{}")
            if told.get("method") == "log.entryAdded" and told["params"]["level"] == "error":
                self.complaints.append(str(told["params"].get("text")))
            if told.get("id") == number:
                if told["type"] == "error":
                    raise RuntimeError(f"{told['error']}: {told['message']}")
                return cast("dict[str, Any]", told["result"])
            if not told:
                raise RuntimeError(f"{method} was not answered.")

    def visit(self, address: str, width: int = 390, height: int = 844) -> None:
        """Goes to an address, in a window of this size in pixels."""
        self.ask("browsingContext.setViewport", context=self._window, viewport={"width": width, "height": height})
        self.ask("browsingContext.navigate", context=self._window, url=address, wait="complete")

    def read(self, script: str) -> Any:
        """What a function's body returns, as JSON; `root` is the widget's shadow root."""
        body = (
            "(async () => { const root = document.querySelector('palmwise-coach')?.shadowRoot;"
            f"return JSON.stringify(await (async () => {{ {script} }})() ?? null); }})()"
        )
        target = {"context": self._window}
        told = self.ask("script.evaluate", expression=body, target=target, awaitPromise=True)
        if told["type"] == "exception":
            raise RuntimeError(told["exceptionDetails"]["text"])
        return json.loads(told["result"]["value"])

    def until(self, script: str) -> None:
        """Waits until a function's body returns something true. Raises `TimeoutError`."""
        end = time.monotonic() + PATIENCE
        while not self.read(f"return Boolean(await (async () => {{ {script} }})());"):
            if time.monotonic() > end:
                raise TimeoutError(script)
            time.sleep(0.1)

    def press(self, name: str) -> None:
        """Presses the last button with that name that can be seen and is not settling."""
        found = f"""const buttons = [...root.querySelectorAll("button:not([data-settling])")];
        const named = (one) => [one.ariaLabel, one.textContent.trim()].includes({json.dumps(name)});
        const button = buttons.findLast((one) => named(one) && one.checkVisibility());
        button?.click();
        return Boolean(button);"""
        self.until(found)

    def say(self, text: str) -> None:
        """Types and sends; waits for the answer."""
        count = "root.querySelectorAll('.entry.coach').length"
        before = self.read(f"return {count};")
        self.read(
            f"""const input = root.querySelector("#say");
            input.value = {json.dumps(text)};
            input.form.requestSubmit();"""
        )
        self.until(f"return {count} > {before};")

    def picture(self, file: Path) -> None:
        """Writes a screenshot (PNG)."""
        told = self.ask("browsingContext.captureScreenshot", context=self._window)
        file.write_bytes(base64.b64decode(told["data"]))

    def close(self) -> None:
        """Ends the browser."""
        self._process.terminate()
        self._process.wait(PATIENCE)
