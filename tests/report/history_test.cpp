#include "dawson/report/history.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "dawson/core/error.h"
#include "support/temporary_folder.h"

namespace dawson::report {
namespace {

void write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file) << text;
}

struct Size {
  std::uint32_t width = 0, height = 0;
};

/// From the header of a PNG file (ISO 15948: big-endian, at bytes 16 and 20).
Size size_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  const auto at = [&](std::size_t place) {
    std::uint32_t value = 0;
    for (std::size_t n = place; n < place + 4; ++n) {
      value = value << 8U | static_cast<unsigned char>(bytes.at(n));
    }
    return value;
  };
  return {at(16), at(20)};
}

ExitCode code_of(const std::filesystem::path& folder) {
  try {
    write_history(folder);
  } catch (const Error& error) {
    return error.code();
  }
  return ExitCode::done;
}

constexpr const char* header =
    "iteration\tseconds\tlearning_rate\tloss\tdice_loss\tbce_loss\tvalidation_dice\n";

TEST(History, IsDrawnWithAPanelMoreWhereValidationWasMeasured) {
  const testing::TemporaryFolder folder;
  write(folder / "history.tsv", std::string(header) + "100\t9\t0.002\t0.5\t0.4\t0.1\tn/a\n" +
                                    "200\t9\t0.001\t0.4\t0.3\t0.1\tn/a\n");
  write_history(folder.path());
  const Size without = size_of(folder / "history.png");
  EXPECT_EQ(without.width, 840U);
  write(folder / "history.tsv", std::string(header) + "100\t9\t0.002\t0.5\t0.4\t0.1\t0.61\n" +
                                    "200\t9\t0.001\t0.4\t0.3\t0.1\t0.7\n");
  write_history(folder.path());
  EXPECT_GT(size_of(folder / "history.png").height, without.height + 300);
  EXPECT_EQ(folder.contents(), (std::set<std::string>{"history.tsv", "history.png"}));
}

TEST(History, DrawsWhatWasMeasuredOnLesionsAndHowOftenTheRateWasHalved) {
  const testing::TemporaryFolder folder;
  const std::string columns =
      "iteration\tlearning_rate\tloss\toverlap_loss\tvalidation_dice\t"
      "validation_lesion_sensitivity\tvalidation_lesion_f1\tvalidation_loss\trollbacks\n";
  const auto bytes_with = [&](const std::string& end_of_rows) {
    write(folder / "history.tsv", columns + "100\t0.002\t1.5\t0.9\t0.2\t" + end_of_rows +
                                      "200\t0.001\t1.1\t0.8\t0.3\t" + end_of_rows);
    write_history(folder.path());
    std::ifstream in(folder / "history.png", std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(in), {}};
  };
  // Each column changes the picture; the others are as they were.
  const std::string none = bytes_with("n/a\tn/a\tn/a\t0\n");
  const std::string sensitivity = bytes_with("0.5\tn/a\tn/a\t0\n");
  const std::string f1 = bytes_with("0.5\t0.6\tn/a\t0\n");
  const std::string loss = bytes_with("0.5\t0.6\t1.7\t0\n");
  const std::string halved = bytes_with("0.5\t0.6\t1.7\t2\n");
  EXPECT_NE(none, sensitivity);
  EXPECT_NE(sensitivity, f1);
  EXPECT_NE(f1, loss);
  EXPECT_NE(loss, halved);
}

TEST(History, OfOneEpochAndOfOldColumnsIsDrawn) {
  const testing::TemporaryFolder folder;
  write(folder / "history.tsv", "iteration\tloss\n100\t0.5\n");
  write_history(folder.path());
  EXPECT_GT(size_of(folder / "history.png").height, 200U);
}

TEST(History, ThatCannotBeDrawnSaysWhyAndLeavesNothing) {
  const testing::TemporaryFolder folder;
  EXPECT_EQ(code_of(folder.path()), ExitCode::input);  // no table
  write(folder / "history.tsv", header);
  EXPECT_EQ(code_of(folder.path()), ExitCode::input);  // no epoch
  write(folder / "history.tsv", "iteration\tseconds\n100\t9\n");
  EXPECT_EQ(code_of(folder.path()), ExitCode::input);  // no loss
  EXPECT_EQ(folder.contents(), (std::set<std::string>{"history.tsv"}));
}

}  // namespace
}  // namespace dawson::report
