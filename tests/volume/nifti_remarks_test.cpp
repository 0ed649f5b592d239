#include "dawson/volume/nifti_remarks.h"

#include <gtest/gtest.h>

#include <cstring>

#include "dawson/core/error.h"
#include "dawson/volume/nifti.h"
#include "dawson/volume/whole_file.h"
#include "support/temporary_folder.h"

namespace dawson::volume {
namespace {

class NiftiRemarks : public ::testing::Test {
 protected:
  void SetUp() override { write_nifti(plain_, Image(Grid{{3, 4, 5}, {1, 1, 1}, identity(), {}})); }

  static Matrix3 identity() { return {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}; }

  /// The plain file with `text` put at `place`.
  [[nodiscard]] std::vector<std::string> with(std::size_t place, const std::string& text) const {
    std::string bytes = read_whole_file(plain_);
    if (bytes.size() < place + text.size()) bytes.resize(place + text.size());
    bytes.replace(place, text.size(), text);
    testing::write(folder_ / "changed.nii", bytes);
    return nifti_remarks(folder_ / "changed.nii");
  }

  using Words = std::vector<std::string>;
  testing::TemporaryFolder folder_;
  std::filesystem::path plain_ = folder_.path() / "plain.nii";
};

TEST_F(NiftiRemarks, AreNoneInWhatIsWrittenHere) {
  EXPECT_EQ(nifti_remarks(plain_), Words{});
  write_nifti(folder_ / "packed.nii.gz", Image(Grid{{3, 4, 5}, {1, 1, 1}, identity(), {}}));
  EXPECT_EQ(nifti_remarks(folder_ / "packed.nii.gz"), Words{});
}

/// Offsets of nifti1.h.
TEST_F(NiftiRemarks, NameTheFieldThatHoldsText) {
  EXPECT_EQ(with(14, "Jane Doe"), Words{"db_name"});
  EXPECT_EQ(with(148, "TE=119;Time=101500"), Words{"descrip"});
  EXPECT_EQ(with(228, "doe.txt"), Words{"aux_file"});
  EXPECT_EQ(with(328, "Doe"), Words{"intent_name"});
  EXPECT_EQ(with(348, std::string("\1\0\0\0", 4)), Words{"extension"});
  EXPECT_EQ(with(352 + 60 * 4, "Doe"), Words{"bytes after the image"});
}

TEST_F(NiftiRemarks, SeeTheNameThatGzipKeeps) {
  const std::string command = "cp '" + plain_.string() + "' '" + (folder_ / "doe.nii").string() +
                              "' && gzip '" + (folder_ / "doe.nii").string() + "'";
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(nifti_remarks(folder_ / "doe.nii.gz"), Words{"name"});
}

TEST_F(NiftiRemarks, AreRefusedOfOtherFiles) {
  testing::write(folder_ / "text.nii", "no image at all");
  EXPECT_THROW((void)nifti_remarks(folder_ / "text.nii"), Error);
}

}  // namespace
}  // namespace dawson::volume
