"""Requests signed by AWS4-HMAC-SHA256, for setting up buckets and for asking a server what it does."""

import hashlib
import hmac
import http.client
import time
import urllib.parse

from room import NotStarted

UNSIGNED = "UNSIGNED-PAYLOAD"


def _hmac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _encode(text):
    return urllib.parse.quote(text, safe="-_.~")


class Account:
    """Keys for one server. `endpoint` is http://HOST:PORT; buckets are the first part of the path."""

    def __init__(self, endpoint, access_key, secret_key, region="default"):
        self.host = urllib.parse.urlsplit(endpoint).netloc
        self.access_key = access_key
        self.secret_key = secret_key
        self.region = region
        self.endpoint = endpoint

    def _scope(self, stamp):
        return f"{stamp[:8]}/{self.region}/s3/aws4_request"

    def _signature(self, stamp, canonical):
        key = f"AWS4{self.secret_key}".encode()
        for part in self._scope(stamp).split("/"):
            key = _hmac(key, part)
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        text = "\n".join(("AWS4-HMAC-SHA256", stamp, self._scope(stamp), digest))
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()

    def request(self, method, path, query=(), body=b"", headers=None, digest=None, now=None):
        """(status, headers, body). `digest` overrides the body's, `now` the clock (seconds)."""
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
        digest = digest or hashlib.sha256(body).hexdigest()
        sent = {"host": self.host, "x-amz-date": stamp, "x-amz-content-sha256": digest}
        sent.update({name.lower(): value for name, value in (headers or {}).items()})
        names = ";".join(sorted(sent))
        path = urllib.parse.quote(path, safe="/-_.~")
        arguments = "&".join(f"{_encode(k)}={_encode(v)}" for k, v in sorted(dict(query).items()))
        lines = "".join(f"{name}:{sent[name]}\n" for name in sorted(sent))
        canonical = "\n".join((method, path, arguments, lines, names, digest))
        sent["authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={self.access_key}/{self._scope(stamp)}, "
            f"SignedHeaders={names}, Signature={self._signature(stamp, canonical)}")
        return send(self.host, method, f"{path}?{arguments}" if arguments else path, body, sent)

    def presign(self, method, path, seconds=3600, now=None):
        """A path with its query that anyone may ask for until then."""
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
        query = {"X-Amz-Algorithm": "AWS4-HMAC-SHA256", "X-Amz-Date": stamp,
                 "X-Amz-Credential": f"{self.access_key}/{self._scope(stamp)}",
                 "X-Amz-Expires": str(seconds), "X-Amz-SignedHeaders": "host"}
        path = urllib.parse.quote(path, safe="/-_.~")
        arguments = "&".join(f"{_encode(k)}={_encode(v)}" for k, v in sorted(query.items()))
        canonical = "\n".join((method, path, arguments, f"host:{self.host}\n", "host", UNSIGNED))
        return f"{path}?{arguments}&X-Amz-Signature={self._signature(stamp, canonical)}"


def environment(account, bucket="models"):
    """Makes the bucket; returns what a client needs."""
    status, _, body = account.request("PUT", f"/{bucket}")
    if status != 200:
        raise NotStarted(f"no bucket: {status} {body}")
    return {
        "ALGOCTL_TEST_STORE": f"s3://{bucket}/prefix?endpoint={account.endpoint}"
                              f"&region={account.region}&style=path",
        "AWS_ACCESS_KEY_ID": account.access_key,
        "AWS_SECRET_ACCESS_KEY": account.secret_key,
        "AWS_DEFAULT_REGION": account.region,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def send(host, method, target, body=b"", headers=None):
    connection = http.client.HTTPConnection(host, timeout=30)
    try:
        connection.request(method, target, body=body or None, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()
    finally:
        connection.close()
