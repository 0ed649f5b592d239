#include "dawson/core/hash.h"

#include <gtest/gtest.h>

#include "dawson/core/error.h"
#include "support/temporary_folder.h"

namespace dawson::core {
namespace {

// FIPS 180-2, appendix B, and NIST's byte-oriented test vectors.
TEST(Sha256, GivesNistsVectors) {
  EXPECT_EQ(sha256(std::string_view("")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256(std::string_view("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256(std::string_view("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Sha256, OfAFileIsThatOfItsBytesAcrossPieces) {
  const testing::TemporaryFolder folder;
  const std::string million(1'000'000, 'a');
  testing::write(folder / "a", million);
  EXPECT_EQ(sha256_file(folder / "a"),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  const std::string more(3'000'001, 'b');  // read in three pieces
  testing::write(folder / "b", more);
  EXPECT_EQ(sha256_file(folder / "b"), sha256(more));
  EXPECT_THROW(sha256_file(folder / "none"), Error);
}

}  // namespace
}  // namespace dawson::core
