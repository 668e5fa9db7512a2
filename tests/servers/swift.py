"""OpenStack Swift on one machine, spoken to by its S3 interface."""

import secrets

import room as rooms
import s3

SERVERS = ("account", "container", "object")
STORAGE = """\
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
devices = {folder}/disks
mount_check = false
swift_dir = {folder}
user = {user}
workers = 1
log_name = {name}
log_level = WARNING
disable_fallocate = true
[pipeline:main]
pipeline = {name}-server
[app:{name}-server]
use = egg:swift#{name}
"""
PROXY = """\
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
swift_dir = {folder}
user = {user}
workers = 2
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck cache listing_formats bulk s3api tempauth slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = {secret} .admin
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
check_bucket_owner = false
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:{cache}
"""
# One disk each. In one process, since each start of `swift-ring-builder` takes seconds.
RINGS = """
import sys
from swift.common.ring import RingBuilder
for pair in sys.argv[1:]:
    name, port = pair.split("=")
    builder = RingBuilder(4, 1, 0)
    builder.add_dev({"region": 1, "zone": 1, "ip": "127.0.0.1", "port": int(port), "weight": 1,
                     "replication_ip": "127.0.0.1", "replication_port": int(port),
                     "device": "d1", "meta": ""})
    builder.rebalance()
    builder.get_ring().save(name + ".ring.gz")
"""
PLAIN_FILTERS = ("healthcheck", "catch_errors", "gatekeeper", "listing_formats", "bulk", "slo")


def start(room):
    rooms.require("swift-proxy-server", *(f"swift-{name}-server" for name in SERVERS),
                  "memcached")
    user, cache, proxy = rooms.user(), rooms.free_port(), rooms.free_port()
    secret = secrets.token_hex(20)
    room.make_folder("disks", "d1")
    room.write("swift.conf", f"[swift-hash]\nswift_hash_path_suffix = {secrets.token_hex(8)}\n")
    ports = {name: rooms.free_port() for name in SERVERS}
    # Debian's interpreter, which is the one that has Swift's modules.
    room.call("/usr/bin/python3", "-c", RINGS, *(f"{name}={ports[name]}" for name in SERVERS))
    for name in SERVERS:
        configuration = room.write(f"{name}.conf", STORAGE.format(
            name=name, port=ports[name], folder=room.folder, user=user))
        room.spawn(name, f"swift-{name}-server", configuration)
    room.spawn("memcached", "memcached", "-l", "127.0.0.1", "-p", str(cache), "-U", "0", "-m", "64",
               "-u", user)
    text = PROXY.format(port=proxy, folder=room.folder, user=user, secret=secret, cache=cache)
    text += "".join(f"[filter:{name}]\nuse = egg:swift#{name}\n" for name in PLAIN_FILTERS)
    room.spawn("proxy", "swift-proxy-server", room.write("proxy.conf", text))
    endpoint = f"http://127.0.0.1:{proxy}"
    room.wait_for_http(f"{endpoint}/healthcheck")
    account = s3.Account(endpoint, "test:tester", secret, "us-east-1")
    # The proxy answers before the storage servers do.
    room.wait_until(lambda: account.request("GET", "/")[0] == 200)
    return s3.environment(account)
