#!/bin/bash
# demo.sh STORE [ALGOCTL]   examples/reloading, with the bytes in an object store
#
# STORE is a URL such as s3://models/demo; docs/stores.md says where credentials are looked for. The
# bucket must be there. What the demo stores stays: give it a prefix of its own.
set -euo pipefail
export DEMO_STORE=${1:?name a store, such as s3://models/demo}
exec "$(cd "$(dirname "$0")" && pwd)/../reloading/demo.sh" "${2:-algoctl}"
