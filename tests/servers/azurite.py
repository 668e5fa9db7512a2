"""Azurite, which speaks Azure's Blob protocol. `make deps-stores` installs it below build/."""

import base64
import hashlib
import hmac
import os
import pathlib
import secrets
import time
import urllib.parse

import room as rooms
import s3

ACCOUNT = "devstoreaccount1"
CONTAINER = "models"
VERSION = "2021-08-06"
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = ROOT / "build" / "servers" / "node_modules" / ".bin" / "azurite-blob"


class Account:
    """A shared key. `endpoint` ends in the account's name, as Azurite's does."""

    def __init__(self, endpoint, name, key):
        url = urllib.parse.urlsplit(endpoint)
        self.host, self.path = url.netloc, url.path
        self.endpoint, self.name, self.key = endpoint, name, key

    def request(self, method, path, query=(), body=b"", headers=None, now=None):
        """(status, headers, body) of a signed request; `now` overrides the clock (seconds)."""
        date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(now))
        sent = {"x-ms-date": date, "x-ms-version": VERSION}
        if body or method == "PUT":
            sent["content-length"] = str(len(body))
        sent.update({name.lower(): value for name, value in (headers or {}).items()})
        path = urllib.parse.quote(f"{self.path}{path}", safe="/-_.~")
        sent["authorization"] = f"SharedKey {self.name}:{self._signature(method, path, query, sent)}"
        arguments = urllib.parse.urlencode(dict(query), quote_via=urllib.parse.quote)
        return s3.send(self.host, method, f"{path}?{arguments}" if arguments else path, body, sent)

    def _signature(self, method, path, query, sent):
        plain = ("content-encoding", "content-language", "content-length", "content-md5",
                 "content-type", "date", "if-modified-since", "if-match", "if-none-match",
                 "if-unmodified-since", "range")
        fields = [method] + ["" if (name, sent.get(name)) == ("content-length", "0")
                             else sent.get(name, "") for name in plain]
        fields += [f"{name}:{sent[name]}" for name in sorted(sent) if name.startswith("x-ms-")]
        fields.append(f"/{self.name}{path}")
        fields += [f"{name}:{value}" for name, value in sorted(dict(query).items())]
        digest = hmac.new(base64.b64decode(self.key), "\n".join(fields).encode(), hashlib.sha256)
        return base64.b64encode(digest.digest()).decode()


def start(room):
    if not os.access(PROGRAM, os.X_OK):
        raise rooms.NotInstalled(str(PROGRAM))
    key = base64.b64encode(secrets.token_bytes(64)).decode()
    port = rooms.free_port()
    room.spawn("azurite", str(PROGRAM), "--blobHost", "127.0.0.1", "--blobPort", str(port),
               "--location", room.make_folder("blobs"), "--silent", "--disableTelemetry",
               AZURITE_ACCOUNTS=f"{ACCOUNT}:{key}")
    endpoint = f"http://127.0.0.1:{port}/{ACCOUNT}"
    account = Account(endpoint, ACCOUNT, key)
    room.wait_for_http(f"http://127.0.0.1:{port}/")
    status, _, body = account.request("PUT", f"/{CONTAINER}", {"restype": "container"})
    if status != 201:
        raise rooms.NotStarted(f"no container: {status} {body}")
    return {
        "ALGOCTL_TEST_STORE": f"azure://{ACCOUNT}/{CONTAINER}/prefix?endpoint={endpoint}",
        "AZURE_STORAGE_ACCOUNT": ACCOUNT,
        "AZURE_STORAGE_KEY": key,
        "AZURE_STORAGE_CONNECTION_STRING": f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};"
                                           f"AccountKey={key};BlobEndpoint={endpoint};",
    }
