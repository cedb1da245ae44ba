# shellcheck shell=bash disable=SC2034
# What `reproduce`, `test` and the Dockerfile share. A function is named for what it ensures: it looks first, does only what is missing,
# and says how long that took. To be sourced by a bash with `set -euo pipefail`.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
TARGET=$ROOT/target
LOGS=$TARGET/logs
REPORTS=$TARGET/reports
KERNEL_PREFIX=$TARGET/jupyter
JAR=$TARGET/espalier-0.1.0.jar

# Notebooks print what is not ASCII; a fresh container's POSIX locale would turn it into question marks.
case "$(locale charmap 2>/dev/null || true)" in UTF-8) ;; *) export LC_ALL=C.UTF-8 ;; esac

for part in say look packages build notebooks tests; do
  # shellcheck disable=SC1090
  . "$ROOT/environment/lib/$part.sh"
done
