"""scorer.py HOME REFERENCE [PORT]: serves a classifier of short reviews that reloads meanwhile.

The first line on stdout is the port, a free one when none was named. SIGTERM ends it.
"""

import http.server
import json
import signal
import sys
import urllib.parse

import joblib

import algoctl


def is_sane(classifier):
    """What no model may get wrong is not served."""
    return classifier.predict(["great sound, I love it"])[0] == "positive"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer is one write
    model: algoctl.Model

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        if url.path == "/score":
            self.score(urllib.parse.parse_qs(url.query).get("text", [""])[0])
        elif url.path == "/status":
            self.status()
        else:
            self.send_error(404)

    def do_POST(self):
        if self.path != "/score":
            self.close_connection = True  # with its body unread
            self.send_error(404)
            return
        length = int(self.headers.get("Content-Length", 0))
        self.score(self.rfile.read(length).decode(errors="replace"))

    def score(self, text):
        classifier, version = self.model.current()  # no reload comes between them
        probabilities = dict(zip(classifier.classes_, classifier.predict_proba([text])[0]))
        label = max(probabilities, key=probabilities.get)
        self.reply({"label": label, "score": probabilities[label], "version": version})

    def status(self):
        status = self.model.status()
        names = ("state", "serving", "wanted", "prepared", "loads", "switches", "failures")
        answer = {name: getattr(status, name) for name in names}
        self.reply({**answer, "error": status.error.message if status.error else None})

    def reply(self, answer):
        body = json.dumps(answer, sort_keys=True, separators=(",", ":")).encode() + b"\n"
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main(home, reference, port="0"):
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # Where a server forks its workers, this is for each worker: a model does not survive a fork.
    with algoctl.Model(
        reference,
        lambda files: joblib.load(files.paths["model"]),
        client=algoctl.Client(home),
        validate=is_sane,
        name="scorer",
    ) as Handler.model:
        with http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Handler) as server:
            print(server.server_port, flush=True)
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                pass


if __name__ == "__main__":
    main(*sys.argv[1:])
