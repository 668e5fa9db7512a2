#!/usr/bin/env python3
"""What the stores rely on, asked of the server that `run` started: run KIND answers_test.py

Where servers differ, the difference is written down here, so that a newer server that answers otherwise is
noticed before it matters.
"""

import base64
import hashlib
import http.client
import os
import pathlib
import re
import sys
import threading
import time
import unittest
import urllib.parse

sys.dont_write_bytecode = True

import azurite  # noqa: E402  (after the line above)
import s3  # noqa: E402

KIND = os.environ["ALGOCTL_TEST_SERVER"]
STORE = urllib.parse.urlsplit(os.environ["ALGOCTL_TEST_STORE"])
QUERY = dict(urllib.parse.parse_qsl(STORE.query))
PART = bytes(5 << 20)
CREATORS = 20


def find(tag, body):
    return [text.decode() for text in re.findall(rb"<%b>(.*?)</%b>" % (tag, tag), body)]


def race(create):
    """The statuses that so many got who called `create` at once."""
    statuses, barrier = [], threading.Barrier(CREATORS)

    def creator():
        barrier.wait()
        statuses.append(create()[0])

    threads = [threading.Thread(target=creator) for _ in range(CREATORS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(statuses)


class S3Test(unittest.TestCase):
    EXPECTED = {
        "ceph": {"exists": 412, "creators": [200] + [412] * 19, "wrong digest":
                 "XAmzContentSHA256Mismatch", "unknown key": "InvalidAccessKeyId",
                 "complete over it": 200},
        "swift": {"exists": 501, "creators": [501] * 20, "wrong digest": "BadDigest",
                  "unknown key": "SignatureDoesNotMatch", "complete over it": 412},
    }

    def setUp(self):
        self.account = s3.Account(QUERY["endpoint"], os.environ["AWS_ACCESS_KEY_ID"],
                                  os.environ["AWS_SECRET_ACCESS_KEY"], QUERY["region"])
        self.place = f"/{STORE.netloc}/{self.id()}"
        self.expected = self.EXPECTED[KIND]

    def ask(self, method, name, *arguments, **options):
        return self.account.request(method, f"{self.place}/{name}", *arguments, **options)

    def assert_refused(self, answer, status, code):
        self.assertEqual((answer[0], find(b"Code", answer[2])), (status, [code]))

    def list(self, **query):
        return self.account.request("GET", f"/{STORE.netloc}", {
            "list-type": "2", "prefix": self.place.split("/", 2)[2], "encoding-type": "url",
            **query})[2]

    def upload(self, name, parts, headers=None):
        identity = find(b"UploadId", self.ask("POST", name, {"uploads": ""})[2])[0]
        named = ""
        for number, part in enumerate(parts, 1):
            headers_of_part = self.ask("PUT", name, {
                "partNumber": str(number), "uploadId": identity}, part)[1]
            named += f"<Part><PartNumber>{number}</PartNumber>" \
                     f"<ETag>{dict(headers_of_part)['ETag']}</ETag></Part>"
        return self.ask("POST", name, {"uploadId": identity},
                        f"<CompleteMultipartUpload>{named}</CompleteMultipartUpload>".encode(),
                        headers)

    def test_what_is_put_is_got(self):
        name = "a b+c@d:\u00e9.bin"
        self.assertEqual(self.ask("PUT", name, body=b"hello world")[0], 200)
        self.assertEqual(self.ask("GET", name)[2], b"hello world")
        status, headers, body = self.ask("GET", name, headers={"range": "bytes=6-"})
        self.assertEqual((status, dict(headers)["Content-Range"], body),
                         (206, "bytes 6-10/11", b"world"))
        self.assert_refused(self.ask("GET", name, headers={"range": "bytes=11-"}), 416,
                            "InvalidRange")
        self.assertEqual(self.ask("DELETE", name)[0], 204)
        self.assert_refused(self.ask("GET", name), 404, "NoSuchKey")
        self.assertEqual(self.ask("DELETE", name)[0], 204)

    def test_a_key_is_created_once(self):
        only_new = {"if-none-match": "*"}
        self.ask("PUT", "a", body=b"first")
        self.assertEqual(self.ask("PUT", "a", body=b"second", headers=only_new)[0],
                         self.expected["exists"])
        self.assertEqual(self.ask("GET", "a")[2], b"first")
        self.assertEqual(race(lambda: self.ask("PUT", "b", body=b"x", headers=only_new)),
                         self.expected["creators"])

    def test_bytes_with_another_digest_are_refused(self):
        answer = self.ask("PUT", "a", body=b"bytes", digest=hashlib.sha256(b"others").hexdigest())
        self.assert_refused(answer, 400, self.expected["wrong digest"])
        self.assertEqual(self.ask("HEAD", "a")[0], 404)

    def test_lists_come_in_pages(self):
        names = ["a b", "a+b", "c", "d/e", "\u00e9"]
        for name in names:
            self.ask("PUT", name, body=b"x")
        keys, tokens = [], {}
        while len(keys) < len(names):
            body = self.list(**{"max-keys": "2"}, **tokens)
            keys += [urllib.parse.unquote(key) for key in find(b"Key", body)]
            tokens = {"continuation-token": token for token in find(b"NextContinuationToken", body)}
            if not tokens:
                break
        self.assertEqual([key.split("/", 1)[1] for key in keys], names)
        self.assertEqual(find(b"IsTruncated", body), ["false"])

    def test_parts_make_an_object(self):
        self.assertEqual(self.upload("a", [PART, b"end"])[0], 200)
        self.assertEqual(self.ask("GET", "a")[2], PART + b"end")
        self.assert_refused(self.upload("b", [PART[:-1], b"end"]), 400, "EntityTooSmall")
        self.assertEqual(self.ask("HEAD", "b")[0], 404)
        over = self.upload("a", [b"other"], {"if-none-match": "*"})
        self.assertEqual(over[0], self.expected["complete over it"])

    def test_each_refusal_has_its_code(self):
        account = self.account
        self.ask("PUT", "a", body=b"x")
        wrong = s3.Account(account.endpoint, account.access_key, "wrong", account.region)
        self.assert_refused(wrong.request("GET", f"{self.place}/a"), 403, "SignatureDoesNotMatch")
        unknown = s3.Account(account.endpoint, "test:none", account.secret_key, account.region)
        self.assert_refused(unknown.request("GET", f"{self.place}/a"), 403,
                            self.expected["unknown key"])
        self.assert_refused(account.request("GET", "/no-such-bucket/a"), 404, "NoSuchBucket")
        for hours in (-1, 1):
            self.assert_refused(self.ask("GET", "a", now=time.time() + hours * 3600), 403,
                                "RequestTimeTooSkewed")

    def test_a_link_works_until_it_expires(self):
        path = f"{self.place}/a b"
        self.ask("PUT", "a b", body=b"x")
        link = self.account.presign("GET", path)
        self.assertEqual(s3.send(self.account.host, "GET", link)[2], b"x")
        other = link[:-1] + ("0" if link[-1] != "0" else "1")
        self.assert_refused(s3.send(self.account.host, "GET", other), 403, "SignatureDoesNotMatch")
        old = self.account.presign("GET", path, seconds=1, now=time.time() - 60)
        self.assert_refused(s3.send(self.account.host, "GET", old), 403, "AccessDenied")


class AzureTest(unittest.TestCase):
    def setUp(self):
        self.account = azurite.Account(QUERY["endpoint"], os.environ["AZURE_STORAGE_ACCOUNT"],
                                       os.environ["AZURE_STORAGE_KEY"])
        self.place = f"/{azurite.CONTAINER}/{self.id()}"

    def ask(self, method, name, *arguments, **options):
        return self.account.request(method, f"{self.place}/{name}", *arguments, **options)

    def put(self, name, body, **headers):
        return self.ask("PUT", name, body=body, headers={
            "x-ms-blob-type": "BlockBlob",
            **{key.replace("_", "-"): value for key, value in headers.items()}})

    def assert_refused(self, answer, status, code):
        self.assertEqual((answer[0], dict(answer[1]).get("x-ms-error-code")), (status, code))

    def test_what_is_put_is_got(self):
        name = "a b+c@d:\u00e9.bin"
        self.assertEqual(self.put(name, b"hello world")[0], 201)
        self.assertEqual(self.ask("GET", name)[2], b"hello world")
        status, headers, body = self.ask("GET", name, headers={"range": "bytes=6-"})
        self.assertEqual((status, dict(headers)["content-range"], body),
                         (206, "bytes 6-10/11", b"world"))
        self.assertEqual(self.ask("DELETE", name)[0], 202)
        self.assert_refused(self.ask("GET", name), 404, "BlobNotFound")

    def test_a_name_is_created_once(self):
        self.put("a", b"first")
        self.assert_refused(self.put("a", b"second", if_none_match="*"), 409, "BlobAlreadyExists")
        self.assertEqual(self.ask("GET", "a")[2], b"first")
        self.assertEqual(race(lambda: self.put("b", b"x", if_none_match="*")), [201] + [409] * 19)

    def test_lists_come_in_pages(self):
        names = ["a b", "a+b", "c", "d/e", "\u00e9"]
        for name in names:
            self.put(name, b"x")
        found, marker = [], ""
        query = {"restype": "container", "comp": "list", "maxresults": "2", "prefix": self.id()}
        while True:
            body = self.account.request("GET", f"/{azurite.CONTAINER}", {
                **query, **({"marker": marker} if marker else {})})[2]
            found += [name.split("/", 1)[1] for name in find(b"Name", body)]
            marker = "".join(find(b"NextMarker", body))
            if not marker:
                break
        self.assertEqual(found, names)

    def test_blocks_make_a_blob(self):
        def block_list(*blocks):
            named = "".join(f"<Latest>{each}</Latest>" for each in blocks)
            return self.ask("PUT", "a", {"comp": "blocklist"},
                            f"<BlockList>{named}</BlockList>".encode())

        first, second, absent = (base64.b64encode(b"%06d" % n).decode() for n in range(3))
        for block, body in ((first, PART), (second, b"end")):
            answer = self.ask("PUT", "a", {"comp": "block", "blockid": block}, body)
            self.assertEqual(answer[0], 201)
        self.assert_refused(self.ask("GET", "a"), 404, "BlobNotFound")
        self.assert_refused(block_list(first, absent), 400, "InvalidBlockList")
        self.assertEqual(block_list(first, second)[0], 201)
        self.assertEqual(self.ask("GET", "a")[2], PART + b"end")

    def test_each_refusal_has_its_code(self):
        self.put("a", b"x")
        wrong = azurite.Account(self.account.endpoint, self.account.name,
                                base64.b64encode(b"wrong").decode())
        self.assert_refused(wrong.request("GET", f"{self.place}/a"), 403, "AuthorizationFailure")
        self.assert_refused(self.account.request("GET", "/none/a"), 404, "ContainerNotFound")


class FolderTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(os.environ["ALGOCTL_TEST_FOLDER"])

    def ask(self, method, name, **headers):
        return s3.send(STORE.netloc, method, f"{STORE.path}/{name}", b"", headers)

    def test_files_are_got_whole_and_in_part(self):
        (self.folder / "a b").write_bytes(b"hello world")
        self.assertEqual(self.ask("GET", "a%20b")[2], b"hello world")
        status, headers, body = self.ask("GET", "a%20b", Range="bytes=6-")
        self.assertEqual((status, dict(headers)["Content-Range"], body),
                         (206, "bytes 6-10/11", b"world"))
        self.assertEqual(self.ask("GET", "none")[0], http.client.NOT_FOUND)

    def test_it_can_only_be_read(self):
        (self.folder / "a").write_bytes(b"x")
        for method in ("PUT", "POST", "DELETE"):
            self.assertEqual(self.ask(method, "a")[0], http.client.METHOD_NOT_ALLOWED)
        self.assertEqual((self.folder / "a").read_bytes(), b"x")


def load_tests(loader, _tests, _pattern):
    cases = {"azurite": AzureTest, "nginx": FolderTest}.get(KIND, S3Test)
    return loader.loadTestsFromTestCase(cases)


if __name__ == "__main__":
    unittest.main()
