# What ./dev must not change on the machine, looked at before and after: sourced by ./dev.

readonly our_servers='mariadbd|mysqld|unbound|haproxy|dnsmasq|plumb'

listening_sockets() {
  awk '$4 == "0A" { print "tcp", $2 }' /proc/net/tcp /proc/net/tcp6 2>/dev/null
  awk '$4 == "07" && $3 ~ /:0000$/ { print "udp", $2 }' /proc/net/udp /proc/net/udp6 2>/dev/null
}

running_servers() {
  cat /proc/[0-9]*/comm 2>/dev/null | grep -Ex "$our_servers" || true
}

enabled_units() {
  find /etc/systemd/system -type l 2>/dev/null
  find /etc/rc?.d -name 'S*' 2>/dev/null | grep -E "$our_servers|mariadb|nftables" || true
}

look_around() {
  {
    listening_sockets | sed 's/^/listening socket: /'
    running_servers | sed 's/^/running: /'
    enabled_units | sed 's/^/enabled: /'
    find /usr/sbin/policy-rc.d -printf 'file: %p\n' 2>/dev/null
    sha256sum /etc/resolv.conf /etc/hosts 2>/dev/null | sed 's/^/file: /'
  } | sort
}

# Fails when something is there that was not there before. What only other programs of this machine opened meanwhile
# is told from ours by waiting a little; on a desk it is a warning, in CI a failure.
compare_traces() {
  local before="$1" after try grave
  for try in 1 2 3 4 5; do
    after="$(look_around)"
    [[ "$after" == "$before" ]] && return 0
    sleep 1
  done
  echo "dev: the machine is not as it was (< before, > after):"
  diff <(echo "$before") <(echo "$after") | grep '^[<>]' || true
  grave="$(diff <(echo "$before") <(echo "$after") | grep '^[<>]' | grep -v 'listening socket' || true)"
  if [[ -n "$grave" || -n "${CI:-}" ]]; then
    return 1
  fi
  echo "dev: a warning only: sockets of other programs come and go (with CI set it is a failure)"
}
