# Installing what is missing, and leaving no service behind: sourced by ./dev.
#
# Debian starts a package's service at once and enables it for the next boot. Neither is wanted here: while apt works, a
# policy-rc.d of ours answers 101 (do nothing) to every start, and the units that a new package enabled are disabled again.

readonly policy=/usr/sbin/policy-rc.d
readonly policy_kept=/usr/sbin/policy-rc.d.before-plumb
readonly policy_mark='# placed by plumb, ./dev, while it installs packages'

build_packages=(
  cmake ninja-build g++ ccache pkg-config libboost-dev libssl-dev libc-ares-dev libmysqlcppconn-dev libfmt-dev libcli11-dev
  libjemalloc-dev nlohmann-json3-dev libyaml-cpp-dev libgtest-dev libgmock-dev libbenchmark-dev ca-certificates git
)
lab_packages=(
  python3 python3-yaml python3-jsonschema mariadb-server unbound haproxy nftables iproute2 dnsmasq-base procps openssl
  util-linux
)
clang_packages=(clang libclang-rt-dev)

as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

is_installed() {
  [[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]
}

installed_packages() { dpkg-query -W -f '${Package}\n' | LC_ALL=C sort -u; }

hold_services() {
  if as_root test -e "$policy" && ! as_root grep -qF "$policy_mark" "$policy"; then
    as_root mv "$policy" "$policy_kept"
  fi
  printf '#!/bin/sh\n%s\nexit 101\n' "$policy_mark" | as_root tee "$policy" >/dev/null
  as_root chmod 755 "$policy"
}

# Also mends what a killed run left.
release_services() {
  if [[ -e "$policy" ]] && grep -qF "$policy_mark" "$policy"; then
    as_root rm -f "$policy"
  fi
  if [[ -e "$policy_kept" ]]; then
    as_root mv "$policy_kept" "$policy"
  fi
}

disable_units_of() {
  local path unit
  while read -r path; do
    case "$path" in
      */lib/systemd/system/*@*) ;;
      */lib/systemd/system/*.service | */lib/systemd/system/*.socket | */lib/systemd/system/*.timer)
        unit="$(basename "$path")"
        as_root env DPKG_MAINTSCRIPT_PACKAGE="$1" deb-systemd-helper disable "$unit" >/dev/null 2>&1 || true
        ;;
      /etc/init.d/*) as_root update-rc.d "$(basename "$path")" disable >/dev/null 2>&1 || true ;;
    esac
  done < <(dpkg -L "$1")
}

# Packages by name. Those that are installed cost nothing, not even a question for root.
need_packages() {
  local package present wanted=()
  release_services
  for package in "$@"; do is_installed "$package" || wanted+=("$package"); done
  ((${#wanted[@]})) || return 0
  echo "dev: installing ${wanted[*]}"
  trap release_services EXIT
  trap 'release_services; exit 130' INT TERM
  hold_services
  local log
  log="$(mktemp)"
  present="$(installed_packages)"
  if ! { as_root apt-get update -q &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${wanted[@]}"; } \
    >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    echo "dev: the packages could not be installed; the whole log is $log" >&2
    exit 1
  fi
  rm -f "$log"
  for package in $(LC_ALL=C comm -13 <(echo "$present") <(installed_packages)); do disable_units_of "$package"; done
  release_services
  trap - EXIT INT TERM
}
