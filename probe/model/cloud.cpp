#include "probe/model/cloud.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "probe/model/keys.hpp"

namespace plumb {
namespace {

constexpr std::array<std::pair<std::string_view, Cloud>, 5> kDomains{{
    {".prod.aws.tidbcloud.com", Cloud::aws},
    {".prod.alicloud.tidbcloud.com", Cloud::alibaba},
    {".amazonaws.com", Cloud::aws},
    {".aliyuncs.com", Cloud::alibaba},
    {".aliyuncsslb.com", Cloud::alibaba},
}};

std::string_view provider_of(const Case& about) {
  for (const Observation& seen : about.evidence.observations)
    if (seen.phase == Phase::local)
      if (const std::string* provider = seen.facts.get(key::cloud_provider)) return *provider;
  return {};
}

}  // namespace

Cloud client_cloud(const Case& about) {
  const std::string_view provider = provider_of(about);
  if (provider == "aws") return Cloud::aws;
  if (provider == "azure") return Cloud::azure;
  if (provider == "gcp") return Cloud::gcp;
  return provider == "alibaba_cloud" ? Cloud::alibaba : Cloud::unknown;
}

Cloud endpoint_cloud(const Case& about) {
  for (const auto& [domain, cloud] : kDomains)
    if (about.target.host.ends_with(domain)) return cloud;
  const Cloud known = about.profile->cloud;
  return known == Cloud::unknown ? client_cloud(about) : known;
}

std::string_view in_cloud(const Case& about, const InCloud& texts) {
  switch (endpoint_cloud(about)) {
    case Cloud::azure:
      return texts.azure;
    case Cloud::gcp:
      return texts.gcp;
    case Cloud::alibaba:
      return texts.alibaba;
    default:
      return {};
  }
}

}  // namespace plumb
