# shellcheck shell=bash disable=SC2034
# What is installed: with apt, only what is missing, and only if there is anything missing. Else it is said how to get it.

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
    grep -q '[Cc]ould not get lock\|[Uu]nable to lock\|[Uu]nable to acquire' "$LOGS/apt-get" || return 1
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
