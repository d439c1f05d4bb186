#!/usr/bin/env python3
"""The way of a case through the platform's API as its description says it, every answer held against the description.

success.py DESCRIPTION API CA_FOLDER SEED ROUNDS

Real files (sealed by `age`, signed by `openssl`) in pieces of random length; every answer is checked by schemathesis:
status, content type, headers, schema. Ends with 0 only when each success answer that the description knows was seen.
"""

import base64
import collections
import hashlib
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time
import uuid

import schemathesis

description, api, ca, seed, rounds = sys.argv[1:6]
dice = random.Random(int(seed))
schema = schemathesis.openapi.from_path(description)
KIOSK = "kiosk-1"
RESUMABLE = {"Tus-Resumable": "1.0.0"}
PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj
trailer<</Root 1 0 R/Size 4>>
%%EOF
"""
seen = collections.Counter()


@schemathesis.serializer("application/offset+octet-stream")
def offset_octets(ctx, value):
    return value


def call(method, path, expected, **parts):
    """Calls the operation; the answer must be this one, and what the description says of it."""
    operation = schema[path][method]
    case = operation.Case(**parts)
    response = case.call_and_validate(
        base_url=api,
        verify=f"{ca}/ca.pem",
        cert=(f"{ca}/kiosks/{KIOSK}.pem", f"{ca}/kiosks/{KIOSK}-key.pem"),
        timeout=20,
    )
    name = operation.definition.raw["operationId"]
    if response.status_code != expected:
        sys.exit(f"{name}: {response.status_code}, not {expected}: {response.text[:500]}")
    seen[name, str(response.status_code)] += 1
    return response


def header(response, name):
    """The one header of this name."""
    (value,) = response.headers[name.lower()]
    return value


def run(*command, data=b""):
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout


def new_id():
    """UUIDv7."""
    bits = (int(time.time() * 1000) << 80) | (7 << 76) | (dice.getrandbits(12) << 64)
    return str(uuid.UUID(int=bits | (2 << 62) | dice.getrandbits(62)))


def encoded(text):
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def announce(item, sealed):
    digest = hashlib.sha256(sealed).hexdigest()
    response = call(
        "POST",
        "/v1/uploads",
        201,
        headers=RESUMABLE
        | {"Upload-Length": str(len(sealed)), "Upload-Metadata": f"item {encoded(item)},digest {encoded(digest)}"},
    )
    upload = response.json()["id"]
    assert header(response, "Location") == f"/v1/uploads/{upload}"
    return {"upload": upload, "sha256": digest}, response.json()["offset"]


def offset(upload):
    response = call("HEAD", "/v1/uploads/{upload}", 200, path_parameters={"upload": upload}, headers=RESUMABLE)
    return int(header(response, "Upload-Offset"))


def append(upload, at, piece):
    response = call(
        "PATCH",
        "/v1/uploads/{upload}",
        204,
        path_parameters={"upload": upload},
        headers=RESUMABLE | {"Upload-Offset": str(at)},
        body=piece,
        media_type="application/offset+octet-stream",
    )
    assert int(header(response, "Upload-Offset")) == at + len(piece)


def upload(item, sealed):
    """Announces and sends a file in pieces; asks where it is in between, and announces it again."""
    file, at = announce(item, sealed)
    assert at == 0
    while at < len(sealed):
        piece = sealed[at : at + dice.randint(1, len(sealed))]
        append(file["upload"], at, piece)
        at += len(piece)
        if dice.random() < 0.5:
            assert offset(file["upload"]) == at
        if dice.random() < 0.3:
            assert announce(item, sealed) == (file, at)
    assert offset(file["upload"]) == len(sealed)
    return file


def one_case(folder, recipients, item, number):
    def seal(plain):
        return run("age", *sum((["-r", one] for one in recipients), []), data=plain)

    case = new_id()
    code = "".join(dice.choices("23456789ABCDEFGHJKMNPQRSTVWXYZ", k=8))
    person = {"name": "张示例", "number": number, "sex": "女", "birth": "1947-03-12", "address": "测试省样例市"}
    answers = {
        "person": person,
        "answers": [{"question": "pickup", "label": "领取地点", "value": "服务大厅"}] * dice.randint(0, 5),
        "item": item["id"],
        "kiosk": KIOSK,
    }
    sealed_answers = upload(case, seal(json.dumps(answers).encode()))
    materials = []
    for _ in range(dice.randint(0, 3)):
        name = item["materials"][0]["id"] if item["materials"] else "other"
        material = {"id": new_id(), "name": name, "pages": dice.randint(1, 9)}
        padding = b"%" + b"x" * dice.randint(0, 200_000) + b"\n"
        materials.append(material | upload(material["id"], seal(PDF + padding)))
    manifest = {
        "type": "case-manifest-v1",
        "suite": "age-x25519-ed25519",
        "kiosk": KIOSK,
        "id": case,
        "item": item["id"],
        "acceptanceCode": code,
        "time": "2026-03-02T01:15:00Z",
        "files": [{"id": case, "sha256": sealed_answers["sha256"]}]
        + [{"id": one["id"], "sha256": one["sha256"], "pages": one["pages"]} for one in materials],
    }
    manifest = json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()
    (folder / "manifest").write_bytes(manifest)
    key = str(folder / "key.pem")
    signature = run("openssl", "pkeyutl", "-sign", "-rawin", "-inkey", key, "-in", str(folder / "manifest"))
    public = run("openssl", "pkey", "-in", key, "-pubout", "-outform", "DER")[-32:]
    body = {
        "id": case,
        "item": item["id"],
        "acceptedAt": "2026-03-02T09:15:00+08:00",
        "acceptanceCode": code,
        "manifest": encoded(manifest),
        "manifestSignature": encoded(signature),
        "kioskKey": encoded(public),
        "answers": sealed_answers,
        "materials": materials,
    }
    created = call("POST", "/v1/cases", 201, body=body, media_type="application/json")
    assert header(created, "Location") == f"/v1/cases/{case}"
    answer = created.json()
    digests = [sealed_answers["sha256"]] + [one["sha256"] for one in materials]
    assert answer["receivedDigests"] == digests
    again = call("POST", "/v1/cases", 200, body=body, media_type="application/json")
    assert again.json() == answer

    # The confirmation, by a verifier of other people.
    signing = call("GET", "/v1/signing-key", 200).json()
    der = bytes.fromhex("302a300506032b6570032100") + base64.b64decode(signing["publicKey"])
    (folder / "platform.der").write_bytes(der)
    (folder / "confirmation").write_bytes(base64.b64decode(answer["confirmation"]))
    (folder / "signature").write_bytes(base64.b64decode(answer["signature"]))
    run(
        *("openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey"),
        *(str(folder / "platform.der"), "-in", str(folder / "confirmation"), "-sigfile", str(folder / "signature")),
    )
    confirmed = json.loads((folder / "confirmation").read_bytes())
    assert confirmed["digests"] == digests and confirmed["id"] == case and confirmed["number"] == answer["number"]

    assert call("GET", "/v1/cases/{id}", 200, path_parameters={"id": case}).json() == answer
    summary = call("GET", "/v1/acceptance-codes/{code}", 200, path_parameters={"code": code}).json()
    assert summary["number"] == answer["number"]
    query = {"idNumber": number}
    cases = call("POST", "/v1/case-queries", 200, body=query, media_type="application/json").json()["cases"]
    assert cases[0]["number"] == answer["number"]
    for receipt in (f"HK1:N:{answer['number']}", f"HK1:A:{code}"):
        query = {"receiptCode": receipt}
        of_receipt = call("POST", "/v1/case-queries", 200, body=query, media_type="application/json").json()["cases"]
        assert of_receipt == [cases[0]], of_receipt
    return len(cases)


def one_document(number):
    body = {
        "id": new_id(),
        "item": "insurance-certificate",
        "idNumber": number,
        "answers": [{"question": "period", "value": dice.choice(["last-year", "all"])}],
    }
    if dice.random() < 0.5:
        body["name"] = "张示例"
    made = call("POST", "/v1/documents", 201, body=body, media_type="application/json")
    assert header(made, "Location") == f"/v1/documents/{body['id']}"
    document = made.json()
    assert call("POST", "/v1/documents", 200, body=body, media_type="application/json").json() == document
    where = {"document": body["id"]}
    content = call("GET", "/v1/documents/{document}/content", 200, path_parameters=where).content
    assert content.startswith(b"%PDF-") and len(content) == document["bytes"]
    assert hashlib.sha256(content).hexdigest() == document["sha256"]
    check = call("GET", "/v1/document-checks/{number}", 200, path_parameters={"number": document["number"]}).json()
    assert check["number"] == document["number"] and number not in json.dumps(check)
    call("DELETE", "/v1/documents/{document}", 204, path_parameters=where)
    call("GET", "/v1/documents/{document}/content", 410, path_parameters=where)
    call("POST", "/v1/documents", 410, body=body, media_type="application/json")


def main():
    print(f"seed {seed}")
    health = call("GET", "/v1/health", 200).json()
    assert health["status"] == "ok"
    options = call("OPTIONS", "/v1/uploads", 204)
    assert int(header(options, "Tus-Max-Size")) > 0
    items = call("GET", "/v1/items", 200).json()["items"]
    recipients = call("GET", "/v1/recipients", 200).json()["recipients"]
    nobody = call("POST", "/v1/case-queries", 200, body={"idNumber": "999999190001010031"}, media_type="application/json")
    assert nobody.json() == {"cases": []}
    unknown = call("POST", "/v1/case-queries", 200, body={"receiptCode": "HK1:A:22222222"}, media_type="application/json")
    assert unknown.json() == {"cases": []}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        run("openssl", "genpkey", "-algorithm", "ed25519", "-out", str(folder / "key.pem"))
        for number in range(1, int(rounds) + 1):
            assert one_case(folder, recipients, dice.choice(items), "999999194703120021") == min(number, 50)
            one_document(f"99999919{dice.randint(40, 99)}03120021")
            # A file that is given up, whole or half there.
            file, _ = announce(new_id(), b"given up")
            if dice.random() < 0.5:
                append(file["upload"], 0, b"given")
            call("DELETE", "/v1/uploads/{upload}", 204, path_parameters={"upload": file["upload"]}, headers=RESUMABLE)

    known = {
        (operation["operationId"], status)
        for path in schema.raw_schema["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict) and "operationId" in operation
        for status in operation["responses"]
        if re.fullmatch("2..", status)
    }
    for name, status in sorted(known):
        print(f"{name} {status}: {seen[name, status]}")
    missing = known - set(seen)
    if missing or not known:
        sys.exit(f"never seen: {sorted(missing)}")


main()
