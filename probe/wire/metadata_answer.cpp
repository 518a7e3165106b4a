#include "probe/wire/metadata_answer.hpp"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>
#include <vector>

#include "probe/model/keys.hpp"
#include "probe/model/printable.hpp"

namespace plumb::wire {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kTextLimit = 128, kTokenLimit = 2048, kListLimit = 64;
// Stands for the path of the first network interface, which has its MAC in it.
constexpr std::string_view kInterface = "{interface}";

// The first question of a cloud is the one it is recognised by. Then what explains most, because
// the time is short.
struct Question {
  std::string_view path;
  const key::Text* text = nullptr;
  const key::Texts* list = nullptr;  // one per line
  bool last_part = false;            // of projects/123/zones/europe-west1-b
};

const Question kAws[] = {
    {"/latest/meta-data/placement/region", &key::cloud_region},
    {"/latest/meta-data/placement/availability-zone", &key::cloud_zone},
    {"/latest/meta-data/placement/availability-zone-id", &key::local_zone_id},
    {"/latest/meta-data/mac"},
    {"{interface}vpc-id", &key::local_vpc},
    {"{interface}vpc-ipv4-cidr-blocks", nullptr, &key::local_vpc_cidrs},
    {"{interface}security-group-ids", nullptr, &key::local_groups},
    {"{interface}subnet-id", &key::local_subnet},
    {"{interface}subnet-ipv4-cidr-block", &key::local_subnet_cidr},
    {"/latest/meta-data/instance-id", &key::local_instance},
};
const Question kAzure[] = {{"/metadata/instance?api-version=2021-02-01"}};
const Question kGcp[] = {
    {"/computeMetadata/v1/instance/zone", &key::cloud_zone, nullptr, true},
    {"/computeMetadata/v1/instance/network-interfaces/0/network", &key::local_vpc, nullptr, true},
    {"/computeMetadata/v1/instance/id", &key::local_instance},
};
const Question kAlibaba[] = {
    {"/latest/meta-data/region-id", &key::cloud_region},
    {"/latest/meta-data/zone-id", &key::cloud_zone},
    {"/latest/meta-data/vpc-id", &key::local_vpc},
    {"/latest/meta-data/vpc-cidr-block", nullptr, &key::local_vpc_cidrs},
    {"/latest/meta-data/vswitch-id", &key::local_subnet},
    {"/latest/meta-data/vswitch-cidr-block", &key::local_subnet_cidr},
    {"/latest/meta-data/instance-id", &key::local_instance},
};

struct Provider {
  std::string_view name;
  std::string_view host;
  std::span<const Question> questions;
  std::string_view header;  // of every question
  std::string_view
      token_header;  // empty: no token is asked for; its lifetime: the same + -ttl-seconds
};

const Provider& provider(Cloud cloud) {
  static const std::array<Provider, kClouds.size()> kProviders{
      Provider{"aws", "169.254.169.254", kAws, "", "X-aws-ec2-metadata-token"},
      Provider{"azure", "169.254.169.254", kAzure, "Metadata: true\r\n", ""},
      Provider{"gcp", "metadata.google.internal", kGcp, "Metadata-Flavor: Google\r\n", ""},
      Provider{"alibaba_cloud", "100.100.100.200", kAlibaba, "", "X-aliyun-ecs-metadata-token"},
  };
  return kProviders[static_cast<std::size_t>(cloud)];
}

std::string request_line(std::string_view verb, std::string_view path, std::string_view host) {
  return std::string(verb) + " " + std::string(path) + " HTTP/1.1\r\nHost: " + std::string(host) +
         "\r\nUser-Agent: plumb\r\nAccept: */*\r\nConnection: close\r\n";
}

bool all_of(std::string_view text, bool (*good)(char)) {
  return std::all_of(text.begin(), text.end(), good);
}

bool is_token(std::string_view text) {
  const auto visible = [](char c) { return c > ' ' && c < 0x7f; };
  return !text.empty() && text.size() <= kTokenLimit && all_of(text, visible);
}

bool is_mac(std::string_view text) {
  const auto hex = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':';
  };
  return text.size() == 17 && all_of(text, hex);
}

// "eu-central-1", "cn-hangzhou", "europe-west1-b": no page of a captive portal.
bool is_place(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return text.size() >= 4 && text.size() <= 40 && all_of(text, fits) &&
         text.find('-') != std::string_view::npos && text[0] >= 'a';
}

std::vector<std::string_view> lines(std::string_view body) {
  std::vector<std::string_view> found;
  while (!body.empty() && found.size() < kListLimit) {
    const std::size_t end = std::min(body.find('\n'), body.size());
    std::string_view line = body.substr(0, end);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    if (!line.empty()) found.push_back(line);
    body.remove_prefix(std::min(end + 1, body.size()));
  }
  return found;
}

// The member's text; empty where there is none, or it is no text.
std::string text_of(const Json& object, const char* name) {
  if (!object.is_object()) return {};
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

const Json& member(const Json& object, const char* name) {
  static const Json kNothing;
  if (!object.is_object()) return kNothing;
  const auto found = object.find(name);
  return found != object.end() ? *found : kNothing;
}

const Json& first(const Json& list) {
  static const Json kNothing;
  return list.is_array() && !list.empty() ? list.front() : kNothing;
}

void set_text(Facts& facts, const key::Text& key, std::string_view text) {
  if (!text.empty()) facts.set(key, printable(text, kTextLimit));
}

}  // namespace

MetadataTalk::MetadataTalk(Cloud cloud)
    : cloud_(cloud), wants_token_(!provider(cloud).token_header.empty()) {}

std::optional<std::string> MetadataTalk::request() const {
  const Provider& own = provider(cloud_);
  if (over_ || question_ == own.questions.size()) return std::nullopt;
  const std::string token_header(own.token_header);
  if (wants_token_)
    return request_line("PUT", "/latest/api/token", own.host) + token_header +
           "-ttl-seconds: 60\r\nContent-Length: 0\r\n\r\n";
  std::string path(own.questions[question_].path);
  if (path.starts_with(kInterface))
    path.replace(0, kInterface.size(), "/latest/meta-data/network/interfaces/macs/" + mac_ + "/");
  std::string asked = request_line("GET", path, own.host) + std::string(own.header);
  if (!token_.empty()) asked += token_header + ": " + token_ + "\r\n";
  return asked + "\r\n";
}

void MetadataTalk::take(const std::optional<HttpAnswer>& answer, WallTime now) {
  if (wants_token_) return take_token(answer);
  if (answer && answer->status == 200) learn(*answer, now);
  if (!recognised_) over_ = true;  // the first question decides
  ++question_;
  skip_unaskable();
}

void MetadataTalk::take_token(const std::optional<HttpAnswer>& answer) {
  wants_token_ = false;
  const bool given = answer && answer->status == 200 && is_token(answer->body);
  if (given) token_ = answer->body;
  if (!given && cloud_ == Cloud::aws) over_ = true;
}

void MetadataTalk::skip_unaskable() {
  const auto& questions = provider(cloud_).questions;
  while (mac_.empty() && question_ < questions.size() &&
         questions[question_].path.starts_with(kInterface))
    ++question_;
}

void MetadataTalk::learn(const HttpAnswer& answer, WallTime now) {
  if (cloud_ == Cloud::gcp && answer.header("metadata-flavor") != "Google") return;
  const bool fits = cloud_ == Cloud::azure ? learn_document(answer.body) : learn_text(answer.body);
  if (!fits || recognised_) return;
  recognised_ = true;
  facts_.set(key::cloud_provider, std::string(provider(cloud_).name));
  if (const auto theirs = parse_http_date(answer.header("date"))) {
    const auto ours = std::chrono::floor<std::chrono::seconds>(now);
    const auto offset = std::chrono::duration_cast<std::chrono::seconds>(ours - *theirs);
    facts_.set(key::local_clock_offset_s, static_cast<double>(offset.count()));
  }
}

bool MetadataTalk::learn_text(const std::string& body) {
  const Question& asked = provider(cloud_).questions[question_];
  std::vector<std::string> texts;
  for (const std::string_view line : lines(body)) texts.push_back(printable(line, kTextLimit));
  if (texts.empty()) return false;
  std::string_view text = texts.front();
  if (asked.last_part) text = text.substr(text.rfind('/') + 1);
  if (!recognised_ && !is_place(text)) return false;
  if (asked.list) {
    facts_.set(*asked.list, texts);
  } else if (asked.text) {
    set_text(facts_, *asked.text, text);
  } else if (is_mac(text)) {
    mac_ = text;
  }
  const bool zone_of_region = cloud_ == Cloud::gcp && asked.text == &key::cloud_zone;
  if (zone_of_region) set_text(facts_, key::cloud_region, text.substr(0, text.rfind('-')));
  return true;
}

bool MetadataTalk::learn_document(const std::string& body) {
  const Json document = Json::parse(body, nullptr, false);
  const Json& compute = member(document, "compute");
  const std::string vm = text_of(compute, "vmId");
  if (vm.empty()) return false;
  set_text(facts_, key::local_instance, vm);
  set_text(facts_, key::cloud_region, text_of(compute, "location"));
  set_text(facts_, key::cloud_zone, text_of(compute, "zone"));
  const Json& network = first(member(member(document, "network"), "interface"));
  const Json& subnet = first(member(member(network, "ipv4"), "subnet"));
  const std::string address = text_of(subnet, "address"), prefix = text_of(subnet, "prefix");
  if (!address.empty() && !prefix.empty())
    set_text(facts_, key::local_subnet_cidr, address + "/" + prefix);
  return true;
}

}  // namespace plumb::wire
