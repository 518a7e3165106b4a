# `./dev test`: sourced by ./dev.

passed=0
failed=0
skipped=0
failures=""

stage() { printf '\n━━ %s (after %d s)\n' "$1" "$SECONDS"; }

# Said where it happens, and again at the end.
blame() {
  echo "$1"
  failures+="$1"$'\n'
}

# Of a ctest log: each failed test with the end of what it printed.
failures_of() {
  awk '/^ *[0-9]+\/[0-9]+ Test +#/ { failing = /\*\*\*/ && !/\*\*\*Skipped/ }
       /^ +Start +[0-9]+:/ || /tests passed, / { failing = 0 }
       failing' "$1" | tail -n 80
}

# One ctest run; its figures are added up for the closing line, its failures are said again there: a log that is
# cut keeps its end.
run_ctest() {
  local log figures
  log="$(mktemp)"
  ctest --preset "$1" -j "$(jobs)" --no-tests=error "${@:2}" 2>&1 | tee "$log" || true
  figures="$(sed -nE 's/^[0-9]+% tests passed, ([0-9]+) tests? failed out of ([0-9]+)$/\1 \2/p' "$log" | tail -n 1)"
  skipped=$((skipped + $(grep -cE '\*\*\*Skipped' "$log" || true)))
  failures+="$(failures_of "$log")"$'\n'
  rm -f "$log"
  if [[ -z "$figures" ]]; then
    blame "dev: ctest --preset $* ran no test"
    failed=$((failed + 1))
    return
  fi
  failed=$((failed + ${figures% *}))
  passed=$((passed + ${figures#* } - ${figures% *}))
}

# Something beside ctest that passes or fails as a whole.
run_step() {
  if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); blame "dev: failed: $*"; fi
}

# The tests of a program wait (for deadlines, for servers to start) most of their time: a build beside them, where it
# gives way to them, costs no time. Whoever builds the same afterwards finishes it, and hears of its errors.
build_beside() {
  set -m  # a process group of its own: whoever breaks this off ends the compilers too
  (
    renice -n 19 "$BASHPID" >/dev/null
    build "$1" >/dev/null 2>&1
  ) &
  set +m
  # shellcheck disable=SC2064  # of this build
  trap "kill -- -$! 2>/dev/null || true" EXIT
}

sanitizers() {
  local preset="$1"
  stage "$preset"
  wait
  trap - EXIT
  build "$preset"
  run_ctest "$preset" -LE 'lab|rules|full' -j "$(($(jobs) + 1))"  # one of them waits, mostly
  run_ctest "$preset" -R '^lab\.hostile$'
  ((full == 0)) || run_ctest "$preset" -R '^bench\.many$'
}

more_tests() {
  stage "unit tests, optimized"
  build release
  run_ctest release -L unit
  stage "MySQL in a chroot"
  mysql_chroot
  run_ctest ci -L full -E '^lab\.ti(db|proxy)$'
  stage "TiDB"
  tidb_tests
  stage "labs before MySQL, and TiDB where it is"
  run_ctest ci -R '^lab\.(deployments|pinned|purposes)$'
  sanitizers tsan
  stage "fuzzers, ${PLUMB_FUZZ_SECONDS:-60} s each"
  run_step fuzz "${PLUMB_FUZZ_SECONDS:-60}"
}

run_tests() {
  local full=0 before
  case "${1:-}" in
    --full) full=1 ;;
    '') ;;
    *) usage >&2; exit 2 ;;
  esac
  need_packages "${build_packages[@]}" "${lab_packages[@]}"
  ((full == 0)) || need_packages "${clang_packages[@]}" debootstrap
  before="$(look_around)"
  stage "release build, warnings are errors"
  build ci
  # What is shipped is tried as a program; the unit tests are compiled once, for the sanitizer.
  stage "tests"
  build_beside asan
  run_ctest ci -LE full
  sanitizers asan
  ((full == 0)) || more_tests
  stage "traces"
  run_step compare_traces "$before"
  if ((skipped)); then
    echo "!!! $skipped tests were skipped, see above"
    if [[ -n "${CI:-}" ]]; then
      failed=$((failed + skipped))
      blame "dev: with CI set, skipped counts as failed"
    fi
  fi
  if ((failed)); then printf '\n━━ what failed\n%s\n' "$failures"; fi
  echo "$passed passed, $failed failed ($SECONDS s)"
  ((failed == 0))
}

mysql_place() { echo "${XDG_CACHE_HOME:-$HOME/.cache}/plumb-lab/mysql"; }

# A Debian sid with MySQL's server alone, made once (about 30 s) and kept outside the tree's builds.
mysql_chroot() {
  export PLUMB_MYSQL_CHROOT="${PLUMB_MYSQL_CHROOT:-$(mysql_place)}"
  if [[ -x "$PLUMB_MYSQL_CHROOT/usr/sbin/mysqld" ]]; then return; fi
  echo "dev: making $PLUMB_MYSQL_CHROOT"
  local making="$PLUMB_MYSQL_CHROOT.making"
  as_root rm -rf "$making"
  mkdir -p "$(dirname "$making")"
  as_root debootstrap --variant=minbase sid "$making" >/dev/null
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$making/usr/sbin/policy-rc.d" >/dev/null
  as_root chmod 755 "$making/usr/sbin/policy-rc.d"
  as_root cp -L /etc/resolv.conf "$making/etc/resolv.conf"
  as_root chroot "$making" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    mysql-server-core >/dev/null
  as_root mv "$making" "$PLUMB_MYSQL_CHROOT"
}

tidb_place() { echo "${XDG_CACHE_HOME:-$HOME/.cache}/plumb-lab/tidb/tidb-server"; }

tiproxy_place() { echo "${XDG_CACHE_HOME:-$HOME/.cache}/plumb-lab/tiproxy/tiproxy"; }

# Not in Debian, so it is never fetched from here: somebody puts it there. Not counted as skipped, for CI cannot have it.
tidb_tests() {
  export PLUMB_TIDB_SERVER="${PLUMB_TIDB_SERVER:-$(tidb_place)}"
  if [[ -x "$PLUMB_TIDB_SERVER" ]]; then
    run_ctest ci -R '^lab\.tidb$'
    export PLUMB_TIPROXY="${PLUMB_TIPROXY:-$(tiproxy_place)}"
    if [[ -x "$PLUMB_TIPROXY" ]]; then run_ctest ci -R '^lab\.tiproxy$'; fi
    return
  fi
  echo "!!! SKIPPED: tests against TiDB. $PLUMB_TIDB_SERVER is not there. A release has it: tiup install tidb, then"
  echo "!!! PLUMB_TIDB_SERVER=~/.tiup/components/tidb/<version>/tidb-server ./dev test --full"
}
