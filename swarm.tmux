#!/bin/sh
# For plugin managers of tmux (TPM): binds swarm's keys, and shows the states in the status line, in the tmux server that
# runs this. The same lines as `swarm keys install` writes into a configuration.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P) || exit 1

fail() {
  tmux display-message -d 6000 "swarm: $1"
  exit 1
}

node=$here/node_modules/node/bin/node
[ -x "$node" ] || node=$(command -v node) || fail 'there is no Node on the PATH of this tmux'
[ -f "$here/dist/main.js" ] || fail 'it is not built yet; run npm ci in the folder of the plugin'
lines=$("$node" "$here/bin/run.js" -C / keys print) || fail 'its keys could not be made; run swarm keys print to see why'
printf '%s\n' "$lines" | tmux source-file -
