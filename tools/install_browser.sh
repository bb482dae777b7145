#!/bin/sh
# Chromium and Chinese fonts for the browser tests, where this user may install them; else the tests say they skip.
set -u
command -v chromium > /dev/null 2>&1 && fc-list 2> /dev/null | grep -qi 'cjk' && exit 0
[ "$(id -u)" = 0 ] && command -v apt-get > /dev/null 2>&1 || {
    echo "No Chromium with Chinese fonts here: the browser tests will be skipped (apt install chromium fonts-noto-cjk)."
    exit 0
}
log=$(mktemp)
{ apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
    chromium fonts-noto-cjk poppler-utils; } > "$log" 2>&1 || {
    tail -n 5 "$log"
    echo "Chromium could not be installed: the browser tests will be skipped."
}
rm -f "$log"
