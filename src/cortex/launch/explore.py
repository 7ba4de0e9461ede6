"""The live explorer: one page on this machine, a slider for every number of a network."""

import json
import sys
import webbrowser
from collections.abc import Callable, Mapping
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from typing import Any, Final

from cortex.api.files import load, preset, text_of
from cortex.config.presets import preset_names
from cortex.errors import CortexError
from cortex.installation import workflow_root
from cortex.launch import live
from cortex.networks.case import NetworkCase

LOOPBACK: Final = "127.0.0.1"  # nobody else can ask for work
LARGEST: Final = 1_000_000  # bytes of a request
WORK: Final[Mapping[str, Callable[[NetworkCase], Any]]] = {
    "rates": live.rates,
    "modes": live.modes,
    "simulation": live.simulation,
}


def chosen(name: str, state: str | None) -> tuple[NetworkCase, str]:
    """Return a preset or the network of a file, and the call that makes it in a notebook."""
    own = Path(name)
    is_preset = name in preset_names() and not own.is_file()
    net = preset(name, state) if is_preset else load(own, state)
    call, words = ("preset", name) if is_preset else ("load", str(own))
    given = [repr(words), *([repr(net.state)] if net.state != "default" else [])]
    return net, f"cortex.{call}({', '.join(given)})"


class Explorer(ThreadingHTTPServer):
    """Serves the page of one network to browsers on this machine.

    Parameters
    ----------
    net : NetworkCase
        The network that the sliders start from.
    source : str
        The call that makes it in a notebook.
    port : int
        0 takes any free one.
    """

    daemon_threads = True

    def __init__(self, net: NetworkCase, source: str, port: int = 0) -> None:
        super().__init__((LOOPBACK, port), _Request)
        self.net, self.source = net, source
        self.working = Lock()  # one piece of work at a time: sliders move faster than theory

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://{LOOPBACK}:{self.server_address[1]}/"

    def page(self) -> bytes:
        """Return the page with its sliders."""
        start = {
            "title": self.net.title,
            "sliders": [asdict(slider) for slider in live.sliders_of(self.net)],
        }
        text = (workflow_root() / "workflow" / "report" / "live.html").read_text(encoding="utf-8")
        data = json.dumps(start).replace("<", "\\u003c")  # it stands inside a script element
        return text.replace("{{ start }}", data).encode()

    def answer(self, what: str, values: Mapping[str, float]) -> dict[str, Any]:
        """Return what was asked of the network with the sliders at `values`."""
        try:
            net = live.moved(self.net, values)
            if what == "copies":
                made = live.as_python(self.net, self.source, values)
                return {"yaml": text_of(net), "python": made}
            with self.working:
                return dict(WORK[what](net))
        except CortexError as error:
            return {"error": str(error)}


class _Request(BaseHTTPRequestHandler):
    server: Explorer

    def do_GET(self) -> None:
        if self._is_ours() and self.path == "/":
            self._send(200, self.server.page(), "text/html; charset=utf-8")
        else:
            self._send(404, b"", "text/plain")

    def do_POST(self) -> None:
        what = self.path.strip("/")
        size = int(self.headers.get("Content-Length") or 0)
        is_json = self.headers.get("Content-Type") == "application/json"
        if not (self._is_ours() and is_json and size < LARGEST and what in {*WORK, "copies"}):
            self._send(404, b"", "text/plain")
            return
        answer = self.server.answer(what, json.loads(self.rfile.read(size)))
        self._send(200, json.dumps(answer).encode(), "application/json")

    def _is_ours(self) -> bool:
        """Tell whether the browser means this machine: another page could lead here by a name."""
        port = self.server.server_address[1]
        return self.headers.get("Host") in {f"{LOOPBACK}:{port}", f"localhost:{port}"}

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing of single requests."""


def explore(name: str, state: str | None, *, port: int, opens: bool) -> int:
    """Serve the explorer of a network until it is interrupted."""
    net, source = chosen(name, state)
    with Explorer(net, source, port) as server:
        sys.stdout.write(f"{net.title}: {server.address}  (Ctrl-C ends it)\n")
        sys.stdout.flush()
        if opens:
            webbrowser.open(server.address)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            sys.stdout.write("\n")
    return 0
