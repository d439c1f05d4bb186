"""What schemathesis cannot know from the schema: the tus body, and metadata that is valid inside its base64."""

import base64
import hashlib
import uuid

import schemathesis

BODY = b"sealed"
DIGEST = hashlib.sha256(BODY).hexdigest()


@schemathesis.serializer("application/offset+octet-stream")
def offset_octets(ctx, value):
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.hook
def map_case(ctx, case):
    if case.operation.definition.raw.get("operationId") != "createUpload" or not case.headers:
        return case
    # What was made wrong on purpose stays wrong.
    if case.meta is None or case.meta.generation.mode != schemathesis.GenerationMode.POSITIVE:
        return case
    # Half of the valid announcements become one of a few real ones, so that calls that follow find real uploads.
    length = str(case.headers.get("Upload-Length", ""))
    if length.isdigit() and int(length) % 2 == 0:
        number = int(length) % 1000
        item = str(uuid.UUID(int=0x0195C8A0_1F4E_7000_8000_000000000000 + number))
        case.headers["Upload-Length"] = str(number)
        case.headers["Upload-Metadata"] = "item %s,digest %s" % (
            base64.b64encode(item.encode()).decode(),
            base64.b64encode(DIGEST.encode()).decode(),
        )
    return case
