#!/usr/bin/env bash
# The whole hall on this machine: emulated devices, the reference platform, the kiosk. Ctrl-C ends all of it.
# run.sh cups : with a queue of a cupsd of its own between the kiosk and the A4 printer.
set -uo pipefail
cd "$(dirname "$0")/.."
root=$PWD
bin=$root/.build/debug
state=${HALLKIOSK_STATE:-$root/.run}   # kept between runs: development CA, the platform's cases
first=${HALLKIOSK_PORT:-8700}          # the first of the ports used
screen_port=$first desk_port=$((first + 1)) staff_port=$((first + 2)) api_port=$((first + 3))
printer_port=$((first + 4)) scanner_port=$((first + 5)) proxy_port=$((first + 6)) papers_port=$((first + 7))
cups_port=                             # with a queue: the next one
[ "${1:-}" != cups ] || cups_port=$((first + 8))

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

scripts/install-packages.sh ${1:-run} || exit 1
make -s --no-print-directory build || exit 1

# A taken port is said before anything starts.
for port in $screen_port $desk_port $staff_port $api_port $printer_port $scanner_port $proxy_port $papers_port $cups_port; do
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
        fail "Port $port is taken by another program. Stop it, or choose other ports: HALLKIOSK_PORT=9700 make run"
    fi
done

runtime=$(mktemp -d "${TMPDIR:-/tmp}/hallkiosk.XXXXXX") || fail "No temporary folder can be made in ${TMPDIR:-/tmp}."
mkdir -p "$state/kiosk" "$state/platform" "$state/ca" "$runtime/kiosk" "$runtime/hall"
chmod 700 "$state" "$runtime"/*
log=$runtime/log
: >"$log"
spool=   # of the queue; not in $runtime: cupsd is not this user where this is root
[ -z "$cups_port" ] || spool=$(mktemp -d "${TMPDIR:-/tmp}/hallkiosk-cups.XXXXXX")

supervisors=()
cleanup() {
    trap - EXIT INT TERM HUP
    # The supervisors end what they started; each waits for its own child by pid.
    ((${#supervisors[@]})) && kill -TERM "${supervisors[@]}" 2>/dev/null
    wait 2>/dev/null
    rm -rf "$runtime" ${spool:+"$spool"}
}
trap 'cleanup; exit 0' INT TERM HUP
trap cleanup EXIT

# supervise NAME command… : runs the command and starts it again when it ends, until told to stop.
supervise() {
    local name=$1 child=0 stopping=0 delay=0.2
    shift
    trap 'stopping=1; ((child)) && kill -TERM $child 2>/dev/null' TERM INT HUP
    while ((!stopping)); do
        SWIFT_BACKTRACE=enable=no "$@" >>"$log" 2>&1 &
        child=$!
        # `wait` returns early when a signal is trapped: wait until the child is really gone.
        while kill -0 $child 2>/dev/null; do
            wait $child 2>/dev/null
            if ((stopping)); then
                for _ in {1..50}; do kill -0 $child 2>/dev/null || break; sleep 0.1; done
                kill -KILL $child 2>/dev/null
            fi
        done
        ((stopping)) || { printf '%s ended and is started again\n' "$name" >>"$log"; sleep $delay; }
    done
}

# await FILE NAME : waits until a part has written the file that says it is up.
await() {
    for _ in {1..100}; do [ -s "$1" ] && return 0; sleep 0.1; done
    tail -n 5 "$log" >&2
    fail "$2 did not start within 10 s; its last words are above."
}
value() { sed -n "s/.*\"$2\" *: *\"\([^\"]*\)\".*/\1/p" "$1" | head -n 1 | sed 's,\\/,/,g'; }

"$bin/kiosk-platformd" make-development-ca "$state/ca" --kiosk dev-kiosk --host localhost >>"$log" 2>&1 ||
    { tail -n 5 "$log" >&2; fail "The development CA could not be made in $state/ca."; }

rm -f "$state/platform/platform.json"
supervise kiosk-platformd "$bin/kiosk-platformd" --state "$state/platform" --port $api_port --staff-port $staff_port \
    --certificate "$state/ca/server.pem" --key "$state/ca/server-key.pem" --client-ca "$state/ca/ca.pem" \
    --identity "$state/ca/age-identity.txt" &
supervisors+=($!)
supervise kiosk-hall "$bin/kiosk-hall" --runtime "$runtime/hall" --port $desk_port --printer-port $printer_port \
    --scanner-port $scanner_port --proxy-port $proxy_port --document-printer-port $papers_port \
    --platform 127.0.0.1:$api_port &
supervisors+=($!)
await "$state/platform/platform.json" "The platform (kiosk-platformd)"
await "$runtime/hall/hall.json" "The hall (kiosk-hall)"

papers=()
if [ -n "$cups_port" ]; then
    supervise cupsd scripts/cupsd.sh "$spool" $cups_port &
    supervisors+=($!)
    for _ in {1..100}; do [[ $(lpstat -h localhost:$cups_port -r 2>&1) == *"is running"* ]] && break; sleep 0.1; done
    lpadmin -h localhost:$cups_port -p hall_a4 -E -v "$(value "$runtime/hall/hall.json" documentPrinter)" -m everywhere \
        >>"$log" 2>&1 || { tail -n 5 "$log" >&2; fail "The queue hall_a4 could not be made; the last words are above."; }
    papers=(-e "s|profile: ipp-a4, address: \"[^\"]*\"|profile: cups-queue, address: \"cups:hall_a4@localhost:$cups_port\"|")
fi

sed "${papers[@]}" -e "s|@ROOT@|$root|g; s|@CA@|$state/ca|g; s|@SCREEN@|$screen_port|; s|@DESK@|$desk_port|; s|@PRINTER@|$printer_port|" \
    -e "s|@SCANNER@|$scanner_port|; s|@PROXY@|$proxy_port|; s|@PAPERS@|$papers_port|; s|@HALL@|$runtime/hall|; s|@BIN@|$bin|; s|@KIOSK@|dev-kiosk|g; s|@FREE@|64|" \
    Kiosk/development.yaml >"$runtime/kiosk.yaml"
supervise kioskd "$bin/kioskd" --configuration "$runtime/kiosk.yaml" --state "$state/kiosk" --runtime "$runtime/kiosk" &
supervisors+=($!)
await "$runtime/kiosk/screen.json" "The kiosk (kioskd)"

say ""
say "  The resident's screen   $(value "$runtime/kiosk/screen.json" url)"
say "  The desk (hardware)     $(value "$runtime/hall/hall.json" desk)"
say "  The platform's cases    $(value "$state/platform/platform.json" staff)"
say ""
say "Lay a card on the reader at the desk, and follow the resident's screen. Ctrl-C ends everything."
say "For a technician, in another terminal:  .build/debug/kioskctl status --runtime $runtime/kiosk"
[ -z "$cups_port" ] ||
    say "The queue of the A4 printer:  lpstat -h localhost:$cups_port -l -p hall_a4   (cupsdisable, cupsenable, lpstat -o alike)"
wait
