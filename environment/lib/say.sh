# shellcheck shell=bash disable=SC2034
# How the scripts speak: one line per step, with its time; a long step shows a sign of life; a failed one shows why.

if [ -t 1 ] && [ "${TERM:-dumb}" != dumb ] && [ -z "${CI:-}" ]; then LIVE=yes; else LIVE=no; fi
if [ "$LIVE" = yes ] && [ -z "${NO_COLOR:-}" ]; then
  BOLD=$'\e[1m' DIM=$'\e[2m' RED=$'\e[31m' GREEN=$'\e[32m' PLAIN=$'\e[0m'
else
  BOLD='' DIM='' RED='' GREEN='' PLAIN=''
fi
STEP_WIDTH=22
TICKER=

say() { printf '%s\n' "$@"; }
line() { printf "  %-${STEP_WIDTH}s  %s\n" "$1" "$2"; }
done_line() { printf "${GREEN}✓${PLAIN} %-${STEP_WIDTH}s  %-48s ${DIM}%9s${PLAIN}\n" "$1" "$2" "$3"; }
complain() {
  printf '%s\n' "${RED}✗ $1${PLAIN}" >&2
  shift
  [ $# -eq 0 ] || printf '%s\n' "$@" | sed 's/^/  /' >&2
}
fail() { complain "$@" && exit 1; }

now() { if [ -n "${EPOCHREALTIME:-}" ]; then printf '%s' "${EPOCHREALTIME/[.,]/}"; else printf '%s000000' "$(date +%s)"; fi; }
since() { # since MICROSECONDS: the time that has passed, as a person says it
  local tenths=$((($(now) - $1) / 100000))
  if [ "$tenths" -lt 600 ]; then
    printf '%d.%d s' $((tenths / 10)) $((tenths % 10))
  else
    printf '%d min %02d s' $((tenths / 600)) $((tenths % 600 / 10))
  fi
}

# While a long command runs, a terminal sees its time and last line, a log file a sign of life every half minute.
ticker_starts() { # NAME LOG
  local name=$1 log=$2 seconds=0 last
  (
    trap - EXIT INT
    while sleep 1 >/dev/null 2>&1; do
      seconds=$((seconds + 1))
      if [ "$LIVE" = yes ]; then
        last=$(tail -n 1 "$log" 2>/dev/null | tr -d '\r\033' | cut -c 1-60 || true)
        printf "\r\033[K  %-${STEP_WIDTH}s  ${DIM}%4d s  %s${PLAIN}" "$name" "$seconds" "$last"
      elif [ $((seconds % 30)) -eq 0 ]; then
        printf "  %-${STEP_WIDTH}s  still at it, %d s\n" "$name" "$seconds"
      fi
    done
  ) &
  TICKER=$!
}
ticker_stops() {
  [ -n "$TICKER" ] || return 0
  kill "$TICKER" 2>/dev/null || true
  wait "$TICKER" 2>/dev/null || true
  TICKER=
  [ "$LIVE" = no ] || printf '\r\033[K'
}

# attempt NAME WHAT COMMAND...: runs the command with its output in target/logs/NAME.log. The command stays in the foreground, since a
# background job of a script ignores Ctrl-C; a failure shows the end of the log.
attempt() {
  local name=$1 what=$2 log=$LOGS/$1.log began status=0
  shift 2
  mkdir -p "$LOGS"
  began=$(now)
  : >"$log"
  [ "$LIVE" = yes ] || line "$name" "$what ..."
  ticker_starts "$name" "$log"
  ("$@") >"$log" 2>&1 </dev/null || status=$?
  ticker_stops
  if [ "$status" -ne 0 ]; then
    { grep -E '^(\[ERROR\]|E:|ERROR)' "$log" || tail -n 25 "$log"; } | head -n 40 | sed 's/^/  | /' >&2
    complain "$name failed after $(since "$began")" "The whole log: $log"
    return 1
  fi
  done_line "$name" "$what" "$(since "$began")"
}
# step NAME WHAT COMMAND...: the same, and a failure ends the script.
step() { attempt "$@" || exit 1; }

# On the script's own output: the step that is stopped may have sent its own to a log.
exec 3>&1
stopped() {
  trap - INT TERM
  exec >&3
  ticker_stops
  say "" "Stopped. Nothing half-done is kept: the same command goes on from here."
  exit 130
}
trap stopped INT TERM
trap ticker_stops EXIT
