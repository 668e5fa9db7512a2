"""Ceph's object gateway on one machine: a monitor, a disk daemon on a sparse file, the gateway."""

import base64
import secrets
import struct
import time
import uuid

import room as rooms
import s3

BLOCK_BYTES = 12 << 30

# What differs from the defaults, beside being alone and on loopback: a monitor's proposal waits a second
# (and there is one for each of the gateway's pools), a client asks again after five when the disk was not
# up yet, and each shard opens the disk once more. What was deleted is given back at once, so that a run may
# write more than the file holds.
CONFIGURATION = """\
[global]
fsid = {fsid}
mon host = v2:127.0.0.1:{monitor}
mon initial members = a
public addr = 127.0.0.1
public network = 127.0.0.0/8
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
keyring = {folder}/keyring
run dir = {folder}
admin socket =
log to stderr = true
log to file = false
mon cluster log to file = false
err to stderr = true
debug default = 0
osd crush chooseleaf type = 0
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
osd pool default pg autoscale mode = off
[mon]
mon data = {folder}/mon
mon allow pool size one = true
mon data avail warn = 1
mon data avail crit = 1
mon max pg per osd = 1000
paxos propose interval = 0.02
paxos min wait = 0.01
[osd]
osd data = {folder}/osd
osd objectstore = bluestore
osd op num shards = 2
bluestore block size = {block}
bluestore fsck on mount = false
bluestore fsck on umount = false
bluestore fsck on mkfs = false
bluestore cache autotune = false
bluestore cache size = 67108864
[client.rgw]
objecter tick interval = 0.2
rgw data = {folder}/rgw
rgw frontends = beast endpoint=127.0.0.1:{gateway}
rgw enable usage log = false
rgw enable lc threads = false
rgw enable quota threads = false
rgw run sync thread = false
rgw gc obj min wait = 2
rgw gc processor period = 2
rgw gc processor max time = 2
"""
# Ceph is made for tcmalloc, which keeps what is freed. Debian builds it with glibc's allocator, which gives
# every large block back to the kernel: to fault its pages in again took half of the time of a large upload.
KEEPS_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(1 << 30), "MALLOC_TRIM_THRESHOLD_": str(16 << 30),
                "MALLOC_TOP_PAD_": str(64 << 20)}
CAPABILITIES = {
    "mon.": {"mon": "allow *"},
    "client.admin": {"mon": "allow *", "osd": "allow *"},
    "osd.0": {"mon": "allow profile osd", "osd": "allow *"},
    "client.rgw": {"mon": "allow rw", "osd": "allow rwx"},
}


def make_key():
    """As `ceph-authtool --gen-print-key` does: kind, seconds, nanoseconds, length, 128 bits."""
    head = struct.pack("<HIIH", 1, int(time.time()), 0, 16)
    return base64.b64encode(head + secrets.token_bytes(16)).decode()


def keyring():
    text = ""
    for name, capabilities in CAPABILITIES.items():
        text += f"[{name}]\n\tkey = {make_key()}\n"
        text += "".join(f'\tcaps {what} = "{rights}"\n' for what, rights in capabilities.items())
    return text


def start(room):
    rooms.require("ceph-mon", "ceph-osd", "radosgw", "radosgw-admin", "ceph", "monmaptool")
    monitor, gateway = rooms.free_port(), rooms.free_port()
    fsid, disk = str(uuid.uuid4()), str(uuid.uuid4())
    configuration = room.write("ceph.conf", CONFIGURATION.format(
        fsid=fsid, monitor=monitor, gateway=gateway, folder=room.folder, block=BLOCK_BYTES))
    room.write("keyring", keyring())
    for name in ("mon", "osd", "rgw"):
        room.make_folder(name)

    def call(program, *arguments):
        return room.call(program, "-c", configuration, *arguments)

    def spawn(program, *arguments):
        return room.spawn(program, program, "-c", configuration, "-f", *arguments, **KEEPS_MEMORY)

    room.call("monmaptool", "--create", "--fsid", fsid, "--addv", "a",
              f"[v2:127.0.0.1:{monitor}]", "monmap")
    call("ceph-mon", "--mkfs", "-i", "a", "--monmap", "monmap", "--keyring", "keyring")
    spawn("ceph-mon", "-i", "a")
    call("ceph", "osd", "new", disk)
    call("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", disk)
    spawn("ceph-osd", "-i", "0")
    access, secret = secrets.token_hex(10).upper(), secrets.token_hex(20)
    call("radosgw-admin", "-n", "client.rgw", "user", "create", "--uid=test", "--display-name=test",
         f"--access-key={access}", f"--secret-key={secret}")
    spawn("radosgw", "-n", "client.rgw")
    endpoint = f"http://127.0.0.1:{gateway}"
    room.wait_for_http(endpoint)
    return s3.environment(s3.Account(endpoint, access, secret))
