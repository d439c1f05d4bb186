#!/usr/bin/env bash
# cupsd.sh FOLDER PORT [LOGLEVEL] : becomes a cupsd on 127.0.0.1:PORT and FOLDER/cups.sock, with all that it writes in FOLDER.
# For the emulated hall and for tests: unprivileged, Debian's own policy, the settings of docs/devices.md, and queues are made
# without a password. As root it runs as nobody, who must be able to reach FOLDER. With CUPS_KEEPS_JOBS=1 it begins anew with the
# jobs that it had, as one without the kiosk's drop-in.
set -euo pipefail
folder=$1 port=$2 level=${3:-warn}
mkdir -p "$folder"/{etc,spool,cache,state,tmp}
sed -z -e "s|Listen localhost:631|Listen 127.0.0.1:$port|" -e "s|Listen /run/cups/cups.sock|Listen $folder/cups.sock|" \
    -e 's|Browsing Yes|Browsing No|' -e 's|WebInterface Yes|WebInterface No|' -e "s|LogLevel warn|LogLevel $level|" \
    -e 's|ErrorPolicy retry-job|ErrorPolicy abort-job\nPreserveJobFiles No\nMaxJobTime 1200\nDirtyCleanInterval 0|' \
    -e 's|    AuthType Default\n    Require user @SYSTEM\n||g' /usr/share/cups/cupsd.conf.default >"$folder/etc/cupsd.conf"
cat >"$folder/etc/cups-files.conf" <<FILES
ServerRoot $folder/etc
RequestRoot $folder/spool
CacheDir $folder/cache
StateDir $folder/state
TempDir $folder/tmp
AccessLog $folder/access
ErrorLog $folder/errors
PageLog $folder/pages
User nobody
Group nogroup
FILES
if [ "${CUPS_KEEPS_JOBS:-}" != 1 ]; then
    forgets=$(sed -n 's/^ExecStartPre=//p' "$(dirname "$0")/../systemd/cups.service.d/hallkiosk.conf")
    spool='"$folder/spool"'
    eval "${forgets//\/var\/spool\/cups/"$spool"}"
fi
as=()
if [ "$(id -u)" = 0 ]; then
    chown -R nobody:nogroup "$folder"
    as=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
fi
exec "${as[@]}" /usr/sbin/cupsd -f -c "$folder/etc/cupsd.conf" -s "$folder/etc/cups-files.conf"
