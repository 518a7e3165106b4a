#include "probe/model/cloud.hpp"

#include <gtest/gtest.h>

#include "tests/support/case_builder.hpp"

namespace plumb {
namespace {

using test::CaseBuilder;

Case in_cloud(const std::string& host, const std::string& provider,
              std::string_view profile = "mysql") {
  return CaseBuilder(host).profile(profile).here(provider).build();
}

TEST(CloudOf, TheNameGoesBeforeTheClientsOwnCloud) {
  EXPECT_EQ(endpoint_cloud(in_cloud("gateway01.us-east-1.prod.aws.tidbcloud.com", "gcp")),
            Cloud::aws);
  EXPECT_EQ(endpoint_cloud(in_cloud("ep-x.privatelink.aliyuncs.com", "aws")), Cloud::alibaba);
  EXPECT_EQ(endpoint_cloud(in_cloud("privatelink-1.abc.clusters.tidb-cloud.com", "azure",
                                    "tidb-dedicated-private")),
            Cloud::azure);
  EXPECT_EQ(endpoint_cloud(in_cloud("db", "aws", "alibaba-rds")), Cloud::alibaba);
  EXPECT_EQ(endpoint_cloud(CaseBuilder("db").build()), Cloud::unknown);
}

TEST(CloudOf, TheClientsIsTheMetadataServices) {
  EXPECT_EQ(client_cloud(in_cloud("db", "alibaba_cloud")), Cloud::alibaba);
  EXPECT_EQ(client_cloud(in_cloud("x.amazonaws.com", "gcp")), Cloud::gcp);
  EXPECT_EQ(client_cloud(in_cloud("db", "somebody")), Cloud::unknown);
  EXPECT_EQ(client_cloud(CaseBuilder("x.amazonaws.com").build()), Cloud::unknown);
}

TEST(CloudOf, TheWordsAreTheEndpointsCloudsAndNoneInAws) {
  constexpr InCloud kWords{.azure = "az", .gcp = "gcloud", .alibaba = "aliyun"};
  EXPECT_EQ(plumb::in_cloud(in_cloud("db", "azure"), kWords), "az");
  EXPECT_EQ(plumb::in_cloud(in_cloud("db", "gcp"), kWords), "gcloud");
  EXPECT_EQ(plumb::in_cloud(in_cloud("db", "alibaba_cloud"), kWords), "aliyun");
  EXPECT_EQ(plumb::in_cloud(in_cloud("db", "aws"), kWords), "");
  EXPECT_EQ(plumb::in_cloud(CaseBuilder("db").build(), kWords), "");
}

}  // namespace
}  // namespace plumb
