#!/bin/bash
# abi_test.sh LIBRARY LAYOUT   compares what C programs were compiled against with abi.txt
#
# LIBRARY is libalgoctl.so, LAYOUT the program of layout.c. A difference is a change of the binary
# interface: a name or offset that is gone, or has moved, breaks programs that are installed. What is
# only added to the end is written into abi.txt by ALGOCTL_REWRITE_GOLDENS=1, which fails all the same.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

{
  nm -D --defined-only "$1" | sed -n 's/^[0-9a-f]* T \(algoctl_.*\)$/function \1/p' | LC_ALL=C sort
  "$2"
} >"$work/abi.txt"
if diff -u "$here/abi.txt" "$work/abi.txt"; then exit 0; fi
if [ -n "${ALGOCTL_REWRITE_GOLDENS:-}" ]; then cp "$work/abi.txt" "$here/abi.txt"; fi
echo "abi_test: the binary interface for C is not that of abi.txt" >&2
exit 1
