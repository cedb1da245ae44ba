# shellcheck shell=bash disable=SC2034
# The tests of the library and of the kernel; those of the notebooks are their executions.

# Error Prone, javac's lint and doclint: a warning of theirs ends the build, and nothing is looked at twice.
static_checks() {
  local looked
  looked=$(fingerprint pom.xml src/main)
  if stamped checks "$looked"; then
    done_line checks "the sources are as they were checked" ""
    return 0
  fi
  step checks "mvn -Pcheck compile: Error Prone, lint, doclint" maven -ntp -Pcheck compile
  stamp checks "$looked"
}

# The library's, in full view. A failing test still leaves the jar, so that kernel and notebooks are tested in the same run.
library_tests() {
  local began status=0
  began=$(now)
  SOURCES=$(fingerprint pom.xml src kernel/imports.jsh)
  usable_maven
  unstamp build
  forget_old_classes
  rm -rf "$TARGET/surefire-reports" "$TARGET/spark/surefire-reports"
  mkdir -p "$LOGS"
  say "  mvn package"
  # Threads that wait should sleep: on a busy machine those that spin slow the tests down several times.
  (export OMP_WAIT_POLICY=PASSIVE && maven -ntp -Dmaven.test.failure.ignore=true package 2>&1 </dev/null) | tee "$LOGS/test.log" || status=$?
  [ "$status" -eq 0 ] || fail "mvn package failed after $(since "$began")" "The whole log: $LOGS/test.log"
  forget_old_libraries
  stamp build "$SOURCES"
  say "  mvn -Pspark test: a sweep on a Spark cluster, which loses a worker"
  (maven -ntp -Pspark -Dmaven.test.failure.ignore=true -Dtest='org.espalier.study.spark.*Test' test 2>&1 </dev/null) | tee "$LOGS/spark.log" || status=$?
  [ "$status" -eq 0 ] || fail "mvn -Pspark test failed after $(since "$began")" "The whole log: $LOGS/spark.log"
  read -r LIBRARY_PASSED LIBRARY_FAILED LIBRARY_SKIPPED < <(surefire_counts "$LOGS/test.log" "$LOGS/spark.log")
  [ $((LIBRARY_PASSED + LIBRARY_FAILED)) -gt 0 ] || fail "mvn package ran no test" "The whole log: $LOGS/test.log"
  done_line library "$LIBRARY_PASSED passed, $LIBRARY_FAILED failed, $LIBRARY_SKIPPED skipped" "$(since "$began")"
}
# Off Maven's closing lines: its reports have one file for a class, in which the last of JUnit's engines leaves out what the ones before it ran.
surefire_counts() {
  sed -nE 's/.*Tests run: ([0-9]+), Failures: ([0-9]+), Errors: ([0-9]+), Skipped: ([0-9]+)[^,0-9]*$/\1 \2 \3 \4/p' "$@" | awk '
    { tests += $1; failed += $2 + $3; skipped += $4 }
    END { print tests - failed - skipped, failed + 0, skipped + 0 }'
}

# The kernel's, through a real client. Its numbers are read off the closing lines of Python's unittest.
kernel_tests() {
  local began status=0 log=$LOGS/kernel-test.log suite=$ROOT/kernel/test ran
  KERNEL_PASSED=0 KERNEL_FAILED=0 KERNEL_SKIPPED=0
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
closing_count() { sed -nE "s/^(OK|FAILED) \(.*$1=([0-9]*).*/\2/p" "$2" | awk '{ sum += $1 } END { print sum + 0 }'; }
