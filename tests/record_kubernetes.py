"""Write down what a real Kubernetes answers: `python -m tests.record_kubernetes --help`.

tests/kubernetes/README.md says how to have a real one, and what is kept.
"""

import argparse
import json
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.kubernetes.server import Server
from tests.kubernetes.typed import HERE, Typist, parts

PATIENCE = 180.0  # seconds: the real one takes its time where the machine is busy


def main() -> None:
    """Type every part, or the parts named, and put what came into recorded/."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("kubeconfig", type=Path, help="of a real server with one node")
    asked.add_argument("kubectl", type=Path, help="the program to type with")
    asked.add_argument("parts", nargs="*", help="these parts alone (all)")
    options = asked.parse_args()
    server = Server(options.kubeconfig)
    version = server.http.get("/version").raise_for_status().json()["gitVersion"]
    client = _client(options.kubectl)
    file = HERE / "recorded" / f"kubectl-{'.'.join(client.removeprefix('v').split('.')[:2])}.json"
    kept = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {"parts": {}}
    wanted = options.parts or list(parts())

    def typed(part: str) -> list[dict]:
        with tempfile.TemporaryDirectory() as folder:
            typist = Typist(part, server, options.kubectl, Path(folder), PATIENCE, False)
            return typist.type(parts()[part])

    with ThreadPoolExecutor(2) as pool:
        said = dict(zip(wanted, pool.map(typed, wanted), strict=True))
    kept = {"server": version, "kubectl": client, "parts": {**kept["parts"], **said}}
    kept["parts"] = {part: kept["parts"][part] for part in parts() if part in kept["parts"]}
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{file.name}: {sum(len(part) for part in kept['parts'].values())} lines")
    for part, lines in said.items():
        for line in lines:
            if line.get("came") is False:
                print(f"{part}: waited in vain: {line['line']}")


def _client(kubectl: Path) -> str:
    said = subprocess.run(
        [kubectl, "version", "--client", "-o", "json"], capture_output=True, check=True
    ).stdout
    return json.loads(said)["clientVersion"]["gitVersion"]


if __name__ == "__main__":
    main()
