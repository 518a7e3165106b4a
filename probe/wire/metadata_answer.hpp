// What a cloud's instance metadata service says of this host: the questions in their order and the
// facts of the answers, without a socket.
//
// Nobody knows beforehand in whose cloud this host is, so every provider is asked, and a stranger's
// answer must not be taken for its own: each is recognised by what only it says (AWS gives a token
// and a region for it, Google repeats its header, Azure's document names a VM, Alibaba has an address
// of its own and gives a region). AWS is asked by IMDSv2 only; Alibaba's token is optional.
// Sources: the providers' pages on instance metadata; all text is untrusted and printable() here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "probe/model/fact.hpp"
#include "probe/model/observation.hpp"
#include "probe/wire/http_answer.hpp"

namespace plumb::wire {

enum class Cloud : std::uint8_t { aws, azure, gcp, alibaba };
inline constexpr std::array kClouds{Cloud::aws, Cloud::azure, Cloud::gcp, Cloud::alibaba};

class MetadataTalk {
 public:
  explicit MetadataTalk(Cloud cloud);

  // The next request; nothing: all is asked, or this is not that cloud's service.
  std::optional<std::string> request() const;
  // The answer to it; nothing: none came. `now`: this host's clock.
  void take(const std::optional<HttpAnswer>& answer, WallTime now);

  bool recognised() const { return recognised_; }
  const Facts& facts() const { return facts_; }  // empty until recognised

 private:
  void take_token(const std::optional<HttpAnswer>& answer);
  void learn(const HttpAnswer& answer, WallTime now);
  bool learn_document(const std::string& body);
  bool learn_text(const std::string& body);
  void skip_unaskable();

  Cloud cloud_;
  bool wants_token_ = false;
  bool recognised_ = false, over_ = false;
  std::size_t question_ = 0;
  std::string token_, mac_;
  Facts facts_;
};

}  // namespace plumb::wire
