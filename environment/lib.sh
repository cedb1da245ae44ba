# shellcheck shell=bash disable=SC2034
# What `reproduce`, `test` and the Dockerfile share. A function is named for what it ensures: it looks first, does only what is missing,
# and says how long that took. Meant to be sourced, by a bash with `set -euo pipefail`.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
TARGET=$ROOT/target
LOGS=$TARGET/logs
REPORTS=$TARGET/reports
KERNEL_PREFIX=$TARGET/jupyter
JAR=$TARGET/espalier-0.1.0.jar

# Notebooks print what is not ASCII; a fresh container's POSIX locale would turn it into question marks.
case "$(locale charmap 2>/dev/null || true)" in UTF-8) ;; *) export LC_ALL=C.UTF-8 ;; esac

# ---------------------------------------------------------------------------------------------------------------- saying what happens

if [ -t 1 ] && [ "${TERM:-dumb}" != dumb ] && [ -z "${CI:-}" ]; then LIVE=yes; else LIVE=no; fi
if [ "$LIVE" = yes ] && [ -z "${NO_COLOR:-}" ]; then
  BOLD=$'\e[1m' DIM=$'\e[2m' RED=$'\e[31m' GREEN=$'\e[32m' PLAIN=$'\e[0m'
else
  BOLD='' DIM='' RED='' GREEN='' PLAIN=''
fi
STEP_WIDTH=10
TICKER=

say() { printf '%s\n' "$@"; }
line() { printf "  %-${STEP_WIDTH}s  %s\n" "$1" "$2"; }
done_line() { printf "${GREEN}✓${PLAIN} %-${STEP_WIDTH}s  %-56s ${DIM}%9s${PLAIN}\n" "$1" "$2" "$3"; }
fail() {
  printf '%s\n' "${RED}✗ $1${PLAIN}" >&2
  shift
  [ $# -eq 0 ] || printf '%s\n' "$@" | sed 's/^/  /' >&2
  exit 1
}

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

# step NAME WHAT COMMAND...: runs the command with its output in target/logs/NAME.log. The command stays in the foreground, since a
# background job of a script ignores Ctrl-C; a failure shows the end of the log and ends the script.
step() {
  local name=$1 what=$2 log=$LOGS/$1.log began status=0
  shift 2
  mkdir -p "$LOGS"
  began=$(now)
  : >"$log"
  [ "$LIVE" = yes ] || line "$name" "$what ..."
  ticker_starts "$name" "$log"
  "$@" >"$log" 2>&1 </dev/null || status=$?
  ticker_stops
  if [ "$status" -ne 0 ]; then
    { grep -E '^(\[ERROR\]|E:|ERROR)' "$log" || tail -n 25 "$log"; } | head -n 40 | sed 's/^/  | /' >&2
    fail "$name failed after $(since "$began")" "The whole log: $log"
  fi
  done_line "$name" "$what" "$(since "$began")"
}

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

# ------------------------------------------------------------------------------------------------------------------ what is there

java_home_of() { (cd "$(dirname "$(readlink -f "$1" 2>/dev/null || printf '%s' "$1")")/.." && pwd -P); }

# The first JDK of version 17 or newer that has the module jdk.jshell: JAVA_HOME's, the PATH's, or one in the usual folder.
find_jdk() {
  local java modules version problem
  JDK='' JDK_VERSION='' JDK_PROBLEM=''
  for java in "${JAVA_HOME:+$JAVA_HOME/bin/java}" "$(command -v java || true)" /usr/lib/jvm/*/bin/java; do
    if [ ! -x "$java" ]; then continue; fi
    modules=$("$java" --list-modules 2>/dev/null || true)
    version=$(printf '%s\n' "$modules" | sed -n 's/^java\.base@\([0-9.]*\).*/\1/p')
    if [ -z "$version" ] || [ "${version%%.*}" -lt 17 ]; then
      problem="$java is ${version:-older than 9}, and 17 or newer is needed"
    elif ! printf '%s\n' "$modules" | grep -q '^jdk\.jshell@'; then
      problem="$java is a runtime: it lacks the module jdk.jshell"
    elif [ ! -x "$(java_home_of "$java")/bin/javac" ]; then
      problem="$java is a runtime: it comes without javac"
    else
      JDK=$(java_home_of "$java") JDK_VERSION=$version
      return 0
    fi
    JDK_PROBLEM=${JDK_PROBLEM:-$problem}
  done
  JDK_PROBLEM=${JDK_PROBLEM:-no java was found}
  return 1
}

# Maven 3.6.3 or newer on the PATH; else the wrapper, which fetches Maven from Maven Central and checks its SHA-256.
find_maven() {
  local version
  MAVEN='' MAVEN_VERSION='' MAVEN_PROBLEM=''
  if command -v mvn >/dev/null && [ -n "$JDK" ]; then
    version=$(JAVA_HOME=$JDK mvn --version 2>/dev/null | sed -n 's/.*Apache Maven \([0-9][0-9.]*\).*/\1/p' || true)
    if [ "$(printf '%s\n' 3.6.3 "${version:-0}" | sort -V | head -n 1)" = 3.6.3 ]; then
      MAVEN=$(command -v mvn) MAVEN_VERSION=$version
      return 0
    fi
  fi
  MAVEN=$ROOT/mvnw MAVEN_VERSION=$(sed -n 's/.*apache-maven-\([0-9.]*\)-bin\.zip$/\1/p' "$ROOT/.mvn/wrapper/maven-wrapper.properties")
  command -v unzip >/dev/null && { command -v curl || command -v wget; } >/dev/null && return 0
  MAVEN_PROBLEM="no mvn of version 3.6.3 or newer, and the wrapper needs unzip and curl or wget"
  return 1
}

# The first Python that has Jupyter's modules: the PATH's (an active conda or virtual environment), Debian's, or the one behind `jupyter`.
find_jupyter() {
  local python script
  PYTHON='' JUPYTER_VERSION=''
  script=$(command -v jupyter || true)
  for python in "$(command -v python3 || true)" /usr/bin/python3 "${script:+$(sed -n '1s/^#! *\([^ ]*\).*/\1/p' "$script" 2>/dev/null | tr -d '\0')}"; do
    if [ ! -x "$python" ]; then continue; fi
    if "$python" - "${JUPYTER_MODULES[@]}" <<'PYTHON' 2>/dev/null; then
import importlib.util, sys
sys.exit(not all(importlib.util.find_spec(module) for module in sys.argv[1:]))
PYTHON
      PYTHON=$python
      JUPYTER_VERSION=$("$python" -c 'import nbconvert; print(nbconvert.__version__)' 2>/dev/null || true)
      [ -z "$JUPYTER_VERSION" ] || return 0
    fi
  done
  PYTHON=''
  return 1
}
JUPYTER_MODULES=(nbclient nbconvert jupyter_client)
JUPYTER_PACKAGES=(jupyter-nbconvert python3-nbclient jupyter-client)

# Java draws text only where there is a font. macOS brings its own.
find_fonts() {
  FONTS=yes
  [ "$(uname -s)" != Linux ] || [ -n "$(fc-list 2>/dev/null | head -n 1)" ] || FONTS=no
}

memory() {
  if [ -r /proc/meminfo ]; then
    awk '/^MemTotal/ { printf "%.1f GiB memory", $2 / 1048576 }' /proc/meminfo
  else
    sysctl -n hw.memsize 2>/dev/null | awk '{ printf "%.1f GiB memory", $1 / 1073741824 }' || true
  fi
}
system() {
  local name cores
  name=$(sed -n 's/^PRETTY_NAME="\{0,1\}\([^"]*\).*/\1/p' /etc/os-release 2>/dev/null || true)
  cores=$(getconf _NPROCESSORS_ONLN 2>/dev/null || printf '?')
  printf '%s, %s, %s cores, %s' "${name:-$(uname -sr)}" "$(uname -m)" "$cores" "$(memory)"
}

look() {
  find_jdk || true
  find_maven || true
  find_jupyter || true
  find_fonts || true
}
summary() {
  look
  line system "$(system)"
  if [ -n "$JDK" ]; then line java "$JDK_VERSION, $JDK"; else line java "missing: $JDK_PROBLEM"; fi
  if [ -z "$MAVEN_PROBLEM" ]; then line maven "$MAVEN_VERSION, $MAVEN"; else line maven "missing: $MAVEN_PROBLEM"; fi
  if [ -n "$PYTHON" ]; then line jupyter "nbconvert $JUPYTER_VERSION, $PYTHON"; else line jupyter "missing: no python3 has ${JUPYTER_MODULES[*]}"; fi
  [ "$FONTS" = yes ] || line fonts "missing: Java would find none to draw figures with"
}

# ------------------------------------------------------------------------------------------------------------------ what is installed

# Debian's names of what is missing, into PACKAGES. Nothing is installed that the machine has already, wherever it came from.
list_packages() {
  look
  PACKAGES=()
  [ -n "$JDK" ] || PACKAGES+=("$(jdk_package)")
  [ -z "$MAVEN_PROBLEM" ] || PACKAGES+=(unzip curl ca-certificates)
  [ -n "$PYTHON" ] || PACKAGES+=("${JUPYTER_PACKAGES[@]}")
  [ "$FONTS" = yes ] || PACKAGES+=(fontconfig fonts-dejavu-core)
}
jdk_package() {
  case "$(apt-cache policy openjdk-17-jdk-headless 2>/dev/null)" in
    *'Candidate: (none)'* | '') printf default-jdk-headless ;;
    *) printf openjdk-17-jdk-headless ;;
  esac
}

may_install() {
  if ! command -v apt-get >/dev/null; then
    WHY_NOT="this system has no apt-get"
  elif [ "$(id -u)" -eq 0 ]; then
    SUDO=()
  elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; }; }; then
    SUDO=(sudo)
  else
    WHY_NOT="you are not root, and sudo does not let you"
  fi
  [ -z "${WHY_NOT:-}" ]
}

# Another apt at work holds a lock; `install` can wait for it by itself, `update` cannot.
apt_get() {
  local try
  for try in 1 2 3 4 5 6 7 8 9 10; do
    ${SUDO[@]+"${SUDO[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" \
      2>&1 | tee "$LOGS/apt-get" && return 0
    grep -q 'ock' "$LOGS/apt-get" || return 1
    say "Another apt is at work: try $try of 10"
    sleep 6
  done
  return 1
}
# A list that cannot be refreshed is no reason to stop: the old one may do, and if not, the installation says so.
apt_update() { apt_get update || say "The lists could not be refreshed; going on with those that are there."; }

packages() {
  list_packages
  if [ ${#PACKAGES[@]} -eq 0 ]; then
    done_line packages "nothing is missing" ""
    return 0
  fi
  may_install || fail "Missing: ${PACKAGES[*]} (as Debian calls it), and nothing can be installed: $WHY_NOT" "$(how_to_get)"
  step apt-lists "refreshing apt's lists" apt_update
  list_packages
  say "${DIM}  ${PACKAGES[*]}${PLAIN}"
  step packages "installing what is missing" apt_get install --no-install-recommends "${PACKAGES[@]}"
  list_packages
  [ ${#PACKAGES[@]} -eq 0 ] || fail "Installed, and yet missing: ${PACKAGES[*]}" "$(how_to_get)"
}

# For a person without apt, root or sudo: each missing thing, and where it comes from.
how_to_get() {
  [ -n "$JDK" ] || cat <<-TEXT
	A JDK of version 17 or newer ($JDK_PROBLEM); then have it on the PATH, or set JAVA_HOME:
	    apt-get install openjdk-17-jdk-headless  |  dnf install java-17-openjdk-devel  |  brew install openjdk@17
	TEXT
  [ -z "$MAVEN_PROBLEM" ] || cat <<-TEXT
	Maven 3.6.3 or newer, or what its wrapper lacks ($MAVEN_PROBLEM):
	    apt-get install unzip  |  dnf install maven  |  brew install maven
	TEXT
  [ -n "$PYTHON" ] || cat <<-TEXT
	A python3 that has the modules ${JUPYTER_MODULES[*]}:
	    apt-get install ${JUPYTER_PACKAGES[*]}
	    python3 -m venv .venv && . .venv/bin/activate && pip install nbconvert nbclient jupyter-client jupyter-kernel-test
	TEXT
  [ "$FONTS" = yes ] || cat <<-TEXT
	A font, and fontconfig, by which Java finds it:
	    apt-get install fontconfig fonts-dejavu-core  |  dnf install fontconfig dejavu-sans-fonts
	TEXT
  say "All of it at once, without root: conda env create -f environment/conda/environment.yml && conda activate espalier"
}

# ------------------------------------------------------------------------------------------------------------------ what is built

if command -v sha256sum >/dev/null; then SHA256=(sha256sum); else SHA256=(shasum -a 256); fi
sha256() { "${SHA256[@]}" | cut -d ' ' -f 1; }

# fingerprint PATH...: of every file there, relative to the root, tracked by git or not.
fingerprint() {
  local path paths=()
  cd "$ROOT" || return
  for path in "$@"; do [ ! -e "$path" ] || paths+=("$path"); done
  [ ${#paths[@]} -eq 0 ] || find "${paths[@]}" -type f -print0 | LC_ALL=C sort -z | xargs -0 "${SHA256[@]}" | sha256
}

# A stamp holds the fingerprint of what a step was made from. It is written last, so that a step that was stopped is done again.
stamped() { [ "$(cat "$TARGET/stamps/$1" 2>/dev/null || true)" = "$2" ]; }
stamp() { mkdir -p "$TARGET/stamps" && printf '%s' "$2" >"$TARGET/stamps/$1"; }
unstamp() { rm -f "$TARGET/stamps/$1"; }

maven() {
  local platform=()
  case "$(uname -sm)" in
    'Linux aarch64') platform=(-Dlibtorch.platform=linux-aarch64) ;;
    'Darwin arm64') platform=(-Dlibtorch.platform=osx-aarch64) ;;
  esac
  cd "$ROOT" || return
  JAVA_HOME=$JDK "$MAVEN" -B -Dstyle.color=never ${platform[@]+"${platform[@]}"} "$@"
}

# A wrapper that cannot fetch Maven says so by failing here, where apt's Maven can still take its place.
usable_maven() {
  mkdir -p "$LOGS"
  [ "$MAVEN" = "$ROOT/mvnw" ] || return 0
  [ ! -x "$MAVEN" ] || ! maven --version >"$LOGS/mvnw.log" 2>&1 || return 0
  may_install || fail "The Maven wrapper could not fetch Maven $MAVEN_VERSION: $(tail -n 1 "$LOGS/mvnw.log")" "Install Maven 3.6.3 or newer, or try again."
  say "  The Maven wrapper could not fetch Maven $MAVEN_VERSION ($(tail -n 1 "$LOGS/mvnw.log")), so apt's takes its place."
  step maven "installing apt's Maven" apt_get install --no-install-recommends maven
  find_maven
}

forget_old_classes() { rm -rf "${TARGET:?}/classes" "${TARGET:?}/test-classes" "${TARGET:?}/lib" "$JAR"; }
built() { [ -f "$JAR" ] && [ -d "$TARGET/lib" ] && stamped build "$SOURCES"; }
build_without_tests() { forget_old_classes && maven -Dmaven.test.skip=true package; }

build() {
  SOURCES=$(fingerprint pom.xml src)
  if built; then
    done_line build "the sources are as they were built" ""
    return 0
  fi
  usable_maven
  unstamp build
  step build "mvn package, without the tests" build_without_tests
  stamp build "$SOURCES"
}

# ------------------------------------------------------------------------------------------------------------------ the kernel

# Into a folder of this checkout, which is what the notebooks here run with, and for the user, whose own Jupyter then offers it.
install_kernel() {
  local jupyter=()
  [ ! -x "$(dirname "$PYTHON")/jupyter" ] || jupyter=(--jupyter "$(dirname "$PYTHON")/jupyter")
  "$ROOT/kernel/install" --java "$JDK/bin/java" ${jupyter[@]+"${jupyter[@]}"} --prefix "$KERNEL_PREFIX" &&
    { [ "$FOR_USER" = no ] || "$ROOT/kernel/install" --java "$JDK/bin/java" ${jupyter[@]+"${jupyter[@]}"} --user; }
}

kernel() {
  [ -x "$ROOT/kernel/install" ] || fail "kernel/install is not in this checkout" "It installs the Jupyter kernel; is this a whole copy of the repository?"
  KERNEL=$(printf '%s\n' "$(fingerprint kernel)" "$SOURCES" "$JDK" "$ROOT" "$PYTHON" | sha256)
  export JAVA_HOME=$JDK PATH=$JDK/bin:$PATH JUPYTER_PATH=$KERNEL_PREFIX/share/jupyter${JUPYTER_PATH:+:$JUPYTER_PATH}
  if [ -f "$KERNEL_PREFIX/share/jupyter/kernels/espalier/kernel.json" ] && stamped kernel "$KERNEL"; then
    done_line kernel "installed already, in target/jupyter" ""
    return 0
  fi
  unstamp kernel
  step kernel "installing it into target/jupyter$([ "$FOR_USER" = no ] || printf ' and for %s' "$(id -un)")" install_kernel
  stamp kernel "$KERNEL"
}
FOR_USER=yes

# ------------------------------------------------------------------------------------------------------------------ the notebooks

# notebooks SCALE FORCE NAME...: executes those named, or all; sets PASSED and FAILED.
notebooks() {
  local scale=$1 force=$2 name status
  shift 2
  PASSED=0 FAILED=0
  mkdir -p "$REPORTS"
  [ $# -gt 0 ] || set -- "$ROOT"/notebooks/*.ipynb
  for name in "$@"; do
    status=0
    ESPALIER_SCALE=$scale "$PYTHON" "$ROOT/environment/report/execute.py" --scale "$scale" --reports "$REPORTS" --made-from "$KERNEL" \
      --width "$STEP_WIDTH" ${force:+--force} "$name" || status=$?
    case $status in 0) PASSED=$((PASSED + 1)) ;; 130) stopped ;; *) FAILED=$((FAILED + 1)) ;; esac
  done
  "$PYTHON" "$ROOT/environment/report/index.py" "$REPORTS" "$ROOT" "system=$(system)" "java=$JDK_VERSION" "nbconvert=$JUPYTER_VERSION"
}

notebooks_exist() { # NAME...: before anything long begins
  local name
  for name in "$@"; do
    [ -f "$ROOT/notebooks/${name%.ipynb}.ipynb" ] || [ -f "$name" ] ||
      fail "no notebook is called $name" "In notebooks/ there are: $(cd "$ROOT" && find notebooks -maxdepth 1 -name '*.ipynb' 2>/dev/null | sed 's|.*/||; s|\.ipynb$||' | sort | tr '\n' ' ')"
  done
}

# ------------------------------------------------------------------------------------------------------------------ the tests

# The library's, in full view. A failing test still leaves the jar, so that kernel and notebooks are tested in the same run.
library_tests() {
  local began status=0
  began=$(now)
  SOURCES=$(fingerprint pom.xml src)
  usable_maven
  unstamp build
  forget_old_classes
  rm -rf "$TARGET/surefire-reports"
  mkdir -p "$LOGS"
  say "  mvn package"
  # Threads that wait should sleep: on a busy machine those that spin slow the tests down several times.
  (export OMP_WAIT_POLICY=PASSIVE && maven -ntp -Dmaven.test.failure.ignore=true package 2>&1 </dev/null) | tee "$LOGS/test.log" || status=$?
  [ "$status" -eq 0 ] || fail "mvn package failed after $(since "$began")" "The whole log: $LOGS/test.log"
  stamp build "$SOURCES"
  read -r LIBRARY_PASSED LIBRARY_FAILED LIBRARY_SKIPPED < <(surefire_counts)
  [ $((LIBRARY_PASSED + LIBRARY_FAILED)) -gt 0 ] || fail "mvn package ran no test" "The whole log: $LOGS/test.log"
  done_line library "$LIBRARY_PASSED passed, $LIBRARY_FAILED failed, $LIBRARY_SKIPPED skipped" "$(since "$began")"
}
surefire_counts() {
  grep -h '<testsuite ' "$TARGET"/surefire-reports/TEST-*.xml /dev/null | awk '
    function attribute(name) { return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : 0 }
    { tests += attribute("tests"); failed += attribute("failures") + attribute("errors"); skipped += attribute("skipped") }
    END { print tests - failed - skipped, failed + 0, skipped + 0 }'
}

# The kernel's, through a real client. Its numbers are read off the closing lines of Python's unittest.
kernel_tests() {
  local began status=0 log=$LOGS/kernel-test.log suite=$ROOT/kernel/test ran
  KERNEL_PASSED=0 KERNEL_FAILED=0 KERNEL_SKIPPED=0
  [ -x "$suite" ] || return 0
  began=$(now)
  say "  kernel/test"
  (cd "$ROOT" && PYTHON=$PYTHON "$suite" </dev/null) 2>&1 | tee "$log" || status=$?
  ran=$(sed -n 's/^Ran \([0-9]*\) tests\{0,1\} in .*/\1/p' "$log" | awk '{ sum += $1 } END { print sum + 0 }')
  KERNEL_FAILED=$(($(closing_count failures "$log") + $(closing_count errors "$log")))
  KERNEL_SKIPPED=$(closing_count skipped "$log")
  KERNEL_PASSED=$((ran - KERNEL_FAILED - KERNEL_SKIPPED))
  # One that failed without saying what, or ran nothing, has failed all the same.
  if [ "$KERNEL_FAILED" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$ran" -eq 0 ]; }; then KERNEL_FAILED=1; fi
  done_line kernel "$KERNEL_PASSED passed, $KERNEL_FAILED failed, $KERNEL_SKIPPED skipped" "$(since "$began")"
}
closing_count() { sed -n "s/^\(OK\|FAILED\) (.*$1=\([0-9]*\).*/\2/p" "$2" | awk '{ sum += $1 } END { print sum + 0 }'; }
