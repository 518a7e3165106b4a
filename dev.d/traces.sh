# What ./dev must not change on the machine, looked at before and after: sourced by ./dev.

readonly our_servers='mariadbd|mysqld|unbound|haproxy|dnsmasq|plumb'

listening_sockets() {
  awk '$4 == "0A" { print "tcp", $2 }' /proc/net/tcp /proc/net/tcp6 2>/dev/null || true
  awk '$4 == "07" && $3 ~ /:0000$/ { print "udp", $2 }' /proc/net/udp /proc/net/udp6 2>/dev/null || true
}

# Not those of a container or of another lab, which live in process namespaces of their own and end with them.
running_servers() {
  local process here
  here="$(readlink /proc/self/ns/pid)"
  for process in $(grep -lEx "$our_servers" /proc/[0-9]*/comm 2>/dev/null || true); do
    [[ "$(readlink "${process%comm}ns/pid" 2>/dev/null)" == "$here" ]] && cat "$process" 2>/dev/null || true
  done
}

enabled_units() {
  find /etc/systemd/system -type l 2>/dev/null || true
  find /etc/rc?.d -name 'S*' 2>/dev/null || true
}

look_around() {
  {
    listening_sockets | sed 's/^/listening socket: /'
    running_servers | sed 's/^/running: /'
    enabled_units | sed 's/^/enabled: /'
    sha256sum /etc/resolv.conf /etc/hosts /usr/sbin/policy-rc.d 2>/dev/null | sed 's/^/file: /' || true
  } | LC_ALL=C sort
}

# What ended meanwhile is no trace of ours; what is new, or another file, is.
new_traces() {
  LC_ALL=C comm -13 <(echo "$1") <(look_around)
  LC_ALL=C comm -23 <(echo "$1" | grep -E '^(file|enabled): ') <(look_around)
}

# Fails when something is there that was not there before. What other programs of this machine opened meanwhile
# is told from ours by waiting a little; on a desk a socket is a warning only, in CI a failure.
compare_traces() {
  local traces try
  for try in 1 2 3 4 5 6 7 8 9 10; do
    traces="$(new_traces "$1" || true)"
    [[ -n "$traces" ]] || return 0
    sleep 1
  done
  echo "dev: the machine is not as it was before:"
  echo "$traces"
  if [[ -n "${CI:-}" ]] || grep -qv '^listening socket' <<<"$traces"; then
    return 1
  fi
  echo "dev: a warning only: sockets of other programs come and go (with CI set it is a failure)"
}
