"""What else moves files to and from an S3 bucket: the commands, with their defaults unless said."""

import base64
import hashlib
import os
import pathlib
import shutil
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests" / "servers"))

import s3  # noqa: E402  (after the line above)
from measuring import Failed  # noqa: E402

QUIET = {"aws": ("--only-show-errors", "--no-progress"), "rclone": ("-q",),
         "s3cmd": ("-q", "--no-progress")}
WIDE_RCLONE = "rclone, 32 at once"  # as many as ours; its own four suit large files
CHECKED_CURL = "curl, sync, openssl"  # what it takes to have the same: on the disk, and verified
TRANSFERS = {"rclone": (), WIDE_RCLONE: ("--transfers", "32")}


def program(name):
    """Debian's, which `tools/deps install peers` brings, and not a wrapper before it in PATH."""
    debian = f"/usr/bin/{name}"
    return debian if os.access(debian, os.X_OK) else shutil.which(name)


class Bucket:
    """The bucket of the server that `tests/servers/run` started, at its own address or another."""

    def __init__(self, endpoint=None):
        store = urllib.parse.urlsplit(os.environ["ALGOCTL_TEST_STORE"])
        query = dict(urllib.parse.parse_qsl(store.query))
        self.name = store.netloc
        self.endpoint = endpoint or query["endpoint"]
        self.region = query["region"]
        keys = (os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"], self.region)
        self.account = s3.Account(self.endpoint, *keys)
        self._near = s3.Account(query["endpoint"], *keys)

    @property
    def host(self):
        return self.account.host

    def store(self, prefix):
        """A URL as `algoctl --store` takes it."""
        return f"s3://{self.name}/{prefix}?endpoint={self.endpoint}&region={self.region}&style=path"

    def link(self, method, key):
        """A URL that needs no signature: what curl is given, so that it does nothing but send."""
        return self.endpoint + self.account.presign(method, f"/{self.name}/{key}")

    def remove(self, prefix):
        """All keys below `prefix`, by the short way. None that benches use needs decoding."""
        while True:
            _, _, body = self._near.request("GET", f"/{self.name}",
                                            {"list-type": "2", "prefix": prefix})
            found = [part.partition("</Key>")[0] for part in body.decode().split("<Key>")[1:]]
            if not found:
                return
            named = "".join(f"<Object><Key>{key}</Key></Object>" for key in found)
            order = f"<Delete><Quiet>true</Quiet>{named}</Delete>".encode()
            digest = base64.b64encode(hashlib.md5(order).digest()).decode()
            status, _, answer = self._near.request("POST", f"/{self.name}", {"delete": ""}, order,
                                                   {"content-md5": digest})
            if status != 200 or b"<Error>" in answer:
                raise Failed(f"{prefix} was not removed: {status} {answer}")


class Tools:
    """The argument lists of each peer for one bucket. `folder` is for s3cmd's settings."""

    def __init__(self, bucket, folder):
        self._bucket = bucket
        self._rclone = (f":s3,provider=Ceph,env_auth=true,region={bucket.region},"
                        f"endpoint=\"{bucket.endpoint}\":{bucket.name}")
        self._s3cmd = f"{folder}/s3cmd-{bucket.host.replace(':', '-')}"
        with open(self._s3cmd, "w", encoding="utf-8") as file:
            file.write("[default]\n"
                       f"access_key = {bucket.account.access_key}\n"
                       f"secret_key = {bucket.account.secret_key}\n"
                       f"bucket_location = {bucket.region}\n"
                       f"host_base = {bucket.host}\nhost_bucket = {bucket.host}\n"
                       "use_https = False\n")

    def _aws(self, *arguments):
        return (program("aws"), "--endpoint-url", self._bucket.endpoint, "s3", "cp",
                *QUIET["aws"], *arguments)

    def put(self, name, path, key):
        """One file."""
        url = f"s3://{self._bucket.name}/{key}"
        return {
            "curl": lambda: (program("curl"), "-sSf", "-T", path, self._bucket.link("PUT", key)),
            "aws": lambda: self._aws(path, url),
            "rclone": lambda: (program("rclone"), *QUIET["rclone"], "copyto", path,
                               f"{self._rclone}/{key}"),
            "s3cmd": lambda: (program("s3cmd"), "-c", self._s3cmd, *QUIET["s3cmd"], "put", path,
                              url),
        }[name]()

    def get(self, name, key, path):
        url = f"s3://{self._bucket.name}/{key}"
        return {
            "curl": lambda: (program("curl"), "-sSf", "-o", path, self._bucket.link("GET", key)),
            CHECKED_CURL: lambda: ("sh", "-ec", 'curl -sSf -o "$1" "$2"; sync "$1"; openssl dgst '
                                   '-sha256 "$1"', "sh", path, self._bucket.link("GET", key)),
            "aws": lambda: self._aws(url, path),
            "rclone": lambda: (program("rclone"), *QUIET["rclone"], "copyto",
                               f"{self._rclone}/{key}", path),
            "s3cmd": lambda: (program("s3cmd"), "-c", self._s3cmd, *QUIET["s3cmd"], "--force", "get",
                              url, path),
        }[name]()

    def put_folder(self, name, folder, key):
        url = f"s3://{self._bucket.name}/{key}/"
        return {
            "aws": lambda: self._aws("--recursive", folder, url),
            **self._copy_by_rclone(folder, f"{self._rclone}/{key}"),
            "s3cmd": lambda: (program("s3cmd"), "-c", self._s3cmd, *QUIET["s3cmd"], "-r", "put",
                              f"{folder}/", url),
        }[name]()

    def get_folder(self, name, key, folder):
        return self._copy_by_rclone(f"{self._rclone}/{key}", folder)[name]()

    def _copy_by_rclone(self, source, target):
        return {name: lambda words=words: (program("rclone"), *QUIET["rclone"], *words, "copy",
                                           source, target)
                for name, words in TRANSFERS.items()}
