#include "probe/wire/trust.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>
#include <atomic>
#include <thread>
#include <vector>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/test_pki.hpp"

namespace plumb::wire {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;

class TrustFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "plumb-trust-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  std::filesystem::path folder_;
};

TEST_F(TrustFiles, LoadsEveryCertificateOfAFileAndNamesThem) {
  const auto& pki = test::test_pki();
  const std::string path = write("ca.pem", "# roots\n" + pki.root.pem() + "text between\n" +
                                               pki.root.key_pem() + pki.intermediate.pem());
  const LoadedTrust loaded = Trust::load(path);
  ASSERT_TRUE(loaded.trust) << loaded.error;
  EXPECT_EQ(loaded.error, "");
  EXPECT_EQ(loaded.trust->count(), 2);
  EXPECT_EQ(loaded.trust->label(), path);
  EXPECT_THAT(loaded.trust->subjects(),
              ElementsAre("CN=Test Root,O=Plumb Test", "CN=Test Intermediate,O=Plumb Test"));
}

TEST_F(TrustFiles, SaysWhyAFileCannotBeUsed) {
  const std::string missing = (folder_ / "missing.pem").string();
  EXPECT_EQ(Trust::load(missing).error, "cannot open " + missing + ": No such file or directory");
  EXPECT_EQ(Trust::load(missing).trust, nullptr);
  EXPECT_THAT(Trust::load(folder_.string()).error, EndsWith(": Is a directory"));
  EXPECT_THAT(Trust::load(write("empty.pem", "")).error, EndsWith("no PEM certificate in it"));
  EXPECT_THAT(Trust::load(write("key.pem", test::test_pki().root.key_pem())).error,
              EndsWith("no PEM certificate in it"));
}

TEST_F(TrustFiles, SaysThatAFileMayNotBeRead) {
  const std::string path = write("secret.pem", test::test_pki().root.pem());
  std::filesystem::permissions(path, std::filesystem::perms::none);
  if (::access(path.c_str(), R_OK) == 0) return;  // root reads everything: nothing to see
  EXPECT_THAT(Trust::load(path).error, EndsWith(": Permission denied"));
}

TEST_F(TrustFiles, RefusesADamagedFileAndSaysWhichCertificateItIs) {
  std::string second = test::test_pki().intermediate.pem();
  second.replace(60, 4, "!!!!");
  const LoadedTrust loaded = Trust::from_pem(test::test_pki().root.pem() + second, "two");
  EXPECT_EQ(loaded.trust, nullptr);
  EXPECT_EQ(loaded.error, "cannot use two: certificate 2 in it is damaged");
}

TEST_F(TrustFiles, EscapesWhatAPathMayHold) {
  EXPECT_THAT(Trust::load((folder_ / "a\x1b[31m").string()).error, HasSubstr("\\x1b[31m"));
}

TEST(Trust, ShipsTheRootsOfIsrg) {
  const LoadedTrust one = Trust::load("isrg-root-x1");
  ASSERT_TRUE(one.trust) << one.error;
  EXPECT_THAT(one.trust->subjects(),
              ElementsAre("CN=ISRG Root X1,O=Internet Security Research Group,C=US"));
  const LoadedTrust both = Trust::load("isrg-roots");
  EXPECT_EQ(both.trust->count(), 2);
  EXPECT_EQ(both.trust->label(), "isrg-roots");
  EXPECT_FALSE(both.trust->is_file());
}

TEST(Trust, OfNobodyTrustsNobody) {
  const auto nobody = Trust::nobody("/etc/gone.pem");
  EXPECT_EQ(nobody->count(), 0);
  EXPECT_TRUE(nobody->is_file());
}

TEST(Trust, KeepsAtMostEightSubjects) {
  std::string pem;
  for (int i = 0; i < 12; ++i) {
    test::Wanted wanted;
    wanted.common_name = "Root " + std::to_string(i);
    wanted.ca = true;
    pem += test::issue(wanted).pem();
  }
  const LoadedTrust loaded = Trust::from_pem(pem, "twelve");
  ASSERT_TRUE(loaded.trust);
  EXPECT_EQ(loaded.trust->count(), 12);
  EXPECT_EQ(loaded.trust->subjects().size(), Trust::kMaxSubjects);
}

TEST(Trust, GivesBackTheRootsItHolds) {
  const std::string both = test::test_pki().root.pem() + test::test_pki().intermediate.pem();
  const LoadedTrust loaded = Trust::from_pem(both, "both");
  ASSERT_TRUE(loaded.trust);
  const LoadedTrust again = Trust::from_pem(loaded.trust->pem(), "again");
  ASSERT_TRUE(again.trust);
  EXPECT_EQ(again.trust->count(), 2);
}

// Where it lies is settled when it is asked for, it is read when somebody wants a certificate.
TEST_F(TrustFiles, ReadsTheSystemsRootsOnceAndByWhoeverComesFirst) {
  const std::string path = write("later.pem", "");
  setenv("SSL_CERT_FILE", path.c_str(), 1);
  const LoadedTrust loaded = Trust::load("system");
  unsetenv("SSL_CERT_FILE");
  write("later.pem", test::test_pki().root.pem());
  std::vector<std::thread> readers;
  std::atomic<int> sum = 0;
  for (int i = 0; i < 4; ++i) readers.emplace_back([&] { sum += loaded.trust->count(); });
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(sum, 4);
  write("later.pem", "");
  EXPECT_EQ(loaded.trust->count(), 1);
  EXPECT_EQ(loaded.trust->subjects().size(), 1u);
}

// The environment is the process's: all of it in one test, one after the other.
TEST_F(TrustFiles, TakesTheSystemsRootsFromWhereOpenSslIsToldTo) {
  const std::string path = write("bundle.pem", test::test_pki().root.pem());
  unsetenv("SSL_CERT_DIR");
  setenv("SSL_CERT_FILE", path.c_str(), 1);
  const LoadedTrust one = Trust::load("system");
  setenv("SSL_CERT_FILE", (folder_ / "missing.pem").c_str(), 1);
  const LoadedTrust none = Trust::load("system");
  write("0a1b2c3d.0", test::test_pki().root.pem());
  write("README", test::test_pki().intermediate.pem());
  setenv("SSL_CERT_DIR", folder_.c_str(), 1);
  const LoadedTrust hashed = Trust::load("system");
  unsetenv("SSL_CERT_FILE");
  unsetenv("SSL_CERT_DIR");
  ASSERT_TRUE(one.trust && none.trust && hashed.trust);
  EXPECT_EQ(one.trust->count(), 1);
  EXPECT_EQ(one.trust->label(), "system");
  EXPECT_EQ(none.trust->count(), 0);
  EXPECT_EQ(none.error, "");
  EXPECT_EQ(hashed.trust->count(), 1);
}

}  // namespace
}  // namespace plumb::wire
