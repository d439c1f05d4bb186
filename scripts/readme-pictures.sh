#!/usr/bin/env bash
# The README's pictures: six of the resident's screens from `make screenshots`, and the desk with a card, two pages and a slip.
set -euo pipefail
cd "$(dirname "$0")/.."
from=.build/screens/sheet-zh-Hans-2
args=()
for name in start items choice preview check done; do args+=("$(ls "$from"/*-"$name".png)"); done
montage "${args[@]}" -resize 360x -geometry +6+6 -tile 6x1 -background '#d9dcea' -quality 90 docs/pictures/screens.png

runtime=$(mktemp -d)
.build/debug/kiosk-hall --runtime "$runtime" --platform 127.0.0.1:9 --time-scale 0.1 >"$runtime/log" 2>&1 &
hall=$!
trap 'kill "$hall"; wait "$hall" 2>/dev/null; rm -rf "$runtime"' EXIT
for _ in {1..50}; do [ -s "$runtime/hall.json" ] && break; sleep 0.1; done
value() { sed -n "s/.*\"$1\" : \"\([^\"]*\)\".*/\1/p" "$runtime/hall.json"; }
post() { curl -fsS -o /dev/null -H 'content-type: application/json' -d "$2" "$(value desk)api/$1"; }
post reader/place '{"card":"zhang"}'
post scanner/tray '{"document":"household-register-1"}'
post scanner/tray '{"document":"household-register-2"}'
.build/debug/kioskctl receipt print --example --direct "tcp:$(value printer)" >/dev/null
# By WebDriver: the desk follows its events for ever, so that Chromium's own --screenshot comes too early or never.
chromedriver --port=0 >"$runtime/driver" 2>&1 &
driver=$!
trap 'kill "$hall" "$driver"; wait 2>/dev/null; rm -rf "$runtime"' EXIT
python3 - "$runtime/driver" "$(value desk)" "$runtime/desk.png" <<'PYTHON'
import base64, json, re, sys, time, urllib.request

log, desk, picture = sys.argv[1:]
for _ in range(100):
    port = re.search(r"successfully on port (\d+)", open(log).read())
    if port: break
    time.sleep(0.1)

def ask(method, path, body=None):
    request = urllib.request.Request(
        f"http://127.0.0.1:{port[1]}{path}", json.dumps(body).encode() if body is not None else None, method=method)
    return json.load(urllib.request.urlopen(request, timeout=30))["value"]

arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1500,1640"]
options = {"browserName": "chrome", "goog:chromeOptions": {"args": arguments}}
session = ask("POST", "/session", {"capabilities": {"alwaysMatch": options}})["sessionId"]
try:
    ask("POST", f"/session/{session}/url", {"url": desk})
    time.sleep(4)
    open(picture, "wb").write(base64.b64decode(ask("GET", f"/session/{session}/screenshot")))
finally:
    ask("DELETE", f"/session/{session}")
PYTHON
convert "$runtime/desk.png" -quality 90 docs/pictures/desk.png
echo "docs/pictures/screens.png and docs/pictures/desk.png are new."
