#include "dawson/workflow/ledger.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "dawson/core/error.h"
#include "support/temporary_folder.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;

class LedgerFile : public ::testing::Test {
 protected:
  static TrialOutcome done(double score) {
    return {true, "", 12.5, score, score, 1, {{"site/sub-01", score}}};
  }
  [[nodiscard]] std::string refusal(const core::Json& identity) const {
    try {
      const Ledger ledger(file_, identity);
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  }
  testing::TemporaryFolder folder_;
  fs::path file_ = folder_ / "ledger.jsonl";
  core::Json identity_ = {{"dawson", "0.1.0"},
                          {"iterations", {2, 3}},
                          {"settings", {{"batch", 8}, {"loss", "tversky"}}},
                          {"data", "1234"},
                          {"points", {{{"width", "8"}}, {{"width", "16"}}}}};
};

TEST_F(LedgerFile, KnowsWhatWasWrittenAfterItIsOpenedAgain) {
  {
    Ledger ledger(file_, identity_);
    EXPECT_EQ(ledger.find(0, 0), nullptr);
    ledger.write(0, 0, done(0.5));
    ledger.write(1, 0, {false, "exit code 6: no memory \xff", 3, 0, 0, 0, {}});
  }
  const Ledger ledger(file_, identity_);
  ASSERT_NE(ledger.find(0, 0), nullptr);
  EXPECT_EQ(ledger.find(0, 0)->scores.at("site/sub-01"), 0.5);
  ASSERT_NE(ledger.find(1, 0), nullptr);
  EXPECT_FALSE(ledger.find(1, 0)->done);
  EXPECT_TRUE(ledger.find(1, 0)->reason.starts_with("exit code 6"));
  EXPECT_EQ(ledger.find(0, 1), nullptr);
}

TEST_F(LedgerFile, ForgetsWhatFailedUntilItIsWrittenAgain) {
  Ledger ledger(file_, identity_);
  ledger.write(0, 0, done(0.5));
  ledger.write(1, 0, {false, "exit code 6", 3, 0, 0, 0, {}});
  ledger.forget_failed();
  EXPECT_NE(ledger.find(0, 0), nullptr);
  EXPECT_EQ(ledger.find(1, 0), nullptr);
  ledger.write(1, 0, done(0.25));
  const Ledger again(file_, identity_);
  EXPECT_TRUE(again.find(1, 0)->done);
}

TEST_F(LedgerFile, CutAtAnyByteGoesOn) {
  {
    Ledger ledger(file_, identity_);
    ledger.write(0, 0, done(0.5));
    ledger.write(1, 0, done(0.25));
  }
  const std::string whole = testing::read(file_);
  const std::size_t first_done = whole.find('\n', whole.find('\n') + 1) + 1;
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    testing::write(file_, whole.substr(0, length));
    Ledger ledger(file_, identity_);
    EXPECT_EQ(ledger.find(0, 0) != nullptr, length >= first_done) << length;
    if (ledger.find(0, 0) == nullptr) ledger.write(0, 0, done(0.5));
    if (ledger.find(1, 0) == nullptr) ledger.write(1, 0, done(0.25));
    EXPECT_EQ(testing::read(file_), whole) << length;
  }
}

TEST_F(LedgerFile, OfAnotherSearchOrVersionIsRefused) {
  { Ledger(file_, identity_).write(0, 0, done(0.5)); }
  EXPECT_EQ(refusal(identity_), "");
  const auto refusal_with = [&](const char* part, const core::Json& value) {
    core::Json other = identity_;
    other[core::Json::json_pointer(part)] = value;
    return refusal(other);
  };
  const std::string another = ": is the ledger of another search, which differs in ";
  const std::string choose = "; choose another output folder";
  for (const auto& [part, words] :
       std::map<std::string, std::string>{{"/points/0/width", "what is tried"},
                                          {"/iterations", "iterations"},
                                          {"/settings/batch", "batch"},
                                          {"/settings/patch", "patch"},
                                          {"/data", "the scans"}}) {
    EXPECT_EQ(refusal_with(part.c_str(), {200, 300}), file_.string() + another + words + choose);
  }
  EXPECT_NE(refusal_with("/dawson", "0.2.0").find("another version"), std::string::npos);
  std::string text = testing::read(file_);
  text.replace(text.find("\"format\":2"), 10, "\"format\":9");
  testing::write(file_, text);
  EXPECT_NE(refusal(identity_).find("another version"), std::string::npos);
  text = "not json\n";
  testing::write(file_, text);
  EXPECT_NE(refusal(identity_).find("line 1 is damaged"), std::string::npos);
}

TEST_F(LedgerFile, ThatCannotBeWrittenSaysSo) {
  Ledger ledger(file_, identity_);
  fs::remove(file_);
  fs::create_symlink("/dev/full", file_);
  try {
    ledger.write(0, 0, done(0.5));
    FAIL() << "was written";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::output);
    EXPECT_NE(std::string(e.what()).find("disk full"), std::string::npos) << e.what();
  }
  EXPECT_EQ(ledger.find(0, 0), nullptr);
}

}  // namespace
}  // namespace dawson::workflow
