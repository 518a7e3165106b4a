// Any resolv.conf: the limits of glibc hold, and what was read reads the same when it is written
// down.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "probe/wire/bytes.hpp"
#include "probe/wire/name_files.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plumb::wire;
  const ResolvConf conf = parse_resolv_conf(as_text({data, size}));
  std::string text = "options ndots:" + std::to_string(conf.ndots) +
                     " timeout:" + std::to_string(conf.timeout_s) +
                     " attempts:" + std::to_string(conf.attempts) + "\nsearch";
  if (conf.ndots < 0 || conf.ndots > 15 || conf.timeout_s > 30 || conf.attempts > 5) std::abort();
  bool same_way_back = true;
  for (const auto& domain : conf.search) {
    if (domain.empty()) std::abort();
    same_way_back =
        same_way_back && (domain == "." || !domain.ends_with('.'));  // "a..": not a name
    text += " " + domain;
  }
  text += "\n";
  for (const auto& server : conf.nameservers)
    text += "nameserver " + server.address.to_string() + "\n";
  if (same_way_back && !(parse_resolv_conf(text) == conf)) std::abort();
  return 0;
}
