# shellcheck shell=bash disable=SC2034
# What is built: the library and its class path, in target/, by Maven.

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

target_is_ours() {
  [ ! -e "$TARGET" ] || [ -w "$TARGET" ] || fail "$TARGET belongs to somebody else, perhaps since a run with sudo" "sudo chown -R $(id -un) '$TARGET'"
}

maven() {
  cd "$ROOT" || return
  JAVA_HOME=$JDK "$MAVEN" -B -Dstyle.color=never "$@"
}

# A wrapper that cannot fetch Maven says so by failing here, where apt's Maven can still take its place.
usable_maven() {
  local why
  mkdir -p "$LOGS"
  if [ "$MAVEN" != "$ROOT/mvnw" ] || maven --version >"$LOGS/mvnw.log" 2>&1; then return 0; fi
  why=$(tail -n 1 "$LOGS/mvnw.log")
  may_install || fail "The Maven wrapper could not fetch Maven $MAVEN_VERSION: $why" "Try again, or install Maven 3.6.3 or newer."
  say "  The Maven wrapper could not fetch Maven $MAVEN_VERSION, so apt's takes its place: $why"
  step maven "installing apt's Maven" apt_get install --no-install-recommends maven
  find_maven || fail "apt installed no Maven of version 3.6.3 or newer" "Install one, and have it on the PATH."
}

# Jar and libraries stay until the new ones are there, for the commands and notebooks that run meanwhile. Those hold the old jar open, which
# Maven would write over: it gets a copy to do that with.
forget_old_classes() {
  rm -rf "${TARGET:?}/classes" "${TARGET:?}/test-classes" "$TARGET/classes.jsa"
  [ ! -f "$JAR" ] || { cp -p "$JAR" "$JAR.copy" && mv -f "$JAR.copy" "$JAR"; }
}
# Those that the new build names no more, such as earlier versions.
forget_old_libraries() {
  local jar
  for jar in "$TARGET"/lib/*.jar; do
    awk -F : -v jar="${jar##*/}" '{ sub(/^ */, ""); name = NF > 5 ? $2 "-" $5 "-" $4 : $2 "-" $4 } name ".jar" == jar { found = 1 } END { exit !found }' \
      "$TARGET/libraries.txt" || rm -f "$jar"
  done
}
built() { [ -f "$JAR" ] && [ -d "$TARGET/lib" ] && stamped build "$SOURCES"; }
build_without_tests() { forget_old_classes && maven -Dmaven.test.skip=true package && forget_old_libraries; }

build() {
  SOURCES=$(fingerprint pom.xml src kernel/imports.jsh)
  if built; then
    done_line build "the sources are as they were built" ""
    return 0
  fi
  usable_maven
  unstamp build
  step build "mvn package, without the tests" build_without_tests
  stamp build "$SOURCES"
}

# The command line's classes as its JVM likes to read them: it starts in half the time, and so do the workers of a sweep. By a check-up, which
# loads most of them, and is worth a look when something is wrong later. Nothing needs it.
class_archive() {
  [ -f "$TARGET/classes.jsa" ] || attempt doctor "looking at what there is to work with" check_up || say "  Going on without it."
}
check_up() {
  # By a relative path: ESPALIER_JAVA_OPTS has its options between spaces, and folders have spaces in their names.
  cd "$TARGET" && rm -f classes.new.jsa && ESPALIER_JAVA_OPTS=-XX:ArchiveClassesAtExit=classes.new.jsa "$ROOT/environment/espalier" doctor &&
    mv -f classes.new.jsa classes.jsa # In one go: a JVM that reads half an archive crashes.
}
