#!/bin/bash
# ship_test.sh SHIP   runs the C program in a folder of its own
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$1" "$work"
