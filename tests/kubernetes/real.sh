#!/usr/bin/env bash
# A real Kubernetes on this machine, to write down what it answers. For Debian 12, as root.
#   real.sh build FOLDER   builds Kubernetes 1.20 from Debian's source package (6 min, two cores)
#   real.sh run FOLDER     runs it with a Docker Engine of its own until Ctrl-C;
#                          FOLDER/run/kubeconfig is the way in. BASE names a tar of Debian with Python,
#                          such as `.ci/docker.sh base` makes.
# Needs: golang-1.19-go make rsync etcd-server docker.io dpkg-dev debootstrap, and a deb-src line.
set -euo pipefail
folder=$(mkdir -p "$2" && cd "$2" && pwd)
bin=$folder/bin
run=$folder/run

build() {
  cd "$folder"
  [ -d kubernetes-1.20* ] || apt-get source --only-source kubernetes
  cd kubernetes-1.20*/
  export GOPATH=$PWD/.go PATH=/usr/lib/go-1.19/bin:$PATH CGO_ENABLED=0 GOCACHE=$folder/gocache
  export KUBE_GIT_VERSION=v1.20.2 KUBE_GIT_MAJOR=1 KUBE_GIT_MINOR=20
  export KUBE_GIT_COMMIT=debian KUBE_GIT_TREE_STATE=clean
  mkdir -p .go/src/k8s.io
  [ -L .go/src/k8s.io/kubernetes ] || ln -s ../../.. .go/src/k8s.io/kubernetes
  local programs="kube-apiserver kube-controller-manager kube-scheduler kubelet"
  make WHAT="$(printf 'cmd/%s ' $programs)"
  mkdir -p "$bin"
  cp _output/bin/kube* "$bin"
}

# Where a container may not get a negative oom_score_adj, as the pause container asks for.
runtime() {
  cat >"$run/runc" <<'PY'
#!/usr/bin/python3
import json, os, sys
if "--bundle" in sys.argv and "create" in sys.argv:
    path = os.path.join(sys.argv[sys.argv.index("--bundle") + 1], "config.json")
    with open(path) as file:
        config = json.load(file)
    config["process"]["oomScoreAdj"] = max(0, config["process"].get("oomScoreAdj", 0))
    with open(path, "w") as file:
        json.dump(config, file)
os.execv("/usr/sbin/runc", ["runc", *sys.argv[1:]])
PY
  chmod +x "$run/runc"
}

# A network for pods that leads nowhere: each has an address, and no bridge is made here.
network() {
  mkdir -p "$run/cni/bin" "$run/cni/conf"
  cat >"$run/cni/bin/nowhere" <<'SH'
#!/bin/bash
exec 2>/dev/null
case "$CNI_COMMAND" in
  ADD)
    exec 9>"$0.lock"; flock 9
    n=$(($(cat "$0.last" || echo 1) % 250 + 1)); echo "$n" >"$0.last"
    nsenter --net="$CNI_NETNS" ip link add "$CNI_IFNAME" type veth peer name other
    nsenter --net="$CNI_NETNS" ip addr add "10.244.0.$n/24" dev "$CNI_IFNAME"
    nsenter --net="$CNI_NETNS" ip link set "$CNI_IFNAME" up
    echo '{"cniVersion": "0.3.1", "ips": [{"version": "4", "address": "10.244.0.'$n'/24"}]}' ;;
  VERSION) echo '{"cniVersion": "0.3.1", "supportedVersions": ["0.3.1"]}' ;;
esac
SH
  cat >"$run/cni/bin/loopback" <<'SH'
#!/bin/bash
[ "$CNI_COMMAND" = ADD ] && echo '{"cniVersion": "0.2.0", "ip4": {"ip": "127.0.0.1/8"}}'
exit 0
SH
  chmod +x "$run"/cni/bin/*
  echo '{"cniVersion": "0.3.1", "name": "nowhere", "type": "nowhere"}' >"$run/cni/conf/1.conf"
}

kubelet_config() {
  cat >"$run/kubelet.yaml" <<YAML
kind: KubeletConfiguration
apiVersion: kubelet.config.k8s.io/v1beta1
address: $address
port: 20250
healthzPort: 20248
readOnlyPort: 0
cgroupDriver: cgroupfs
cgroupsPerQOS: false
enforceNodeAllocatable: []
failSwapOn: false
authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}
authorization: {mode: AlwaysAllow}
clusterDNS: [10.96.0.10]
evictionHard: {nodefs.available: "1%", imagefs.available: "1%"}
syncFrequency: 1s
kubeAPIQPS: 100
kubeAPIBurst: 200
eventRecordQPS: 0
volumeStatsAggPeriod: 0s
YAML
}

kubeconfig() {
  cat >"$run/kubeconfig" <<YAML
apiVersion: v1
kind: Config
clusters: [{name: real, cluster: {server: "https://127.0.0.1:26443", insecure-skip-tls-verify: true}}]
users: [{name: admin, user: {token: "$token"}}]
contexts: [{name: real, context: {cluster: real, user: admin}}]
current-context: real
YAML
}

engine() {
  dockerd --data-root "$run/docker" --exec-root "$run/docker-run" -H "$DOCKER_HOST" \
    --pidfile "$run/docker.pid" --iptables=false --ip6tables=false --bridge=none \
    --add-runtime "ours=$run/runc" --default-runtime ours >"$run/docker.log" 2>&1 &
  until docker version >/dev/null 2>&1; do sleep 0.5; done
  local base=${BASE:-/var/tmp/two-loops-base-debian12.tar}
  docker import "$base" two-loops-base:debian12
  docker tag two-loops-base:debian12 two-loops-base:two
  docker import --change "CMD sh -c \"trap 'exit 0' TERM; sleep infinity & wait\"" "$base" pause:local
}

run() {
  mkdir -p "$run"
  cd "$run"
  address=$(hostname -I | awk '{print $1}')
  export DOCKER_HOST=unix://$run/docker.sock
  trap 'kill $(jobs -p); wait' EXIT
  runtime; network; kubelet_config; engine
  token=$(openssl rand -hex 16)
  kubeconfig
  echo "$token,admin,1,system:masters" >tokens.csv
  openssl genrsa -out sa.key 2048 2>/dev/null
  openssl rsa -in sa.key -pubout -out sa.pub 2>/dev/null
  local etcd=http://127.0.0.1:23790 peer=http://127.0.0.1:23791
  etcd --data-dir etcd --listen-client-urls $etcd --advertise-client-urls $etcd \
    --listen-peer-urls $peer --initial-advertise-peer-urls $peer \
    --initial-cluster default=$peer >etcd.log 2>&1 &
  "$bin/kube-apiserver" --etcd-servers=$etcd --secure-port=26443 --bind-address=127.0.0.1 \
    --advertise-address=127.0.0.1 --cert-dir=certs --token-auth-file=tokens.csv \
    --authorization-mode=RBAC --kubelet-preferred-address-types=InternalIP \
    --service-account-key-file=sa.pub --service-account-signing-key-file=sa.key \
    --service-account-issuer=https://kubernetes.default.svc \
    --service-cluster-ip-range=10.96.0.0/16 --disable-admission-plugins=ServiceAccount \
    --insecure-port=0 >apiserver.log 2>&1 &
  until curl -skf -H "Authorization: Bearer $token" https://127.0.0.1:26443/readyz; do sleep 0.5; done
  "$bin/kube-controller-manager" --kubeconfig=kubeconfig --leader-elect=false --port=0 \
    --kube-api-qps=100 --kube-api-burst=200 \
    --service-account-private-key-file=sa.key --secure-port=0 --cert-dir=kcm >kcm.log 2>&1 &
  "$bin/kube-scheduler" --kubeconfig=kubeconfig --leader-elect=false --port=0 --secure-port=0 \
    --cert-dir=ks >scheduler.log 2>&1 &
  "$bin/kubelet" --config=kubelet.yaml --kubeconfig=kubeconfig --hostname-override=node-1 \
    --root-dir="$run/kubelet" --container-runtime=docker --docker-endpoint="$DOCKER_HOST" \
    --pod-infra-container-image=pause:local --cert-dir=pki --node-ip="$address" \
    --network-plugin=cni --cni-bin-dir="$run/cni/bin" --cni-conf-dir="$run/cni/conf" \
    --cni-cache-dir="$run/cni/cache" --oom-score-adj=0 --dynamic-config-dir="" \
    --image-gc-high-threshold=100 >kubelet.log 2>&1 &
  echo "KUBECONFIG=$run/kubeconfig"
  wait
}

"$1"
