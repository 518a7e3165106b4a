#include "probe/wire/dns_message.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "probe/model/lowered.hpp"

// How a name is read: labels are appended until the root label; a compression pointer (RFC 1035
// §4.1.4) must lead to before the place where the run of labels began that holds it, so each hop
// goes strictly backwards and the walk ends. A name longer than 255 bytes on the wire is malformed.
//
// A message with TC set may break off in the middle of a record (some servers cut at the byte):
// what was read up to there counts. In any other message a record that does not fit makes it
// malformed. Bytes behind the last record are ignored, as glibc does.

namespace plumb::wire {
namespace {

constexpr std::uint16_t kClassIn = 1;
constexpr std::uint16_t kOpt = 41;            // RFC 6891
constexpr std::uint16_t kExtendedError = 15;  // RFC 8914, option code
constexpr unsigned kPayloadSize = 1232;       // DNS flag day 2020: no fragments
constexpr std::size_t kMaxName = 255, kMaxLabel = 63;
constexpr std::size_t kHeader = 12, kQuestionsEnd = 4, kOptSize = 11;  // type and class; OPT
constexpr std::uint32_t kLongestTtl = 0x7fffffff;  // RFC 2181 §8: what is above means 0

// What a byte of a label is in a name's text: itself, in lower case. 0: it is escaped.
constexpr std::array<char, 256> shown_bytes() {
  std::array<char, 256> shown{};
  for (std::size_t byte = 0x21; byte < 0x7f; ++byte)
    if (byte != '.' && byte != '\\') shown[byte] = to_lower(static_cast<char>(byte));
  return shown;
}
constexpr std::array<char, 256> kShown = shown_bytes();

// A name's text as it grows, label by label; of the labels of one name on the wire.
class NameText {
 public:
  void append(View label) {
    char* end = end_;
    if (end != text_.data()) *end++ = '.';
    for (const std::uint8_t byte : label) {
      if (const char shown = kShown[byte]) {
        *end++ = shown;
      } else {
        *end++ = '\\';
        *end++ = static_cast<char>('0' + byte / 100);
        *end++ = static_cast<char>('0' + byte / 10 % 10);
        *end++ = static_cast<char>('0' + byte % 10);
      }
    }
    end_ = end;
  }
  std::string text() const {  // the root is "."
    if (end_ == text_.data()) return ".";
    return {text_.data(), static_cast<std::size_t>(end_ - text_.data())};
  }

 private:
  std::array<char, 4 * kMaxName> text_;  // each byte is escaped at the worst
  char* end_ = text_.data();
};

// The labels of the name at `at`, which moves behind it. False: it is malformed.
bool walk_name(View message, std::size_t& at, const auto& each_label) {
  std::size_t here = at, run_began = at, wire_size = 0;
  bool jumped = false;
  while (here < message.size()) {
    const std::size_t length = message[here];
    if (length >= 0xc0) {
      if (here + 1 >= message.size()) return false;
      const std::size_t to = (length & 0x3f) << 8 | message[here + 1];
      if (to >= run_began) return false;
      if (!std::exchange(jumped, true)) at = here + 2;
      here = run_began = to;
      continue;
    }
    wire_size += length + 1;
    if (length > kMaxLabel || wire_size > kMaxName || here + 1 + length > message.size())
      return false;
    if (length == 0) {
      if (!jumped) at = here + 1;
      return true;
    }
    each_label(message.subspan(here + 1, length));
    here += 1 + length;
  }
  return false;
}

std::optional<std::string> read_name(View message, std::size_t& at) {
  NameText name;
  const auto append = [&name](View label) { name.append(label); };
  if (!walk_name(message, at, append)) return std::nullopt;
  return name.text();
}

// Whether the name at `at`, which then moves behind it, is this one, letter by letter: told without
// writing it anew. What is not may still be the same name.
bool is_name(View message, std::size_t& at, std::string_view name) {
  std::size_t here = at;
  for (;;) {
    const std::string_view label = name.substr(0, name.find('.'));
    const bool fits = !label.empty() && label.size() <= kMaxLabel &&
                      here + 1 + label.size() < message.size() && message[here] == label.size();
    if (!fits || as_text(message.subspan(here + 1, label.size())) != label) return false;
    here += 1 + label.size();
    if (label.size() == name.size()) break;
    name.remove_prefix(label.size() + 1);
  }
  if (message[here] != 0) return false;
  at = here + 1;
  return true;
}

bool skip_name(View message, std::size_t& at) {
  return walk_name(message, at, [](View) {});
}

// Nearly every answer's owner is a pointer to the question, which has been read by then.
bool points_to_question(View message, std::size_t at) {
  return at + 1 < message.size() && message[at] == 0xc0 && message[at + 1] == kHeader;
}

struct Record {
  bool of_question = false;  // `owner` is the question's name, and empty here
  std::string owner;
  std::uint16_t type = 0, record_class = 0;
  std::uint32_t ttl = 0;
  View data;
  std::string target;  // of a CNAME
};

// `question`: its name, or empty where there is none. False: it does not fit.
bool read_record(View message, std::size_t& at, const std::string& question, Record& record) {
  record.of_question = !question.empty() && points_to_question(message, at);
  if (record.of_question) {
    at += 2;
  } else {
    auto owner = read_name(message, at);
    if (!owner) return false;
    record.owner = std::move(*owner);
  }
  Reader fixed(message.subspan(at));
  record.type = fixed.u16be();
  record.record_class = fixed.u16be();
  record.ttl = fixed.u32be();
  if (record.type != kOpt && record.ttl > kLongestTtl) record.ttl = 0;
  record.data = fixed.take(fixed.u16be());
  if (!fixed.ok()) return false;
  const std::size_t data_at = at + 10;
  at += fixed.position();
  const bool internet = record.record_class == kClassIn;
  if (internet && record.type == static_cast<std::uint16_t>(DnsType::cname)) {
    std::size_t behind = data_at;
    auto target = read_name(message, behind);
    if (!target || behind != at) return false;
    record.target = std::move(*target);
  }
  if (internet && record.type == static_cast<std::uint16_t>(DnsType::a))
    return record.data.size() == 4;
  if (internet && record.type == static_cast<std::uint16_t>(DnsType::aaaa))
    return record.data.size() == 16;
  return true;
}

Address address_of(const Record& record) {
  if (record.data.size() == 4) {
    std::array<std::uint8_t, 4> bytes{};
    std::copy(record.data.begin(), record.data.end(), bytes.begin());
    return Address::v4(bytes);
  }
  std::array<std::uint8_t, 16> bytes{};
  std::copy(record.data.begin(), record.data.end(), bytes.begin());
  return Address::v6(bytes);
}

std::string_view owner_of(const Record& record, const DnsMessage& message) {
  return record.of_question ? message.question_name : record.owner;
}

void lower_ttl(DnsMessage& message, std::uint32_t ttl) {
  message.ttl_s = message.ttl_s ? std::min(*message.ttl_s, ttl) : ttl;
}

// The name at the end of the CNAMEs that begin at the question, whatever their order.
std::string_view follow_aliases(DnsMessage& message, const std::vector<Record>& answers) {
  std::map<std::string_view, const Record*> alias;
  for (const Record& record : answers)
    if (!record.target.empty()) alias.emplace(owner_of(record, message), &record);
  std::string_view name = message.question_name;
  std::set<std::string_view> seen{name};
  for (auto found = alias.find(name); found != alias.end(); found = alias.find(name)) {
    name = found->second->target;
    message.cname_chain.emplace_back(name);
    lower_ttl(message, found->second->ttl);
    message.cname_loop = !seen.insert(name).second;
    if (message.cname_loop) break;
  }
  return name;
}

// To the addresses of the name asked for, or of the one it stands for.
void follow(DnsMessage& message, const std::vector<Record>& answers) {
  std::string_view name = message.question_name;
  if (std::ranges::any_of(answers, [](const Record& one) { return !one.target.empty(); }))
    name = follow_aliases(message, answers);
  if (message.cname_loop) return;
  const bool wanted = message.question_type == static_cast<std::uint16_t>(DnsType::a) ||
                      message.question_type == static_cast<std::uint16_t>(DnsType::aaaa);
  if (!wanted) return;
  for (const Record& record : answers) {
    if (record.type != message.question_type || record.record_class != kClassIn) continue;
    if (owner_of(record, message) != name) continue;
    message.addresses.push_back(address_of(record));
    lower_ttl(message, record.ttl);
  }
}

bool read_opt(DnsMessage& message, const Record& opt) {
  message.rcode |= static_cast<int>(opt.ttl >> 24) << 4;
  Reader options(opt.data);
  while (options.left() > 0) {
    const std::uint16_t code = options.u16be();
    Reader option(options.take(options.u16be()));
    if (!options.ok()) return false;
    if (code != kExtendedError || message.ede_code) continue;
    const std::uint16_t info = option.u16be();
    if (!option.ok()) return false;
    message.ede_code = info;
    message.ede_text = std::string(as_text(option.rest()));
  }
  return true;
}

// How long there is no such name: the smaller of the SOA's own TTL and its last number.
std::optional<std::uint32_t> negative_ttl(View message, const Record& soa) {
  std::size_t at = static_cast<std::size_t>(soa.data.data() - message.data());
  const std::size_t end = at + soa.data.size();
  const bool names = skip_name(message, at) && skip_name(message, at);  // server, mailbox
  if (!names || at > end) return std::nullopt;
  Reader numbers(message.subspan(at, end - at));
  numbers.skip(16);  // serial, refresh, retry, expire
  const std::uint32_t minimum = numbers.u32be();
  if (!numbers.ok()) return std::nullopt;
  return std::min(soa.ttl, minimum > kLongestTtl ? 0 : minimum);
}

struct Counts {
  std::uint16_t question = 0, answer = 0, authority = 0, additional = 0;
};

// Records of the three sections behind the question. False: one does not fit.
bool read_sections(DnsMessage& message, View bytes, std::size_t at, const Counts& counts,
                   std::vector<Record>& answers) {
  const int behind_answer = counts.answer, behind_authority = behind_answer + counts.authority;
  const int total = behind_authority + counts.additional;
  bool opt_seen = false;
  for (int i = 0; i < total; ++i) {
    if (i < behind_answer) {
      if (read_record(bytes, at, message.question_name, answers.emplace_back())) continue;
      answers.pop_back();
      return false;
    }
    Record record;
    if (!read_record(bytes, at, message.question_name, record)) return false;
    if (i < behind_authority) {
      if (record.type != static_cast<std::uint16_t>(DnsType::soa) || !message.soa_zone.empty())
        continue;
      message.soa_zone = owner_of(record, message);
      message.negative_ttl_s = negative_ttl(bytes, record);
    } else if (record.type == kOpt && !std::exchange(opt_seen, true)) {
      if (!read_opt(message, record)) return false;
    }
  }
  return true;
}

constexpr std::uint8_t kRecursionDesired = 1;
static_assert(kOpt < 256 && kClassIn < 256);  // written as their low byte, into zeros

// The name with the length of each label in place of the dot before it, and the root at its end,
// which `out` has: as long as the name and two more. False: it is no host name; a trailing dot is
// not part of one.
bool write_name(std::string_view name, std::span<std::uint8_t> out) {
  std::size_t began = 0;  // the label
  const auto end_label = [&](std::size_t at) {
    const std::size_t length = at - std::exchange(began, at + 1);
    out[at - length] = static_cast<std::uint8_t>(length);
    return length > 0 && length <= kMaxLabel;
  };
  for (std::size_t at = 0; at < name.size(); ++at) {
    const auto byte = static_cast<std::uint8_t>(name[at]);
    out[at + 1] = byte;
    if (kShown[byte] != 0) continue;
    if (byte != '.' || !end_label(at)) return false;
  }
  return end_label(name.size());
}

bool read_message(View bytes, std::string_view asked, DnsMessage& message) {
  Reader header(bytes);
  message.id = header.u16be();
  const std::uint16_t flags = header.u16be();
  Counts counts;
  for (std::uint16_t* count :
       {&counts.question, &counts.answer, &counts.authority, &counts.additional})
    *count = header.u16be();
  message.response = (flags & 0x8000) != 0;
  message.authoritative = (flags & 0x0400) != 0;
  message.truncated = (flags & 0x0200) != 0;
  message.recursion_available = (flags & 0x0080) != 0;
  message.rcode = flags & 0x000f;
  if (!header.ok() || !message.response || counts.question > 1) return false;

  std::size_t at = header.position();
  if (counts.question == 1) {  // an error may come without it
    if (is_name(bytes, at, asked)) {
      message.question_name = std::string(asked);
    } else {
      auto name = read_name(bytes, at);
      if (!name) return false;
      message.question_name = std::move(*name);
    }
    Reader question(bytes.subspan(at));
    message.question_type = question.u16be();
    question.skip(2);
    if (!question.ok()) return false;
    at += question.position();
  }
  std::vector<Record> answers;
  if (!read_sections(message, bytes, at, counts, answers) && !message.truncated) return false;
  if (counts.question == 1) follow(message, answers);
  return true;
}

}  // namespace

bool append_dns_query(Bytes& out, std::string_view name, DnsType type, std::uint16_t id,
                      bool edns) {
  if (name.empty() || name.size() > 253) return false;
  const std::size_t before = out.size();
  out.resize(before + kHeader + name.size() + 2 + kQuestionsEnd + (edns ? kOptSize : 0));
  const std::span query = std::span(out).subspan(before);
  query[0] = static_cast<std::uint8_t>(id >> 8);
  query[1] = static_cast<std::uint8_t>(id & 0xff);
  query[2] = kRecursionDesired;
  query[5] = 1;              // question
  query[11] = edns ? 1 : 0;  // additional record
  if (!write_name(name, query.subspan(kHeader))) {
    out.resize(before);
    return false;
  }
  std::uint8_t* behind = &query[kHeader + name.size() + 2];
  behind[1] = static_cast<std::uint8_t>(type);
  behind[3] = kClassIn;
  if (!edns) return true;
  behind += kQuestionsEnd + 1;  // its owner is the root
  behind[1] = kOpt;
  behind[2] = kPayloadSize >> 8;
  behind[3] = kPayloadSize & 0xff;
  return true;
}

std::optional<Bytes> dns_query(std::string_view name, DnsType type, std::uint16_t id, bool edns) {
  std::optional<Bytes> query(std::in_place);
  if (!append_dns_query(*query, name, type, id, edns)) query.reset();
  return query;
}

std::optional<DnsMessage> parse_dns_message(View bytes, std::string_view asked) {
  std::optional<DnsMessage> message(std::in_place);
  if (!read_message(bytes, asked, *message)) message.reset();
  return message;
}

std::string rcode_name(int rcode) {
  static constexpr std::array<std::string_view, 12> kNames{
      "NOERROR",  "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP",  "REFUSED",
      "YXDOMAIN", "YXRRSET", "NXRRSET",  "NOTAUTH",  "NOTZONE", "DSOTYPENI"};
  if (rcode >= 0 && rcode < static_cast<int>(kNames.size()))
    return std::string(kNames[static_cast<std::size_t>(rcode)]);
  if (rcode == 16) return "BADVERS";
  if (rcode == 23) return "BADCOOKIE";
  return "RCODE" + std::to_string(rcode);
}

}  // namespace plumb::wire
