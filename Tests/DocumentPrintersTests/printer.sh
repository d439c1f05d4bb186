#!/bin/sh
# What the real printer of the tests (ippeveprinter -c) does with a document: the plan of the test, in $EVE_FOLDER/plan.
D=$EVE_FOLDER
attr() { echo "ATTR: $1" >&2; }
state() { echo "STATE: $1" >&2; }
page() { echo "$IPP_JOB_NAME $1" >>"$D/paper"; attr "job-impressions-completed=$1"; }
pages() { for n in $(seq 1 "$1"); do page "$n"; sleep 0.05; done; }
# A test that has ended took its folder with it.
hold() { while [ ! -e "$D/go" ]; do [ -d "$D" ] || exit 1; sleep 0.02; done; rm "$D/go"; }
cp "$1" "$D/last-document"
env >"$D/last-environment"
echo "$IPP_JOB_NAME" >>"$D/begun"
. "$D/plan"
