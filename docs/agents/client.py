"""An agent's whole client: python3 client.py CONNECTION STATEMENT [REASON]. Standard library alone."""
import json, os, sys, urllib.error, urllib.request

def call(path, body=None):
    request = urllib.request.Request(os.environ["COUNTERSIGN_URL"] + path, method="POST" if body else "GET",
        data=json.dumps(body).encode() if body else None,
        headers={"Authorization": "Bearer " + os.environ["COUNTERSIGN_TOKEN"], "Content-Type": "application/json"})
    try:
        return json.load(urllib.request.urlopen(request, timeout=40))
    except urllib.error.HTTPError as refusal:  # A problem (RFC 9457): `code` for programs, `detail` for whoever reads.
        return json.load(refusal)

connection, statement, *reason = sys.argv[1:]
answer = call("/v1/execute", {"connection": connection, "statement": statement, "reason": " ".join(reason), "wait": 20})
while answer.get("status") in ("pending_approval", "running"):
    print(answer.get("approval", {}).get("detail", "It runs."), file=sys.stderr)
    answer = call(answer["links"]["poll"])
print(json.dumps(answer.get("result", {}).get("rows", answer.get("detail"))))
sys.exit(0 if answer.get("status") == "succeeded" else 1)
