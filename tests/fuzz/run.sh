#!/bin/sh
# Runs every fuzzer for a while: tests/fuzz/run.sh [SECONDS each, 30] [NAME…]
# Builds them first (preset fuzz). Seeds are read from corpus/<name>/ and never written; what libFuzzer
# keeps goes to build/fuzz-corpus/<name>/, a finding to build/fuzz-artifacts/. Exit 1 on a finding.
# JOBS=2 runs so many at the same time (default 1).
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
here=$root/tests/fuzz
build=${PLUMB_FUZZ_BUILD:-$root/build/fuzz}
artifacts=$root/build/fuzz-artifacts
seconds=30
if [ $# -gt 0 ]; then
  seconds=$1
  shift
fi
case $seconds in
  '' | *[!0-9]*) echo "usage: tests/fuzz/run.sh [SECONDS] [NAME…]" >&2; exit 2 ;;
esac

cd "$root"
[ -f "$build/build.ninja" ] || cmake --preset fuzz -B "$build" >/dev/null
[ $# -gt 0 ] || set -- $(cd "$here" && for f in *_fuzz.cpp; do echo "${f%_fuzz.cpp}"; done)
for name in "$@"; do
  [ -f "$here/${name}_fuzz.cpp" ] || { echo "$name: no $here/${name}_fuzz.cpp" >&2; exit 2; }
done
mkdir -p "$artifacts"
if ! cmake --build "$build" --target $(printf 'fuzz_%s ' "$@") >"$artifacts/build.log" 2>&1; then
  cat "$artifacts/build.log" >&2
  exit 1
fi

run_one() {
  name=$1
  kept=$root/build/fuzz-corpus/$name
  log=$artifacts/$name.log
  mkdir -p "$kept"
  set -- "$kept"
  [ -d "$here/corpus/$name" ] && set -- "$@" "$here/corpus/$name"
  [ -f "$here/$name.dict" ] && set -- "$@" "-dict=$here/$name.dict"
  if UBSAN_OPTIONS=print_stacktrace=1 "$build/tests/fuzz/fuzz_$name" -max_total_time="$seconds" -timeout=5 \
      -rss_limit_mb=1024 -max_len=4096 -print_final_stats=1 -artifact_prefix="$artifacts/$name-" "$@" >"$log" 2>&1; then
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    peak=$(sed -n 's/^stat::peak_rss_mb: *//p' "$log")
    covered=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
    printf '%-24s ok  %10s runs  cov %5s  peak %s MB\n' "$name" "$runs" "$covered" "$peak"
  else
    printf '%-24s FINDING, see %s\n' "$name" "$log"
    grep -E 'ERROR|SUMMARY|Test unit written|runtime error' "$log" | head -n 5
    : >"$artifacts/$name.failed"
  fi
}

rm -f "$artifacts"/*.failed
running=0
for name in "$@"; do
  run_one "$name" &
  running=$((running + 1))
  if [ "$running" -ge "${JOBS:-1}" ]; then
    wait
    running=0
  fi
done
wait
for failed in "$artifacts"/*.failed; do
  [ -e "$failed" ] && exit 1
done
exit 0
