#include "dawson/core/secret_key.h"

#include <gtest/gtest.h>

#include "dawson/core/error.h"
#include "support/temporary_folder.h"

namespace dawson::core {
namespace {

namespace fs = std::filesystem;

class SecretKeys : public ::testing::Test {
 protected:
  testing::TemporaryFolder folder_;
  fs::path file_ = folder_.path() / "key";
};

TEST_F(SecretKeys, AreTheSameWhenReadAgain) {
  SecretKey::create(file_);
  EXPECT_EQ(SecretKey::read(file_).digest("a", "b"), SecretKey::read(file_).digest("a", "b"));
  EXPECT_NE(SecretKey::read(file_).digest("a", "b"), SecretKey::read(file_).digest("a", "c"));
  EXPECT_NE(SecretKey::read(file_).digest("a", "b"), SecretKey::read(file_).digest("b", "b"));
  EXPECT_NE(SecretKey::read(file_).digest("a", "b"), SecretKey::random().digest("a", "b"));
}

TEST_F(SecretKeys, AreForTheirOwnersEyes) {
  SecretKey::create(file_);
  EXPECT_EQ(fs::status(file_).permissions() & fs::perms::all,
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(SecretKeys, AreNeverWrittenOver) {
  SecretKey::create(file_);
  const std::string before = testing::read(file_);
  try {
    SecretKey::create(file_);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::output);
  }
  EXPECT_EQ(testing::read(file_), before);
}

TEST_F(SecretKeys, RefuseWhatIsNone) {
  for (const std::string& text :
       {std::string(), std::string("dawson key 1\n"), std::string(64, 'a'),
        "dawson key 1\n" + std::string(62, 'a') + "\n", "dawson key 1\n" + std::string(64, 'z')}) {
    testing::write(file_, text);
    EXPECT_THROW(SecretKey::read(file_), Error) << text;
  }
  EXPECT_THROW(SecretKey::read(folder_ / "absent"), Error);
}

/// RFC 4231 has no case with a key of 32 bytes; this one is from Python's hmac module: the key 00
/// 01 … 1f, first over "uid", then, with that as key, over "1.2.3".
TEST_F(SecretKeys, DigestAsHmacDoes) {
  testing::write(
      file_, "dawson key 1\n000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n");
  std::string hex;
  for (const std::uint8_t byte : SecretKey::read(file_).digest("uid", "1.2.3")) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", byte);
    hex += two;
  }
  EXPECT_EQ(hex, "e75d55645ac98f6c31038cce9339c7be675c1f30d6fc7cb07507eab128fa6c9a");
}

TEST_F(SecretKeys, OpenWhatTheySealedAndNothingElse) {
  const SecretKey key = SecretKey::random();
  const std::string plain = "person\tpseudonym\nDoe\tP1\n", sealed = key.seal(plain);
  EXPECT_EQ(sealed.find("Doe"), std::string::npos);
  EXPECT_NE(sealed, key.seal(plain));
  EXPECT_EQ(key.open(sealed), plain);
  EXPECT_THROW((void)SecretKey::random().open(sealed), Error);
  EXPECT_THROW((void)key.open(plain), Error);
  std::string changed = sealed;
  changed.back() ^= 1;
  EXPECT_THROW((void)key.open(changed), Error);
}

}  // namespace
}  // namespace dawson::core
