#!/usr/bin/env bash
# A Docker Engine for the tests: `.ci/docker.sh start` installs and starts one, `stop` ends it.
# Where an Engine answers already, start does nothing, and stop ends only what start began.
# `base` makes the image that the service is built on, since CI can pull none: Debian with Python.
set -euo pipefail

state="${TMPDIR:-/tmp}/two-loops-docker"
image=two-loops-base:debian12
packed=/var/tmp/two-loops-base-debian12.tar # kept, for it takes a minute to make

answers() { docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

base() {
  docker image inspect "$image" >/dev/null 2>&1 && return
  if [ ! -f "$packed" ]; then
    echo "Making the base image $image"
    local root
    root=$(mktemp -d)
    debootstrap --variant=minbase --include=python3-minimal,python3-pip,libpython3-stdlib \
      bookworm "$root/base" >"$root/log" 2>&1 || { tail -n 20 "$root/log" >&2; exit 1; }
    # An image has one owner of its packages: pip may write where Debian's python3 is.
    rm -f "$root"/base/usr/lib/python3*/EXTERNALLY-MANAGED
    rm -rf "$root"/base/var/{cache/apt,lib/apt/lists}/* "$root"/base/usr/share/{doc,locale,man}
    tar -C "$root/base" -cf "$packed.new" .
    mv "$packed.new" "$packed"
    rm -rf "$root"
  fi
  docker import "$packed" "$image" >/dev/null
}

install() {
  command -v dockerd >/dev/null && return
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "A Docker Engine is needed. Install one, or run this as root on Debian." >&2
    exit 1
  fi
  echo "Installing docker.io"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker.io >/dev/null
}

start() {
  if answers; then return; fi
  install
  mkdir -p "$state"
  # No bridge and no iptables: a container on CI may not change the machine's network.
  setsid nohup dockerd --data-root "$state/data" --exec-root "$state/exec" \
    --pidfile "$state/pid" --bridge=none --iptables=false --ip6tables=false \
    >"$state/log" 2>&1 </dev/null &
  for _ in $(seq 60); do
    if answers; then return; fi
    sleep 0.5
  done
  echo "The Docker Engine did not start. The end of its log:" >&2
  tail -n 20 "$state/log" >&2
  exit 1
}

# Waits for process $1, up to $2 half seconds. A zombie has ended, whoever is to reap it.
gone() {
  for _ in $(seq "$2"); do
    case "$(ps -o stat= -p "$1")" in "" | Z*) return 0 ;; esac
    sleep 0.5
  done
  return 1
}

# dockerd ends its containers and unmounts its folder itself. One that was killed, or that is slow
# on a busy machine, leaves both: then a folder cannot be removed, for it is a mount point.
stop() {
  [ -d "$state" ] || return 0
  local file pid mount
  for file in "$state/pid" "$state/exec/containerd/containerd.pid"; do
    [ -f "$file" ] || continue
    pid=$(cat "$file")
    kill "$pid" 2>/dev/null || continue
    gone "$pid" 120 || { kill -9 "$pid" 2>/dev/null && gone "$pid" 20; } || true
  done
  # Containers outlive a killed engine, each under a shim that names its folder.
  for pid in $(pgrep -f "containerd-shim.* -address $state/exec/"); do
    pkill -9 -P "$pid" || true
    kill -9 "$pid" 2>/dev/null || true
  done
  while read -r _ _ _ _ mount _; do
    mount=$(printf '%b' "$mount") # a space is written \040 there
    [[ $mount != "$state"/* ]] || echo "$mount"
  done </proc/self/mountinfo | sort -r | while read -r mount; do umount -l "$mount" || true; done
  rm -rf "$state" || echo "Tests are not touched by it, but this could not be removed: $state" >&2
}

case "${1:-}" in
  start) start ;;
  stop) stop ;;
  base) base ;;
  *) echo "usage: .ci/docker.sh start|base|stop" >&2; exit 2 ;;
esac
