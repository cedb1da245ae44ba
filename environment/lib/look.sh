# shellcheck shell=bash disable=SC2034
# What this machine has: each find_... sets what it found, or what is wrong with it, and changes nothing.

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
